package org.amortis.engine.op;

import java.util.List;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.ShapeException;
import org.amortis.engine.shape.Type;

/// Convolution, bias, ReLU and 2 x 2 max-pooling of channels-last images as one step.
///
/// x `(N, H, W, C)`, w `(k, k, C, O)` with odd k and "same" padding, b `(O,)` give the pooled y
/// `(N, H/2, W/2, O)` and codes of the same type: which of the four places held the maximum, the
/// first in scan order at ties, and 4 where the ReLU is off. At least three quarters of the adjoint
/// of the convolution are exactly zero, which the backward kernels use.
public record ConvPool() implements Fused {
  /// Code of a window whose ReLU is off.
  public static final int OFF = 4;

  private static final MaxPool POOL = new MaxPool(2);

  @Override
  public String name() {
    return "conv_pool";
  }

  private static Conv2d conv(Shape w) {
    return new Conv2d(1, w.dim(0) / 2);
  }

  @Override
  public List<Type> infer(List<Type> in) {
    Type x = in.get(0);
    Type w = in.get(1);
    if (w.shape().rank() != 4
        || w.shape().dim(0) % 2 == 0
        || w.shape().dim(0) != w.shape().dim(1)) {
      throw new ShapeException(name(), "weights must be (k, k, C, O) with odd k, found " + w);
    }
    if (x.shape().rank() != 4 || x.shape().dim(1) % 2 != 0 || x.shape().dim(2) % 2 != 0) {
      throw new ShapeException(name(), "needs images (N, H, W, C) of even H and W, found " + x);
    }
    Type y = conv(w.shape()).output(name(), x, w);
    if (!in.get(2).equals(y.with(Shape.of(w.shape().dim(3))))) {
      throw new ShapeException(
          name(), "bias must be (" + w.shape().dim(3) + ",), found " + in.get(2));
    }
    Type pooled = POOL.infer(List.of(y)).getFirst();
    return List.of(pooled, pooled);
  }

  @Override
  public List<double[]> evaluate(List<Type> types, List<double[]> in) {
    Conv2d conv = conv(types.get(1).shape());
    List<Type> operands = types.subList(0, 2);
    double[] y = conv.evaluate(operands, in.subList(0, 2)).getFirst();
    double[] b = in.get(2);
    for (int i = 0; i < y.length; i++) {
      y[i] = y[i] + b[i % b.length];
    }
    List<double[]> pooled = POOL.evaluate(conv.infer(operands), List.of(y));
    int width = types.getFirst().shape().dim(2);
    double[] top = pooled.get(0);
    double[] code = pooled.get(1);
    for (int i = 0; i < top.length; i++) {
      int at = (int) code[i];
      code[i] = top[i] <= 0 ? OFF : at / width % 2 * 2 + at % width % 2;
      top[i] = Unary.RELU.of(top[i]);
    }
    return pooled;
  }

  @Override
  public <V> List<V> gradient(Graph<V> g, List<V> in, List<V> out, List<V> dOut) {
    Shape x = g.type(in.get(0)).shape();
    Shape w = g.type(in.get(1)).shape();
    V d = dOut.getFirst();
    V code = out.get(1);
    List<V> dw = g.apply(new WeightGradient(w.dim(0)), List.of(in.get(0), d, code));
    V dx = g.one(new InputGradient(x.dim(1), x.dim(2)), d, code, in.get(1));
    return List.of(dx, dw.get(0), dw.get(1));
  }

  /// The adjoint of the convolution's result: dy at the place its code names, zero elsewhere.
  private static double[] spread(Type d, double[] dy, double[] code, int h, int w) {
    Shape t = d.shape();
    int channels = t.dim(3);
    double[] full = new double[t.dim(0) * h * w * channels];
    for (int i = 0; i < dy.length; i++) {
      int p = (int) code[i];
      int c = i % channels;
      int column = i / channels % t.dim(2) * 2 + p % 2;
      int row = i / channels / t.dim(2) % t.dim(1) * 2 + p / 2;
      int n = i / channels / t.dim(2) / t.dim(1);
      if (p != OFF) {
        full[((n * h + row) * w + column) * channels + c] = dy[i];
      }
    }
    return full;
  }

