package org.amortis.engine.op;

import java.util.List;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.ShapeException;
import org.amortis.engine.shape.Type;

/// Main diagonals of square matrices `(..., n, n)` as `(..., n)`.
public record Diagonal() implements Move {
  @Override
  public String name() {
    return "diagonal";
  }

  @Override
  public List<Type> infer(List<Type> in) {
    Shape s = in.getFirst().shape();
    if (s.rank() < 2 || s.dim(-1) != s.dim(-2)) {
      throw new ShapeException(name(), "needs square matrices (..., n, n), found " + s);
    }
    return List.of(in.getFirst().with(s.without(-1)));
  }

  @Override
  public List<double[]> evaluate(List<Type> types, List<double[]> in) {
    int n = types.getFirst().shape().dim(-1);
    double[] y = new double[in.getFirst().length / StrictMath.max(n, 1)];
    for (int i = 0; i < y.length; i++) {
      y[i] = in.getFirst()[i / n * n * n + i % n * (n + 1)];
    }
    return List.of(y);
  }

  @Override
  public <V> List<V> gradient(Graph<V> g, List<V> in, List<V> out, List<V> dOut) {
    return List.of(g.one(new DiagonalMatrix(), dOut.getFirst()));
  }
}
