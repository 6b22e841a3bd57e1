package org.amortis.engine.device.cpu;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.amortis.engine.device.cpu.Launch.Split;
import org.amortis.engine.op.Diagonal;
import org.amortis.engine.op.DiagonalMatrix;
import org.amortis.engine.op.Move;
import org.amortis.engine.op.Sort;
import org.amortis.engine.plan.Aliases;
import org.amortis.engine.plan.Expansion;
import org.amortis.engine.plan.Fusion;
import org.amortis.engine.program.Program;
import org.amortis.engine.shape.Shape;

/// Launches of the ops that only move elements, for every element type.
final class MoveLowering {
  private final Program program;
  private final Program.Node node;
  private final Function<Program.Value, Ref> refs;
  private final Aliases aliases;

  MoveLowering(
      Program program, Program.Node node, Function<Program.Value, Ref> refs, Aliases aliases) {
    this.program = program;
    this.node = node;
    this.refs = refs;
    this.aliases = aliases;
  }

  private Ref in(int i) {
    return refs.apply(node.in().get(i));
  }

  private Ref out() {
    return refs.apply(new Program.Value(node.id(), 0));
  }

  private Shape shape(int i) {
    return program.type(node.in().get(i)).shape();
  }

  private Call rows(int items, Call.Body body, boolean... aligned) {
    return Call.of(node, Split.ROWS, items, aligned, body);
  }

  Launch launch() {
    Shape to = node.types().getFirst().shape();
    int rows = Fusion.rows(to);
    return switch ((Move) node.op()) {
      case Move.Reshape r -> throw new IllegalStateException("a reshape needs no launch");
      case Move.Broadcast b -> strided(Expansion.of(shape(0), to), false);
      case Move.Transpose t ->
          strided(
              Expansion.merged(to.dims(), t.strides(shape(0))),
              !t.axes().isEmpty() && t.axes().getFirst() == 0);
      case Move.Slice s -> slice(s);
      case Move.Embed e -> embed(e);
      case Move.Concat c -> concat(c);
      case Move.Gather g -> {
        Ref x = in(0);
        Ref index = in(1);
        Ref y = out();
        int n = shape(0).product(1, shape(0).rank());
        int limit = shape(0).dim(0);
        yield rows(
            rows,
            (from, until, w) -> {
              for (int b = from; b < until; b++) {
                int row = index.i()[index.at() + b];
                if (row < 0 || row >= limit) {
                  throw new IndexOutOfBoundsException(
                      "[gather] index " + row + " at " + b + ": there are " + limit + " rows");
                }
                copy(x.array(), x.at() + row * n, y.array(), y.at() + b * n, n);
              }
            },
            false,
            true);
      }
      case Move.Scatter s -> scatter(s);
      case Move.Take t -> take();
      case Move.Window v -> {
        Ref x = in(0);
        Ref start = in(1);
        Ref y = out();
        int n = to.product(1, to.rank());
        int limit = shape(0).dim(0) - v.size();
        yield rows(
            rows,
            (from, until, w) -> {
              int first = start.i()[start.at()];
              if (first < 0 || first > limit) {
                throw new IndexOutOfBoundsException(
                    "[window] starts at " + first + ", the last possible start is " + limit);
              }
              copy(
                  x.array(),
                  x.at() + (first + from) * n,
                  y.array(),
                  y.at() + from * n,
                  (until - from) * n);
            });
      }
      case Diagonal d -> diagonal(shape(0), false);
      case DiagonalMatrix d -> diagonal(to, true);
      case Sort s -> sort(to);
    };
  }

  private Launch strided(Expansion e, boolean aligned) {
    Shape to = node.types().getFirst().shape();
    int rows = Fusion.rows(to);
    int size = rows == 0 ? 0 : to.size() / rows;
    Ref x = in(0);
    Ref y = out();
    return rows(
        rows,
        (from, until, w) -> {
          int a = from * size;
          int b = until * size;
          switch (y.type.dtype()) {
            case FLOAT32 -> Expand32.into(e, x.f32(), x.at(), a, b, y.f32(), y.at() + a);
            case FLOAT64 -> Expand64.into(e, x.f64(), x.at(), a, b, y.f64(), y.at() + a);
            case INT32 -> integers(e, x, y, a, b);
          }
        },
        aligned);
  }

