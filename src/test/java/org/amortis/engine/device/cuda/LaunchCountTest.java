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
        .isEqualTo("launches: 20 a run, 13 of them one after the other");
  }

  @Test
  void stepOfAFlowForTwoMoons() {
    assertThat(line(Steps.moons()))
        .isEqualTo("launches: 240 a run, 137 of them one after the other");
  }

  @Test
  void stepOfAFlowForFields() {
    assertThat(line(Steps.fields()))
        .isEqualTo("launches: 69 a run, 36 of them one after the other");
  }
}
