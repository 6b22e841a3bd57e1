package org.amortis.engine.op;

import java.util.List;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.ShapeException;
import org.amortis.engine.shape.Type;

/// Maximum over `size x size` windows of channels-last images, stride `size`, incomplete windows
/// dropped.
///
/// x `(N, H, W, C)` gives y `(N, H/size, W/size, C)` and int32 places of the same shape: `row * W +
/// column` of the maximum, the first one in scan order at ties; NaN counts as larger than any
/// number.
public record MaxPool(int size) implements Contract {
  @Override
  public String name() {
    return "max_pool";
  }

  @Override
  public List<Type> infer(List<Type> in) {
    Type x = in.getFirst();
    Shape s = x.shape();
    if (s.rank() != 4 || !x.dtype().isFloat() || s.dim(1) < size || s.dim(2) < size) {
      throw new ShapeException(
          name(), "needs images (N, H, W, C) of at least " + size + " x " + size + ", found " + x);
    }
    Shape t = Shape.of(s.dim(0), s.dim(1) / size, s.dim(2) / size, s.dim(3));
    return List.of(x.with(t), new Type(DType.INT32, t));
  }

  @Override
  public List<double[]> evaluate(List<Type> types, List<double[]> in) {
    Shape s = types.getFirst().shape();
    Shape t = infer(types).getFirst().shape();
    double[] x = in.getFirst();
    double[] y = new double[t.size()];
    double[] place = new double[t.size()];
    for (int i = 0; i < y.length; i++) {
      y[i] = Double.NEGATIVE_INFINITY;
      for (int p = 0; p < size * size; p++) {
        double v = x[source(i, p, size, s, t)];
        if (p == 0 || v > y[i] || v != v && y[i] == y[i]) {
          y[i] = v;
          place[i] = source(i, p, size, s, t) / s.dim(3) % (s.dim(1) * s.dim(2));
        }
      }
    }
    return List.of(y, place);
  }

  /// Flat index in the images of place `p` of the window of pooled element `i`.
  private static int source(int i, int p, int size, Shape s, Shape t) {
    int c = i % t.dim(3);
    int w = i / t.dim(3) % t.dim(2);
    int h = i / t.dim(3) / t.dim(2) % t.dim(1);
    int n = i / t.dim(3) / t.dim(2) / t.dim(1);
    return ((n * s.dim(1) + h * size + p / size) * s.dim(2) + w * size + p % size) * s.dim(3) + c;
  }

  @Override
  public <V> List<V> gradient(Graph<V> g, List<V> in, List<V> out, List<V> dOut) {
    Shape s = g.type(in.getFirst()).shape();
    return List.of(g.one(new InputGradient(size, s.dim(1), s.dim(2)), dOut.getFirst(), out.get(1)));
  }

  /// Adds each pooled adjoint where its maximum lay: the adjoint of the images `(N, height, width,
  /// C)`.
  ///
  /// Operands: adjoint `(N, h, w, C)` and its int32 places.
  ///
  /// @param size side of a window
  /// @param height rows of the images
  /// @param width columns of the images
  public record InputGradient(int size, int height, int width) implements Contract {
    @Override
    public String name() {
      return "max_pool_input_gradient";
    }

    @Override
    public List<Type> infer(List<Type> in) {
      Type d = in.get(0);
      if (d.shape().rank() != 4
          || !d.dtype().isFloat()
          || d.shape().dim(1) != height / size
          || d.shape().dim(2) != width / size
          || !in.get(1).equals(new Type(DType.INT32, d.shape()))) {
        throw new ShapeException(name(), "needs (N, h, w, C) and its int32 places, found " + in);
      }
      return List.of(d.with(Shape.of(d.shape().dim(0), height, width, d.shape().dim(3))));
    }

    @Override
    public List<double[]> evaluate(List<Type> types, List<double[]> in) {
      Shape t = types.getFirst().shape();
      Shape s = infer(types).getFirst().shape();
      double[] x = new double[s.size()];
      for (int i = 0; i < t.size(); i++) {
        int n = i / (t.dim(1) * t.dim(2) * t.dim(3));
        int at = n * s.dim(1) * s.dim(2) + (int) in.get(1)[i];
        x[at * s.dim(3) + i % t.dim(3)] += in.get(0)[i];
      }
      return List.of(x);
    }

    @Override
    public <V> List<V> gradient(Graph<V> g, List<V> in, List<V> out, List<V> dOut) {
      throw new UnsupportedOperationException("[" + name() + "] has no second derivative here");
    }
  }
}
