package org.amortis.engine.device.opencl;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.amortis.engine.device.gpu.Driver;
import org.amortis.engine.device.gpu.Grid;
import org.amortis.engine.device.gpu.Kernel;
import org.amortis.engine.shape.DType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The two ways to the adjoint of a pooled convolution's weights add the same parts in the same
/// order.
@OnOpenCl
class ConvPoolPartsTest {
  private static final int IMAGES = 3;
  private static final int SIDE = 6;
  private static final int FILTER = 3;

  private static Driver driver;

  @BeforeAll
  static void open() {
    driver = OpenCl.open(-1);
  }

  @AfterAll
  static void close() {
    driver.close();
  }

  private static KernelRun run(String entry, DType real, int channels) {
    Kernel k =
        Kernel.of(entry, real)
            .define("DIVIDES", Integer.lowestOneBit(channels))
            .define("FILTER_SIZE", FILTER);
    return new KernelRun(driver, k);
  }

  private static double[] normal(SplittableRandom random, int n) {
    return random.doubles(n, -1, 1).map(v -> (float) v).toArray();
  }

  @ParameterizedTest
  @CsvSource({
    "FLOAT32, 4, 5, 1, 1",
    "FLOAT32, 4, 5, 3, 4",
    "FLOAT32, 1, 40, 8, 8",
    "FLOAT32, 6, 7, 5, 8",
    "FLOAT64, 2, 9, 9, 16",
    "FLOAT64, 32, 3, 2, 2",
    "FLOAT32, 4, 6, 0, 1"
  })
  void partsSideBySideGiveTheBytesOfPartsApart(
      DType real, int channels, int filters, int parts, int lanes) {
    SplittableRandom random = new SplittableRandom(parts * 31L + channels);
    int images = parts == 0 ? 0 : IMAGES;
    int lines = images * SIDE / 2;
    int share = parts == 0 ? 0 : (lines + parts - 1) / parts;
    double[] wide = normal(random, IMAGES * (SIDE + 2) * (SIDE + 2) * channels);
    double[] dy = normal(random, IMAGES * SIDE / 2 * SIDE / 2 * filters);
    double[] code = Arrays.stream(dy).map(v -> Math.floor(Math.abs(v) * 5)).toArray();
    int weights = FILTER * FILTER * channels * filters;
    double[] none = new double[weights];
    double[] part;
    int apart = weights + (filters + 3) / 4 * 4;
    try (KernelRun r = run("convpool_weight_parts", real, channels)) {
      r.with(wide).with(dy).with(code).with(new double[Math.max(1, parts * apart)]);
      Object[] scalars = {images, SIDE, SIDE, channels, filters, share, parts};
      Arrays.stream(scalars).forEach(r::scalar);
      part = r.launch(Grid.items(1000)).reals(3);
    }
    double[] dw;
    double[] db;
    try (KernelRun r = run("convpool_add_parts", real, channels)) {
      r.with(part).with(none).with(new double[filters]);
      Object[] scalars = {parts, FILTER * FILTER, channels, filters};
      Arrays.stream(scalars).forEach(r::scalar);
      r.launch(Grid.items(100));
      dw = r.reals(1);
      db = r.reals(2);
    }
    for (int groups : new int[] {1, 7}) {
      try (KernelRun r = run("convpool_weight_gradient", real, channels)) {
        r.with(wide).with(dy).with(code).with(none).with(new double[filters]);
        Object[] scalars = {images, SIDE, SIDE, channels, filters, share, parts, lanes};
        Arrays.stream(scalars).forEach(r::scalar);
        r.launch(Grid.groups(groups, 1, 1).of(256, 1, 1));
        assertThat(r.reals(3)).isEqualTo(dw);
        assertThat(r.reals(4)).isEqualTo(db);
      }
    }
    if (parts > 0) {
      assertThat(Arrays.stream(dw).map(Math::abs).min().orElse(0)).isPositive();
      assertThat(db).doesNotContain(0);
    }
  }
}
