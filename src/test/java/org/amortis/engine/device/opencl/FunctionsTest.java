package org.amortis.engine.device.opencl;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import org.amortis.engine.device.cpu.scalar.Polynomials32;
import org.amortis.engine.device.cpu.scalar.Polynomials64;
import org.amortis.engine.device.gpu.Driver;
import org.amortis.engine.device.gpu.Grid;
import org.amortis.engine.device.gpu.Kernel;
import org.amortis.engine.math.Philox;
import org.amortis.engine.math.RandomKey;
import org.amortis.engine.math.Special;
import org.amortis.engine.math.Streams;
import org.amortis.engine.shape.DType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The functions of the common headers on a device: the bits of the CPU kernels, near the oracle.
@OnOpenCl
class FunctionsTest {
  private static final int COLUMNS = 11;
  private static Driver driver;

  /// A function: its kernel on the CPU in either type, its meaning, and the error it may have.
  private record Function(
      String name,
      DoubleUnaryOperator narrow,
      DoubleUnaryOperator wide,
      DoubleUnaryOperator meaning,
      double maxUlp) {}

  private static final List<Function> FUNCTIONS =
      List.of(
          new Function(
              "exp", x -> Polynomials32.exp((float) x), Polynomials64::exp, Special::exp, 2),
          new Function(
              "expm1",
              x -> Polynomials32.expm1((float) x),
              Polynomials64::expm1,
              Special::expm1,
              3.5),
          new Function(
              "log", x -> Polynomials32.log((float) x), Polynomials64::log, Special::log, 2),
          new Function(
              "log1p",
              x -> Polynomials32.log1p((float) x),
              Polynomials64::log1p,
              Special::log1p,
              3),
          new Function(
              "tanh", x -> Polynomials32.tanh((float) x), Polynomials64::tanh, Special::tanh, 4),
          new Function(
              "sigmoid",
              x -> Polynomials32.sigmoid((float) x),
              Polynomials64::sigmoid,
              Special::sigmoid,
              4),
          new Function(
              "softplus",
              x -> Polynomials32.softplus((float) x),
              Polynomials64::softplus,
              Special::softplus,
              4),
          new Function(
              "erf", x -> Polynomials32.erf((float) x), Polynomials64::erf, Special::erf, 4),
          new Function(
              "normal_cdf",
              x -> Polynomials32.normalCdf((float) x),
              Polynomials64::normalCdf,
              Special::normalCdf,
              8),
          new Function(
              "normal_quantile",
              x -> Polynomials32.normalQuantile((float) x),
              Polynomials64::normalQuantile,
              Special::normalQuantile,
              8),
          new Function(
              "nan or infinity",
              x -> x == x ? Double.POSITIVE_INFINITY : Double.NaN,
              x -> x == x ? Double.POSITIVE_INFINITY : Double.NaN,
              x -> x == x ? Double.POSITIVE_INFINITY : Double.NaN,
              1));

  @BeforeAll
  static void open() {
    driver = OpenCl.open(-1);
  }

  @AfterAll
  static void close() {
    driver.close();
  }

