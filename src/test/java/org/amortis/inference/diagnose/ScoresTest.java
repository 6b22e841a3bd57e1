package org.amortis.inference.diagnose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.amortis.engine.math.RandomKey;
import org.amortis.engine.math.Special;
import org.amortis.engine.math.Streams;
import org.amortis.inference.posterior.GridPosterior;
import org.junit.jupiter.api.Test;

class ScoresTest {
  private static final double EXACT = 1e-12;

  @Test
  void smallCaseByHand() {
    FieldScores s = Scores.ofDraws(new double[] {4, 1, 2}, new double[] {3});
    assertThat(s.squaredError()[0]).isCloseTo(4.0 / 9, within(EXACT));
    assertThat(s.medianSquaredError()[0]).isCloseTo(1, within(EXACT));
    assertThat(s.crps()[0]).isCloseTo(1.0 / 3, within(EXACT));
    assertThat(s.halfAbsolute()[0]).isCloseTo(2.0 / 3, within(EXACT));
    assertThat(s.interval()[0]).isCloseTo(2.7, within(EXACT));
    assertThat(s.covered()[0]).isEqualTo(1);
    FieldScores far = Scores.ofDraws(new double[] {4, 1, 2}, new double[] {4});
    assertThat(far.interval()[0]).isCloseTo(2.7 + 20 * 0.2, within(EXACT));
    assertThat(far.covered()[0]).isEqualTo(0);
  }

  @Test
  void oneOfTwoParameters() {
    double[] draws = {1, 9, 2, 7, 4, 5, /* field 2 */ 0, 1, 1, 3, 2, 2};
    FieldScores second = Scores.ofDraws(draws, new double[] {3, 6, 1, 2}, 2, 1);
    FieldScores alone = Scores.ofDraws(new double[] {9, 7, 5, 1, 3, 2}, new double[] {6, 2});
    assertThat(second.crps()).containsExactly(alone.crps());
    assertThat(second.interval()).containsExactly(alone.interval());
    assertThat(second.summary()).isEqualTo(alone.summary());
  }

  @Test
  void gaussianOnGridHasTheClosedForm() {
    double[] theta = {0.3, -2.4, 8.5, -9};
    FieldScores s = Scores.ofGrid(gaussian(theta.length, 4_000), theta, 0);
    for (int i = 0; i < theta.length; i++) {
      double t = theta[i];
      double crps =
          t * (2 * Special.normalCdf(t) - 1)
              + 2 * StrictMath.exp(-t * t / 2) / StrictMath.sqrt(2 * StrictMath.PI)
              - 1 / StrictMath.sqrt(StrictMath.PI);
      assertThat(s.crps()[i]).isCloseTo(crps, within(2e-6));
      assertThat(s.squaredError()[i]).isCloseTo(t * t, within(1e-6));
      double half = 1.6448536269514722;
      double score = 2 * half + 20 * StrictMath.max(0, StrictMath.abs(t) - half);
      assertThat(s.interval()[i]).isCloseTo(score, within(1e-4));
    }
    assertThat(s.covered()).containsExactly(1, 0, 0, 0);
    double[] once = {0.3};
    double t = once[0];
    double absolute =
        t * (2 * Special.normalCdf(t) - 1)
            + 2 * StrictMath.exp(-t * t / 2) / StrictMath.sqrt(2 * StrictMath.PI);
    assertThat(Scores.ofGrid(gaussian(1, 4_000), once, 0).halfAbsolute()[0])
        .isCloseTo(absolute / 2, within(1e-5));
  }

