package org.amortis.engine.device.cpu.vector;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/// Derivative of a Gaussian log-density by the entries of a factored covariance block.
final class PanelInverse64 {
  private static final VectorSpecies<Double> S = CholeskyPanels64.SPECIES;
  private static final int LANES = CholeskyPanels64.LANES;
  private static final int P = CholeskyPanels64.HEIGHT;

  private PanelInverse64() {}

  /// The packed lower triangle of `sum_r a_r a_r^T - r B^-1`, `a_r = B^-1 z_r`, off-diagonal
  /// entries twice.
  ///
  /// With X = L^-T, solved for as right-hand sides, B^-1 = X X^T.
  ///
  /// @param n rows of B
  /// @param r right-hand sides
  /// @param l factor of B in panel layout
  /// @param inverse negated inverse of its diagonal
  /// @param z right-hand sides, r times n values from `from` on
  static double[] gradient(int n, int r, double[] l, double[] inverse, double[] z, int from) {
    int panels = CholeskyPanels64.panels(n);
    int length = P * P * panels;
    double[] x = new double[length * panels];
    for (int i = 0; i < panels; i++) {
      for (int k = 0; k < P; k++) {
        x[i * length + (i * P + k) * P + k] = -1;
      }
      CholeskyPanels64.rows(1, x, i * length, 0, l, i, panels, inverse);
    }
    double[] gram = new double[CholeskyPanels64.length(n)];
    for (int i = 0; i < panels; i++) {
      for (int j = 0; j < (i + 1) * P; j++) {
        for (int v = 0; v < P; v += LANES) {
          product(
              x,
              i * length + v,
              j / P * length + j % P,
              i * P,
              panels * P,
              gram,
              CholeskyPanels64.offset(i) + j * P + v);
        }
      }
    }
    double[] out = new double[n * (n + 1) / 2];
    double[][] a = new double[r][n];
    for (int s = 0; s < r; s++) {
      for (int i = 0; i < n; i++) {
        double sum = 0;
        for (int j = 0; j < n; j++) {
          double entry = gram[CholeskyPanels64.at(Math.max(i, j), Math.min(i, j))];
          sum = Math.fma(entry, z[from + s * n + j], sum);
        }
        a[s][i] = sum;
      }
    }
    for (int i = 0, e = 0; i < n; i++) {
      for (int j = 0; j <= i; j++, e++) {
        double sum = -r * gram[CholeskyPanels64.at(i, j)];
        for (int s = 0; s < r; s++) {
          sum = Math.fma(a[s][i], a[s][j], sum);
        }
        out[e] = i == j ? sum : 2 * sum;
      }
    }
    return out;
  }

  /// One vector of X X^T; rows below `from` columns are zero.
  private static void product(double[] x, int i, int j, int from, int to, double[] out, int at) {
    DoubleVector sum = DoubleVector.zero(S);
    for (int k = from * P; k < to * P; k += P) {
      sum = DoubleVector.fromArray(S, x, i + k).fma(DoubleVector.broadcast(S, x[j + k]), sum);
    }
    sum.intoArray(out, at);
  }
}
