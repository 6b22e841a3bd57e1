package org.amortis.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.amortis.engine.device.Device;
import org.amortis.engine.device.cpu.CpuDevice;
import org.amortis.engine.math.Special;
import org.amortis.inference.likelihood.ProfileLikelihood;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Maximum likelihood and profile intervals of linear-Gaussian models, where both have a closed
/// form: generalised least squares, and the estimate plus and minus a normal quantile times its
/// standard error.
@Tag("inference")
class ProfileLikelihoodTest {
  private static final double LEVEL = 0.9;
  private static final double Z = Special.normalQuantile(0.95);

  /// Wide enough that no interval meets the end of the search.
  private static Prior wide(int p) {
    Marginal[] m = new Marginal[p];
    for (int i = 0; i < p; i++) {
      m[i] = new Marginal.Normal("theta" + i, 0, 4);
    }
    return Prior.of(m);
  }

  @Test
  void oneParameter() {
    LinearGaussian model = LinearGaussian.one();
    double[] theta = {-0.7, 0.2, 1.5, 3};
    Observations z = model.simulate(theta, 51);
    try (Device device = new CpuDevice(1);
        ProfileLikelihood profile = new ProfileLikelihood(wide(1), model.likelihood(z), device)) {
      ProfileLikelihood.Interval interval = profile.interval(0, LEVEL);
      double[] ratio = profile.ratio(0, theta);
      for (int f = 0; f < 4; f++) {
        double mean = 0;
        for (int k = 0; k < 4; k++) {
          mean += z.values()[4 * f + k] / 4.0;
        }
        assertThat(profile.estimate().theta()[f]).isCloseTo(mean, within(1e-4));
        assertThat(interval.lower()[f]).isCloseTo(mean - Z / 2, within(1e-4));
        assertThat(interval.upper()[f]).isCloseTo(mean + Z / 2, within(1e-4));
        assertThat(ratio[f]).isCloseTo(4 * (mean - theta[f]) * (mean - theta[f]), within(1e-4));
      }
    }
  }

  /// The other parameter is maximised out: the interval's width is that of its marginal variance,
  /// not of the conditional one.
  @Test
  void twoCorrelatedParameters() {
    LinearGaussian model = LinearGaussian.two();
    double[] theta = {0.5, -1, -1.2, 0.4, 2, 1.1};
    Observations z = model.simulate(theta, 52);
    double[] q = new double[4];
    for (int i = 0; i < 4; i++) {
      for (double[] row : model.a()) {
        q[i] += model.m() * row[i / 2] * row[i % 2] / (model.sd() * model.sd());
      }
    }
    double det = q[0] * q[3] - q[1] * q[2];
    double[] v = {q[3] / det, -q[1] / det, -q[2] / det, q[0] / det};
    try (Device device = new CpuDevice(1);
        ProfileLikelihood profile = new ProfileLikelihood(wide(2), model.likelihood(z), device)) {
      for (int j = 0; j < 2; j++) {
        ProfileLikelihood.Interval interval = profile.interval(j, LEVEL);
        for (int f = 0; f < 3; f++) {
          double[] b = new double[2];
          for (int k = 0; k < model.width(); k++) {
            for (int i = 0; i < 2; i++) {
              b[i] +=
                  model.a()[k % 3][i]
                      * z.values()[f * model.width() + k]
                      / (model.sd() * model.sd());
            }
          }
          double mean = v[2 * j] * b[0] + v[2 * j + 1] * b[1];
          double half = Z * StrictMath.sqrt(v[3 * j]);
          assertThat(profile.estimate().theta()[2 * f + j]).isCloseTo(mean, within(1e-3));
          assertThat(interval.lower()[f]).isCloseTo(mean - half, within(2e-3));
          assertThat(interval.upper()[f]).isCloseTo(mean + half, within(2e-3));
        }
      }
    }
  }

  /// Null: the intervals hold the parameter with probability 0.9. Of 1,000 data sets the share has
  /// standard error 0.0095; refused beyond four, 6e-5. The planted bug takes twice the statistic,
  /// which is a level of 0.755.
  @Test
  void coverage() {
    LinearGaussian model = LinearGaussian.one();
    double[] theta = wide(1).sample(53, 0, 1_000);
    Observations z = model.simulate(theta, 53);
    try (Device device = new CpuDevice(1);
        ProfileLikelihood profile = new ProfileLikelihood(wide(1), model.likelihood(z), device)) {
      assertThat(covered(profile.interval(0, LEVEL), theta)).isCloseTo(0.9, within(0.038));
      double halved = 2 * Special.normalCdf(Z / StrictMath.sqrt(2)) - 1;
      assertThat(covered(profile.interval(0, halved), theta)).isLessThan(0.9 - 0.038);
    }
  }

  private static double covered(ProfileLikelihood.Interval interval, double[] theta) {
    double inside = 0;
    for (int f = 0; f < theta.length; f++) {
      boolean held = interval.lower()[f] <= theta[f] && theta[f] <= interval.upper()[f];
      inside += held ? 1 : 0;
    }
    return inside / theta.length;
  }
}
