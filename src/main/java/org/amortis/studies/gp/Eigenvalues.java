package org.amortis.studies.gp;

import java.util.Arrays;

/// Eigenvalues of a symmetric matrix: Householder reflections to tridiagonal form, then implicit QL
/// steps.
///
/// Source: Golub and Van Loan (2013), Matrix computations, sections 8.3.1 and 8.3.5.
final class Eigenvalues {
  private static final int MOST_STEPS = 60;

  private Eigenvalues() {}

  /// All eigenvalues in ascending order.
  ///
  /// @param a `(n, n)` row by row, its lower triangle is read; overwritten
  static double[] of(double[] a, int n) {
    double[] diagonal = new double[n];
    double[] beside = new double[n];
    tridiagonal(a, n, diagonal, beside);
    implicit(diagonal, beside, n);
    Arrays.sort(diagonal);
    return diagonal;
  }

  /// Reduces the matrix from its last row upwards; `beside[i]` couples i - 1 and i.
  private static void tridiagonal(double[] a, int n, double[] diagonal, double[] beside) {
    double[] p = new double[n];
    for (int i = n - 1; i > 1; i--) {
      double sum = 0;
      for (int k = 0; k < i; k++) {
        sum += a[i * n + k] * a[i * n + k];
      }
      double last = a[i * n + i - 1];
      double norm = StrictMath.sqrt(sum);
      if (norm == 0) {
        continue;
      }
      double alpha = last > 0 ? -norm : norm;
      // v = x - alpha e, in place; H = I - v v' / h.
      double h = sum - alpha * last;
      a[i * n + i - 1] = last - alpha;
      beside[i] = alpha;
      if (h == 0) {
        continue;
      }
      double dot = 0;
      for (int r = 0; r < i; r++) {
        double g = 0;
        for (int k = 0; k <= r; k++) {
          g += a[r * n + k] * a[i * n + k];
        }
        p[r] = g;
      }
      for (int r = 1; r < i; r++) {
        double v = a[i * n + r];
        for (int k = 0; k < r; k++) {
          p[k] += a[r * n + k] * v;
        }
      }
      for (int k = 0; k < i; k++) {
        p[k] /= h;
        dot += p[k] * a[i * n + k];
      }
      double half = dot / (2 * h);
      for (int k = 0; k < i; k++) {
        p[k] -= half * a[i * n + k];
      }
      for (int r = 0; r < i; r++) {
        double v = a[i * n + r];
        double q = p[r];
        for (int k = 0; k <= r; k++) {
          a[r * n + k] -= v * p[k] + q * a[i * n + k];
        }
      }
    }
    if (n > 1) {
      beside[1] = a[n];
    }
    for (int i = 0; i < n; i++) {
      diagonal[i] = a[i * n + i];
    }
  }

  /// Turns the diagonal into the eigenvalues.
  private static void implicit(double[] d, double[] beside, int n) {
    double[] e = new double[n];
    System.arraycopy(beside, 1, e, 0, n - 1);
    for (int l = 0; l < n; l++) {
      for (int step = 0; ; step++) {
        int m = l;
        while (m < n - 1 && StrictMath.abs(e[m]) > 1e-16 * (size(d[m]) + size(d[m + 1]))) {
          m++;
        }
        if (m == l) {
          break;
        }
        if (step == MOST_STEPS) {
          throw new IllegalStateException("eigenvalue " + l + " did not converge");
        }
        chase(d, e, l, m);
      }
    }
  }

  /// One step on the unreduced block l to m, with Wilkinson's shift.
  private static void chase(double[] d, double[] e, int l, int m) {
    double g = (d[l + 1] - d[l]) / (2 * e[l]);
    double root = StrictMath.hypot(g, 1);
    g = d[m] - d[l] + e[l] / (g + StrictMath.copySign(root, g));
    double s = 1;
    double c = 1;
    double p = 0;
    for (int i = m - 1; i >= l; i--) {
      double f = s * e[i];
      double b = c * e[i];
      double r = StrictMath.hypot(f, g);
      e[i + 1] = r;
      if (r == 0) {
        d[i + 1] -= p;
        e[m] = 0;
        return;
      }
      s = f / r;
      c = g / r;
      g = d[i + 1] - p;
      r = (d[i] - g) * s + 2 * c * b;
      p = s * r;
      d[i + 1] = g + p;
      g = c * r - b;
    }
    d[l] -= p;
    e[l] = g;
    e[m] = 0;
  }

  private static double size(double x) {
    return StrictMath.abs(x);
  }
}
