package org.amortis.engine.device.opencl;

import static org.assertj.core.api.Assertions.assertThat;

import org.amortis.engine.device.gpu.Driver;
import org.amortis.engine.device.gpu.Grid;
import org.amortis.engine.device.gpu.Kernel;
import org.amortis.engine.shape.DType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What each word of the dialect does on a device.
@OnOpenCl
class WordsTest {
  private static Driver driver;

  @BeforeAll
  static void open() {
    driver = OpenCl.open(-1);
  }

  @AfterAll
  static void close() {
    driver.close();
  }

  private static KernelRun run(String entry, DType real) {
    return new KernelRun(driver, Kernel.of(entry, real));
  }

  @Test
  void placesInTheLaunchCountFromZeroAlongEachDimension() {
    int[] groups = {3, 2, 2};
    int[] items = {4, 2, 3};
    int all = 3 * 2 * 2 * 4 * 2 * 3;
    int[] found;
    try (KernelRun run = run("words_places", DType.FLOAT32)) {
      found = run.with(new int[18 * all]).launch(Grid.groups(3, 2, 2).of(4, 2, 3)).integers(0);
    }
    for (int row = 0; row < all; row++) {
      int left = row;
      for (int d = 0; d < 3; d++) {
        int index = left % (groups[d] * items[d]);
        left /= groups[d] * items[d];
        int[] expected = {
          index / items[d], groups[d], index % items[d], items[d], index, groups[d] * items[d]
        };
        for (int word = 0; word < 6; word++) {
          assertThat(found[18 * row + 3 * word + d])
              .as("word %d of item %d along %d", word, row, d)
              .isEqualTo(expected[word]);
        }
      }
    }
  }

  @Test
  void barriersShowWhatOtherItemsOfTheGroupWrote() {
    int[] x = new int[64 * 5];
    int[] reversed = new int[x.length];
    for (int i = 0; i < x.length; i++) {
      x[i] = 7 * i + 1;
      reversed[i] = 7 * (i - i % 64 + 63 - i % 64) + 1;
    }
    try (KernelRun run = run("words_meet", DType.FLOAT32)) {
      run.with(x).with(new int[x.length]).with(new int[x.length]);
      run.launch(Grid.groups(5, 1, 1).of(64, 1, 1));
      assertThat(run.integers(1)).isEqualTo(reversed);
      assertThat(run.integers(2)).isEqualTo(x);
    }
    try (KernelRun run = run("words_resident", DType.FLOAT32)) {
      run.with(java.util.Arrays.copyOf(x, 64)).with(new int[64]);
      run.launch(Grid.groups(1, 1, 1).of(64, 1, 1));
      assertThat(run.integers(1)[63]).isEqualTo(-x[63]);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"FLOAT32", "FLOAT64"})
  void arithmeticIsCorrectlyRounded(DType real) {
    boolean single = real == DType.FLOAT32;
    double step = single ? 0x1p-23 : 0x1p-52;
    double[] a = {
      0.5, -0.5, 1.5, 2.5, -2.5, 1e-30, -0.0, 3, 7, 0.1, -1e9, 1 + step, 0x1p-126, 1e30
    };
    double[] x = new double[3 * a.length];
    for (int i = 0; i < a.length; i++) {
      a[i] = single ? (float) a[i] : a[i];
      x[3 * i] = a[i];
      x[3 * i + 1] = 1 - step;
      x[3 * i + 2] = -a[i];
    }
    double[] y;
    try (KernelRun run = run("words_numbers", real)) {
      run.with(x).with(new double[5 * a.length]).scalar(a.length).launch(Grid.items(a.length));
      y = run.reals(1);
    }
    for (int i = 0; i < a.length; i++) {
      double v = a[i];
      double b = 1 - step;
      double fma = single ? Math.fma((float) v, (float) b, (float) -v) : Math.fma(v, b, -v);
      double root = Math.sqrt(Math.abs(v));
      double[] expected = {
        fma, single ? (float) root : root, Math.abs(v), Math.floor(v), Math.rint(v)
      };
      for (int k = 0; k < 5; k++) {
        assertThat(Double.valueOf(y[5 * i + k]))
            .as("column %d of %s", k, v)
            .isEqualTo(Double.valueOf(expected[k]));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"FLOAT32", "FLOAT64"})
  void bitsGoThroughUnchanged(DType real) {
    int[] x = {0, 1, 0x3F800000, 0xBF800001, 0x12345678, 0x7F000000, 0x80000000, 0x00400000};
    int[] y;
    try (KernelRun run = run("words_bits", real)) {
      run.with(x).with(new int[6 * x.length]).scalar(x.length).launch(Grid.items(x.length));
      y = run.integers(1);
    }
    for (int i = 0; i < x.length; i++) {
      long u = Integer.toUnsignedLong(x[i]);
      assertThat(y[6 * i]).isEqualTo((int) ((u * u) >>> 32));
      float f = Float.intBitsToFloat(x[i]);
      assertThat(y[6 * i + 1]).isEqualTo(Float.floatToRawIntBits(f + f));
      long[] wide = {0, 0};
      if (real == DType.FLOAT64) {
        double d = Double.longBitsToDouble(u << 32 | u);
        wide[0] = Double.doubleToRawLongBits(d + d);
        wide[1] = Double.doubleToRawLongBits(x[i]);
      }
      for (int k = 0; k < 2; k++) {
        assertThat(y[6 * i + 2 + 2 * k]).isEqualTo((int) wide[k]);
        assertThat(y[6 * i + 3 + 2 * k]).isEqualTo((int) (wide[k] >>> 32));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"FLOAT32", "FLOAT64"})
  void lanesAreAPowerOfTwo(DType real) {
    try (KernelRun run = run("words_lanes", real)) {
      run.with(new int[3]).scalar(3).launch(Grid.items(3));
      int lanes = run.integers(0)[2];
      assertThat(lanes).isBetween(2, 32);
      assertThat(Integer.bitCount(lanes)).isOne();
    }
  }

  @Test
  void memoryIsCalledAlignedOnlyWhereItIs() {
    try (KernelRun run = run("words_aligned", DType.FLOAT32)) {
      run.with(new int[] {5, -7, 11, 13, 17}).with(new int[6]).launch(Grid.items(4));
      assertThat(run.integers(1)).startsWith(5, -7, 11, 13).endsWith(0);
      assertThat(run.integers(1)[4]).isBetween(0, 1);
    }
  }
}
