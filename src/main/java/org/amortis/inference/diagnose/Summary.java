package org.amortis.inference.diagnose;

/// Scores over all test fields, in natural units; NaN where a score is not defined.
///
/// @param rmspe root mean squared error of the posterior mean
/// @param mis90 mean score of the central 90 % interval
/// @param crps mean continuous ranked probability score
/// @param cov90 share of fields whose central 90 % interval holds theta
/// @param medians the scores by the review's definitions
public record Summary(double rmspe, double mis90, double crps, double cov90, Medians medians) {

  /// What the review's table is made of: medians over fields, which over-confidence can lower.
  ///
  /// @param rmspe root of the median squared error of the posterior median
  /// @param mis90 median score of the central 90 % interval
  /// @param mcrps median of `mean|X - theta| - mean|X' - theta| / 2` with X' a permutation of X:
  ///   half the mean absolute error
  public record Medians(double rmspe, double mis90, double mcrps) {}
}
