package org.amortis.engine.op;

import java.util.List;
import org.amortis.engine.math.Special;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.ShapeException;
import org.amortis.engine.shape.Type;

/// Affine map of each element with a soft-clamped log scale (Dinh et al. 2017).
///
/// `y = x exp(s) + t`, `s = c tanh(raw / c)`, `ladj = sum over columns of s`; the inverse gives `x
/// = (y - t) exp(-s)` and the negative ladj. Operands x `(B, d)` and `(B, 2 d)`: the raw scales,
/// then the shifts t; results `(B, d)`, `(B,)`.
///
/// @param clamp the bound c on |s|
/// @param inverse apply the inverse map
public record AffineCoupling(double clamp, boolean inverse) implements Fused {
  @Override
  public String name() {
    return inverse ? "affine_coupling_inverse" : "affine_coupling";
  }

  private static Type check(String op, List<Type> in) {
    Type x = in.get(0);
    if (x.shape().rank() != 2
        || !x.dtype().isFloat()
        || !in.get(1).equals(x.with(x.shape().with(1, 2 * x.shape().dim(1))))) {
      throw new ShapeException(op, "needs x (B, d) and scales and shifts (B, 2 d), found " + in);
    }
    return x;
  }

  @Override
  public List<Type> infer(List<Type> in) {
    Type x = check(name(), in);
    return List.of(x, x.with(Shape.of(x.shape().dim(0))));
  }

  @Override
  public List<double[]> evaluate(List<Type> types, List<double[]> in) {
    int d = types.getFirst().shape().dim(1);
    double[] y = new double[in.getFirst().length];
    double[] ladj = new double[types.getFirst().shape().dim(0)];
    for (int i = 0; i < y.length; i++) {
      int at = i / d * 2 * d + i % d;
      double s = clamp * Special.tanh(in.get(1)[at] / clamp);
      double x = in.get(0)[i];
      double t = in.get(1)[at + d];
      y[i] = inverse ? (x - t) * Special.exp(-s) : x * Special.exp(s) + t;
      ladj[i / d] += inverse ? -s : s;
    }
    return List.of(y, ladj);
  }

  @Override
  public <V> List<V> gradient(Graph<V> g, List<V> in, List<V> out, List<V> dOut) {
    V dy = dOut.get(0) == null ? g.zeros(g.type(out.get(0))) : dOut.get(0);
    V dladj = dOut.get(1) == null ? g.zeros(g.type(out.get(1))) : dOut.get(1);
    return g.apply(new Gradient(this), List.of(in.get(0), in.get(1), dy, dladj));
  }

  /// Adjoints of x and of scales and shifts, by the rules of
  /// [ClampedAffine][org.amortis.engine.math.ClampedAffine].
  ///
  /// Operands x `(B, d)`, scales and shifts `(B, 2 d)`, dy `(B, d)`, dladj `(B,)`; results `(B, d)`
  /// and `(B, 2 d)`.
  ///
  /// @param map whose adjoints they are
  public record Gradient(AffineCoupling map) implements Fused {
    @Override
    public String name() {
      return map.name() + "_gradient";
    }

    @Override
    public List<Type> infer(List<Type> in) {
      Type x = check(name(), in);
      if (!in.get(2).equals(x) || !in.get(3).equals(x.with(Shape.of(x.shape().dim(0))))) {
        throw new ShapeException(name(), "adjoints do not fit: " + in);
      }
      return List.of(x, in.get(1));
    }

    @Override
    public List<double[]> evaluate(List<Type> types, List<double[]> in) {
      int d = types.getFirst().shape().dim(1);
      int n = in.getFirst().length;
      double[] dx = new double[n];
      double[] draw = new double[2 * n];
      for (int i = 0; i < n; i++) {
        int at = i / d * 2 * d + i % d;
        double tanh = Special.tanh(in.get(1)[at] / map.clamp);
        double s = map.clamp * tanh;
        double dy = in.get(2)[i];
        double dl = in.get(3)[i / d];
        double ds;
        if (map.inverse) {
          double e = Special.exp(-s);
          dx[i] = dy * e;
          draw[at + d] = -dy * e;
          ds = -dy * (in.get(0)[i] - in.get(1)[at + d]) * e - dl;
        } else {
          double e = Special.exp(s);
          dx[i] = dy * e;
          draw[at + d] = dy;
          ds = dy * in.get(0)[i] * e + dl;
        }
        draw[at] = ds * (1 - tanh * tanh);
      }
      return List.of(dx, draw);
    }

    @Override
    public <V> List<V> gradient(Graph<V> g, List<V> in, List<V> out, List<V> dOut) {
      throw new UnsupportedOperationException("[" + name() + "] has no second derivative here");
    }
  }
}