  /// Adjoint of the images `(N, height, width, C)`.
  ///
  /// Operands dy and codes `(N, height/2, width/2, O)`, w `(k, k, C, O)`.
  ///
  /// @param height rows of the images
  /// @param width columns of the images
  public record InputGradient(int height, int width) implements Fused {
    @Override
    public String name() {
      return "conv_pool_input_gradient";
    }

    @Override
    public List<Type> infer(List<Type> in) {
      Shape d = in.get(0).shape();
      Shape w = in.get(2).shape();
      if (d.rank() != 4
          || !in.get(0).dtype().isFloat()
          || d.dim(1) * 2 != height
          || d.dim(2) * 2 != width
          || w.rank() != 4
          || w.size() == 0
          || d.product(1, 4) == 0
          || w.dim(0) % 2 == 0
          || w.dim(0) != w.dim(1)
          || w.dim(3) != d.dim(3)
          || !in.get(0).equals(in.get(1))
          || !in.get(2).equals(in.get(0).with(w))) {
        throw new ShapeException(name(), "operands do not fit: " + in);
      }
      return List.of(in.get(0).with(Shape.of(d.dim(0), height, width, w.dim(2))));
    }

    @Override
    public List<double[]> evaluate(List<Type> types, List<double[]> in) {
      Type d = types.get(0);
      Shape w = types.get(2).shape();
      double[] full = spread(d, in.get(0), in.get(1), height, width);
      Type t = d.with(Shape.of(d.shape().dim(0), height, width, d.shape().dim(3)));
      return new Conv2d.InputGradient(conv(w), height, width)
          .evaluate(List.of(t, types.get(2)), List.of(full, in.get(2)));
    }

    @Override
    public <V> List<V> gradient(Graph<V> g, List<V> in, List<V> out, List<V> dOut) {
      throw new UnsupportedOperationException("[" + name() + "] has no second derivative here");
    }
  }

  /// Adjoints of weights `(k, k, C, O)` and bias `(O,)`, summed in batch order.
  ///
  /// Operands x `(N, H, W, C)`, dy and codes `(N, H/2, W/2, O)`.
  ///
  /// @param kernel k
  public record WeightGradient(int kernel) implements Fused {
    @Override
    public String name() {
      return "conv_pool_weight_gradient";
    }

    @Override
    public List<Type> infer(List<Type> in) {
      Shape x = in.get(0).shape();
      Shape d = in.get(1).shape();
      if (x.rank() != 4
          || d.rank() != 4
          || !in.get(0).dtype().isFloat()
          || !d.equals(Shape.of(x.dim(0), x.dim(1) / 2, x.dim(2) / 2, d.dim(3)))
          || x.dim(1) % 2 != 0
          || x.dim(2) % 2 != 0
          || x.product(1, 4) * d.dim(3) == 0
          || !in.get(1).equals(in.get(0).with(d))
          || !in.get(1).equals(in.get(2))) {
        throw new ShapeException(name(), "operands do not fit: " + in);
      }
      Type w = in.get(0).with(Shape.of(kernel, kernel, x.dim(3), d.dim(3)));
      return List.of(w, w.with(Shape.of(d.dim(3))));
    }

    @Override
    public List<double[]> evaluate(List<Type> types, List<double[]> in) {
      Shape x = types.get(0).shape();
      Type d = types.get(1);
      int outputs = d.shape().dim(3);
      double[] full = spread(d, in.get(1), in.get(2), x.dim(1), x.dim(2));
      Type t = d.with(Shape.of(x.dim(0), x.dim(1), x.dim(2), outputs));
      double[] dw =
          new Conv2d.WeightGradient(new Conv2d(1, kernel / 2), kernel, kernel)
              .evaluate(List.of(types.get(0), t), List.of(in.get(0), full))
              .getFirst();
      double[] db = new double[outputs];
      for (int i = 0; i < full.length; i++) {
        db[i % outputs] += full[i];
      }
      return List.of(dw, db);
    }

    @Override
    public <V> List<V> gradient(Graph<V> g, List<V> in, List<V> out, List<V> dOut) {
      throw new UnsupportedOperationException("[" + name() + "] has no second derivative here");
    }
  }
}
