package org.amortis.studies.msp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.amortis.engine.Cancellation;
import org.amortis.engine.Progress;
import org.amortis.engine.math.Bessel;
import org.amortis.engine.math.RandomKey;
import org.amortis.engine.math.Special;
import org.amortis.engine.math.Streams;
import org.junit.jupiter.api.Test;

/// The simulator against laws that it does not use.
///
/// Null of every statistical test here: X is a Schlather process with the stated correlation. Each
/// number below is about standard normal under the null, or Kolmogorov's; there are about 40 of
/// them, and with the bounds 4.5 and 2.4 (levels 7e-6 and 2e-5) a correct simulator fails with
/// probability below 0.001 over seeds. The seeds are fixed.
class SchlatherTest {
  private static final int SIDE = 16;
  private static final int SITES = SIDE * SIDE;
  private static final double NORMAL_BOUND = 4.5;
  private static final double KOLMOGOROV_BOUND = 2.4;
  private static final double[][] THETA = {{0.05, 1.5}, {0.2, 0.7}, {0.4, 2.2}};

  private static float[] fields(
      double[] theta, int n, long seed, java.util.function.Supplier<ExtremalFunctions> simulators) {
    double[] all = new double[2 * n];
    for (int i = 0; i < n; i++) {
      all[2 * i] = theta[0];
      all[2 * i + 1] = theta[1];
    }
    return Schlather.fields(all, seed, 2, simulators, Progress.NONE, Cancellation.create());
  }

  /// Kolmogorov's `sqrt(n) D` for standard exponential numbers.
  private static double kolmogorov(double[] z) {
    double[] u = new double[z.length];
    for (int i = 0; i < u.length; i++) {
      u[i] = -Math.expm1(-z[i]);
    }
    Arrays.sort(u);
    double d = 0;
    for (int i = 0; i < u.length; i++) {
      d = Math.max(d, Math.max((i + 1.0) / u.length - u[i], u[i] - (double) i / u.length));
    }
    return Math.sqrt(u.length) * d;
  }

  /// The largest of the statistics for the margins at the first, a middle and the last site.
  private static double margins(float[] z) {
    int n = z.length / SITES;
    double worst = 0;
    for (int site : new int[] {0, 7 * SIDE + 9, SITES - 1}) {
      double[] at = new double[n];
      for (int i = 0; i < n; i++) {
        at[i] = z[i * SITES + site];
      }
      worst = Math.max(worst, kolmogorov(at));
    }
    return worst;
  }

  /// Standardised difference of the mean over fields of `m` from `expected`.
  private static double standardised(double[] m, double expected) {
    double mean = Arrays.stream(m).average().orElseThrow();
    double variance = Arrays.stream(m).map(x -> (x - mean) * (x - mean)).sum() / (m.length - 1);
    return (mean - expected) / Math.sqrt(variance / m.length);
  }

  /// Pairs at one lag: min(Z_i, Z_j) is exponential with rate theta_ij, so its mean over the pairs
  /// of a field estimates 1/theta_ij, and fields are independent. The formula is that of Schlather
  /// (2002): theta_ij = 1 + sqrt((1 - rho) / 2).
  private static double coefficients(float[] z, double[] theta) {
    int n = z.length / SITES;
    double worst = 0;
    int[][] lags = {{0, 1}, {1, 0}, {1, 1}, {2, 1}, {4, 0}, {0, 6}, {5, 7}, {15, 0}, {15, 15}};
    for (int[] lag : lags) {
      double[] m = new double[n];
      for (int i = 0; i < n; i++) {
        double sum = 0;
        for (int r = 0; r + lag[0] < SIDE; r++) {
          for (int c = 0; c + lag[1] < SIDE; c++) {
            int a = i * SITES + r * SIDE + c;
            sum += Math.min(z[a], z[a + lag[0] * SIDE + lag[1]]);
          }
        }
        m[i] = sum / ((SIDE - lag[0]) * (SIDE - lag[1]));
      }
      double h = Math.hypot(lag[0], lag[1]) / (SIDE - 1);
      double coefficient = 1 + Math.sqrt((1 - Bessel.matern(theta[1], h / theta[0])) / 2);
      worst = Math.max(worst, Math.abs(standardised(m, 1 / coefficient)));
    }
    return worst;
  }

