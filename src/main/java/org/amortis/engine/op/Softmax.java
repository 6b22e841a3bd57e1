package org.amortis.engine.op;

import java.util.List;
import org.amortis.engine.math.Special;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.ShapeException;
import org.amortis.engine.shape.Type;

/// `exp(x_i) / sum_j exp(x_j)` along the last axis, computed without overflow; x `(..., n)`, y
/// alike.
public record Softmax() implements Fused {
  @Override
  public String name() {
    return "softmax";
  }

  @Override
  public List<Type> infer(List<Type> in) {
    Type x = in.getFirst();
    if (!x.dtype().isFloat() || x.shape().rank() < 1 || x.shape().dim(-1) == 0) {
      throw new ShapeException(name(), "needs a float operand (..., n) with n > 0, found " + x);
    }
    return List.of(x);
  }

  @Override
  public List<double[]> evaluate(List<Type> types, List<double[]> in) {
    int n = types.getFirst().shape().dim(-1);
    double[] y = in.getFirst().clone();
    for (int at = 0; at < y.length; at += n) {
      double max = Double.NEGATIVE_INFINITY;
      for (int i = 0; i < n; i++) {
        max = y[at + i] > max || y[at + i] != y[at + i] ? y[at + i] : max;
      }
      double sum = 0;
      for (int i = 0; i < n; i++) {
        y[at + i] = Special.exp(y[at + i] - max);
        sum += y[at + i];
      }
      for (int i = 0; i < n; i++) {
        y[at + i] /= sum;
      }
    }
    return List.of(y);
  }

  @Override
  public <V> List<V> gradient(Graph<V> g, List<V> in, List<V> out, List<V> dOut) {
    V y = out.getFirst();
    V w = g.mul(dOut.getFirst(), y);
    Shape s = g.type(y).shape();
    V total = g.reshape(g.sum(w, s.rank() - 1), s.with(-1, 1));
    return List.of(g.sub(w, g.mul(y, total)));
  }
}
