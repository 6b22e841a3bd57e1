package org.amortis.engine.op;

import java.util.Arrays;
import java.util.List;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.ShapeException;
import org.amortis.engine.shape.Type;

/// `a` where the condition is not 0, else `b`, for each element; operands (condition, a, b)
/// broadcast together.
public record Select() implements Pointwise {
  @Override
  public String name() {
    return "select";
  }

  @Override
  public List<Type> infer(List<Type> in) {
    Type a = in.get(1);
    if (a.dtype() != in.get(2).dtype() || in.get(0).dtype() != a.dtype()) {
      throw new ShapeException(name(), "operands have different types: " + in);
    }
    Shape s = Shape.broadcast(name(), a.shape(), in.get(2).shape());
    return List.of(a.with(Shape.broadcast(name(), in.get(0).shape(), s)));
  }

  @Override
  public List<double[]> evaluate(List<Type> types, List<double[]> in) {
    Shape to = infer(types).getFirst().shape();
    double[] c = Elements.broadcast(in.get(0), types.get(0).shape(), to);
    double[] a = Elements.broadcast(in.get(1), types.get(1).shape(), to);
    double[] b = Elements.broadcast(in.get(2), types.get(2).shape(), to);
    double[] y = new double[to.size()];
    for (int i = 0; i < y.length; i++) {
      y[i] = c[i] != 0 ? a[i] : b[i];
    }
    return List.of(y);
  }

  @Override
  public <V> List<V> gradient(Graph<V> g, List<V> in, List<V> out, List<V> dOut) {
    V dy = dOut.getFirst();
    V zero = g.constant(dy, 0);
    return Arrays.asList(
        null,
        g.sumTo(g.select(in.get(0), dy, zero), g.type(in.get(1)).shape()),
        g.sumTo(g.select(in.get(0), zero, dy), g.type(in.get(2)).shape()));
  }
}
