package org.amortis.inference.diagnose;

/// Scores of one parameter's posterior on each of n test fields; NaN where a score is not defined.
///
/// @param squaredError squared error of the posterior mean `(n,)`
/// @param interval score of the central 90 % interval `(n,)`, [Scores#interval]
/// @param crps continuous ranked probability score `(n,)`
/// @param covered 1 where the central 90 % interval holds theta, else 0 `(n,)`
/// @param medianSquaredError squared error of the posterior median `(n,)`
/// @param halfAbsolute half the mean absolute error of a draw `(n,)`: what the review's code calls
///   CRPS
public record FieldScores(
    double[] squaredError,
    double[] interval,
    double[] crps,
    double[] covered,
    double[] medianSquaredError,
    double[] halfAbsolute) {

  /// Checks the lengths.
  ///
  /// @throws IllegalArgumentException when they differ or are 0
  public FieldScores {
    int n = squaredError.length;
    if (n == 0
        || interval.length != n
        || crps.length != n
        || covered.length != n
        || medianSquaredError.length != n
        || halfAbsolute.length != n) {
      throw new IllegalArgumentException("scores need the same fields, at least one");
    }
  }

  /// Number of test fields.
  public int fields() {
    return squaredError.length;
  }

  /// The scores over all fields.
  public Summary summary() {
    return new Summary(
        StrictMath.sqrt(mean(squaredError)),
        mean(interval),
        mean(crps),
        mean(covered),
        new Summary.Medians(
            StrictMath.sqrt(median(medianSquaredError)), median(interval), median(halfAbsolute)));
  }

  static double mean(double[] x) {
    double sum = 0;
    for (double v : x) {
      sum += v;
    }
    return sum / x.length;
  }

  private static double median(double[] x) {
    double[] sorted = x.clone();
    java.util.Arrays.sort(sorted);
    // NaN sorts last: one undefined field makes the median undefined, as it does the mean.
    return Double.isNaN(sorted[sorted.length - 1]) ? Double.NaN : Scores.quantile(sorted, 0.5);
  }
}
