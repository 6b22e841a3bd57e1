package org.amortis.studies.msp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.amortis.engine.Cancellation;
import org.amortis.engine.Progress;
import org.amortis.engine.math.Bessel;
import org.amortis.inference.Observations;
import org.junit.jupiter.api.Test;

class PairwiseLikelihoodTest {
  private static final double[] RHO = {0, 0.1, 0.5, 0.9, 0.995};

  private static double density(double a, double b, double rho) {
    return Math.exp(PairwiseLikelihood.logDensity(a, b, rho));
  }

  @Test
  void pairsLieBelowThreeSteps() {
    // (1,0), (2,0), (1,1), (2,1), (2,2) and their mirror images.
    assertThat(PairwiseLikelihood.count())
        .isEqualTo(2 * 16 * 15 + 2 * 16 * 14 + 2 * 15 * 15 + 4 * 15 * 14 + 2 * 14 * 14);
  }

  @Test
  void exponentIsSchlathers() {
    for (double rho : RHO) {
      for (double a = 0.01; a < 20; a *= 1.7) {
        for (double b = 0.02; b < 20; b *= 1.9) {
          double x = 1 / a;
          double y = 1 / b;
          double root = Math.sqrt(1 - 2 * (rho + 1) * x * y / ((x + y) * (x + y)));
          double v = (1 / x + 1 / y) / 2 * (1 + root);
          assertThat(PairwiseLikelihood.exponent(a, b, rho)).isEqualTo(v, within(1e-12 * v));
        }
      }
    }
  }

  @Test
  void densityIsTheDerivativeOfTheSurvivalFunction() {
    for (double rho : RHO) {
      for (double a = 0.1; a < 5; a *= 1.7) {
        for (double b = 0.15; b < 5; b *= 1.9) {
          double h = 5e-5;
          double difference =
              (survival(a + h, b + h, rho)
                      - survival(a + h, b - h, rho)
                      - survival(a - h, b + h, rho)
                      + survival(a - h, b - h, rho))
                  / (4 * h * h);
          double density = density(a, b, rho);
          assertThat(density).isEqualTo(difference, within(1e-4 * (1 + density)));
        }
      }
    }
  }

  private static double survival(double a, double b, double rho) {
    return Math.exp(-PairwiseLikelihood.exponent(a, b, rho));
  }

  /// In polar coordinates, because the density is like 1/r at the origin.
  @Test
  void densityIntegratesToOneAndHasExponentialMeans() {
    int angles = 2_000;
    int radii = 1_000;
    for (double rho : RHO) {
      double mass = 0;
      double mean = 0;
      for (int i = 0; i < angles; i++) {
        double angle = Math.PI / 2 * (i + 0.5) / angles;
        for (int j = 0; j < radii; j++) {
          double r = 45 * (j + 0.5) / radii;
          double a = r * Math.cos(angle);
          double f = density(a, r * Math.sin(angle), rho) * r;
          mass += f;
          mean += a * f;
        }
      }
      double cell = Math.PI / 2 / angles * 45 / radii;
      assertThat(mass * cell).isEqualTo(1, within(1e-3));
      assertThat(mean * cell).isEqualTo(1, within(1e-3));
    }
  }

  @Test
  void fieldIsTheSumOverItsPairs() {
    float[] z = fields(1, 0.2, 1.2);
    double sum = 0;
    for (int a = 0; a < 256; a++) {
      for (int b = 0; b < a; b++) {
        int dx = a / 16 - b / 16;
        int dy = a % 16 - b % 16;
        if (Math.hypot(dx, dy) / 15 < 0.2 - 1e-9) {
          double h = Math.hypot(dx, dy) / 15 / 0.2;
          sum += PairwiseLikelihood.logDensity(z[a], z[b], Bessel.matern(1.2, h));
        }
      }
    }
    assertThat(PairwiseLikelihood.of(z, 0, 0.2, 1.2)).isEqualTo(sum, within(1e-9 * Math.abs(sum)));
  }

  private static float[] fields(int n, double lambda, double k) {
    double[] theta = new double[2 * n];
    for (int i = 0; i < n; i++) {
      theta[2 * i] = lambda;
      theta[2 * i + 1] = k;
    }
    return Schlather.fields(theta, 11, 2, Progress.NONE, Cancellation.create());
  }

  /// Null: the pairs of simulated fields have the density at the parameters of the simulator; then
  /// the derivatives of the pairwise log-likelihood have mean 0. Two numbers, |z| < 4.5: a false
  /// alarm once in 70,000 seeds. At other parameters they do not.
  @Test
  void scoreHasMeanZeroAtTheTruthOnly() {
    float[] z = fields(250, 0.15, 1.2);
    assertThat(score(z, 0.15, 1.2)).isLessThan(4.5);
    assertThat(score(z, 0.2, 1.2)).isGreaterThan(4.5);
    assertThat(score(z, 0.15, 1.6)).isGreaterThan(4.5);
  }

  private static double score(float[] z, double lambda, double k) {
    int n = z.length / 256;
    double worst = 0;
    double h = 1e-4;
    for (int p = 0; p < 2; p++) {
      double dl = p == 0 ? h : 0;
      double dk = p == 1 ? h : 0;
      double[] s = new double[n];
      for (int i = 0; i < n; i++) {
        s[i] =
            PairwiseLikelihood.of(z, i * 256, lambda + dl, k + dk)
                - PairwiseLikelihood.of(z, i * 256, lambda - dl, k - dk);
      }
      double mean = Arrays.stream(s).average().orElseThrow();
      double variance = Arrays.stream(s).map(x -> (x - mean) * (x - mean)).sum() / (n - 1);
      worst = Math.max(worst, Math.abs(mean) / Math.sqrt(variance / n));
    }
    return worst;
  }

  @Test
  void estimatesReachTheBestPointOfAGridOnAnyNumberOfThreads() {
    int n = 12;
    Schlather.Pairs p = Schlather.simulate(n, 3, 2, Progress.NONE, Cancellation.create());
    Observations fields = p.fields();
    double[] found = PairwiseLikelihood.maximise(fields, 1, Progress.NONE, Cancellation.create());
    assertThat(PairwiseLikelihood.maximise(fields, 3, Progress.NONE, Cancellation.create()))
        .isEqualTo(found);
    assertThat(Schlather.PRIOR.firstOutside(found)).isNegative();
    for (int i = 0; i < n; i++) {
      double best = Double.NEGATIVE_INFINITY;
      for (double lambda = 0.01; lambda < 0.6; lambda += 0.03) {
        for (double k = 0.51; k < 3; k += 0.15) {
          best = Math.max(best, PairwiseLikelihood.of(fields.values(), i * 256, lambda, k));
        }
      }
      double at = PairwiseLikelihood.of(fields.values(), i * 256, found[2 * i], found[2 * i + 1]);
      assertThat(at).as("field %d", i).isGreaterThan(best - 1e-2);
    }
  }
}
