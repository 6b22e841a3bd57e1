package org.amortis.engine.op;

import java.util.List;
import org.amortis.engine.shape.ShapeException;
import org.amortis.engine.shape.Type;

/// `y = x` for positive `x`, `slope * x` otherwise.
public record LeakyRelu(double slope) implements Pointwise {
  @Override
  public String name() {
    return "leaky_relu";
  }

  @Override
  public List<Type> infer(List<Type> in) {
    if (!in.getFirst().dtype().isFloat()) {
      throw new ShapeException(name(), "needs a float operand, found " + in.getFirst());
    }
    return List.of(in.getFirst());
  }

  @Override
  public List<double[]> evaluate(List<Type> types, List<double[]> in) {
    double[] y = in.getFirst().clone();
    for (int i = 0; i < y.length; i++) {
      y[i] = y[i] > 0 ? y[i] : slope * y[i];
    }
    return List.of(y);
  }

  @Override
  public <V> List<V> gradient(Graph<V> g, List<V> in, List<V> out, List<V> dOut) {
    V dy = dOut.getFirst();
    V positive = g.less(g.constant(dy, 0), out.getFirst());
    return List.of(g.select(positive, dy, g.mul(dy, slope)));
  }
}