  private static void integers(Expansion e, Ref x, Ref y, int from, int to) {
    for (int k = from; k < to; k++) {
      int source = x.at();
      int rest = k;
      for (int axis = e.dims().length - 1; axis >= 0; axis--) {
        source += rest % e.dims()[axis] * e.strides()[axis];
        rest /= e.dims()[axis];
      }
      y.i()[y.at() + k] = x.i()[source];
    }
  }

  private Launch slice(Move.Slice s) {
    Shape from = shape(0);
    int inner = from.product(s.axis() + 1, from.rank());
    int n = (s.to() - s.from()) * inner;
    return blocks(from.product(0, s.axis()), n, s.from() * inner, from.dim(s.axis()) * inner, 0, n);
  }

  private Launch blocks(int outer, int n, int source, int sourceStep, int target, int targetStep) {
    Ref x = in(0);
    Ref y = out();
    int rows = Fusion.rows(node.types().getFirst().shape());
    int each = rows == 0 ? 0 : outer / rows;
    boolean divisible = rows > 0 && outer % rows == 0 && rows == Fusion.rows(shape(0));
    return Call.of(
        node,
        divisible ? Split.ROWS : Split.SINGLE,
        divisible ? rows : 1,
        new boolean[] {divisible},
        (from, to, w) -> {
          int a = divisible ? from * each : 0;
          int b = divisible ? to * each : outer;
          for (int o = a; o < b; o++) {
            copy(
                x.array(),
                x.at() + o * sourceStep + source,
                y.array(),
                y.at() + o * targetStep + target,
                n);
          }
        });
  }

  private Launch embed(Move.Embed e) {
    Shape from = shape(0);
    int outer = from.product(0, e.axis());
    int inner = from.product(e.axis() + 1, from.rank());
    int n = from.dim(e.axis()) * inner;
    int step = e.size() * inner;
    int head = e.from() * inner;
    Ref x = in(0);
    Ref y = out();
    boolean divisible = e.axis() > 0;
    int rows = divisible ? Fusion.rows(from) : 1;
    int each = rows == 0 ? 0 : outer / rows;
    return Call.of(
        node,
        divisible ? Split.ROWS : Split.SINGLE,
        rows,
        new boolean[] {divisible},
        (a, b, w) -> {
          for (int o = a * each; o < b * each; o++) {
            int at = y.at() + o * step;
            zero(y, at, at + head);
            copy(x.array(), x.at() + o * n, y.array(), at + head, n);
            zero(y, at + head + n, at + step);
          }
        });
  }

  private Launch concat(Move.Concat c) {
    Shape to = node.types().getFirst().shape();
    int outer = to.product(0, c.axis());
    int step = to.product(c.axis(), to.rank());
    int parts = node.in().size();
    boolean outermost = outer == 1;
    List<Boolean> placed =
        outermost ? aliases.inPlace(node) : java.util.Collections.nCopies(parts, false);
    Ref[] x = new Ref[parts];
    int[] size = new int[parts];
    boolean[] aligned = new boolean[parts];
    for (int i = 0; i < parts; i++) {
      x[i] = in(i);
      size[i] = shape(i).product(c.axis(), to.rank());
      aligned[i] = c.axis() > 0;
    }
    Ref y = out();
    int rows = c.axis() > 0 ? Fusion.rows(to) : 1;
    int each = rows == 0 ? 0 : outer / rows;
    return Call.of(
        node,
        c.axis() > 0 ? Split.ROWS : Split.SINGLE,
        rows,
        aligned,
        (a, b, w) -> {
          for (int o = a * each; o < b * each; o++) {
            int at = y.at() + o * step;
            for (int i = 0; i < parts; i++) {
              if (!placed.get(i)) {
                copy(x[i].array(), x[i].at() + o * size[i], y.array(), at, size[i]);
              }
              at += size[i];
            }
          }
        });
  }

