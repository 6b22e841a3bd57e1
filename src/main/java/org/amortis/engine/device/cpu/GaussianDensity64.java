package org.amortis.engine.device.cpu;

import org.amortis.engine.op.GramStructure;

/// Zero-mean Gaussian log-densities `log N(z; 0, C) = -1/2 (log|C| + z^T C^-1 z + n log 2 pi)` for
/// covariances of one structure.
///
/// Covariances come as tables of lag values (B, m), observations as projected right-hand sides (F,
/// n) from `GramStructure.project`. Items are independent: every item has the same bytes however a
/// batch is split, on any vector length. An item whose covariance is not positive definite (a pivot
/// not positive and finite) has log-density minus infinity, gradient and simulated field NaN.
public interface GaussianDensity64 {
  /// Working memory of one thread.
  interface Scratch {}

  /// The structure this was prepared for.
  GramStructure structure();

  /// New working memory; use it from one thread at a time.
  Scratch scratch();

  /// Writes the log-density of item b under covariance b at observation `b / repeat`, for b from
  /// `from` to `to` - 1.
  ///
  /// @param lagValues covariance values (B, m)
  /// @param projected observations (F, n), F at least B / repeat
  /// @param repeat items that share an observation: 1 for one each, B for one observation under
  ///   many covariances
  /// @param out log-densities (B); modified
  void logDensity(
      double[] lagValues,
      double[] projected,
      int repeat,
      double[] out,
      int from,
      int to,
      Scratch scratch);

  /// Writes the derivative of `sum_b upstream_b logDensity_b` by the covariance values of items
  /// `from` to `to` - 1.
  ///
  /// By an entry of the matrix it is `1/2 (a a^T - C^-1)`, `a = C^-1 z`; the structure's linear map
  /// carries that to the table.
  ///
  /// @param lagValues covariance values (B, m)
  /// @param projected observations (F, n)
  /// @param repeat items that share an observation
  /// @param upstream factor of each item (B)
  /// @param byLag derivatives (B, m); modified
  void gradient(
      double[] lagValues,
      double[] projected,
      int repeat,
      double[] upstream,
      double[] byLag,
      int from,
      int to,
      Scratch scratch);

  /// Writes the log-densities of observations `first` to `last` - 1 under each of the covariances
  /// `from` to `to` - 1: one factorization a covariance, shared by all observations.
  ///
  /// @param lagValues covariance values (B, m)
  /// @param projected observations (F, n)
  /// @param fields F
  /// @param out log-densities (B, F); modified at rows `from` to `to` - 1 and columns `first` to
  ///   `last` - 1
  void logDensityTable(
      double[] lagValues,
      double[] projected,
      int fields,
      double[] out,
      int from,
      int to,
      int first,
      int last,
      Scratch scratch);

  /// Writes `z_b = L_b eta_b`, L the lower Cholesky factor of covariance b: a draw from N(0, C_b)
  /// for standard normal eta.
  ///
  /// @param lagValues covariance values (B, m)
  /// @param eta standard normal numbers (B, n)
  /// @param out fields (B, n); modified
  /// @throws IllegalStateException if the structure has more than one block: L is then not the
  ///   factor of C
  void multiplyByFactor(
      double[] lagValues, double[] eta, double[] out, int from, int to, Scratch scratch);
}
