package org.amortis.engine.op;

import java.util.List;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.ShapeException;
import org.amortis.engine.shape.Type;

/// Affine layer with activation: `y = activation(x w + b)`; x `(B, k)`, w `(k, n)`, b `(n,)`.
public record Dense(Activation activation) implements Fused {
  @Override
  public String name() {
    return "dense";
  }

  @Override
  public List<Type> infer(List<Type> in) {
    Type x = in.get(0);
    if (x.shape().rank() != 2) {
      throw new ShapeException(name(), "needs (B, k), (k, n), (n,), found " + in);
    }
    MatMul.Extents e = new MatMul(false, false).extents(name(), x, in.get(1));
    Type y = x.with(Shape.of(e.m(), e.n()));
    if (!in.get(2).equals(y.with(Shape.of(y.shape().dim(1))))) {
      throw new ShapeException(
          name(), "bias must be (" + y.shape().dim(1) + ",), found " + in.get(2));
    }
    return List.of(y);
  }

  @Override
  public List<double[]> evaluate(List<Type> types, List<double[]> in) {
    double[] y =
        new MatMul(false, false).evaluate(types.subList(0, 2), in.subList(0, 2)).getFirst();
    double[] b = in.get(2);
    for (int i = 0; i < y.length; i++) {
      y[i] = activation.of(y[i] + b[i % b.length]);
    }
    return List.of(y);
  }

  @Override
  public <V> List<V> gradient(Graph<V> g, List<V> in, List<V> out, List<V> dOut) {
    V d = activation.slope(g, out.getFirst(), dOut.getFirst());
    return List.of(
        g.matmul(d, in.get(1), false, true), g.matmul(in.get(0), d, true, false), g.sum(d, 0));
  }
}
