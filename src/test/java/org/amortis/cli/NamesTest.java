package org.amortis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("pure")
class NamesTest {
  @Test
  void distanceCountsEdits() {
    assertThat(Names.distance("kitten", "sitting")).isEqualTo(3);
    assertThat(Names.distance("", "abc")).isEqualTo(3);
    assertThat(Names.distance("ab", "ba")).isEqualTo(1);
    assertThat(Names.distance("CPU", "cpu")).isZero();
  }

  @Test
  void nearestIsTheFirstOfTheNearestOrNothing() {
    List<String> known = List.of("rkl1", "rkl2", "nre");
    assertThat(Names.nearest("rkl3", known)).contains("rkl1");
    assertThat(Names.nearest("nrf", known)).contains("nre");
    assertThat(Names.nearest("posterior", known)).isEmpty();
  }
}
