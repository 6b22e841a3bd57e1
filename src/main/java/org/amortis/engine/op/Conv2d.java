package org.amortis.engine.op;

import java.util.List;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.ShapeException;
import org.amortis.engine.shape.Type;

/// Two-dimensional convolution (cross-correlation) of channels-last images with zero padding.
///
/// `y[n, i, j, o] = sum over a, b, c of x[n, i*stride + a - pad, j*stride + b - pad, c] w[a, b, c,
/// o]`; x `(N, H, W, C)`, w `(kh, kw, C, O)`, y `(N, Ho, Wo, O)` with `Ho = floor((H + 2 pad - kh)
/// / stride) + 1` and Wo alike.
///
/// Pixels of the border are left out of the sums here and multiplied as zeros on the devices, which
/// is the same unless a weight that meets one is infinite or NaN: then their result is NaN.
///
/// @param stride step of the window in pixels
/// @param pad rows and columns of zeros on each side
public record Conv2d(int stride, int pad) implements Contract {
  @Override
  public String name() {
    return "conv2d";
  }

  @Override
  public List<Type> infer(List<Type> in) {
    return List.of(output(name(), in.get(0), in.get(1)));
  }

  Type output(String op, Type x, Type w) {
    Shape s = x.shape();
    Shape k = w.shape();
    if (s.rank() != 4 || k.rank() != 4 || x.dtype() != w.dtype() || !x.dtype().isFloat()) {
      throw new ShapeException(
          op, "needs images (N, H, W, C) and weights (kh, kw, C, O), found " + x + " and " + w);
    }
    if (k.size() == 0 || s.product(1, 4) == 0) {
      throw new ShapeException(op, "empty images or weights: input " + s + ", weight " + k);
    }
    if (s.dim(3) != k.dim(2)) {
      throw new ShapeException(
          op,
          "input has "
              + s.dim(3)
              + " channels, weight expects "
              + k.dim(2)
              + ": input "
              + s
              + ", weight "
              + k);
    }
    int h = (s.dim(1) + 2 * pad - k.dim(0)) / stride + 1;
    int v = (s.dim(2) + 2 * pad - k.dim(1)) / stride + 1;
    if (s.dim(1) + 2 * pad < k.dim(0) || s.dim(2) + 2 * pad < k.dim(1)) {
      throw new ShapeException(op, "kernel " + k + " is larger than the padded input " + s);
    }
    return x.with(Shape.of(s.dim(0), h, v, k.dim(3)));
  }

  /// Calls `visit` with the flat indices of y, x and w of every product of the sum.
  private void products(Shape s, Shape k, Shape t, Visit visit) {
    for (int n = 0; n < s.dim(0); n++) {
      for (int i = 0; i < t.dim(1); i++) {
        for (int j = 0; j < t.dim(2); j++) {
          int y = ((n * t.dim(1) + i) * t.dim(2) + j) * t.dim(3);
          for (int a = 0; a < k.dim(0); a++) {
            for (int b = 0; b < k.dim(1); b++) {
              int r = i * stride + a - pad;
              int q = j * stride + b - pad;
              if (r < 0 || r >= s.dim(1) || q < 0 || q >= s.dim(2)) {
                continue;
              }
              int x = ((n * s.dim(1) + r) * s.dim(2) + q) * s.dim(3);
              int w = (a * k.dim(1) + b) * k.dim(2) * k.dim(3);
              for (int c = 0; c < k.dim(2); c++) {
                for (int o = 0; o < k.dim(3); o++) {
                  visit.at(y + o, x + c, w + c * k.dim(3) + o);
                }
              }
            }
          }
        }
      }
    }
  }

  private interface Visit {
    void at(int y, int x, int w);
  }

  @Override
  public List<double[]> evaluate(List<Type> types, List<double[]> in) {
    Shape t = infer(types).getFirst().shape();
    double[] out = new double[t.size()];
    double[] xs = in.get(0);
    double[] ws = in.get(1);
    products(types.get(0).shape(), types.get(1).shape(), t, (y, x, w) -> out[y] += xs[x] * ws[w]);
    return List.of(out);
  }

