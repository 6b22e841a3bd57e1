package org.amortis.engine.device.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.amortis.engine.op.MatMul;
import org.amortis.engine.shape.DType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("pure")
class MatMulPlanTest {
  private static final List<DType> REALS = List.of(DType.FLOAT32, DType.FLOAT64);

  private static MatMulPlan plan(DType real, int batch, int m, int n, int k) {
    return MatMulPlan.of(real, new MatMul.Extents(batch, m, n, k));
  }

  @ParameterizedTest
  @CsvSource({
    "1, 4096, 4096, 4096, LARGE",
    "1, 1152, 1152, 1024, MEDIUM",
    "64, 256, 256, 256, LARGE",
    "1, 256, 256, 256, SMALL",
    "1, 100000, 1, 64, TALL",
    "1, 100000, 16, 64, TALL",
    "1, 2, 100000, 64, WIDE",
    "10000, 4, 4, 4, ELEMENTS",
    "10000, 8, 8, 1000, ELEMENTS",
    "1, 1, 1, 1, ELEMENTS"
  })
  void tilesFollowTheShape(int batch, int m, int n, int k, MatMulTile tile) {
    assertThat(plan(DType.FLOAT32, batch, m, n, k).tile()).isEqualTo(tile);
  }

  @Test
  void fewResultsWithLongSumsAreDivided() {
    for (DType real : REALS) {
      assertThat(plan(real, 1, 300, 1, 5000).parts()).isGreaterThan(8);
      assertThat(plan(real, 1, 64, 64, 10_000).parts()).isGreaterThan(16);
      assertThat(plan(real, 1, 1, 1, 100_000).parts()).isGreaterThan(16);
      assertThat(plan(real, 1, 64, 64, 128).parts()).isEqualTo(1);
      assertThat(plan(real, 1, 2048, 2048, 10_000).parts()).isEqualTo(1);
    }
  }

  @Test
  void partsCoverEverySumOnce() {
    for (DType real : REALS) {
      for (int k : new int[] {0, 1, 7, 255, 256, 257, 1000, 4999, 5000, 100_003}) {
        for (int m : new int[] {1, 5, 17, 64, 300, 1021}) {
          for (int n : new int[] {1, 16, 33, 207}) {
            MatMulPlan p = plan(real, 2, m, n, k);
            String what = real + " " + m + " " + n + " " + k + ": " + p;
            assertThat((long) p.parts() * p.depth()).as(what).isGreaterThanOrEqualTo(k);
            assertThat((p.parts() - 1L) * p.depth()).as(what).isLessThan(Math.max(k, 1));
            if (p.parts() > 1) {
              assertThat(p.depth() % p.tile().k(real)).as(what).isZero();
            }
          }
        }
      }
    }
  }

  /// What `kernels/matmul.c` supposes of its tile sizes.
  @ParameterizedTest
  @EnumSource(names = "ELEMENTS", mode = EnumSource.Mode.EXCLUDE)
  void tilesFitTheKernel(MatMulTile t) {
    for (DType real : REALS) {
      int items = t.items(real);
      int strip = 16 / real.bytes();
      int columns = t.n(real) / t.threadN(real);
      int patch = Math.min(columns, 8);
      assertThat(items).isBetween(32, 256);
      assertThat(List.of(items % t.m(real), items % t.n(real), items % t.k(real)))
          .as("items bring in whole lines of a tile")
          .containsOnly(0);
      assertThat(List.of(t.threadM(real) % strip, t.threadN(real) % strip))
          .as("items have whole strips")
          .containsOnly(0);
      assertThat(List.of(columns % patch, t.m(real) / t.threadM(real) % (32 / patch)))
          .as("items form whole patches")
          .containsOnly(0);
      int local = 2 * t.k(real) * (t.m(real) + t.n(real) + 2 * strip) * real.bytes();
      assertThat(local).isLessThanOrEqualTo(32 << 10);
    }
  }
}
