package org.amortis.engine.op;

import java.util.Arrays;
import java.util.List;
import org.amortis.engine.math.Chebyshev;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.ShapeException;
import org.amortis.engine.shape.Type;

/// Chebyshev series of F functions at points of their own, by Clenshaw's recurrence (Clenshaw
/// 1955).
///
/// Coefficients `(K, F)` and points x `(R, F)` give `y[r, f] = sum_k c[k, f] T_k(u(x[r, f]))`, u
/// the map of the series' interval to (-1, 1); NaN outside the interval. The coefficients are
/// constants: they have no gradient.
///
/// @param series number of terms K and the interval
public record ChebyshevSeries(Chebyshev series) implements Fused {
  @Override
  public String name() {
    return "chebyshev_series";
  }

  @Override
  public List<Type> infer(List<Type> in) {
    Type c = in.get(0);
    Type x = in.get(1);
    if (c.shape().rank() != 2
        || x.shape().rank() != 2
        || c.shape().dim(0) != series.terms()
        || c.shape().dim(1) != x.shape().dim(1)
        || c.dtype() != x.dtype()
        || !c.dtype().isFloat()) {
      throw new ShapeException(name(), "needs (" + series.terms() + ", F) and (R, F), found " + in);
    }
    return List.of(x);
  }

  @Override
  public List<double[]> evaluate(List<Type> types, List<double[]> in) {
    int functions = types.get(0).shape().dim(1);
    double[] y = new double[in.get(1).length];
    for (int i = 0; i < y.length; i++) {
      y[i] = series.evaluate(in.get(0), i % functions, functions, in.get(1)[i]);
    }
    return List.of(y);
  }

  @Override
  public <V> List<V> gradient(Graph<V> g, List<V> in, List<V> out, List<V> dOut) {
    V slope = g.one(this, g.matmul(derivative(g, in.get(0)), in.get(0), false, false), in.get(1));
    return Arrays.asList(null, g.mul(dOut.getFirst(), slope));
  }

  /// The linear map from the coefficients of a series to those of its derivative: `d_k = 2 sum (n
  /// c_n)` over n > k with n - k odd, halved for k = 0 (Mason and Handscomb 2003, section 2.4.5),
  /// times the slope of u.
  private <V> V derivative(Graph<V> g, V like) {
    int k = series.terms();
    double[] map = new double[k * k];
    double slope = 2 / (series.high() - series.low());
    for (int i = 0; i < k; i++) {
      for (int n = i + 1; n < k; n += 2) {
        map[i * k + n] = (i == 0 ? 1 : 2) * n * slope;
      }
    }
    return g.table(new Type(g.type(like).dtype(), Shape.of(k, k)), map);
  }
}