  /// The fair estimator's mean over draws is the CRPS of the law they come from, for as few as 4
  /// draws; the empirical distribution's own CRPS is larger by E|X - X'| / (2 m).
  @Test
  void fairCrpsHasNoBias() {
    int n = 40_000;
    int m = 4;
    double[] draws = new double[n * m];
    Streams.normalInto(new RandomKey(5, 3), 0, 0, draws.length, draws, 0);
    double[] theta = new double[n];
    java.util.Arrays.fill(theta, 0.5);
    double[] crps = Scores.ofDraws(draws, theta).crps();
    double exact = 0.33140354886850625;
    double sd = 0;
    for (double c : crps) {
      sd += (c - exact) * (c - exact) / n;
    }
    double error = StrictMath.sqrt(sd / n);
    assertThat(FieldScores.mean(crps)).isCloseTo(exact, within(4 * error));
    assertThat(1 / StrictMath.sqrt(StrictMath.PI) / m).isGreaterThan(20 * error);
  }

  @Test
  void undefinedStaysUndefined() {
    double[] one = {1, 2};
    FieldScores estimates = Scores.ofEstimates(one, new double[] {0, 0}, new double[] {2, 3}, one);
    Summary s = estimates.summary();
    assertThat(s.crps()).isNaN();
    assertThat(s.medians().mcrps()).isNaN();
    assertThat(s.mis90()).isEqualTo(2.5);
    assertThat(s.cov90()).isEqualTo(1);
    assertThat(Scores.ofDraws(one, one).crps()).containsOnly(Double.NaN);
    PairedBootstrap.Excess e = PairedBootstrap.excess(estimates, estimates, 1);
    assertThat(e.crps().value()).isNaN();
    assertThat(e.crps().excess()).isNaN();
    assertThat(e.mis90().excess()).isEqualTo(0);
    assertThat(PairedBootstrap.scores(estimates, 1).mis90().excess()).isNaN();
    assertThat(PairedBootstrap.scores(estimates, 1).mis90().standardError()).isFinite();
  }

  @Test
  void badInputIsNamed() {
    assertThatThrownBy(() -> Scores.ofDraws(new double[] {1, 2, 3}, new double[] {1, 2}))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> Scores.ofDraws(new double[] {1, 2, 3, Double.NaN}, new double[] {1, 2}))
        .hasMessageContaining("field 1");
  }

  @Test
  void bootstrapIsPairedAndRepeats() {
    int n = 400;
    double[] theta = new double[n];
    double[] mean = new double[n];
    double[] lower = new double[n];
    double[] upper = new double[n];
    double[] wide = new double[n];
    Streams.normalInto(new RandomKey(6, 3), 0, 0, n, theta, 0);
    for (int i = 0; i < n; i++) {
      lower[i] = -1.645;
      upper[i] = 1.645;
      wide[i] = 1.745;
    }
    FieldScores exact = Scores.ofEstimates(mean, lower, upper, theta);
    FieldScores worse = Scores.ofEstimates(mean, lower, wide, theta);
    PairedBootstrap.Excess same = PairedBootstrap.excess(exact, exact, 9);
    assertThat(same.rmspe().excess()).isZero();
    assertThat(same.rmspe().excessStandardError()).isZero();
    double sd = 0;
    double m = FieldScores.mean(exact.interval());
    for (double x : exact.interval()) {
      sd += (x - m) * (x - m) / n;
    }
    // 1,000 resamples know a standard error to 1 / sqrt(2000) = 2.2 %.
    double error = StrictMath.sqrt(sd / n);
    assertThat(same.mis90().standardError()).isCloseTo(error, within(0.09 * error));
    PairedBootstrap.Excess e = PairedBootstrap.excess(worse, exact, 9);
    assertThat(e).isEqualTo(PairedBootstrap.excess(worse, exact, 9));
    assertThat(e).isNotEqualTo(PairedBootstrap.excess(worse, exact, 10));
    assertThat(e.mis90().excessStandardError()).isLessThan(0.5 * error / m);
  }

  static GridPosterior gaussian(int fields, int cells) {
    double[] axis = new double[cells];
    double[] log = new double[fields * cells];
    for (int k = 0; k < cells; k++) {
      axis[k] = -8 + 16 * (k + 0.5) / cells;
    }
    for (int i = 0; i < log.length; i++) {
      double x = axis[i % cells];
      log[i] = -x * x / 2 - 0.9189385332046727;
    }
    return new GridPosterior(new double[][] {axis}, log, fields);
  }
}