  /// Numbers of every exponent, of the ranges where functions change, and those that are special.
  private static double[] points(boolean single) {
    double[] special = {
      0.0,
      -0.0,
      1,
      -1,
      0.5,
      -0.5,
      2,
      -2,
      16,
      -16,
      60,
      -60,
      88.72,
      88.73,
      -87.4,
      -103.9,
      -104.1,
      700,
      709.7,
      709.8,
      -745.1,
      -745.2,
      0x1p-126,
      -0x1p-126,
      0x1p-149,
      -0x1p-149,
      0x1p-1074,
      0x1p-1022,
      0x1p127,
      -0x1p127,
      Double.MAX_VALUE,
      Double.NaN,
      Double.POSITIVE_INFINITY,
      Double.NEGATIVE_INFINITY
    };
    SplittableRandom random = new SplittableRandom(20);
    double[] x = new double[20_000];
    for (int i = 0; i < x.length; i++) {
      x[i] =
          switch (i % 4) {
            case 0 ->
                single
                    ? Float.intBitsToFloat(random.nextInt())
                    : Double.longBitsToDouble(random.nextLong());
            case 1 -> random.nextDouble();
            case 2 -> random.nextGaussian();
            default -> random.nextDouble(-1, 1) * (single ? 120 : 800);
          };
    }
    System.arraycopy(special, 0, x, 0, special.length);
    for (int i = 0; i < x.length && single; i++) {
      x[i] = (float) x[i];
    }
    return x;
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"FLOAT32", "FLOAT64"})
  void functionsReturnTheBitsOfTheCpuNearTheOracle(DType real) {
    boolean single = real == DType.FLOAT32;
    double[] x = points(single);
    double[] y;
    try (KernelRun run = new KernelRun(driver, Kernel.of("functions_of_one", real))) {
      run.with(x).with(new double[COLUMNS * x.length]).scalar(x.length);
      y = run.launch(Grid.items(x.length)).reals(1);
    }
    for (int k = 0; k < COLUMNS; k++) {
      Function f = FUNCTIONS.get(k);
      for (int i = 0; i < x.length; i++) {
        String what = f.name + "(" + x[i] + ")";
        Double found = y[COLUMNS * i + k];
        assertThat(found)
            .as(what)
            .isEqualTo(Double.valueOf((single ? f.narrow : f.wide).applyAsDouble(x[i])));
        double exact = f.meaning.applyAsDouble(x[i]);
        double rounded = single ? (float) exact : exact;
        if (found != rounded && !Double.isNaN(exact)) {
          double ulp = single ? Math.ulp((float) exact) : Math.ulp(exact);
          assertThat(Math.abs(found - exact) / ulp).as(what).isLessThanOrEqualTo(f.maxUlp);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"FLOAT32", "FLOAT64"})
  void largerAndSmallerAreNaNWhereEitherIs(DType real) {
    double nan = Double.NaN;
    double[] a = {1, 2, nan, 1, nan, -0.0, 0.0, Double.POSITIVE_INFINITY, -3};
    double[] b = {2, 1, 1, nan, nan, 0.0, -0.0, Double.NEGATIVE_INFINITY, -0.0};
    double[] larger = {2, 2, nan, nan, nan, -0.0, 0.0, Double.POSITIVE_INFINITY, -0.0};
    double[] smaller = {1, 1, nan, nan, nan, -0.0, 0.0, Double.NEGATIVE_INFINITY, -3};
    double[] y;
    try (KernelRun run = new KernelRun(driver, Kernel.of("functions_of_two", real))) {
      run.with(a).with(b).with(new double[3 * a.length]).scalar(a.length);
      y = run.launch(Grid.items(a.length)).reals(2);
    }
    for (int i = 0; i < a.length; i++) {
      assertThat(Double.valueOf(y[3 * i])).as("larger " + i).isEqualTo(Double.valueOf(larger[i]));
      assertThat(Double.valueOf(y[3 * i + 1]))
          .as("smaller " + i)
          .isEqualTo(Double.valueOf(smaller[i]));
      if (!Double.isNaN(b[i])) {
        assertThat(Double.valueOf(y[3 * i + 2]))
            .isEqualTo(Double.valueOf(Math.copySign(a[i], b[i])));
      }
    }
  }

  @Test
  void philoxGivesTheWordsOfTheHost() {
    SplittableRandom random = new SplittableRandom(4);
    int n = 999;
    int[] x = new int[6 * n];
    // The counters and keys of the published known answers, then any.
    java.util.Arrays.fill(x, 6, 12, -1);
    for (int i = 12; i < x.length; i++) {
      x[i] = random.nextInt();
    }
    int[] y;
    try (KernelRun run = new KernelRun(driver, Kernel.of("functions_philox", DType.FLOAT32))) {
      y = run.with(x).with(new int[4 * n]).scalar(n).launch(Grid.items(n)).integers(1);
    }
    assertThat(y).startsWith(0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8, 0x408F276D);
    for (int i = 0; i < n; i++) {
      int[] words =
          Philox.block(
              x[6 * i], x[6 * i + 1], x[6 * i + 2], x[6 * i + 3], x[6 * i + 4], x[6 * i + 5]);
      for (int k = 0; k < 4; k++) {
        assertThat(y[4 * i + k]).as("word %d of %d", k, i).isEqualTo(words[k]);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"FLOAT32", "FLOAT64"})
  void drawsAreThoseOfTheHost(DType real) {
    int n = 200_000;
    long seed = 0xFEDCBA9876543210L;
    int step = -3;
    int stream = 17;
    RandomKey key = new RandomKey(seed, stream);
    double[] uniform = draws("random_uniform", real, seed, step, stream, n);
    double[] normal = draws("random_normal", real, seed, step, stream, n);
    double worst = 0;
    for (int i = 0; i < n; i++) {
      if (real == DType.FLOAT32) {
        assertThat(uniform[i]).isEqualTo(Streams.uniform32(key, step, i));
        double u = ((Streams.bits32(key, step, i) & 0xFFFFFFFFL) * 2 + 1) * 0x1p-33;
        double exact = Special.normalQuantile(u);
        worst = Math.max(worst, Math.abs(normal[i] - exact) / Math.ulp((float) exact));
      } else {
        assertThat(uniform[i]).isEqualTo(Streams.uniform64(key, step, i));
        assertThat(normal[i]).isEqualTo(Streams.normal64(key, step, i));
      }
    }
    assertThat(worst).isLessThan(2.5);
  }

  private static double[] draws(String entry, DType real, long seed, int step, int stream, int n) {
    try (KernelRun run = new KernelRun(driver, Kernel.of(entry, real))) {
      run.with((int) seed, (int) (seed >>> 32), step).with(new double[n]).scalar(stream).scalar(n);
      return run.launch(Grid.items(n)).reals(1);
    }
  }
}
