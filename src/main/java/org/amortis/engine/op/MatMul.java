package org.amortis.engine.op;

import java.util.List;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.ShapeException;
import org.amortis.engine.shape.Type;

/// Matrix products `C = op(A) op(B)` over equal leading (batch) axes.
///
/// A `(..., m, k)` and B `(..., k, n)` give C `(..., m, n)`; other shapes throw [ShapeException].
///
/// @param transposeA read A, stored `(..., k, m)`, transposed
/// @param transposeB read B, stored `(..., n, k)`, transposed
public record MatMul(boolean transposeA, boolean transposeB) implements Contract {
  /// Extents of one product: batch, rows m, columns n, inner extent k.
  public record Extents(int batch, int m, int n, int k) {}

  @Override
  public String name() {
    return "matmul";
  }

  /// Extents for the given operand types.
  public Extents extents(Type a, Type b) {
    return extents(name(), a, b);
  }

  Extents extents(String op, Type a, Type b) {
    Shape x = a.shape();
    Shape y = b.shape();
    if (x.rank() < 2
        || y.rank() != x.rank()
        || a.dtype() != b.dtype()
        || !a.dtype().isFloat()
        || !x.range(0, x.rank() - 2).equals(y.range(0, x.rank() - 2))) {
      throw new ShapeException(
          op, "needs (..., m, k) and (..., k, n) of one float type, found " + a + " and " + b);
    }
    int m = x.dim(transposeA ? -1 : -2);
    int k = x.dim(transposeA ? -2 : -1);
    int kb = y.dim(transposeB ? -1 : -2);
    int n = y.dim(transposeB ? -2 : -1);
    if (k != kb) {
      throw new ShapeException(
          op, "inner extents differ: " + k + " and " + kb + " of " + a + " and " + b);
    }
    return new Extents(x.product(0, x.rank() - 2), m, n, k);
  }

  @Override
  public List<Type> infer(List<Type> in) {
    Type a = in.get(0);
    Extents e = extents(a, in.get(1));
    return List.of(a.with(a.shape().range(0, a.shape().rank() - 2).append(e.m, e.n)));
  }

  @Override
  public List<double[]> evaluate(List<Type> types, List<double[]> in) {
    Extents e = extents(types.get(0), types.get(1));
    double[] a = in.get(0);
    double[] b = in.get(1);
    double[] c = new double[e.batch * e.m * e.n];
    for (int s = 0; s < e.batch; s++) {
      int ao = s * e.m * e.k;
      int bo = s * e.k * e.n;
      for (int i = 0; i < e.m; i++) {
        for (int j = 0; j < e.n; j++) {
          double sum = 0;
          for (int p = 0; p < e.k; p++) {
            double x = a[ao + (transposeA ? p * e.m + i : i * e.k + p)];
            double y = b[bo + (transposeB ? j * e.k + p : p * e.n + j)];
            sum += x * y;
          }
          c[(s * e.m + i) * e.n + j] = sum;
        }
      }
    }
    return List.of(c);
  }

  @Override
  public <V> List<V> gradient(Graph<V> g, List<V> in, List<V> out, List<V> dOut) {
    V a = in.get(0);
    V b = in.get(1);
    V d = dOut.getFirst();
    V da = transposeA ? g.matmul(b, d, transposeB, true) : g.matmul(d, b, false, !transposeB);
    V db = transposeB ? g.matmul(d, a, true, transposeA) : g.matmul(a, d, !transposeA, false);
    return List.of(da, db);
  }
}
