package org.amortis.engine.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StreamsTest {
  private static final RandomKey KEY = new RandomKey(0x0123456789abcdefL, 5);
  private static final int N = 200_000;

  @Test
  void layoutOfCounterAndKey() {
    long item = 0x1122334455667788L;
    assertThat(Streams.words(KEY, 9, item))
        .containsExactly(Philox.block(0x55667788, 0x11223344, 9, 5, 0x89abcdef, 0x01234567));
    assertThat(Streams.bits32(KEY, 9, item)).isEqualTo(Streams.words(KEY, 9, item)[0]);
    assertThat(Streams.bits64(KEY, 9, item) >>> 32)
        .isEqualTo(Integer.toUnsignedLong(Streams.words(KEY, 9, item)[1]));
  }

  @Test
  void uniformsAreOddMultiplesInTheOpenInterval() {
    for (int i = 0; i < N; i++) {
      float f = Streams.uniform32(KEY, 0, i);
      double d = Streams.uniform64(KEY, 0, i);
      assertThat((long) (f * 0x1p24) & 1).isEqualTo(1);
      assertThat((long) (d * 0x1p53) & 1).isEqualTo(1);
      assertThat(f).isBetween(0x1p-24f, 1 - 0x1p-24f);
      assertThat(d).isBetween(0x1p-53, 1 - 0x1p-53);
    }
  }

  @Test
  void uniformsFillTheInterval() {
    // Chi-square over 64 cells, 63 degrees of freedom: 124 is exceeded with probability 1e-5.
    int[] cells = new int[64];
    int[] cells32 = new int[64];
    for (int i = 0; i < N; i++) {
      cells[(int) (Streams.uniform64(KEY, 1, i) * 64)]++;
      cells32[(int) (Streams.uniform32(KEY, 2, i) * 64)]++;
    }
    assertThat(chiSquare(cells)).isLessThan(124);
    assertThat(chiSquare(cells32)).isLessThan(124);
    // A planted fault: one cell in 64 holding a tenth too many is found.
    cells[3] += cells[3] / 5;
    assertThat(chiSquare(cells)).isGreaterThan(124);
  }

  private static double chiSquare(int[] cells) {
    double expected = Arrays.stream(cells).sum() / (double) cells.length;
    return Arrays.stream(cells).mapToDouble(c -> (c - expected) * (c - expected) / expected).sum();
  }

  @Test
  void normalsHaveNormalMoments() {
    // Five standard errors each: error rate 6e-7 a moment.
    double[] sums = new double[4];
    double[] sums32 = new double[4];
    for (int i = 0; i < N; i++) {
      double z = Streams.normal64(KEY, 3, i);
      double z32 = Streams.normal32(KEY, 3, N + i);
      for (int k = 0; k < 4; k++) {
        sums[k] += Math.pow(z, k + 1);
        sums32[k] += Math.pow(z32, k + 1);
      }
    }
    double[] moments = {0, 1, 0, 3};
    double[] variances = {1, 2, 15, 96};
    for (int k = 0; k < 4; k++) {
      double bound = 5 * Math.sqrt(variances[k] / N);
      assertThat(sums[k] / N - moments[k]).isBetween(-bound, bound);
      assertThat(sums32[k] / N - moments[k]).isBetween(-bound, bound);
    }
  }

  @Test
  void stepsStreamsAndSeedsDoNotMeet() {
    Set<Long> seen = new HashSet<>();
    for (int i = 0; i < 1000; i++) {
      assertThat(seen.add(Streams.bits64(KEY, 0, i))).isTrue();
      assertThat(seen.add(Streams.bits64(KEY, 1, i))).isTrue();
      assertThat(seen.add(Streams.bits64(KEY.stream(6), 0, i))).isTrue();
      assertThat(seen.add(Streams.bits64(new RandomKey(KEY.seed() + 1, 5), 0, i))).isTrue();
    }
  }

  @Test
  void fillsDoNotDependOnTheSplit() {
    double[] whole = new double[1021];
    double[] parts = new double[1021];
    Streams.normalInto(KEY, 4, 100, 1121, whole, 0);
    Streams.normalInto(KEY, 4, 100, 307, parts, 0);
    Streams.normalInto(KEY, 4, 307, 1121, parts, 207);
    assertThat(parts).containsExactly(whole);
    float[] uniforms = new float[1023];
    Streams.uniformInto(KEY, 4, 0, 1021, uniforms, 1);
    assertThat(uniforms[0]).isZero();
    assertThat(uniforms[1022]).isZero();
    for (int i = 0; i < 1021; i++) {
      assertThat(uniforms[i + 1]).isEqualTo(Streams.uniform32(KEY, 4, i));
    }
  }

  /// Filling goes by blocks of items; each has the bits of the item alone.
  @Test
  void fillsHaveTheBitsOfSingleItems() {
    long[] starts = {0, 5, (1L << 32) - 300, (1L << 40) + 7, -600};
    for (RandomKey key : new RandomKey[] {KEY, new RandomKey(-1, -1), new RandomKey(1L << 63, 3)}) {
      for (int step : new int[] {0, 9, -1}) {
        for (long from : starts) {
          double[] uniforms = new double[1001];
          double[] normals = new double[1001];
          Streams.uniformInto(key, step, from, from + 1000, uniforms, 1);
          Streams.normalInto(key, step, from, from + 1000, normals, 1);
          for (int i = 0; i < 1000; i++) {
            assertThat(uniforms[1 + i]).isEqualTo(Streams.uniform64(key, step, from + i));
            assertThat(normals[1 + i]).isEqualTo(Streams.normal64(key, step, from + i));
          }
          assertThat(uniforms[0] + normals[0]).isZero();
        }
      }
    }
  }

  @Test
  void boundedIsUniform() {
    // Chi-square with 6 degrees of freedom: 33 is exceeded with probability 1e-5.
    int[] cells = new int[7];
    for (int i = 0; i < N; i++) {
      cells[Streams.bounded(KEY, 5, i, 7)]++;
    }
    assertThat(chiSquare(cells)).isLessThan(33);
    // A bound of 3 2^29 rejects a quarter of all words: without rejection thirds would be uneven.
    int[] thirds = new int[3];
    for (int i = 0; i < N; i++) {
      thirds[Streams.bounded(KEY, 6, i, 3 << 29) >>> 29]++;
    }
    assertThat(chiSquare(thirds)).isLessThan(23);
    assertThat(Streams.bounded(KEY, 0, 0, 1)).isZero();
    assertThatThrownBy(() -> Streams.bounded(KEY, 0, 0, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void permutationsAreBijectionsAndEquallyLikely() {
    int[] order = Streams.permutation(KEY, 7, 1021);
    assertThat(order).isEqualTo(Streams.permutation(KEY, 7, 1021));
    assertThat(order).isNotEqualTo(Streams.permutation(KEY, 8, 1021));
    int[] sorted = order.clone();
    Arrays.sort(sorted);
    for (int i = 0; i < sorted.length; i++) {
      assertThat(sorted[i]).isEqualTo(i);
    }
    // The 24 orders of four, 23 degrees of freedom: 64 is exceeded with probability 1e-5.
    int[] cells = new int[24];
    for (int step = 0; step < 48_000; step++) {
      int[] p = Streams.permutation(KEY, step, 4);
      int rank = 0;
      for (int i = 0; i < 4; i++) {
        int smaller = 0;
        for (int j = i + 1; j < 4; j++) {
          smaller += p[j] < p[i] ? 1 : 0;
        }
        rank = rank * (4 - i) + smaller;
      }
      cells[rank]++;
    }
    assertThat(chiSquare(cells)).isLessThan(64);
    assertThat(Streams.permutation(KEY, 0, 0)).isEmpty();
  }
}
