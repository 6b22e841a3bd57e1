package org.amortis.engine.op;

import java.util.List;
import java.util.Locale;
import org.amortis.engine.math.Special;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.ShapeException;
import org.amortis.engine.shape.Type;

/// Reductions along one axis, which disappears from the shape.
///
/// SUM `sum x_i`; MAX, NaN where an element is; LOG_SUM_EXP `log sum exp x_i`, computed without
/// overflow. x `(..., n, ...)` of a float type, n at least 1 but for SUM, else [ShapeException].
public record Reduce(Kind kind, int axis) implements Op {
  /// What is computed along the axis.
  public enum Kind {
    SUM,
    MAX,
    LOG_SUM_EXP
  }

  @Override
  public String name() {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public List<Type> infer(List<Type> in) {
    Type x = in.getFirst();
    if (!x.dtype().isFloat() || axis < 0 || axis >= x.shape().rank()) {
      throw new ShapeException(name(), "needs a float operand with axis " + axis + ", found " + x);
    }
    if (kind != Kind.SUM && x.shape().dim(axis) == 0) {
      throw new ShapeException(name(), "axis " + axis + " of " + x + " is empty");
    }
    return List.of(x.with(x.shape().without(axis)));
  }

  @Override
  public List<double[]> evaluate(List<Type> types, List<double[]> in) {
    Shape s = types.getFirst().shape();
    int outer = s.product(0, axis);
    int n = s.dim(axis);
    int inner = s.product(axis + 1, s.rank());
    double[] x = in.getFirst();
    double[] y = new double[outer * inner];
    double[] line = new double[n];
    for (int o = 0; o < outer; o++) {
      for (int i = 0; i < inner; i++) {
        for (int k = 0; k < n; k++) {
          line[k] = x[(o * n + k) * inner + i];
        }
        y[o * inner + i] =
            switch (kind) {
              case SUM -> sum(line);
              case MAX -> max(line);
              case LOG_SUM_EXP -> Special.logSumExp(line);
            };
      }
    }
    return List.of(y);
  }

  private static double sum(double[] x) {
    double sum = 0;
    for (double v : x) {
      sum += v;
    }
    return sum;
  }

  private static double max(double[] x) {
    double max = x[0];
    for (double v : x) {
      max = v != v || v > max ? v : max;
    }
    return max;
  }

  @Override
  public <V> List<V> gradient(Graph<V> g, List<V> in, List<V> out, List<V> dOut) {
    V x = in.getFirst();
    Shape s = g.type(x).shape();
    Shape kept = s.with(axis, 1);
    V dy = g.reshape(dOut.getFirst(), kept);
    V y = g.reshape(out.getFirst(), kept);
    return List.of(
        switch (kind) {
          case SUM -> g.broadcast(dy, s);
          case MAX -> {
            V at = g.equal(x, y);
            V ties = g.reshape(g.sum(at, axis), kept);
            yield g.mul(at, g.div(dy, ties));
          }
          case LOG_SUM_EXP -> g.mul(g.exp(g.sub(x, y)), dy);
        });
  }
}
