package org.amortis.inference.diagnose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.amortis.engine.math.RandomKey;
import org.amortis.engine.math.Streams;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The exact posterior passes, and each of three small errors changes the verdict.
///
/// 20,000 fields with posterior N(centre, 1) and 99 draws of each. Null: the draws come from the
/// posterior; error rate 0.01.
@Tag("inference")
class PlantedBugsTest {
  private static final int FIELDS = 20_000;
  private static final int DRAWS = 99;
  private static final int BINS = 20;
  private static final double LEVEL = 0.01;

  private static final double[] THETA = new double[FIELDS];
  private static final double[] POSTERIOR = new double[FIELDS * DRAWS];

  static {
    double[] centre = new double[FIELDS];
    Streams.normalInto(new RandomKey(1, 5), 0, 0, FIELDS, centre, 0);
    Streams.normalInto(new RandomKey(1, 6), 0, 0, FIELDS, THETA, 0);
    Streams.normalInto(new RandomKey(1, 7), 0, 0, POSTERIOR.length, POSTERIOR, 0);
    for (int i = 0; i < FIELDS; i++) {
      THETA[i] += centre[i];
      for (int d = 0; d < DRAWS; d++) {
        POSTERIOR[i * DRAWS + d] += centre[i];
      }
    }
  }

  @Test
  void exactPosteriorPasses() {
    assertThat(calibration(POSTERIOR).verdict(BINS).rejects(LEVEL)).isFalse();
    FieldScores s = Scores.ofDraws(POSTERIOR, THETA);
    // 0.9 - 1.8 / (m + 1) with type 7 quantiles; standard error 0.0023.
    assertThat(s.summary().cov90()).isCloseTo(0.882, within(0.007));
  }

  @Test
  void varianceTenPerCentTooLarge() {
    double[] wide = POSTERIOR.clone();
    for (int i = 0; i < FIELDS; i++) {
      double mean = FieldScores.mean(Arrays.copyOfRange(POSTERIOR, i * DRAWS, (i + 1) * DRAWS));
      for (int d = i * DRAWS; d < (i + 1) * DRAWS; d++) {
        wide[d] = mean + StrictMath.sqrt(1.1) * (POSTERIOR[d] - mean);
      }
    }
    assertThat(calibration(wide).verdict(BINS).rejects(LEVEL)).isTrue();
    FieldScores exact = Scores.ofDraws(POSTERIOR, THETA);
    FieldScores found = Scores.ofDraws(wide, THETA);
    double error = StrictMath.sqrt(0.09 / FIELDS);
    assertThat(found.summary().cov90() - exact.summary().cov90()).isGreaterThan(5 * error);
  }

  @Test
  void meanATenthOfAStandardDeviationOff() {
    double[] shifted = POSTERIOR.clone();
    for (int d = 0; d < shifted.length; d++) {
      shifted[d] += 0.1;
    }
    assertThat(calibration(shifted).verdict(BINS).rejects(LEVEL)).isTrue();
    PairedBootstrap.Excess e =
        PairedBootstrap.excess(Scores.ofDraws(shifted, THETA), Scores.ofDraws(POSTERIOR, THETA), 1);
    // sqrt(1 + 0.1^2) - 1 = 0.5 %.
    assertThat(e.rmspe().excess()).isCloseTo(0.005, within(0.0025));
    assertThat(e.rmspe().excess()).isGreaterThan(3 * e.rmspe().excessStandardError());
    assertThat(e.crps().excess()).isGreaterThan(3 * e.crps().excessStandardError());
  }

