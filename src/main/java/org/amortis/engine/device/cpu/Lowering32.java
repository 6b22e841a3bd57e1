package org.amortis.engine.device.cpu;

import java.util.function.Function;
import org.amortis.engine.device.cpu.Launch.Split;
import org.amortis.engine.op.Activation;
import org.amortis.engine.op.Contract;
import org.amortis.engine.op.Conv2d;
import org.amortis.engine.op.MatMul;
import org.amortis.engine.op.MaxPool;
import org.amortis.engine.op.Reduce;
import org.amortis.engine.program.Program;
import org.amortis.engine.shape.Shape;

/// Launches of contractions and reductions.
@SuppressWarnings("cast") // the float64 twin casts double to double
final class Lowering32 {
  private final Program program;
  private final Program.Node node;
  private final Function<Program.Value, Ref> refs;

  Lowering32(Program program, Program.Node node, Function<Program.Value, Ref> refs) {
    this.program = program;
    this.node = node;
    this.refs = refs;
  }

  Ref in(int i) {
    return refs.apply(node.in().get(i));
  }

  Ref out(int i) {
    return refs.apply(new Program.Value(node.id(), i));
  }

  Shape shape(int i) {
    return program.type(node.in().get(i)).shape();
  }

  Call rows(int items, Call.Body body, boolean... aligned) {
    return Call.of(node, Split.ROWS, items, aligned, body);
  }

  Call ranges(int items, Call.Body body) {
    return Call.of(node, Split.RANGES, items, new boolean[0], body);
  }

  Call single(Call.Body body) {
    return Call.of(node, Split.SINGLE, 1, new boolean[0], body);
  }

  static Epilogue32 epilogue(Ref bias, Activation a) {
    return new Epilogue32(bias.f32(), bias.at(), a.kind(), (float) a.slope(), false);
  }

  Launch contract(Contract op) {
    return switch (op) {
      case MatMul m -> matmul(m);
      case Conv2d c -> conv(c);
      case Conv2d.InputGradient g -> convInputGradient(g);
      case Conv2d.WeightGradient g -> convWeightGradient(g);
      case MaxPool p -> {
        Shape s = shape(0);
        Ref x = in(0);
        Ref y = out(0);
        Ref place = out(1);
        yield rows(
            s.dim(0),
            (from, to, w) ->
                w.kernels
                    .conv32()
                    .maxPool(
                        s.dim(1),
                        s.dim(2),
                        s.dim(3),
                        p.size(),
                        x.f32(),
                        x.at(),
                        y.f32(),
                        y.at(),
                        place.i(),
                        place.at(),
                        from,
                        to),
            true);
      }
      case MaxPool.InputGradient g -> {
        Ref d = in(0);
        Ref place = in(1);
        Ref dx = out(0);
        int channels = shape(0).dim(3);
        yield rows(
            shape(0).dim(0),
            (from, to, w) ->
                w.kernels
                    .conv32()
                    .maxPoolGradient(
                        g.height(),
                        g.width(),
                        channels,
                        g.size(),
                        d.f32(),
                        d.at(),
                        place.i(),
                        place.at(),
                        dx.f32(),
                        dx.at(),
                        from,
                        to),
            true,
            true);
      }
    };
  }

  private Launch matmul(MatMul op) {
    MatMul.Extents e = op.extents(in(0).type, in(1).type);
    Ref a = in(0);
    Ref b = in(1);
    Ref c = out(0);
    int lda = op.transposeA() ? e.m() : e.k();
    int ldb = op.transposeB() ? e.k() : e.n();
    long flops = 2L * e.batch() * e.m() * e.n() * e.k();
    if (shape(0).rank() > 2) {
      return rows(
              e.batch(),
              (from, to, w) -> {
                for (int s = from; s < to; s++) {
                  w.kernels
                      .matmul32()
                      .multiply(
                          op.transposeA(),
                          op.transposeB(),
                          e.m(),
                          e.n(),
                          e.k(),
                          a.f32(),
                          a.at() + s * e.m() * e.k(),
                          lda,
                          b.f32(),
                          b.at() + s * e.k() * e.n(),
                          ldb,
                          c.f32(),
                          c.at() + s * e.m() * e.n(),
                          e.n(),
                          Epilogue32.PLAIN,
                          0,
                          e.m(),
                          0,
                          e.n(),
                          w.scratch32);
                }
              })
          .flops(flops);
    }
    // A transposed first factor is a weight gradient: rows of the result are parameters, not
    // samples.
    Call.Body body =
        (from, to, w) ->
            w.kernels
                .matmul32()
                .multiply(
                    op.transposeA(),
                    op.transposeB(),
                    e.m(),
                    e.n(),
                    e.k(),
                    a.f32(),
                    a.at(),
                    lda,
                    b.f32(),
                    b.at(),
                    ldb,
                    c.f32(),
                    c.at(),
                    e.n(),
                    Epilogue32.PLAIN,
                    from,
                    to,
                    0,
                    e.n(),
                    w.scratch32);
    return (op.transposeA() ? ranges(e.m(), body) : rows(e.m(), body, true)).flops(flops);
  }

