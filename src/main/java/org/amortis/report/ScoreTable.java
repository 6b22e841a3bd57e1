package org.amortis.report;

import java.util.List;

/// The score of every method on the same test fields, in natural units; NaN stands for "undefined".
///
/// The row named `exact`, if there is one, is the posterior that the excesses are measured against.
///
/// @param fields number of test fields, positive
/// @param rows one a method, in table order
public record ScoreTable(int fields, List<Row> rows) implements Block {
  /// Copies the rows.
  ///
  /// @throws IllegalArgumentException when there is no field
  public ScoreTable {
    if (fields < 1) {
      throw new IllegalArgumentException("a score table needs at least 1 field, got " + fields);
    }
    rows = List.copyOf(rows);
  }

  /// A score, and how far it lies above the exact posterior's on the same fields.
  ///
  /// @param value the score in natural units, lower is better
  /// @param standardError standard error of `value`
  /// @param excess `value / exact - 1`, a fraction: 0.10 is 10 % worse than exact
  /// @param excessStandardError standard error of `excess`, fields resampled in pairs
  public record Score(
      double value, double standardError, double excess, double excessStandardError) {
    /// A score that is not defined for the method.
    public static final Score NONE = new Score(Double.NaN, Double.NaN, Double.NaN, Double.NaN);
  }

  /// The medians that the review's table is made of, by its own definitions.
  ///
  /// @param rmspe root of the median squared error of the posterior median
  /// @param mis90 median 90 % interval score
  /// @param mcrps median of `mean|X - theta| - mean|X' - theta| / 2`, half the mean absolute error
  public record Medians(double rmspe, double mis90, double mcrps) {
    /// Medians that are not defined for the method.
    public static final Medians NONE = new Medians(Double.NaN, Double.NaN, Double.NaN);
  }

  /// The scores and costs of one method.
  ///
  /// @param method name as the user types it
  /// @param rmspe root mean squared error of the posterior mean
  /// @param mis90 mean interval score of the central 90 % interval
  /// @param crps mean continuous ranked probability score
  /// @param cov90 share of fields whose 90 % interval holds theta
  /// @param medians scores by the published definitions
  /// @param trainSeconds seconds of training, NaN if none or unknown
  /// @param secondsPerField seconds from a field to its draws, NaN if unknown
  public record Row(
      String method,
      Score rmspe,
      Score mis90,
      Score crps,
      double cov90,
      Medians medians,
      double trainSeconds,
      double secondsPerField) {}
}
