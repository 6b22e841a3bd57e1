package org.amortis.inference.mcmc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.amortis.engine.math.RandomKey;
import org.amortis.engine.math.Streams;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The verdict on chains whose faults are known.
///
/// Four chains of 500 independent draws: R-hat above 1.01 happens to fewer than one data set in a
/// hundred under the null, so the seed is one where it does not.
@Tag("pure")
class VerdictTest {
  private static final int CHAINS = 4;
  private static final int EACH = 500;

  /// Independent draws of three data sets and two parameters.
  private static double[] draws() {
    double[] theta = new double[3 * CHAINS * EACH * 2];
    Streams.normalInto(new RandomKey(11, 1), 0, 0, theta.length, theta, 0);
    return theta;
  }

  private static Verdict verdict(double[] theta, double... acceptance) {
    double[] rates = new double[3 * CHAINS];
    Arrays.fill(rates, 0.3);
    System.arraycopy(acceptance, 0, rates, 0, acceptance.length);
    return Verdict.of(
        new Chains(3, CHAINS, CHAINS * EACH, 2, theta, rates, new double[3 * CHAINS]));
  }

  @Test
  void independentDrawsConverge() {
    Verdict v = verdict(draws());
    assertThat(v.converged()).isTrue();
    assertThat(v.dataSets().get(1).essBulk()).isBetween(1_600.0, 2_400.0);
    assertThat(v.line()).startsWith("converged: 3 of 3 data sets; largest R-hat 1.00");
  }

  /// One chain of data set 1 sits half a standard deviation off in its second parameter.
  @Test
  void aChainElsewhereIsFound() {
    double[] theta = draws();
    for (int d = 0; d < EACH; d++) {
      theta[(CHAINS * EACH + d) * 2 + 1] += 0.5;
    }
    Verdict v = verdict(theta);
    assertThat(v.failed()).containsExactly(1);
    assertThat(v.dataSets().get(1).reasons().getFirst()).startsWith("R-hat of parameter 1 1.0");
    assertThat(v.line())
        .startsWith("converged: 2 of 3 data sets")
        .contains("first not: data set 1 (R-hat of parameter 1");
  }

  /// Every draw of data set 2 stays for ten steps.
  @Test
  void slowChainsAreFound() {
    double[] theta = draws();
    for (int d = 0; d < CHAINS * EACH; d++) {
      int from = 2 * CHAINS * EACH + d / 10 * 10;
      System.arraycopy(theta, 2 * from, theta, 2 * (2 * CHAINS * EACH + d), 2);
    }
    Verdict v = verdict(theta);
    assertThat(v.failed()).containsExactly(2);
    assertThat(String.join(", ", v.dataSets().get(2).reasons())).contains("bulk ESS");
  }

  @Test
  void chainsThatStandStillAreFound() {
    double[] theta = draws();
    Arrays.fill(theta, 0, CHAINS * EACH * 2, 1.5);
    assertThat(verdict(theta).dataSets().getFirst().converged()).isFalse();
    Verdict v = verdict(draws(), 0.3, 0.004);
    assertThat(v.dataSets().getFirst().reasons()).containsExactly("acceptance 0.004 below 0.01");
    theta[0] = Double.NaN;
    assertThat(verdict(theta).dataSets().getFirst().reasons())
        .contains("R-hat of parameter 0 NaN above 1.01");
  }
}
