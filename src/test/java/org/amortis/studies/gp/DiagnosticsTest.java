package org.amortis.studies.gp;

import static org.assertj.core.api.Assertions.assertThat;

import org.amortis.inference.mcmc.Chains;
import org.amortis.io.Json;
import org.junit.jupiter.api.Test;

class DiagnosticsTest {
  private static double number(Json.Obj facts, String name) {
    return ((Json.Num) facts.require(name)).asDouble();
  }

  /// Two data sets with two chains each; a chain of the second sticks at one end of the prior.
  @Test
  void aChainThatSticksIsCountedAndNamed() {
    int each = 200;
    double[] theta = new double[2 * 2 * each];
    for (int i = 0; i < theta.length; i++) {
      theta[i] = (i * 0.6180339887498949) % 1;
    }
    for (int i = 3 * each; i < 4 * each; i++) {
      theta[i] = 0.99 + 1e-5 * (i % 7);
    }
    double[] acceptance = {0.4, 0.5, 0.45, 0.001};
    Json.Obj facts =
        Diagnostics.of(new Chains(2, 2, 2 * each, 1, theta, acceptance, new double[4]));
    assertThat(number(facts, "converged")).isEqualTo(1);
    assertThat(number(facts, "rhat_max")).isGreaterThan(1.5);
    assertThat(number(facts, "rhat_share_above_1.01")).isEqualTo(0.5);
    assertThat(number(facts, "ess_bulk_min")).isLessThan(200);
    assertThat(number(facts, "ess_tail_min")).isPositive();
    assertThat(Diagnostics.line(facts).orElseThrow())
        .startsWith("converged: 1 of 2 data sets; largest R-hat ")
        .contains("; first not: data set 1 (R-hat ", "acceptance 0.001 below 0.01)");
    assertThat(Diagnostics.line(Json.Obj.empty())).isEmpty();
  }

  @Test
  void theLimitsAreSaid() {
    assertThat(Diagnostics.LIMITS)
        .contains("R-hat is at most 1.01", "100 independent draws", "at least 1 %");
  }
}
