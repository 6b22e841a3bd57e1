package org.amortis.engine.op;

import java.util.Arrays;
import java.util.List;
import org.amortis.engine.math.Special;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.ShapeException;
import org.amortis.engine.shape.Type;

/// Log-density of zero-mean Gaussian data whose covariance is built from a short table of values.
///
/// `log N(z; 0, C(c))` with C given by a [GramStructure]. Operands: covariance values c `(B, m)`
/// and projected data `(F, n)` (see [GramStructure#project]), B a multiple of F: data set f serves
/// the B / F consecutive tables from `f B / F` on. Result `(B,)`; with `pairs` the operands are
/// `(G, m)` and `(F, n)` and the result `(G, F)`: every table with every data set, each matrix
/// factored once. A matrix that is not positive definite gives minus infinity. The data operand is
/// a constant: it has no gradient.
///
/// @param structure how matrices are built from tables, n observations and m values
/// @param pairs whether every table meets every data set
public record GaussianLogDensity(GramStructure structure, boolean pairs) implements Solve {
  @Override
  public String name() {
    return "gaussian_log_density";
  }

  private Shape check(String op, Type c, Type z) {
    Shape a = c.shape();
    Shape b = z.shape();
    if (a.rank() != 2
        || b.rank() != 2
        || a.dim(1) != structure.lags()
        || b.dim(1) != structure.order()
        || c.dtype() != z.dtype()
        || !c.dtype().isFloat()
        || !pairs && (b.dim(0) == 0 || a.dim(0) % b.dim(0) != 0)) {
      throw new ShapeException(
          op,
          "needs (B, "
              + structure.lags()
              + ") and (B, "
              + structure.order()
              + "), found "
              + c
              + " and "
              + z);
    }
    return pairs ? Shape.of(a.dim(0), b.dim(0)) : Shape.of(a.dim(0));
  }

  @Override
  public List<Type> infer(List<Type> in) {
    return List.of(in.getFirst().with(check(name(), in.get(0), in.get(1))));
  }

  @Override
  public List<double[]> evaluate(List<Type> types, List<double[]> in) {
    Shape out = infer(types).getFirst().shape();
    double[] y = new double[out.size()];
    int columns = pairs ? out.dim(1) : 1;
    int repeat = pairs ? 1 : types.get(0).shape().dim(0) / types.get(1).shape().dim(0);
    for (int i = 0; i < y.length; i++) {
      int row = i / columns;
      y[i] = logDensity(in.get(0), row, in.get(1), pairs ? i % columns : row / repeat);
    }
    return List.of(y);
  }

  private double logDensity(double[] c, int row, double[] z, int data) {
    double[] values = structure.values(c, row * structure.lags());
    double total = -0.5 * structure.order() * 1.8378770664093453;
    int at = data * structure.order();
    for (GramStructure.Block block : structure.blocks()) {
      int n = block.size();
      double[] packed = new double[block.entries().rows()];
      block.entries().applyInto(values, 0, packed, 0);
      double[] l = new double[n * n];
      for (int i = 0; i < n; i++) {
        System.arraycopy(packed, i * (i + 1) / 2, l, i * n, i + 1);
      }
      Type square = Type.f64(n, n);
      l = new Solve.Cholesky().evaluate(List.of(square), List.of(l)).getFirst();
      if (l[0] != l[0]) {
        return Double.NEGATIVE_INFINITY;
      }
      for (int i = 0; i < n; i++) {
        total -= block.rightHandSides() * Special.log(l[i * n + i]);
      }
      for (int r = 0; r < block.rightHandSides(); r++) {
        double[] b = Arrays.copyOfRange(z, at, at + n);
        at += n;
        double[] x =
            new Solve.TriangularSolve(false)
                .evaluate(List.of(square, Type.f64(n, 1)), List.of(l, b))
                .getFirst();
        for (double v : x) {
          total -= 0.5 * v * v;
        }
      }
    }
    return total;
  }