  @Test
  void rankOffByOne() {
    int[] ranks = calibration(POSTERIOR).ranks();
    int[] above = new int[FIELDS];
    int[] below = new int[FIELDS];
    for (int i = 0; i < FIELDS; i++) {
      above[i] = StrictMath.min(ranks[i] + 1, DRAWS);
      below[i] = StrictMath.max(ranks[i] - 1, 0);
    }
    for (int[] wrong : new int[][] {above, below}) {
      assertThat(new SimulationBasedCalibration(wrong, DRAWS).verdict(BINS).rejects(LEVEL))
          .isTrue();
    }
    int[] beyond = Arrays.stream(ranks).map(r -> r + 1).toArray();
    assertThatThrownBy(() -> new SimulationBasedCalibration(beyond, DRAWS))
        .hasMessageContaining("cannot be 100");
  }

  /// Two parameters with posterior correlation 0.8, drawn as if independent: every parameter alone
  /// is right, the pair is not.
  @Test
  void missingCorrelation() {
    int n = 4_000;
    double[] theta = pairs(n, 8, 0.8);
    double[] right = pairs(n * DRAWS, 9, 0.8);
    double[] wrong = pairs(n * DRAWS, 9, 0);
    double[] reference = pairs(n, 10, 0);
    for (int j = 0; j < 2; j++) {
      SimulationBasedCalibration each = SimulationBasedCalibration.of(wrong, theta, 2, j);
      assertThat(each.verdict(BINS).rejects(LEVEL)).isFalse();
    }
    assertThat(joint(right, theta, reference).rejects(LEVEL)).isFalse();
    assertThat(joint(wrong, theta, reference).rejects(LEVEL)).isTrue();
  }

  private static SimulationBasedCalibration.Verdict joint(
      double[] draws, double[] theta, double[] reference) {
    return SimulationBasedCalibration.jointly(draws, theta, reference, 2).verdict(BINS);
  }

  private static double[] pairs(int n, int stream, double correlation) {
    double[] x = new double[2 * n];
    Streams.normalInto(new RandomKey(1, stream), 0, 0, x.length, x, 0);
    for (int i = 0; i < n; i++) {
      x[2 * i + 1] =
          correlation * x[2 * i] + StrictMath.sqrt(1 - correlation * correlation) * x[2 * i + 1];
    }
    return x;
  }

  @Test
  void ranksByHand() {
    double[] draws = {1, 5, 2, 6, 3, 7, /* field 2 */ 0, 0, 0, 0, 0, 0};
    double[] theta = {2.5, 8, -1, 0};
    assertThat(SimulationBasedCalibration.of(draws, theta, 2, 0).ranks()).containsExactly(2, 0);
    int[] ties = SimulationBasedCalibration.of(draws, theta, 2, 1).ranks();
    assertThat(ties[0]).isEqualTo(3);
    assertThat(ties[1]).isBetween(0, 3);
    assertThatThrownBy(() -> calibration(POSTERIOR).histogram(7)).hasMessageContaining("100");
  }

  /// Upper tail probabilities from SciPy 1.17: chi2(19).sf; kstwo.sf for the distance.
  @Test
  void tailProbabilities() {
    double[] x = {1, 5, 19, 35.2};
    double[] p = {0.999999999224061, 0.9994309626474822, 0.45683612559196224, 0.013211883518496935};
    for (int i = 0; i < x.length; i++) {
      assertThat(Uniformity.chiSquareTail(x[i], 19)).isCloseTo(p[i], within(1e-10));
    }
    double[][] distance = {
      {25, 0.15, 0.5758089853851963},
      {25, 0.3, 0.0171781183234907},
      {1000, 0.03, 0.3226902143914636},
      {1000, 0.05, 0.013012074781090332}
    };
    for (double[] d : distance) {
      assertThat(Uniformity.kolmogorovTail(d[1], (int) d[0]))
          .isCloseTo(d[2], within(d[2] > 0.1 ? 0.02 : 0.002));
    }
    assertThat(Uniformity.chiSquare(new int[] {8, 12, 10, 10})).isEqualTo(0.8);
  }

  private static SimulationBasedCalibration calibration(double[] draws) {
    return SimulationBasedCalibration.of(draws, THETA, 1, 0);
  }
}
