package org.amortis.inference.diagnose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.amortis.engine.math.RandomKey;
import org.amortis.engine.math.Streams;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The check of classifiers on theta ~ N(0, 1), Z ~ N(theta, 1), where the log ratio is known: `1/2
/// log 2 - (z - theta)^2 / 2 + z^2 / 4`.
///
/// Null: the classifier is the Bayes classifier; each of the seeds below may raise a false alarm
/// with probability 0.001.
@Tag("pure")
class ClassifierCalibrationTest {
  private static final int PAIRS = 8_000;
  private static final double LEVEL = 0.001;

  private static double log(double theta, double z) {
    return 0.5 * StrictMath.log(2) - 0.5 * (z - theta) * (z - theta) + 0.25 * z * z;
  }

  /// Log ratios of pairs whose data are made by their own theta, or by another one.
  private static double[] logs(long seed, boolean joint, double scale, double shift) {
    double[] n = new double[3 * PAIRS];
    Streams.normalInto(new RandomKey(seed, joint ? 1 : 2), 0, 0, n.length, n, 0);
    double[] l = new double[PAIRS];
    for (int i = 0; i < PAIRS; i++) {
      double z = n[3 * i + 2] + n[3 * i + (joint ? 0 : 1)];
      l[i] = scale * log(n[3 * i], z) + shift;
    }
    return l;
  }

  private static ClassifierCalibration check(long seed, double scale, double shift) {
    return ClassifierCalibration.of(
        logs(seed, true, scale, shift), logs(seed, false, scale, shift), 20);
  }

  @Test
  void theBayesClassifierPasses() {
    double error = 0;
    double expected = 0;
    for (long seed = 1; seed <= 10; seed++) {
      ClassifierCalibration c = check(seed, 1, 0);
      assertThat(c.calibrated(LEVEL)).as("seed %d%n%s", seed, c.table()).isTrue();
      error += c.error() / 10;
      expected += c.errorExpected() / 10;
    }
    assertThat(error).isCloseTo(expected, within(0.002));
  }

  @Test
  void overconfidenceIsCaught() {
    ClassifierCalibration c = check(1, 1.3, 0);
    assertThat(c.calibrated(LEVEL)).isFalse();
    assertThat(c.pValue()).isLessThan(1e-6);
    assertThat(c.error()).isGreaterThan(c.errorExpected() + 5 * c.errorStandardError());
  }

  @Test
  void aBiasIsCaughtByBalanceAndMeanRatio() {
    ClassifierCalibration c = check(2, 1, 0.2);
    assertThat(c.calibrated(LEVEL)).isFalse();
    assertThat(c.balanceZ()).isGreaterThan(5);
    assertThat(c.meanRatioZ()).isGreaterThan(4);
  }

  /// Planted bug: the "joint" pairs were shuffled, so no pair belongs together.
  @Test
  void shuffledPairsAreCaught() {
    ClassifierCalibration c =
        ClassifierCalibration.of(logs(3, false, 1, 0), logs(4, false, 1, 0), 20);
    assertThat(c.calibrated(LEVEL)).isFalse();
    assertThat(c.balance()).isLessThan(0.95);
  }

  @Test
  void theTableShowsEveryBin() {
    ClassifierCalibration c = check(5, 1, 0);
    assertThat(c.bins()).hasSize(20);
    assertThat(c.bins().stream().mapToInt(ClassifierCalibration.Bin::count).sum())
        .isEqualTo(2 * PAIRS);
    assertThat(c.table().lines()).hasSize(24);
  }
}
