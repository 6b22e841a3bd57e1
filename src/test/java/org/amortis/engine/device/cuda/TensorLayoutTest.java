package org.amortis.engine.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.IntBinaryOperator;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.amortis.engine.device.gpu.KernelSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The places of a tile of `kernels/tensor.c` in shared memory: each element has one of its own,
/// and the lanes that memory serves together meet no bank twice.
@Tag("pure")
class TensorLayoutTest {
  private static final int DEPTH = 16;
  private static final int BANKS = 32;

  private static int along(int line, int depth) {
    return line * DEPTH + (depth / 4 ^ (line & 2 | line / 4 & 1)) * 4 + depth % 4;
  }

  private static int across(int tile, int line, int depth) {
    return depth * tile + (line ^ depth / 2 % 4 * 8);
  }

  /// Accesses of `words` words by `lanes` lanes from `first` on, which are served at once.
  private static void apart(String what, int first, int lanes, int words, IntUnaryOperator place) {
    long banks =
        IntStream.range(first, first + lanes)
            .flatMap(l -> IntStream.range(0, words).map(w -> place.applyAsInt(l) + w))
            .map(p -> p % BANKS)
            .distinct()
            .count();
    assertThat(banks).as(what).isEqualTo((long) lanes * words);
  }

  private static void places(int tile, IntBinaryOperator place) {
    long count =
        IntStream.range(0, tile * DEPTH)
            .map(i -> place.applyAsInt(i / DEPTH, i % DEPTH))
            .filter(p -> p >= 0 && p < tile * DEPTH)
            .distinct()
            .count();
    assertThat(count).isEqualTo((long) tile * DEPTH);
  }

  @Test
  void theKernelHasTheseFormulas() {
    assertThat(KernelSource.of("tensor").text())
        .contains(
            "((line) * TENSOR_DEPTH + (((depth) / 4) ^ (((line) & 2) | ((line) / 4 & 1))) * 4 + (depth) % 4)",
            "((depth) * TILE + ((line) ^ ((depth) / 2 % 4 * 8)))", "#define PATCH_LINE 40");
  }

  @ParameterizedTest
  @ValueSource(ints = {64, 128})
  void noBankIsMetTwice(int tile) {
    int items = 2 * tile;
    places(tile, TensorLayoutTest::along);
    places(tile, (line, depth) -> across(tile, line, depth));
    for (int eight = 0; eight < tile; eight += 8) {
      int line = eight;
      for (int depth = 0; depth < DEPTH; depth += 8) {
        int d = depth;
        // Two words a lane are served a half of the warp at a time.
        for (int half = 0; half < 32; half += 16) {
          apart("pairs", half, 16, 2, l -> along(line + l / 4, d + l % 4 * 2));
        }
        for (int second = 0; second < 2; second++) {
          int s = second;
          apart("first or second", 0, 32, 1, l -> across(tile, line + l / 4, d + l % 4 * 2 + s));
        }
        for (int lane = 0; lane < 32; lane++) {
          // Eights of lines follow from the first one's place: tensor_pair.
          int at = along(line % 32 + lane / 4, lane % 4 * 2);
          assertThat(at ^ d).isEqualTo(along(line % 32 + lane / 4, d + lane % 4 * 2));
          int base = across(tile, eight / 32 * 32 + lane / 4, lane % 4 * 2);
          assertThat((base + d * tile) ^ eight / 8 % 4 * 8)
              .isEqualTo(across(tile, line + lane / 4, d + lane % 4 * 2));
        }
      }
    }
    // Copies of 16 bytes are served eight lanes at a time, of 4 bytes all at once.
    for (int i = 0; i < tile * DEPTH / 4; i += 8) {
      apart("wide, along", i, 8, 4, e -> along(e / 4, e % 4 * 4));
      apart("wide, across", i, 8, 4, e -> across(tile, e % (tile / 4) * 4, e / (tile / 4)));
    }
    for (int i = 0; i < tile * DEPTH; i += 32) {
      apart("narrow, along", i, 32, 1, e -> along(e / DEPTH, e % DEPTH));
      apart("narrow, across", i, 32, 1, e -> across(tile, e % tile, e / tile));
    }
    // Results: pairs of a part, then rows of a warp.
    for (int half = 0; half < 32; half += 16) {
      apart("results", half, 16, 2, l -> l / 4 * 40 + l % 4 * 2);
    }
    assertThat(items / 32 * 32 * 40).isLessThanOrEqualTo((tile == 128 ? 3 : 4) * 2 * tile * DEPTH);
  }
}
