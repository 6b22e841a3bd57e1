package org.amortis.engine.math;

/// Chebyshev interpolation on an interval: `f(x) = sum_j c_j T_j(u)`, `u = (2 x - low - high) /
/// (high - low)`.
///
/// Nodes are the roots of T_K, `u_k = cos(pi (k + 1/2) / K)`, so that `c_j = (2 - delta_j0) / K
/// sum_k f(x_k) cos(pi j (k + 1/2) / K)`. The error of a function analytic near the interval falls
/// geometrically in K.
///
/// Source: Trefethen (2013), *Approximation Theory and Approximation Practice*, chapters 2 to 4 and
/// 8; Clenshaw (1955).
///
/// @param terms number of nodes and of coefficients K
/// @param low left end of the interval
/// @param high right end of the interval
public record Chebyshev(int terms, double low, double high) {
  /// Checks the interval.
  ///
  /// @throws IllegalArgumentException if it is empty or not finite, or there is no node
  public Chebyshev {
    if (terms < 1 || !(low < high) || !(high - low <= Double.MAX_VALUE)) {
      throw new IllegalArgumentException(
          "no Chebyshev interpolation with " + terms + " terms on [" + low + ", " + high + "]");
    }
  }

  /// The K nodes, from `high` down to `low`; all inside.
  public double[] nodes() {
    double[] nodes = new double[terms];
    for (int k = 0; k < terms; k++) {
      nodes[k] = 0.5 * (low + high) + 0.5 * (high - low) * cosine(2 * k + 1);
    }
    return nodes;
  }

  /// cos(pi i / (2 K)), with i taken modulo a turn first.
  private double cosine(int i) {
    int turn = 4 * terms;
    int j = Math.floorMod(i, turn);
    if (j > turn / 2) {
      j = turn - j;
    }
    return j > terms
        ? -StrictMath.sin(StrictMath.PI * (j - terms) / (2.0 * terms))
        : StrictMath.cos(StrictMath.PI * j / (2.0 * terms));
  }

  /// Coefficients of F functions at once.
  ///
  /// @param values function values (K, F), row k at node k
  /// @param functions F
  /// @return coefficients (K, F)
  public double[] coefficients(double[] values, int functions) {
    double[] coefficients = new double[terms * functions];
    for (int j = 0; j < terms; j++) {
      int row = j * functions;
      for (int k = 0; k < terms; k++) {
        double weight = (j == 0 ? 1.0 : 2.0) / terms * cosine(j * (2 * k + 1));
        for (int f = 0; f < functions; f++) {
          coefficients[row + f] += weight * values[k * functions + f];
        }
      }
    }
    return coefficients;
  }

  /// Whether x lies in the interval.
  public boolean contains(double x) {
    return x >= low && x <= high;
  }

  /// Value at x of the function with one coefficient each `stride` values from `offset` on, by
  /// Clenshaw's recurrence.
  ///
  /// @return the value; NaN outside the interval
  public double evaluate(double[] coefficients, int offset, int stride, double x) {
    if (!contains(x)) {
      return Double.NaN;
    }
    double u = Math.fma(x, 2 / (high - low), -(low + high) / (high - low));
    double a = 0;
    double b = 0;
    for (int j = terms - 1; j > 0; j--) {
      double next = Math.fma(2 * u, a, coefficients[offset + j * stride] - b);
      b = a;
      a = next;
    }
    return Math.fma(u, a, coefficients[offset] - b);
  }
}