  @Override
  public <V> List<V> gradient(Graph<V> g, List<V> in, List<V> out, List<V> dOut) {
    if (pairs) {
      throw new UnsupportedOperationException("[" + name() + "] has no gradient over all pairs");
    }
    return Arrays.asList(
        g.one(new Gradient(structure), in.get(0), in.get(1), dOut.getFirst()), null);
  }

  /// Adjoint of the covariance values `(B, m)`; operands (c, projected data, dOut `(B,)`).
  ///
  /// `d logN / dc = 1/2 tr((a a' - C^-1) dC/dc)` with `a = C^-1 z`.
  public record Gradient(GramStructure structure) implements Solve {
    @Override
    public String name() {
      return "gaussian_log_density_gradient";
    }

    @Override
    public List<Type> infer(List<Type> in) {
      Shape s = new GaussianLogDensity(structure, false).check(name(), in.get(0), in.get(1));
      if (!in.get(2).equals(in.get(0).with(s))) {
        throw new ShapeException(name(), "the adjoint must be " + s + ", found " + in.get(2));
      }
      return List.of(in.get(0));
    }

    @Override
    public List<double[]> evaluate(List<Type> types, List<double[]> in) {
      int batch = types.getFirst().shape().dim(0);
      double[] out = new double[in.getFirst().length];
      for (int b = 0; b < batch; b++) {
        int data = b / (batch / types.get(1).shape().dim(0));
        oneInto(in.get(0), in.get(1), b, data, in.get(2)[b], out);
      }
      return List.of(out);
    }

    private void oneInto(double[] c, double[] z, int row, int data, double seed, double[] out) {
      double[] values = structure.values(c, row * structure.lags());
      double[] byValue = new double[values.length];
      int at = data * structure.order();
      for (GramStructure.Block block : structure.blocks()) {
        int n = block.size();
        double[] packed = new double[block.entries().rows()];
        block.entries().applyInto(values, 0, packed, 0);
        double[] l = new double[n * n];
        double[] identity = new double[n * n];
        for (int i = 0; i < n; i++) {
          System.arraycopy(packed, i * (i + 1) / 2, l, i * n, i + 1);
          identity[i * n + i] = 1;
        }
        Type square = Type.f64(n, n);
        l = new Solve.Cholesky().evaluate(List.of(square), List.of(l)).getFirst();
        double[] inverse = solve(l, identity, n, n);
        double[] weight = new double[n * (n + 1) / 2];
        for (int i = 0; i < n; i++) {
          for (int j = 0; j <= i; j++) {
            weight[i * (i + 1) / 2 + j] -= block.rightHandSides() * inverse[i * n + j];
          }
        }
        for (int r = 0; r < block.rightHandSides(); r++) {
          double[] a = solve(l, Arrays.copyOfRange(z, at, at + n), n, 1);
          at += n;
          for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
              weight[i * (i + 1) / 2 + j] += a[i] * a[j];
            }
          }
        }
        for (int i = 0; i < n; i++) {
          for (int j = 0; j <= i; j++) {
            weight[i * (i + 1) / 2 + j] *= seed * (i == j ? 0.5 : 1);
          }
        }
        block.entries().addTransposedInto(weight, 0, byValue, 0);
      }
      structure.addTransposedInto(byValue, out, row * structure.lags());
    }

    private static double[] solve(double[] l, double[] b, int n, int r) {
      List<Type> types = List.of(Type.f64(n, n), Type.f64(n, r));
      double[] y = new Solve.TriangularSolve(false).evaluate(types, List.of(l, b)).getFirst();
      return new Solve.TriangularSolve(true).evaluate(types, List.of(l, y)).getFirst();
    }

    @Override
    public <V> List<V> gradient(Graph<V> g, List<V> in, List<V> out, List<V> dOut) {
      throw new UnsupportedOperationException("[" + name() + "] has no second derivative here");
    }
  }
}
