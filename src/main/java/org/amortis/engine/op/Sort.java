package org.amortis.engine.op;

import java.util.Arrays;
import java.util.List;
import org.amortis.engine.shape.ShapeException;
import org.amortis.engine.shape.Type;

/// Each row of `(..., n)` in ascending order: -0 before 0, NaN last; not differentiated.
///
/// This is the total order of [Double#compare(double, double)], so the result depends on the
/// elements only, never on how they are compared.
public record Sort() implements Move {
  @Override
  public String name() {
    return "sort";
  }

  @Override
  public List<Type> infer(List<Type> in) {
    Type x = in.getFirst();
    if (!x.dtype().isFloat() || x.shape().rank() < 1) {
      throw new ShapeException(name(), "needs a float operand (..., n), found " + x);
    }
    return List.of(x);
  }

  @Override
  public List<double[]> evaluate(List<Type> types, List<double[]> in) {
    int n = types.getFirst().shape().dim(-1);
    double[] y = in.getFirst().clone();
    for (int at = 0; at < y.length; at += n) {
      Arrays.sort(y, at, at + n);
    }
    return List.of(y);
  }

  @Override
  public <V> List<V> gradient(Graph<V> g, List<V> in, List<V> out, List<V> dOut) {
    throw new UnsupportedOperationException("[sort] is for draws, it has no gradient");
  }
}
