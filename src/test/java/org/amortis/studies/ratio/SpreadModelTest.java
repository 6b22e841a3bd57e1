package org.amortis.studies.ratio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.amortis.inference.diagnose.ClassifierCalibration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The evidence of `theta ~ U(0, 1)`, `Z | theta ~ N(theta, theta^2)` against sums over theta.
@Tag("pure")
class SpreadModelTest {
  /// A midpoint sum in theta itself with a million points, for Z that keep the integrand smooth.
  @Test
  void evidenceAgreesWithASumOverTheta() {
    int n = 1_000_000;
    for (double z : new double[] {-3.7, -1, -0.3, 0.2, 0.6, 1, 2.5, 5}) {
      double sum = 0;
      for (int i = 0; i < n; i++) {
        sum += StrictMath.exp(SpreadModel.logLikelihood((i + 0.5) / n, z)) / n;
      }
      assertThat(SpreadModel.logEvidence(z)).isCloseTo(StrictMath.log(sum), within(1e-9));
    }
  }

  /// Near 0 the evidence is `phi(1) log(1 / |Z|)` plus a constant: a slope, and the same one on
  /// both sides.
  @Test
  void evidenceDivergesAsTheLogarithm() {
    double phi = 0.24197072451914337;
    for (double sign : new double[] {-1, 1}) {
      double a = StrictMath.exp(SpreadModel.logEvidence(sign * 1e-12));
      double b = StrictMath.exp(SpreadModel.logEvidence(sign * 1e-9));
      assertThat((a - b) / StrictMath.log(1e3)).isCloseTo(phi, within(1e-6));
    }
    assertThatThrownBy(() -> SpreadModel.logEvidence(0)).hasMessageContaining("diverges");
    assertThat(SpreadModel.logEvidence(-60)).isFinite();
    assertThat(SpreadModel.logEvidence(60)).isFinite();
  }

  /// Null: the classifier is exact; a false alarm has probability 0.001. Planted: a ratio without
  /// its evidence.
  @Test
  void theBayesClassifierIsCalibrated() {
    int n = 20_000;
    SpreadModel.Pairs joint = SpreadModel.simulate(n, 5);
    double[] theta = SpreadModel.simulate(n, 6).theta();
    float[] z = SpreadModel.simulate(n, 7).data().values();
    double[] a = SpreadModel.logRatio(joint.theta(), joint.data().values());
    double[] b = SpreadModel.logRatio(theta, z);
    ClassifierCalibration c = ClassifierCalibration.of(a, b, 20);
    assertThat(c.calibrated(0.001)).as(c.table()).isTrue();
    for (int i = 0; i < n; i++) {
      a[i] = SpreadModel.logLikelihood(joint.theta()[i], joint.data().values()[i]);
      b[i] = SpreadModel.logLikelihood(theta[i], z[i]);
    }
    assertThat(ClassifierCalibration.of(a, b, 20).calibrated(0.001)).isFalse();
  }

  @Test
  void quadratureOfAPeak() {
    double exact = 2 * StrictMath.atan(100) / 100 * 100 * 100;
    double found = Quadrature.integrate(x -> 1e4 / (1 + 1e4 * x * x), -1, 1, 1e-9);
    assertThat(found).isCloseTo(exact, within(1e-7));
  }

  @Test
  void noGridPointIsZero() {
    for (int cells : new int[] {20, 40, 50, 100}) {
      for (float z : RatioStudy.data(cells)) {
        assertThat(StrictMath.abs(z)).isGreaterThan(0.001f);
      }
    }
  }

  @Test
  void sequencesBeginAtZeroAndEndAtTheLastEpoch() {
    for (int last : new int[] {1, 2, 8, 12, 40}) {
      assertThat(Sequence.epochs(last)).startsWith(0, 1).endsWith(last).doesNotHaveDuplicates();
    }
  }
}
