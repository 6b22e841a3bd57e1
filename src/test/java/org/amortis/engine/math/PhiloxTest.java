package org.amortis.engine.math;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Philox against the known-answer vectors of Random123 (kat_vectors, philox4x32 with 10 rounds).
class PhiloxTest {
  @Test
  void knownAnswers() {
    assertThat(Philox.block(0, 0, 0, 0, 0, 0))
        .containsExactly(0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8);
    assertThat(Philox.block(-1, -1, -1, -1, -1, -1))
        .containsExactly(0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd);
    assertThat(Philox.block(0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0))
        .containsExactly(0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1);
  }

  @Test
  void pairIsTheFirstTwoWords() {
    for (int i = 0; i < 100; i++) {
      int[] block = Philox.block(i, 7 * i, -i, 1 << i, 31 * i, ~i);
      long pair = Philox.pair(i, 7 * i, -i, 1 << i, 31 * i, ~i);
      assertThat((int) pair).isEqualTo(block[0]);
      assertThat((int) (pair >>> 32)).isEqualTo(block[1]);
    }
  }

  @Test
  void everyOutputBitDependsOnEveryInputBit() {
    // Flipping one input bit flips each output bit with probability 1/2: over 192 x 64 flips of
    // each output bit the
    // count is binomial with sd 55; six of them bound all 128 counts with error rate below 3e-7.
    int[] counts = new int[128];
    int trials = 64;
    for (int t = 0; t < trials; t++) {
      for (int bit = 0; bit < 192; bit++) {
        int[] in = Philox.block(t, 1, 2, 3, 4, 5);
        int[] words = {in[0], in[1], in[2], in[3], t, ~t};
        int[] before = Philox.block(words[0], words[1], words[2], words[3], words[4], words[5]);
        words[bit / 32] ^= 1 << bit;
        int[] after = Philox.block(words[0], words[1], words[2], words[3], words[4], words[5]);
        for (int out = 0; out < 128; out++) {
          counts[out] += (before[out / 32] ^ after[out / 32]) >>> out & 1;
        }
      }
    }
    double mean = 0.5 * trials * 192;
    for (int count : counts) {
      assertThat((double) count).isBetween(mean - 6 * 55.5, mean + 6 * 55.5);
    }
  }
}
