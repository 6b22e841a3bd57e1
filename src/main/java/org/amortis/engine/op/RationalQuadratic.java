package org.amortis.engine.op;

import java.util.List;
import org.amortis.engine.math.Spline;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.ShapeException;
import org.amortis.engine.shape.Type;

/// Monotone rational-quadratic spline of each element (Durkan et al. 2019), see [Spline].
///
/// x `(R,)` and raw parameters `(G, 3K - 1)` give y `(R,)` and ladj `(R,)`. R is a multiple of G:
/// row g of the raw parameters serves the R / G consecutive elements from `g R / G` on.
///
/// @param spline bins K, bound and minima
/// @param inverse apply the inverse map
public record RationalQuadratic(Spline spline, boolean inverse) implements Fused {
  @Override
  public String name() {
    return inverse ? "spline_inverse" : "spline";
  }

  private Type check(String op, List<Type> in) {
    Type x = in.get(0);
    Shape raw = in.get(1).shape();
    if (x.shape().rank() != 1
        || !x.dtype().isFloat()
        || raw.rank() != 2
        || raw.dim(1) != spline.parameters()
        || in.get(1).dtype() != x.dtype()
        || raw.dim(0) == 0
        || x.size() % raw.dim(0) != 0) {
      throw new ShapeException(
          op,
          "needs (R,) and raw (G, "
              + spline.parameters()
              + ") with R a multiple of G, found "
              + in);
    }
    return x;
  }

  @Override
  public List<Type> infer(List<Type> in) {
    Type x = check(name(), in);
    return List.of(x, x);
  }

  @Override
  public List<double[]> evaluate(List<Type> types, List<double[]> in) {
    double[] x = in.getFirst();
    double[] y = new double[x.length];
    double[] ladj = new double[x.length];
    int group = x.length / types.get(1).shape().dim(0);
    for (int i = 0; i < x.length; i++) {
      int at = i / group * spline.parameters();
      Spline.Value v =
          inverse ? spline.inverse(x[i], in.get(1), at) : spline.forward(x[i], in.get(1), at);
      y[i] = v.value();
      ladj[i] = v.ladj();
    }
    return List.of(y, ladj);
  }

  @Override
  public <V> List<V> gradient(Graph<V> g, List<V> in, List<V> out, List<V> dOut) {
    V dy = dOut.get(0) == null ? g.zeros(g.type(in.get(0))) : dOut.get(0);
    V dladj = dOut.get(1) == null ? g.zeros(g.type(in.get(0))) : dOut.get(1);
    return g.apply(new Gradient(this), List.of(in.get(0), in.get(1), dy, dladj));
  }

  /// Adjoints of x `(R,)` and raw `(G, 3K - 1)`; operands (x, raw, dy, dladj).
  public record Gradient(RationalQuadratic map) implements Fused {
    @Override
    public String name() {
      return map.name() + "_gradient";
    }

    @Override
    public List<Type> infer(List<Type> in) {
      Type x = map.check(name(), in);
      if (!in.get(2).equals(x) || !in.get(3).equals(x)) {
        throw new ShapeException(name(), "adjoints must be " + x + ", found " + in);
      }
      return List.of(x, in.get(1));
    }

    @Override
    public List<double[]> evaluate(List<Type> types, List<double[]> in) {
      Spline s = map.spline;
      double[] x = in.get(0);
      double[] dx = new double[x.length];
      double[] draw = new double[in.get(1).length];
      double[] row = new double[s.parameters()];
      int group = x.length / types.get(1).shape().dim(0);
      for (int i = 0; i < x.length; i++) {
        int at = i / group * s.parameters();
        double dy = in.get(2)[i];
        double dl = in.get(3)[i];
        dx[i] =
            map.inverse
                ? s.inverseBackward(x[i], in.get(1), at, dy, dl, row, 0)
                : s.forwardBackward(x[i], in.get(1), at, dy, dl, row, 0);
        for (int j = 0; j < row.length; j++) {
          draw[at + j] += row[j];
        }
      }
      return List.of(dx, draw);
    }

    @Override
    public <V> List<V> gradient(Graph<V> g, List<V> in, List<V> out, List<V> dOut) {
      throw new UnsupportedOperationException("[" + name() + "] has no second derivative here");
    }
  }
}
