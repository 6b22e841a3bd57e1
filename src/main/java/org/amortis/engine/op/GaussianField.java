package org.amortis.engine.op;

import java.util.List;
import org.amortis.engine.shape.ShapeException;
import org.amortis.engine.shape.Type;

/// Draws from zero-mean Gaussian distributions: `z = L eta` with L the lower Cholesky factor of C.
///
/// Operands: covariance values c `(B, m)` for a [GramStructure] of one dense block, and standard
/// normal eta `(B, n)`; result `(B, n)`. Rows whose matrix is not positive definite are NaN. Not
/// differentiated.
///
/// @param structure how matrices are built from tables, one block
public record GaussianField(GramStructure structure) implements Solve {
  @Override
  public String name() {
    return "gaussian_field";
  }

  @Override
  public List<Type> infer(List<Type> in) {
    Type c = in.get(0);
    Type eta = in.get(1);
    if (structure.blocks().size() != 1
        || c.shape().rank() != 2
        || !c.dtype().isFloat()
        || c.shape().dim(1) != structure.lags()
        || !eta.equals(c.with(c.shape().with(1, structure.order())))) {
      throw new ShapeException(
          name(),
          "needs a structure of one block, c (B, "
              + structure.lags()
              + ") and eta (B, "
              + structure.order()
              + "), found "
              + in);
    }
    return List.of(eta);
  }

  @Override
  public List<double[]> evaluate(List<Type> types, List<double[]> in) {
    int n = structure.order();
    int batch = types.getFirst().shape().dim(0);
    double[] out = new double[batch * n];
    for (int b = 0; b < batch; b++) {
      double[] values = structure.values(in.get(0), b * structure.lags());
      double[] packed = new double[n * (n + 1) / 2];
      structure.blocks().getFirst().entries().applyInto(values, 0, packed, 0);
      double[] a = new double[n * n];
      for (int i = 0; i < n; i++) {
        System.arraycopy(packed, i * (i + 1) / 2, a, i * n, i + 1);
      }
      double[] l = new Solve.Cholesky().evaluate(List.of(Type.f64(n, n)), List.of(a)).getFirst();
      for (int i = 0; i < n; i++) {
        for (int j = 0; j <= i; j++) {
          out[b * n + i] += l[i * n + j] * in.get(1)[b * n + j];
        }
      }
    }
    return List.of(out);
  }

  @Override
  public <V> List<V> gradient(Graph<V> g, List<V> in, List<V> out, List<V> dOut) {
    throw new UnsupportedOperationException(
        "[" + name() + "] is for simulation, it has no gradient");
  }
}
