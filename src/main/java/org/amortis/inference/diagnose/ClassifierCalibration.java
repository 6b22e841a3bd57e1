package org.amortis.inference.diagnose;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.amortis.engine.math.Special;

/// Whether a classifier between joint and independent pairs means what it says: reliability,
/// balance, and the mean of its ratio.
///
/// With d = sigmoid(l) the classifier's probability that a pair is joint, the null hypothesis is
/// that l is the log ratio. Then
///
/// - among pairs of both kinds, equally likely, with d near x a share x is joint (reliability
///   curve; expected calibration error, Guo et al. 2017); the sum over bins of `(observed -
///   expected)^2 / sum d (1 - d)` is chi-square with as many degrees of freedom as bins (Hosmer and
///   Lemeshow 1980, for probabilities that were not fitted to these pairs);
/// - `E_joint d + E_independent d = 1` (balance; Delaunoy et al. 2022);
/// - `E_independent exp(l) = 1`. Its variance is `E_joint exp(l) - 1`, which may be infinite: then
///   the standard error understates, and [#heaviest] is large. Above 0.1 this test is left out of
///   the verdict.
///
/// The pairs must be independent of each other and of those of training.
///
/// @param bins of equally many pairs, by increasing d
/// @param error expected calibration error: mean over bins of |share of joint pairs - mean d|; its
///   null expectation is [#errorExpected]
/// @param errorExpected mean of the error when d is exact, by the normal approximation
/// @param errorStandardError its standard deviation when d is exact
/// @param chiSquare statistic of the bins
/// @param pValue of that statistic
/// @param balance `E_joint d + E_independent d`
/// @param balanceStandardError of the balance
/// @param meanRatio mean of exp(l) over independent pairs
/// @param meanRatioStandardError of that mean
/// @param heaviest largest share of one pair in that mean
public record ClassifierCalibration(
    List<Bin> bins,
    double error,
    double errorExpected,
    double errorStandardError,
    double chiSquare,
    double pValue,
    double balance,
    double balanceStandardError,
    double meanRatio,
    double meanRatioStandardError,
    double heaviest) {

  /// Pairs of similar d.
  ///
  /// @param count pairs, each kind weighted so that both have equal mass
  /// @param predicted mean of d
  /// @param observed share of joint pairs
  /// @param standardError of the observed share when d is exact
  public record Bin(int count, double predicted, double observed, double standardError) {}

  /// Copies the bins.
  public ClassifierCalibration {
    bins = List.copyOf(bins);
  }

  /// The check of a classifier.
  ///
  /// @param joint log ratios of pairs of the joint law `(n,)`
  /// @param independent log ratios of independent pairs `(n,)`
  /// @param bins number of bins, at least 2
  /// @throws IllegalArgumentException when there are not equally many pairs of both kinds, fewer of
  ///   them than bins, or fewer than 2 bins
  public static ClassifierCalibration of(double[] joint, double[] independent, int bins) {
    int m = joint.length;
    if (m != independent.length || m < bins || bins < 2) {
      throw new IllegalArgumentException(
          "needs equally many pairs of both kinds, at least a bin's number of them, found "
              + m
              + " and "
              + independent.length);
    }
    double[][] all = new double[2 * m][];
    for (int i = 0; i < m; i++) {
      all[i] = new double[] {Special.sigmoid(joint[i]), 1};
      all[m + i] = new double[] {Special.sigmoid(independent[i]), 0};
    }
    Arrays.sort(all, (a, b) -> Double.compare(a[0], b[0]));
    List<Bin> list = new ArrayList<>();
    double chi = 0;
    double error = 0;
    double expected = 0;
    double variance = 0;
    for (int k = 0; k < bins; k++) {
      int from = (int) ((long) k * 2 * m / bins);
      int to = (int) ((long) (k + 1) * 2 * m / bins);
      double sum = 0;
      double ones = 0;
      double v = 0;
      for (int i = from; i < to; i++) {
        sum += all[i][0];
        ones += all[i][1];
        v += all[i][0] * (1 - all[i][0]);
      }
      int n = to - from;
      double sd = StrictMath.sqrt(v) / n;
      list.add(new Bin(n, sum / n, ones / n, sd));
      chi += v > 0 ? (ones - sum) * (ones - sum) / v : ones == sum ? 0 : Double.POSITIVE_INFINITY;
      error += StrictMath.abs(ones - sum) / n / bins;
      // |N(0, sd^2)| has mean sd sqrt(2 / pi) and variance sd^2 (1 - 2 / pi).
      expected += sd * StrictMath.sqrt(2 / StrictMath.PI) / bins;
      variance += sd * sd * (1 - 2 / StrictMath.PI) / ((double) bins * bins);
    }
    double[] d = Arrays.stream(joint).map(Special::sigmoid).toArray();
    double[] e = Arrays.stream(independent).map(Special::sigmoid).toArray();
    double[] r = Arrays.stream(independent).map(Special::exp).toArray();
    double total = Arrays.stream(r).sum();
    return new ClassifierCalibration(
        list,
        error,
        expected,
        StrictMath.sqrt(variance),
        chi,
        Uniformity.chiSquareTail(chi, bins),
        mean(d) + mean(e),
        StrictMath.hypot(standardError(d), standardError(e)),
        mean(r),
        standardError(r),
        Arrays.stream(r).max().orElse(0) / total);
  }

  private static double mean(double[] x) {
    return Arrays.stream(x).sum() / x.length;
  }

  private static double standardError(double[] x) {
    double mean = mean(x);
    double square = Arrays.stream(x).map(v -> (v - mean) * (v - mean)).sum();
    return StrictMath.sqrt(square / (x.length - 1.0) / x.length);
  }

  /// Distance of the balance from 1 in standard errors.
  public double balanceZ() {
    return (balance - 1) / balanceStandardError;
  }

  /// Distance of the mean ratio from 1 in standard errors.
  public double meanRatioZ() {
    return (meanRatio - 1) / meanRatioStandardError;
  }

  /// Whether no test speaks against calibration at a level: each of them is held against a third of
  /// it.
  ///
  /// @param level chance of a false alarm, for instance 0.01
  public boolean calibrated(double level) {
    double z = Special.normalQuantile(1 - level / 6);
    boolean ratio = heaviest > 0.1 || StrictMath.abs(meanRatioZ()) <= z;
    return pValue >= level / 3 && StrictMath.abs(balanceZ()) <= z && ratio;
  }

  /// The check as lines of text, each ended by a line feed.
  public String table() {
    StringBuilder s = new StringBuilder();
    line(s, "%8s %10s %10s %8s", "pairs", "predicted", "observed", "(se)");
    for (Bin b : bins) {
      line(s, "%8d %10.4f %10.4f %8.4f", b.count, b.predicted, b.observed, b.standardError);
    }
    line(
        s,
        "calibration error %.4f; %.4f (%.4f) if exact; chi-square %.1f of %d, p %.3g",
        error,
        errorExpected,
        errorStandardError,
        chiSquare,
        bins.size(),
        pValue);
    line(s, "balance E d + E d' = %.4f (%.4f), expected 1", balance, balanceStandardError);
    line(
        s,
        "mean ratio of independent pairs %.4f (%.4f), expected 1; heaviest pair %.1f %%",
        meanRatio,
        meanRatioStandardError,
        100 * heaviest);
    return s.toString();
  }

  private static void line(StringBuilder s, String format, Object... values) {
    s.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