  private Launch take() {
    Ref x = in(0);
    Ref index = in(1);
    Ref y = out();
    int n = shape(0).dim(1);
    int m = shape(1).dim(1);
    return rows(
        shape(1).dim(0),
        (from, to, w) -> {
          int[] at = index.i();
          for (int b = from; b < to; b++) {
            for (int j = 0; j < m; j++) {
              int column = at[index.at() + b * m + j];
              if (column < 0 || column >= n) {
                throw new IndexOutOfBoundsException(
                    "[take] index " + column + " in row " + b + ": there are " + n + " columns");
              }
              int source = x.at() + b * n + column;
              int target = y.at() + b * m + j;
              switch (y.type.dtype()) {
                case FLOAT32 -> y.f32()[target] = x.f32()[source];
                case FLOAT64 -> y.f64()[target] = x.f64()[source];
                case INT32 -> y.i()[target] = x.i()[source];
              }
            }
          }
        },
        true,
        true);
  }

  private Launch scatter(Move.Scatter s) {
    Ref x = in(0);
    Ref index = in(1);
    Ref y = out();
    int n = shape(0).product(1, shape(0).rank());
    int count = shape(0).dim(0);
    return Call.of(
        node,
        Split.SINGLE,
        1,
        new boolean[0],
        (from, to, w) -> {
          zero(y, y.at(), y.at() + y.size());
          for (int b = 0; b < count; b++) {
            int row = index.i()[index.at() + b];
            if (row < 0 || row >= s.rows()) {
              throw new IndexOutOfBoundsException(
                  "[scatter] index " + row + " at " + b + ": there are " + s.rows() + " rows");
            }
            int target = y.at() + row * n;
            int source = x.at() + b * n;
            for (int j = 0; j < n; j++) {
              switch (y.type.dtype()) {
                case FLOAT32 -> y.f32()[target + j] += x.f32()[source + j];
                case FLOAT64 -> y.f64()[target + j] += x.f64()[source + j];
                case INT32 -> y.i()[target + j] += x.i()[source + j];
              }
            }
          }
        });
  }

  /// Reads (or, to build a matrix, writes) the diagonals of square matrices.
  private Launch diagonal(Shape square, boolean build) {
    int n = square.dim(-1);
    int count = square.product(0, square.rank() - 2);
    Ref x = in(0);
    Ref y = out();
    return Call.of(
        node,
        Split.SINGLE,
        1,
        new boolean[0],
        (from, to, w) -> {
          if (build) {
            zero(y, y.at(), y.at() + y.size());
          }
          for (int i = 0; i < count * n; i++) {
            int full = i / n * n * n + i % n * (n + 1);
            int source = x.at() + (build ? i : full);
            int target = y.at() + (build ? full : i);
            copy(x.array(), source, y.array(), target, 1);
          }
        });
  }

  private Launch sort(Shape s) {
    Ref x = in(0);
    Ref y = out();
    int n = s.dim(-1);
    boolean byRow = s.rank() > 1;
    int rows = byRow ? s.dim(0) : 1;
    int size = rows == 0 ? 0 : s.size() / rows;
    return Call.of(
        node,
        byRow ? Split.ROWS : Split.SINGLE,
        rows,
        new boolean[] {byRow},
        (from, to, w) -> {
          copy(
              x.array(), x.at() + from * size, y.array(), y.at() + from * size, (to - from) * size);
          int end = y.at() + to * size;
          for (int at = y.at() + from * size; at < end; at += n) {
            switch (y.type.dtype()) {
              case FLOAT32 -> Arrays.sort(y.f32(), at, at + n);
              case FLOAT64 -> Arrays.sort(y.f64(), at, at + n);
              case INT32 -> Arrays.sort(y.i(), at, at + n);
            }
          }
        });
  }

  /// Copies a run; short ones without the cost of a call into the runtime.
  private static void copy(Object x, int xo, Object y, int yo, int n) {
    if (n < 16 && x instanceof float[] from) {
      float[] to = (float[]) y;
      for (int k = 0; k < n; k++) {
        to[yo + k] = from[xo + k];
      }
    } else if (n < 16 && x instanceof double[] from) {
      double[] to = (double[]) y;
      for (int k = 0; k < n; k++) {
        to[yo + k] = from[xo + k];
      }
    } else {
      System.arraycopy(x, xo, y, yo, n);
    }
  }

  private static void zero(Ref y, int from, int to) {
    switch (y.type.dtype()) {
      case FLOAT32 -> Arrays.fill(y.f32(), from, to, 0f);
      case FLOAT64 -> Arrays.fill(y.f64(), from, to, 0.0);
      case INT32 -> Arrays.fill(y.i(), from, to, 0);
    }
  }
}