  /// The extremal coefficient of all sites together, `E max sqrt(2 pi) max(0, W)`, from Gaussian
  /// fields: `min Z` is exponential with that rate.
  private static double whole(float[] z, double[] theta) {
    int n = z.length / SITES;
    double[] m = new double[n];
    for (int i = 0; i < n; i++) {
      double least = Double.POSITIVE_INFINITY;
      for (int s = 0; s < SITES; s++) {
        least = Math.min(least, z[i * SITES + s]);
      }
      m[i] = least;
    }
    int batch = 64;
    LatticeGaussian gaussian = new LatticeGaussian(batch);
    gaussian.set(theta[0], theta[1]);
    double[] w = new double[batch * SITES];
    double[] normals = new double[batch * SITES];
    double sum = 0;
    int rounds = 150;
    for (int r = 0; r < rounds; r++) {
      Streams.normalInto(new RandomKey(3, 1), r, 0, normals.length, normals, 0);
      gaussian.fieldsInto(normals, w);
      for (int f = 0; f < batch; f++) {
        double top = 0;
        for (int s = 0; s < SITES; s++) {
          top = Math.max(top, w[f * SITES + s]);
        }
        sum += top;
      }
    }
    return Math.abs(standardised(m, rounds * batch / (Math.sqrt(2 * Math.PI) * sum)));
  }

  @Test
  void fieldsHaveTheLawsOfTheProcess() {
    for (double[] theta : THETA) {
      float[] z = fields(theta, 500, 7, ExtremalFunctions::new);
      assertThat(margins(z)).as("margins %s", theta).isLessThan(KOLMOGOROV_BOUND);
      assertThat(coefficients(z, theta)).as("pairs %s", theta).isLessThan(NORMAL_BOUND);
      assertThat(whole(z, theta)).as("lattice %s", theta).isLessThan(NORMAL_BOUND);
    }
  }

  @Test
  void anUntiltedRadiusIsNoticed() {
    double[] theta = {0.2, 0.7};
    float[] z =
        fields(
            theta,
            300,
            7,
            () -> new ExtremalFunctions(u -> Special.normalQuantile(0.5 + 0.5 * u), true));
    assertThat(coefficients(z, theta)).isGreaterThan(NORMAL_BOUND);
  }

  @Test
  void functionsThatAreNotComparedAreNoticed() {
    double[] theta = {0.2, 0.7};
    float[] z =
        fields(theta, 200, 7, () -> new ExtremalFunctions(ExtremalFunctions::rayleigh, false));
    assertThat(margins(z)).isGreaterThan(KOLMOGOROV_BOUND);
  }

  @Test
  void anotherCorrelationIsNoticed() {
    double[] theta = {0.2, 0.7};
    float[] z = fields(theta, 300, 7, ExtremalFunctions::new);
    assertThat(coefficients(z, new double[] {0.4, 1.4})).isGreaterThan(NORMAL_BOUND);
  }

  @Test
  void bytesDoNotDependOnThreadsNorOnTheNumberOfFields() {
    Schlather.Pairs one = Schlather.simulate(13, 5, 1, Progress.NONE, Cancellation.create());
    for (int threads = 2; threads <= 3; threads++) {
      Schlather.Pairs p = Schlather.simulate(13, 5, threads, Progress.NONE, Cancellation.create());
      assertThat(p.theta()).isEqualTo(one.theta());
      assertThat(p.fields().values()).isEqualTo(one.fields().values());
    }
    Schlather.Pairs fewer = Schlather.simulate(4, 5, 1, Progress.NONE, Cancellation.create());
    assertThat(fewer.fields().values()).isEqualTo(Arrays.copyOf(one.fields().values(), 4 * SITES));
    Schlather.Pairs other = Schlather.simulate(4, 6, 1, Progress.NONE, Cancellation.create());
    assertThat(other.fields().values()).isNotEqualTo(fewer.fields().values());
  }

  @Test
  void edgesOfThePriorGiveFinitePositiveFields() {
    double[] theta = {1e-12, 0.5, 1e-3, 3, 0.6, 0.5, 0.6, 3, 0.5999, 2.999};
    float[] z = Schlather.fields(theta, 1, 1, Progress.NONE, Cancellation.create());
    for (float value : z) {
      assertThat(value).isFinite().isPositive();
    }
  }

  @Test
  void progressCountsAndCancellationStops() {
    AtomicLong seen = new AtomicLong();
    Cancellation cancellation = Cancellation.create();
    Progress progress =
        new Progress() {
          @Override
          public void start(String phase, long total) {
            assertThat(total).isEqualTo(1000);
          }

          @Override
          public void advance(long done) {
            assertThat(done).isEqualTo(seen.incrementAndGet());
            if (done == 3) {
              cancellation.request();
            }
          }

          @Override
          public void note(String text) {}

          @Override
          public void done() {
            throw new AssertionError("not finished");
          }
        };
    assertThatThrownBy(() -> Schlather.simulate(1000, 1, 2, progress, cancellation))
        .isInstanceOf(Cancellation.Cancelled.class);
    assertThat(seen.get()).isLessThan(6);
  }
}
