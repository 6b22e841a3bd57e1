package org.amortis.inference.diagnose;

import org.amortis.engine.math.RandomKey;
import org.amortis.engine.math.Streams;

/// Standard errors of scores, and of their excess over the exact posterior, by resampling fields.
///
/// Method and exact posterior are resampled together: how hard the fields are cancels in the
/// excess, which is why it is far better known than either score. A result is a function of scores
/// and seed.
///
/// Source: Efron (1979), Bootstrap methods: another look at the jackknife.
public final class PairedBootstrap {
  /// Number of resamples.
  public static final int RESAMPLES = 1_000;

  /// Stream number of the resampled fields.
  public static final int STREAM = 90;

  private PairedBootstrap() {}

  /// A score and how far it lies above the exact posterior's.
  ///
  /// @param value the score over all fields
  /// @param standardError standard error of `value`
  /// @param excess `value / exact - 1`, a fraction; NaN without an exact posterior
  /// @param excessStandardError standard error of `excess`
  public record Score(
      double value, double standardError, double excess, double excessStandardError) {}

  /// The three proper scores.
  ///
  /// @param rmspe root mean squared error of the posterior mean
  /// @param mis90 mean score of the central 90 % interval
  /// @param crps mean continuous ranked probability score
  public record Excess(Score rmspe, Score mis90, Score crps) {}

  /// Scores of a method and their excess over the exact posterior on the same fields.
  ///
  /// @throws IllegalArgumentException if the numbers of fields differ
  public static Excess excess(FieldScores method, FieldScores exact, long seed) {
    if (method.fields() != exact.fields()) {
      throw new IllegalArgumentException(
          method.fields() + " fields of the method, " + exact.fields() + " of the exact posterior");
    }
    double[][] m = {method.squaredError(), method.interval(), method.crps()};
    double[][] e = {exact.squaredError(), exact.interval(), exact.crps()};
    int n = method.fields();
    double[][] value = new double[3][RESAMPLES];
    double[][] excess = new double[3][RESAMPLES];
    RandomKey key = new RandomKey(seed, STREAM);
    double[] sums = new double[6];
    for (int r = 0; r < RESAMPLES; r++) {
      java.util.Arrays.fill(sums, 0);
      for (int i = 0; i < n; i++) {
        int k = Streams.bounded(key, r, i, n);
        for (int s = 0; s < 3; s++) {
          sums[s] += m[s][k];
          sums[3 + s] += e[s][k];
        }
      }
      for (int s = 0; s < 3; s++) {
        value[s][r] = score(s, sums[s] / n);
        excess[s][r] = value[s][r] / score(s, sums[3 + s] / n) - 1;
      }
    }
    Score[] scores = new Score[3];
    for (int s = 0; s < 3; s++) {
      double all = score(s, FieldScores.mean(m[s]));
      scores[s] =
          new Score(
              all,
              deviation(value[s]),
              all / score(s, FieldScores.mean(e[s])) - 1,
              deviation(excess[s]));
    }
    return new Excess(scores[0], scores[1], scores[2]);
  }

  /// Scores of a method where there is no exact posterior: the excesses are NaN.
  public static Excess scores(FieldScores method, long seed) {
    double[] none = new double[method.fields()];
    java.util.Arrays.fill(none, Double.NaN);
    return excess(method, new FieldScores(none, none, none, none, none, none), seed);
  }

  private static double score(int which, double mean) {
    return which == 0 ? StrictMath.sqrt(mean) : mean;
  }

  private static double deviation(double[] x) {
    double mean = FieldScores.mean(x);
    double sum = 0;
    for (double v : x) {
      sum += (v - mean) * (v - mean);
    }
    return StrictMath.sqrt(sum / (x.length - 1));
  }
}
