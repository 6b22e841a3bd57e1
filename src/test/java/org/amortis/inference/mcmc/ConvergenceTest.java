package org.amortis.inference.mcmc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.amortis.engine.math.RandomKey;
import org.amortis.engine.math.Streams;
import org.junit.jupiter.api.Test;

class ConvergenceTest {
  /// An autoregression of order 1 with coefficient a has `ESS / S = (1 - a) / (1 + a)`.
  @Test
  void autoregressionHasTheKnownEffectiveSampleSize() {
    for (double a : new double[] {0, 0.5, 0.9}) {
      double[] x = autoregression(4, 20_000, a);
      double expected = x.length * (1 - a) / (1 + a);
      assertThat(Convergence.essMean(x, 4)).isCloseTo(expected, within(0.1 * expected));
      assertThat(Convergence.rHat(x, 4)).isCloseTo(1, within(0.005));
      // The standard error of the mean and of the median, sqrt(pi / 2) times it for a = 0.
      double error = 1 / StrictMath.sqrt(expected);
      assertThat(Convergence.mcseMean(x, 4)).isCloseTo(error, within(0.07 * error));
    }
    double[] x = autoregression(4, 20_000, 0);
    double median = StrictMath.sqrt(StrictMath.PI / 2 / x.length);
    assertThat(Convergence.mcseQuantile(x, 4, 0.5)).isCloseTo(median, within(0.1 * median));
  }

  @Test
  void separateChainsAndSpreadsAreSeen() {
    double[] x = autoregression(4, 1_000, 0);
    double[] apart = x.clone();
    double[] wide = x.clone();
    for (int i = 0; i < 1_000; i++) {
      apart[i] += 0.5;
      wide[i] *= 2;
    }
    assertThat(Convergence.rHat(x, 4)).isLessThan(1.01);
    assertThat(Convergence.rHat(apart, 4)).isGreaterThan(1.01);
    assertThat(Convergence.rHat(wide, 4)).isGreaterThan(1.01);
    // The plain statistic does not see a chain that is only wider.
    assertThat(Convergence.splitRHat(wide, 4)).isLessThan(1.01);
  }

  @Test
  void chainsOfManyDataSets() {
    double[] first = autoregression(2, 500, 0.3);
    double[] theta = new double[2 * 1_000 * 2];
    for (int d = 0; d < 1_000; d++) {
      theta[2 * d] = first[d];
      theta[2 * d + 1] = 7;
      theta[2_000 + 2 * d] = first[d] + (d < 500 ? 1 : 0);
      theta[2_000 + 2 * d + 1] = 7;
    }
    Chains run = new Chains(2, 2, 1_000, 2, theta, new double[4], new double[4]);
    assertThat(Convergence.of(run, 0, 0)).isEqualTo(Convergence.of(first, 2));
    Convergence apart = Convergence.of(run, 1, 0);
    assertThat(apart.rHat()).isGreaterThan(1.1);
    assertThat(apart.essBulk()).isLessThan(Convergence.of(first, 2).essBulk() / 5);
    assertThat(Convergence.of(run, 1, 1).rHat()).isNaN();
    assertThat(Convergence.of(run, 1, 1).essBulk()).isEqualTo(1_000);
  }

  /// SciPy 1.17: beta(a, b).cdf and ppf.
  @Test
  void betaDistribution() {
    double[][] cases = {
      {2, 3, 0.4, 0.5247999999999999, 0.1586553, 0.18530113734156411},
      {51, 951, 0.05, 0.4653603583842784, 0.8413447, 0.05782260705770927},
      {501, 501, 0.51, 0.7366309083616724, 0.1586553, 0.4842044043831977},
      {20.5, 1.5, 0.9, 0.22404538580455824, 0.8413447, 0.9801039905680429},
      {38001, 2001, 0.951, 0.8257146559361017, 0.1586553, 0.9488876488226149}
    };
    for (double[] c : cases) {
      assertThat(BetaQuantile.cdf(c[2], c[0], c[1])).isCloseTo(c[3], within(1e-11));
      assertThat(BetaQuantile.of(c[4], c[0], c[1])).isCloseTo(c[5], within(1e-11));
    }
    assertThat(BetaQuantile.of(0.25, 2, 1)).isCloseTo(0.5, within(1e-14));
  }

  @Test
  void shapesAreChecked() {
    assertThatThrownBy(() -> Convergence.rHat(new double[7], 2)).hasMessageContaining("7 draws");
    assertThatThrownBy(() -> Convergence.essBulk(new double[0], 1)).hasMessageContaining("0 draws");
    assertThat(Convergence.essBulk(new double[] {1, 2, 3}, 1)).isNaN();
  }

  private static double[] autoregression(int chains, int draws, double a) {
    double[] x = new double[chains * draws];
    Streams.normalInto(new RandomKey(3, 4), 0, 0, x.length, x, 0);
    double fresh = StrictMath.sqrt(1 - a * a);
    for (int i = 0; i < x.length; i++) {
      x[i] = i % draws == 0 ? x[i] : a * x[i - 1] + fresh * x[i];
    }
    return x;
  }
}
