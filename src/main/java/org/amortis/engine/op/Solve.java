package org.amortis.engine.op;

import java.util.Arrays;
import java.util.List;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.ShapeException;
import org.amortis.engine.shape.Type;

/// Dense linear algebra of symmetric positive definite matrices, batched over leading axes.
public sealed interface Solve extends Op
    permits Solve.Cholesky,
        Solve.TriangularSolve,
        GaussianLogDensity,
        GaussianLogDensity.Gradient,
        GaussianField {

  private static Shape square(String op, Type a) {
    Shape s = a.shape();
    if (s.rank() < 2 || s.dim(-1) != s.dim(-2) || !a.dtype().isFloat()) {
      throw new ShapeException(op, "needs square matrices (..., n, n), found " + a);
    }
    return s;
  }

  /// Lower Cholesky factor `L` with `A = L L'`; reads the lower triangle of A, writes zeros above.
  ///
  /// A matrix that is not positive definite gives NaN throughout. The adjoint of A is symmetric.
  record Cholesky() implements Solve {
    @Override
    public String name() {
      return "cholesky";
    }

    @Override
    public List<Type> infer(List<Type> in) {
      square(name(), in.getFirst());
      return List.of(in.getFirst());
    }

    @Override
    public List<double[]> evaluate(List<Type> types, List<double[]> in) {
      int n = types.getFirst().shape().dim(-1);
      double[] a = in.getFirst();
      double[] l = new double[a.length];
      for (int at = 0; at < a.length; at += n * n) {
        for (int i = 0; i < n; i++) {
          for (int j = 0; j <= i; j++) {
            double sum = a[at + i * n + j];
            for (int k = 0; k < j; k++) {
              sum -= l[at + i * n + k] * l[at + j * n + k];
            }
            double pivot = i == j ? StrictMath.sqrt(sum > 0 ? sum : Double.NaN) : 0;
            l[at + i * n + j] = i == j ? pivot : sum / l[at + j * n + j];
          }
        }
        if (n > 0 && l[at + n * n - 1] != l[at + n * n - 1]) {
          Arrays.fill(l, at, at + n * n, Double.NaN);
        }
      }
      return List.of(l);
    }

    @Override
    public <V> List<V> gradient(Graph<V> g, List<V> in, List<V> out, List<V> dOut) {
      V l = out.getFirst();
      int n = g.type(l).shape().dim(-1);
      double[] half = new double[n * n];
      for (int i = 0; i < n; i++) {
        Arrays.fill(half, i * n, i * n + i, 1);
        half[i * n + i] = 0.5;
      }
      V mask = g.table(new Type(g.type(l).dtype(), Shape.of(n, n)), half);
      V p = g.mul(g.matmul(l, dOut.getFirst(), true, false), mask);
      TriangularSolve back = new TriangularSolve(true);
      V s = g.one(back, l, g.swap(g.one(back, l, p)));
      return List.of(g.mul(g.add(s, g.swap(s)), 0.5));
    }
  }

  /// Solves `L X = B`, or `L' X = B` when transposed; L lower triangular `(..., n, n)`, B `(..., n,
  /// r)`, X alike.
  ///
  /// @param transposed whether L is read transposed
  record TriangularSolve(boolean transposed) implements Solve {
    @Override
    public String name() {
      return "triangular_solve";
    }

    @Override
    public List<Type> infer(List<Type> in) {
      Shape l = square(name(), in.get(0));
      Shape b = in.get(1).shape();
      if (b.rank() != l.rank()
          || !b.without(-1).equals(l.without(-1))
          || in.get(0).dtype() != in.get(1).dtype()) {
        throw new ShapeException(name(), "needs (..., n, n) and (..., n, r), found " + in);
      }
      return List.of(in.get(1));
    }

    @Override
    public List<double[]> evaluate(List<Type> types, List<double[]> in) {
      int n = types.get(0).shape().dim(-1);
      int r = types.get(1).shape().dim(-1);
      double[] l = in.get(0);
      double[] x = in.get(1).clone();
      int batch = types.get(0).shape().product(0, types.get(0).shape().rank() - 2);
      for (int s = 0; s < batch; s++) {
        for (int step = 0; step < n; step++) {
          int i = transposed ? n - 1 - step : step;
          for (int j = 0; j < r; j++) {
            double sum = x[(s * n + i) * r + j];
            for (int q = 0; q < step; q++) {
              int k = transposed ? n - 1 - q : q;
              sum -=
                  l[transposed ? (s * n + k) * n + i : (s * n + i) * n + k]
                      * x[(s * n + k) * r + j];
            }
            x[(s * n + i) * r + j] = sum / l[(s * n + i) * n + i];
          }
        }
      }
      return List.of(x);
    }

    @Override
    public <V> List<V> gradient(Graph<V> g, List<V> in, List<V> out, List<V> dOut) {
      V l = in.get(0);
      V x = out.getFirst();
      int n = g.type(l).shape().dim(-1);
      V db = g.one(new TriangularSolve(!transposed), l, dOut.getFirst());
      V full = transposed ? g.matmul(x, db, false, true) : g.matmul(db, x, false, true);
      double[] lower = new double[n * n];
      for (int i = 0; i < n; i++) {
        Arrays.fill(lower, i * n, i * n + i + 1, -1);
      }
      V mask = g.table(new Type(g.type(l).dtype(), Shape.of(n, n)), lower);
      return List.of(g.mul(full, mask), db);
    }
  }
}
