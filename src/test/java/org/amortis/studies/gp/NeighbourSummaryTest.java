package org.amortis.studies.gp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.amortis.engine.Cancellation;
import org.amortis.engine.Progress;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.Devices;
import org.amortis.engine.math.Special;
import org.amortis.inference.posterior.GridPosterior;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The hand-crafted summary and the posterior given it.
@Tag("study")
class NeighbourSummaryTest {
  private static final int FIELDS = 400;
  private static final int BINS = 8;

  /// 99.9 % quantile of chi-square with 7 degrees of freedom.
  private static final double LIMIT = 24.3;

  @Test
  void eigenvaluesOfAPathAndOfAnyMatrix() {
    int n = 12;
    double[] path = new double[n * n];
    for (int i = 0; i < n; i++) {
      path[i * n + i] = 2;
      if (i > 0) {
        path[i * n + i - 1] = -1;
      }
    }
    double[] found = Eigenvalues.of(path, n);
    for (int k = 0; k < n; k++) {
      double expected = 2 - 2 * StrictMath.cos((k + 1) * StrictMath.PI / (n + 1));
      assertThat(found[k]).isCloseTo(expected, within(1e-13));
    }
    double[] full = new double[n * n];
    double trace = 0;
    double squares = 0;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        double v = StrictMath.sin(3.7 * i + 1.3 * j + 0.1 * i * j);
        full[i * n + j] = v;
        trace += i == j ? v : 0;
        squares += (i == j ? 1 : 2) * v * v;
      }
    }
    double sum = 0;
    double sumOfSquares = 0;
    for (double v : Eigenvalues.of(full, n)) {
      sum += v;
      sumOfSquares += v * v;
    }
    assertThat(sum).isCloseTo(trace, within(1e-12));
    assertThat(sumOfSquares).isCloseTo(squares, within(1e-12));
  }

  @Test
  void theMeanIsThatOfTheNeighboursVariogram() {
    for (double theta : new double[] {0.01, 0.2, 0.59}) {
      double sum = 0;
      for (double w : NeighbourSummary.weights(theta)) {
        assertThat(w).isPositive();
        sum += w;
      }
      double difference = 2 * (1 - Special.exp(-1 / 15.0 / theta));
      assertThat(sum).isCloseTo(480 * 200 / 65536.0 * difference, within(1e-12));
    }
  }

  @Test
  void theSaddlepointOfEqualWeightsIsAGammaUpToItsConstant() {
    double[] w = new double[255];
    java.util.Arrays.fill(w, 0.01);
    double[] s = {1.5, 2.55, 4};
    double[] log = NeighbourSummary.logDensities(s, w);
    for (int i = 1; i < s.length; i++) {
      double gamma = (255 / 2.0 - 1) * Special.log(s[i] / s[0]) - (s[i] - s[0]) / 0.02;
      assertThat(log[i] - log[0]).isCloseTo(gamma, within(1e-9));
    }
  }

  /// Null: theta is a draw from the posterior given the summary, so its rank is uniform. Error rate
  /// 0.1 %; the same posterior of summaries 5 % too large must fail.
  @Test
  void ranksAreUniformAndASummaryOfAnotherScaleIsCaught() {
    try (Device device = Devices.open("cpu", 2)) {
      GaussianProcess.Pairs p =
          GaussianProcess.simulate(FIELDS, 11, device, Progress.NONE, Cancellation.create());
      double[] s = NeighbourSummary.of(p.fields());
      assertThat(distance(s, p.theta())).isLessThan(LIMIT);
      for (int i = 0; i < s.length; i++) {
        s[i] *= 1.05;
      }
      assertThat(distance(s, p.theta())).isGreaterThan(LIMIT);
    }
  }

  /// Chi-square distance of the ranks from the uniform law.
  private static double distance(double[] summaries, double[] theta) {
    int cells = 300;
    GridPosterior posterior = NeighbourSummary.posterior(summaries, cells);
    int[] counts = new int[BINS];
    for (int i = 0; i < theta.length; i++) {
      double[] w = posterior.weights(i, 0);
      double below = 0;
      for (int k = 0; k < cells && posterior.axes()[0][k] < theta[i]; k++) {
        below += w[k];
      }
      counts[StrictMath.min(BINS - 1, (int) (below * BINS))]++;
    }
    double expected = (double) theta.length / BINS;
    double sum = 0;
    for (int c : counts) {
      sum += (c - expected) * (c - expected) / expected;
    }
    return sum;
  }
}
