package org.amortis.studies;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StudyPartTest {
  private enum Parts implements StudyPart {
    FIRST,
    SECOND;

    @Override
    public int number() {
      return ordinal() + 1;
    }
  }

  /// Seeds enter every file of every run: they must stay what they are.
  @Test
  void seedsStay() {
    assertThat(Parts.FIRST.of(1)).isEqualTo(-1965031076028369767L);
    assertThat(Parts.SECOND.of(1)).isEqualTo(392536317241979068L);
    assertThat(Parts.FIRST.of(1, 1)).isEqualTo(Parts.FIRST.of(1));
    assertThat(Parts.FIRST.of(1, 2)).isEqualTo(Parts.FIRST.of(Parts.FIRST.of(1) + 2));
    assertThat(StudyPart.json(Parts.values(), 1).compact())
        .isEqualTo("{\"first\":-1965031076028369767,\"second\":392536317241979068}");
  }
}
