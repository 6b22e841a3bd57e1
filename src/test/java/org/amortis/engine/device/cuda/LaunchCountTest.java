package org.amortis.engine.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// How many launches the timed steps of training have, and how many of them must wait for one
/// another: the numbers of decision 044.
@Tag("pure")
class LaunchCountTest {
  private static String line(List<String> explained) {
    return explained.stream().filter(l -> l.startsWith("launches: ")).findFirst().orElseThrow();
  }

  @Test
  void stepOfTheNetworkForFields() {
    assertThat(line(Steps.network()))
        .isEqualTo("launches: 37 a run, 17 of them one after the other");
  }

  @Test
  void stepOfAFlowForTwoMoons() {
    assertThat(line(Steps.moons()))
        .isEqualTo("launches: 453 a run, 211 of them one after the other");
  }

  @Test
  void stepOfAFlowForFields() {
    assertThat(line(Steps.fields()))
        .isEqualTo("launches: 137 a run, 42 of them one after the other");
  }
}
