package org.amortis.engine.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.amortis.studies.gp.GaussianProcess;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// How many launches the timed steps of training and of chains have, and how many of them must wait
/// for one another: the numbers of decision 044.
@Tag("pure")
class LaunchCountTest {
  private static String last(List<String> explained) {
    return explained.stream().filter(l -> l.startsWith("launches: ")).toList().getLast();
  }

  @Test
  void stepOfTheNetworkForFields() {
    assertThat(last(Steps.network()))
        .isEqualTo("launches: 17 a run, 12 of them one after the other, 10 in each of many runs");
  }

  @Test
  void stepOfAFlowForTwoMoons() {
    assertThat(last(Steps.moons()))
        .isEqualTo("launches: 7 a run, 7 of them one after the other, 7 in each of many runs");
  }

  @Test
  void stepOfAFlowForFields() {
    assertThat(last(Steps.fields()))
        .isEqualTo("launches: 18 a run, 13 of them one after the other, 12 in each of many runs");
  }

  @Test
  void stepsOfChains() {
    assertThat(last(Steps.chains(GaussianProcess.Form.DENSE)))
        .isEqualTo("launches: 7 a run, 7 of them one after the other, 7 in each of many runs");
    assertThat(last(Steps.chains(GaussianProcess.Form.LATTICE))).contains(" for 1024 runs at once");
  }
}
