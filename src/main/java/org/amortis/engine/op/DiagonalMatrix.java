package org.amortis.engine.op;

import java.util.List;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.ShapeException;
import org.amortis.engine.shape.Type;

/// Vectors `(..., n)` as diagonal matrices `(..., n, n)`.
public record DiagonalMatrix() implements Move {
  @Override
  public String name() {
    return "diagonal_matrix";
  }

  @Override
  public List<Type> infer(List<Type> in) {
    Shape s = in.getFirst().shape();
    if (s.rank() < 1) {
      throw new ShapeException(name(), "needs vectors (..., n), found " + s);
    }
    return List.of(in.getFirst().with(s.append(s.dim(-1))));
  }

  @Override
  public List<double[]> evaluate(List<Type> types, List<double[]> in) {
    int n = types.getFirst().shape().dim(-1);
    double[] x = in.getFirst();
    double[] y = new double[x.length * n];
    for (int i = 0; i < x.length; i++) {
      y[i / n * n * n + i % n * (n + 1)] = x[i];
    }
    return List.of(y);
  }

  @Override
  public <V> List<V> gradient(Graph<V> g, List<V> in, List<V> out, List<V> dOut) {
    return List.of(g.one(new Diagonal(), dOut.getFirst()));
  }
}