  private static Conv2dShape geometry(Conv2d c, Shape x, Shape w) {
    return new Conv2dShape(
        x.dim(1), x.dim(2), w.dim(2), w.dim(0), w.dim(1), w.dim(3), c.stride(), c.pad());
  }

  private static long flops(Conv2dShape s, int batch) {
    return 2L * batch * s.outHeight() * s.outWidth() * s.patch() * s.filters();
  }

  private Launch conv(Conv2d op) {
    Conv2dShape s = geometry(op, shape(0), shape(1));
    Ref x = in(0);
    Ref k = in(1);
    Ref y = out(0);
    return rows(
            shape(0).dim(0),
            (from, to, w) ->
                w.kernels
                    .conv32()
                    .forward(
                        s,
                        x.f32(),
                        x.at(),
                        k.f32(),
                        k.at(),
                        Epilogue32.PLAIN,
                        y.f32(),
                        y.at(),
                        from,
                        to,
                        w.scratch32),
            true)
        .flops(flops(s, shape(0).dim(0)));
  }

  private Launch convInputGradient(Conv2d.InputGradient op) {
    Ref d = in(0);
    Ref k = in(1);
    Ref dx = out(0);
    Conv2dShape s = geometry(op.conv(), dx.type.shape(), shape(1));
    return rows(
            shape(0).dim(0),
            (from, to, w) ->
                w.kernels
                    .conv32()
                    .inputGradient(
                        s,
                        d.f32(),
                        d.at(),
                        k.f32(),
                        k.at(),
                        dx.f32(),
                        dx.at(),
                        from,
                        to,
                        w.scratch32),
            true)
        .flops(flops(s, shape(0).dim(0)));
  }

  private Launch convWeightGradient(Conv2d.WeightGradient op) {
    Ref x = in(0);
    Ref d = in(1);
    Ref dk = out(0);
    Conv2dShape s = geometry(op.conv(), shape(0), dk.type.shape());
    int batch = shape(0).dim(0);
    return ranges(
            s.filters(),
            (from, to, w) ->
                w.kernels
                    .conv32()
                    .weightGradient(
                        s,
                        batch,
                        x.f32(),
                        x.at(),
                        d.f32(),
                        d.at(),
                        dk.f32(),
                        dk.at(),
                        null,
                        0,
                        from,
                        to,
                        w.scratch32))
        .flops(flops(s, batch));
  }

  Launch reduce(Reduce op) {
    Shape s = shape(0);
    int outer = s.product(0, op.axis());
    int n = s.dim(op.axis());
    int inner = s.product(op.axis() + 1, s.rank());
    Ref x = in(0);
    Ref y = out(0);
    if (op.axis() == 0) {
      // Over the samples: each column in batch order, columns divided among threads.
      return inner == 1
          ? single((from, to, w) -> lines(op, x.f32(), x.at(), y.f32(), y.at(), 1, n, w))
          : ranges(
              inner, (from, to, w) -> columns(op, x, x.at(), n, inner, y, y.at(), from, to, w));
    }
    int rows = s.dim(0);
    int each = rows == 0 ? 0 : outer / rows;
    return rows(
        rows,
        (from, to, w) -> {
          int first = from * each;
          int last = to * each;
          if (inner == 1) {
            lines(op, x.f32(), x.at() + first * n, y.f32(), y.at() + first, last - first, n, w);
            return;
          }
          for (int o = first; o < last; o++) {
            columns(op, x, x.at() + o * n * inner, n, inner, y, y.at() + o * inner, 0, inner, w);
          }
        },
        true);
  }

  /// Reduces each of `rows` rows of `n` neighbouring elements.
  private static void lines(
      Reduce op, float[] x, int at, float[] y, int to, int rows, int n, Worker w) {
    ReductionKernels32 r = w.kernels.reductions32();
    switch (op.kind()) {
      case null -> throw new IllegalStateException("a kind is expected");
      case SUM -> r.rowSum(x, at, y, to, rows, n);
      case MAX -> r.rowMax(x, at, y, to, rows, n);
      case LOG_SUM_EXP -> r.rowLogSumExp(x, at, y, to, rows, n);
    }
  }

  /// Reduces columns `[from, to)` of a matrix of `n` rows; sums in row order.
  private static void columns(
      Reduce op, Ref x, int at, int n, int inner, Ref y, int out, int from, int to, Worker w) {
    int count = to - from;
    if (op.kind() == Reduce.Kind.SUM) {
      PointwiseKernels32 k = w.kernels.pointwise32();
      k.fill(0, y.f32(), out + from, count);
      for (int row = 0; row < n; row++) {
        k.add(y.f32(), out + from, x.f32(), at + row * inner + from, y.f32(), out + from, count);
      }
      return;
    }
    float[] turned = w.scratch32.values(1, n * count);
    for (int row = 0; row < n; row++) {
      for (int c = 0; c < count; c++) {
        turned[c * n + row] = x.f32()[at + row * inner + from + c];
      }
    }
    lines(op, turned, 0, y.f32(), out + from, count, n, w);
  }
}
