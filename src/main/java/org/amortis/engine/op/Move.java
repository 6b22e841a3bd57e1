package org.amortis.engine.op;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.ShapeException;
import org.amortis.engine.shape.Type;

/// Ops that rearrange elements and compute nothing.
public sealed interface Move extends Op
    permits Move.Reshape,
        Move.Broadcast,
        Move.Transpose,
        Move.Slice,
        Move.Embed,
        Move.Concat,
        Move.Gather,
        Move.Scatter,
        Move.Take,
        Move.Window,
        Diagonal,
        DiagonalMatrix,
        Sort {

  /// The same elements in row-major order under another shape.
  record Reshape(Shape to) implements Move {
    @Override
    public String name() {
      return "reshape";
    }

    @Override
    public List<Type> infer(List<Type> in) {
      Type x = in.getFirst();
      if (x.size() != to.size()) {
        throw new ShapeException(
            name(), "cannot read " + x + " as " + to + ": " + x.size() + " against " + to.size());
      }
      return List.of(x.with(to));
    }

    @Override
    public List<double[]> evaluate(List<Type> types, List<double[]> in) {
      return List.of(in.getFirst().clone());
    }

    @Override
    public <V> List<V> gradient(Graph<V> g, List<V> in, List<V> out, List<V> dOut) {
      return List.of(g.reshape(dOut.getFirst(), g.type(in.getFirst()).shape()));
    }
  }

  /// Repeats axes of extent 1, and adds leading axes, until the shape is `to`.
  record Broadcast(Shape to) implements Move {
    @Override
    public String name() {
      return "broadcast";
    }

    @Override
    public List<Type> infer(List<Type> in) {
      Shape s = in.getFirst().shape();
      if (!Shape.broadcast(name(), s, to).equals(to)) {
        throw new ShapeException(name(), "cannot repeat " + s + " to " + to);
      }
      return List.of(in.getFirst().with(to));
    }

    @Override
    public List<double[]> evaluate(List<Type> types, List<double[]> in) {
      return List.of(Elements.broadcast(in.getFirst(), types.getFirst().shape(), to).clone());
    }

    @Override
    public <V> List<V> gradient(Graph<V> g, List<V> in, List<V> out, List<V> dOut) {
      return List.of(g.sumTo(dOut.getFirst(), g.type(in.getFirst()).shape()));
    }
  }

  /// Axes in the order `axes`: axis `i` of the result is axis `axes[i]` of the operand.
  record Transpose(List<Integer> axes) implements Move {
    @Override
    public String name() {
      return "transpose";
    }

    @Override
    public List<Type> infer(List<Type> in) {
      Shape s = in.getFirst().shape();
      int[] d = new int[axes.size()];
      boolean[] seen = new boolean[axes.size()];
      for (int i = 0; i < d.length; i++) {
        int a = axes.get(i);
        if (d.length != s.rank() || a < 0 || a >= d.length || seen[a]) {
          throw new ShapeException(name(), "axes " + axes + " are no permutation for " + s);
        }
        seen[a] = true;
        d[i] = s.dim(a);
      }
      return List.of(in.getFirst().with(Shape.of(d)));
    }

    @Override
    public List<double[]> evaluate(List<Type> types, List<double[]> in) {
      Shape to = infer(types).getFirst().shape();
      int[] source = Elements.indices(strides(types.getFirst().shape()), to);
      double[] y = new double[source.length];
      for (int i = 0; i < y.length; i++) {
        y[i] = in.getFirst()[source[i]];
      }
      return List.of(y);
    }

    /// Stride in the operand of each axis of the result.
    public int[] strides(Shape from) {
      int[] strides = new int[axes.size()];
      for (int i = 0; i < strides.length; i++) {
        strides[i] = from.product(axes.get(i) + 1, from.rank());
      }
      return strides;
    }

    @Override
    public <V> List<V> gradient(Graph<V> g, List<V> in, List<V> out, List<V> dOut) {
      Integer[] inverse = new Integer[axes.size()];
      for (int i = 0; i < inverse.length; i++) {
        inverse[axes.get(i)] = i;
      }
      return List.of(g.one(new Transpose(List.of(inverse)), dOut.getFirst()));
    }
  }

  /// Elements `[from, to)` of one axis.
  record Slice(int axis, int from, int to) implements Move {
    @Override
    public String name() {
      return "slice";
    }

    @Override
    public List<Type> infer(List<Type> in) {
      Shape s = in.getFirst().shape();
      if (axis < 0 || axis >= s.rank() || from < 0 || to < from || to > s.dim(axis)) {
        throw new ShapeException(name(), "[" + from + ", " + to + ") of axis " + axis + " of " + s);
      }
      return List.of(in.getFirst().with(s.with(axis, to - from)));
    }

    @Override
    public List<double[]> evaluate(List<Type> types, List<double[]> in) {
      Shape s = types.getFirst().shape();
      int outer = s.product(0, axis);
      int inner = s.product(axis + 1, s.rank());
      int n = (to - from) * inner;
      double[] y = new double[outer * n];
      for (int o = 0; o < outer; o++) {
        System.arraycopy(in.getFirst(), (o * s.dim(axis) + from) * inner, y, o * n, n);
      }
      return List.of(y);
    }

    @Override
    public <V> List<V> gradient(Graph<V> g, List<V> in, List<V> out, List<V> dOut) {
      int size = g.type(in.getFirst()).shape().dim(axis);
      return List.of(g.one(new Embed(axis, from, size), dOut.getFirst()));
    }
  }

  /// Places the operand at `from` of an axis of extent `size`, zeros elsewhere.
  record Embed(int axis, int from, int size) implements Move {
    @Override
    public String name() {
      return "embed";
    }

    @Override
    public List<Type> infer(List<Type> in) {
      Shape s = in.getFirst().shape();
      if (axis < 0 || axis >= s.rank() || from < 0 || from + s.dim(axis) > size) {
        throw new ShapeException(
            name(), s + " at " + from + " does not fit axis " + axis + " of extent " + size);
      }
      return List.of(in.getFirst().with(s.with(axis, size)));
    }

    @Override
    public List<double[]> evaluate(List<Type> types, List<double[]> in) {
      Shape s = types.getFirst().shape();
      int outer = s.product(0, axis);
      int inner = s.product(axis + 1, s.rank());
      int n = s.dim(axis) * inner;
      double[] y = new double[outer * size * inner];
      for (int o = 0; o < outer; o++) {
        System.arraycopy(in.getFirst(), o * n, y, (o * size + from) * inner, n);
      }
      return List.of(y);
    }

    @Override
    public <V> List<V> gradient(Graph<V> g, List<V> in, List<V> out, List<V> dOut) {
      int n = g.type(in.getFirst()).shape().dim(axis);
      return List.of(g.slice(dOut.getFirst(), axis, from, from + n));
    }
  }

  /// Operands one after the other along an axis.
  record Concat(int axis) implements Move {
    @Override
    public String name() {
      return "concat";
    }

    @Override
    public List<Type> infer(List<Type> in) {
      Type first = in.getFirst();
      int total = 0;
      for (Type t : in) {
        if (t.dtype() != first.dtype()
            || axis < 0
            || axis >= t.shape().rank()
            || !t.shape().with(axis, 0).equals(first.shape().with(axis, 0))) {
          throw new ShapeException(name(), "along axis " + axis + ": " + first + " and " + t);
        }
        total += t.shape().dim(axis);
      }
      return List.of(first.with(first.shape().with(axis, total)));
    }

    @Override
    public List<double[]> evaluate(List<Type> types, List<double[]> in) {
      Shape to = infer(types).getFirst().shape();
      int outer = to.product(0, axis);
      int row = to.product(axis, to.rank());
      double[] y = new double[to.size()];
      int at = 0;
      for (int i = 0; i < in.size(); i++) {
        int n = types.get(i).shape().product(axis, to.rank());
        for (int o = 0; o < outer; o++) {
          System.arraycopy(in.get(i), o * n, y, o * row + at, n);
        }
        at += n;
      }
      return List.of(y);
    }

    @Override
    public <V> List<V> gradient(Graph<V> g, List<V> in, List<V> out, List<V> dOut) {
      List<V> d = new ArrayList<>();
      int at = 0;
      for (V v : in) {
        int n = g.type(v).shape().dim(axis);
        d.add(g.slice(dOut.getFirst(), axis, at, at + n));
        at += n;
      }
      return d;
    }
  }

  /// Rows of the first operand `(N, ...)` chosen by the int32 indices of the second `(B,)`.
  record Gather() implements Move {
    @Override
    public String name() {
      return "gather";
    }

    @Override
    public List<Type> infer(List<Type> in) {
      Type x = in.get(0);
      Type index = in.get(1);
      if (x.shape().rank() < 1 || index.dtype() != DType.INT32 || index.shape().rank() != 1) {
        throw new ShapeException(name(), "needs (N, ...) and int32 indices (B,), found " + in);
      }
      if (x.shape().dim(0) == 0 && index.size() > 0) {
        throw new ShapeException(name(), "there are no rows to choose from in " + x);
      }
      return List.of(x.with(x.shape().with(0, index.shape().dim(0))));
    }

    @Override
    public List<double[]> evaluate(List<Type> types, List<double[]> in) {
      int n = types.getFirst().shape().product(1, types.getFirst().shape().rank());
      double[] index = in.get(1);
      double[] y = new double[index.length * n];
      for (int i = 0; i < index.length; i++) {
        System.arraycopy(in.getFirst(), (int) index[i] * n, y, i * n, n);
      }
      return List.of(y);
    }

    @Override
    public <V> List<V> gradient(Graph<V> g, List<V> in, List<V> out, List<V> dOut) {
      int rows = g.type(in.getFirst()).shape().dim(0);
      return Arrays.asList(g.one(new Scatter(rows), dOut.getFirst(), in.get(1)), null);
    }
  }

  /// Sums row `b` of the first operand into row `index[b]` of a tensor of zeros, in order of b.
  ///
  /// Operands `(B, ...)` and int32 indices `(B,)`; result `(rows, ...)`.
  record Scatter(int rows) implements Move {
    @Override
    public String name() {
      return "scatter";
    }

    @Override
    public List<Type> infer(List<Type> in) {
      Type x = in.get(0);
      Type index = in.get(1);
      if (index.dtype() != DType.INT32
          || index.shape().rank() != 1
          || x.shape().rank() < 1
          || x.shape().dim(0) != index.shape().dim(0)
          || rows == 0 && index.size() > 0) {
        throw new ShapeException(name(), "needs (B, ...) and int32 indices (B,), found " + in);
      }
      return List.of(x.with(x.shape().with(0, rows)));
    }

    @Override
    public List<double[]> evaluate(List<Type> types, List<double[]> in) {
      int n = types.getFirst().shape().product(1, types.getFirst().shape().rank());
      double[] index = in.get(1);
      double[] y = new double[rows * n];
      for (int i = 0; i < index.length; i++) {
        for (int j = 0; j < n; j++) {
          y[(int) index[i] * n + j] += in.getFirst()[i * n + j];
        }
      }
      return List.of(y);
    }

    @Override
    public <V> List<V> gradient(Graph<V> g, List<V> in, List<V> out, List<V> dOut) {
      return Arrays.asList(g.one(new Gather(), dOut.getFirst(), in.get(1)), null);
    }
  }

  /// `y[b, j] = x[b, index[b, j]]`: elements of each row of `(B, n)` by int32 indices `(B, m)`; not
  /// differentiated.
  record Take() implements Move {
    @Override
    public String name() {
      return "take";
    }

    @Override
    public List<Type> infer(List<Type> in) {
      Type x = in.get(0);
      Type index = in.get(1);
      if (x.shape().rank() != 2
          || index.shape().rank() != 2
          || index.dtype() != DType.INT32
          || x.shape().dim(0) != index.shape().dim(0)
          || x.shape().dim(1) == 0 && index.size() > 0) {
        throw new ShapeException(name(), "needs (B, n) and int32 indices (B, m), found " + in);
      }
      return List.of(x.with(index.shape()));
    }

    @Override
    public List<double[]> evaluate(List<Type> types, List<double[]> in) {
      int n = types.get(0).shape().dim(1);
      int m = types.get(1).shape().dim(1);
      double[] y = new double[in.get(1).length];
      for (int i = 0; i < y.length; i++) {
        y[i] = in.get(0)[i / m * n + (int) in.get(1)[i]];
      }
      return List.of(y);
    }

    @Override
    public <V> List<V> gradient(Graph<V> g, List<V> in, List<V> out, List<V> dOut) {
      throw new UnsupportedOperationException("[take] is for data, it has no gradient");
    }
  }

  /// `size` rows of the first operand `(N, ...)` from row `start[0]` on; not differentiated.
  record Window(int size) implements Move {
    @Override
    public String name() {
      return "window";
    }

    @Override
    public List<Type> infer(List<Type> in) {
      Type x = in.get(0);
      if (x.shape().rank() < 1 || x.shape().dim(0) < size || !in.get(1).equals(Type.i32(1))) {
        throw new ShapeException(name(), size + " rows: needs (N, ...) and i32(1,), found " + in);
      }
      return List.of(x.with(x.shape().with(0, size)));
    }

    @Override
    public List<double[]> evaluate(List<Type> types, List<double[]> in) {
      int n = types.getFirst().shape().product(1, types.getFirst().shape().rank());
      int from = (int) in.get(1)[0] * n;
      return List.of(Arrays.copyOfRange(in.getFirst(), from, from + size * n));
    }

    @Override
    public <V> List<V> gradient(Graph<V> g, List<V> in, List<V> out, List<V> dOut) {
      throw new UnsupportedOperationException("[window] is for data, it has no gradient");
    }
  }
}