  @Override
  public <V> List<V> gradient(Graph<V> g, List<V> in, List<V> out, List<V> dOut) {
    V d = dOut.getFirst();
    Shape x = g.type(in.get(0)).shape();
    Shape w = g.type(in.get(1)).shape();
    return List.of(
        g.one(new InputGradient(this, x.dim(1), x.dim(2)), d, in.get(1)),
        g.one(new WeightGradient(this, w.dim(0), w.dim(1)), in.get(0), d));
  }

  /// Adjoint of the images `(N, height, width, C)` from that of the result and the weights.
  ///
  /// Operands dy `(N, Ho, Wo, O)` and w `(kh, kw, C, O)`.
  ///
  /// @param conv whose adjoint it is
  /// @param height rows of the images
  /// @param width columns of the images
  public record InputGradient(Conv2d conv, int height, int width) implements Contract {
    @Override
    public String name() {
      return "conv2d_input_gradient";
    }

    @Override
    public List<Type> infer(List<Type> in) {
      Type d = in.get(0);
      Type w = in.get(1);
      if (d.shape().rank() != 4 || w.shape().rank() != 4) {
        throw new ShapeException(name(), "needs (N, Ho, Wo, O) and (kh, kw, C, O), found " + in);
      }
      Type x = d.with(Shape.of(d.shape().dim(0), height, width, w.shape().dim(2)));
      if (!conv.output(name(), x, w).equals(d)) {
        throw new ShapeException(name(), d + " is no result of " + x + " and " + w);
      }
      return List.of(x);
    }

    @Override
    public List<double[]> evaluate(List<Type> types, List<double[]> in) {
      Shape s = infer(types).getFirst().shape();
      double[] out = new double[s.size()];
      double[] ds = in.get(0);
      double[] ws = in.get(1);
      conv.products(
          s, types.get(1).shape(), types.get(0).shape(), (y, x, w) -> out[x] += ds[y] * ws[w]);
      return List.of(out);
    }

    @Override
    public <V> List<V> gradient(Graph<V> g, List<V> in, List<V> out, List<V> dOut) {
      V e = dOut.getFirst();
      Shape w = g.type(in.get(1)).shape();
      return List.of(
          g.one(conv, e, in.get(1)),
          g.one(new WeightGradient(conv, w.dim(0), w.dim(1)), e, in.get(0)));
    }
  }

  /// Adjoint of the weights `(kh, kw, C, O)` from the images and the result's adjoint, summed in
  /// batch order.
  ///
  /// Operands x `(N, H, W, C)` and dy `(N, Ho, Wo, O)`.
  ///
  /// @param conv whose adjoint it is
  /// @param kernelHeight kh
  /// @param kernelWidth kw
  public record WeightGradient(Conv2d conv, int kernelHeight, int kernelWidth) implements Contract {
    @Override
    public String name() {
      return "conv2d_weight_gradient";
    }

    @Override
    public List<Type> infer(List<Type> in) {
      Type x = in.get(0);
      Type d = in.get(1);
      if (x.shape().rank() != 4 || d.shape().rank() != 4) {
        throw new ShapeException(name(), "needs (N, H, W, C) and (N, Ho, Wo, O), found " + in);
      }
      Type w = x.with(Shape.of(kernelHeight, kernelWidth, x.shape().dim(3), d.shape().dim(3)));
      if (!conv.output(name(), x, w).equals(d)) {
        throw new ShapeException(name(), d + " is no result of " + x + " and " + w);
      }
      return List.of(w);
    }

    @Override
    public List<double[]> evaluate(List<Type> types, List<double[]> in) {
      Shape k = infer(types).getFirst().shape();
      double[] out = new double[k.size()];
      double[] xs = in.get(0);
      double[] ds = in.get(1);
      conv.products(
          types.get(0).shape(), k, types.get(1).shape(), (y, x, w) -> out[w] += ds[y] * xs[x]);
      return List.of(out);
    }

    @Override
    public <V> List<V> gradient(Graph<V> g, List<V> in, List<V> out, List<V> dOut) {
      V e = dOut.getFirst();
      Shape x = g.type(in.get(0)).shape();
      return List.of(
          g.one(new InputGradient(conv, x.dim(1), x.dim(2)), in.get(1), e),
          g.one(conv, in.get(0), e));
    }
  }
}
