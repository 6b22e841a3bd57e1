package org.amortis.engine.device.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.amortis.engine.math.Spline;
import org.amortis.engine.math.SplineGolden;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("op")
class SplineKernelsTest {
  private static final int[] BINS = {1, 2, 4, 8, 10, 16, 32};

  static Stream<SplineRun> all() {
    return SplineRun.all().stream();
  }

  @ParameterizedTest
  @MethodSource("all")
  void agreesWithNflows(SplineRun run) throws IOException {
    for (SplineGolden golden : SplineGolden.load()) {
      double[] in = {golden.input()};
      double[][] value =
          run.map(golden.spline(), golden.inverse(), 0, 1, in, golden.raw(), golden.raw().length);
      double tolerance = 400 * run.epsilon();
      assertThat(value[0][0]).as("%s", golden).isCloseTo(golden.output(), within(tolerance));
      // Where the slope changes fast, the rounding of the place in the bin shows in ladj.
      double bent = 4 * tolerance * (1 + Math.abs(golden.dInput()));
      assertThat(value[1][0]).as("%s", golden).isCloseTo(golden.ladj(), within(bent));
      double[][] gradient =
          run.backward(
              golden.spline(),
              golden.inverse(),
              0,
              1,
              in,
              golden.raw(),
              golden.raw().length,
              new double[] {golden.dOutput()},
              new double[] {golden.dLadj()});
      double scale =
          Math.max(1, Arrays.stream(golden.dRaw()).map(Math::abs).max().orElse(0))
              + Math.abs(golden.dInput());
      double close = 4000 * run.epsilon() * scale;
      assertThat(gradient[0][0]).as("%s", golden).isCloseTo(golden.dInput(), within(close));
      for (int j = 0; j < golden.dRaw().length; j++) {
        assertThat(gradient[1][j])
            .as("parameter %d of %s", j, golden)
            .isCloseTo(golden.dRaw()[j], within(close));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void agreesWithTheOracle(SplineRun run) {
    for (int bins : BINS) {
      Batch batch = Batch.of(run, bins, 207, 3);
      Spline spline = batch.spline;
      double[] draw = new double[spline.parameters()];
      for (boolean inverse : new boolean[] {false, true}) {
        double[][] value = run.map(spline, inverse, 0, 207, batch.in, batch.raw, batch.stride);
        double[][] gradient =
            run.backward(
                spline, inverse, 0, 207, batch.in, batch.raw, batch.stride, batch.a, batch.b);
        for (int e = 0; e < 207; e++) {
          double v = batch.in[e];
          int at = e * batch.stride;
          Spline.Value want =
              inverse ? spline.inverse(v, batch.raw, at) : spline.forward(v, batch.raw, at);
          double dWant =
              inverse
                  ? spline.inverseBackward(v, batch.raw, at, batch.a[e], batch.b[e], draw, 0)
                  : spline.forwardBackward(v, batch.raw, at, batch.a[e], batch.b[e], draw, 0);
          // A rounded input moves the result by the slope, and more where the spline bends sharply.
          double steep = Math.exp(Math.abs(want.ladj())) * bins;
          double close = 100 * run.epsilon() * steep;
          assertThat(value[0][e]).as("bins %d, %d", bins, e).isCloseTo(want.value(), within(close));
          assertThat(value[1][e]).isCloseTo(want.ladj(), within(10 * close));
          double scale = Arrays.stream(draw).map(Math::abs).max().orElse(0) + Math.abs(dWant) + 1;
          double far = 400 * run.epsilon() * steep * scale;
          assertThat(gradient[0][e]).isCloseTo(dWant, within(far));
          for (int j = 0; j < draw.length; j++) {
            if (!(Math.abs(gradient[1][at + j] - draw[j]) <= far)) {
              assertThat(gradient[1][at + j])
                  .as("bins %d, inverse %s, element %d, parameter %d", bins, inverse, e, j)
                  .isCloseTo(draw[j], within(far));
            }
          }
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void inverseUndoesForward(SplineRun run) {
    for (int bins : BINS) {
      Batch batch = Batch.of(run, bins, 1021, 0);
      double[][] y = run.map(batch.spline, false, 0, 1021, batch.in, batch.raw, batch.stride);
      double[][] x = run.map(batch.spline, true, 0, 1021, y[0], batch.raw, batch.stride);
      for (int e = 0; e < 1021; e++) {
        double steep = Math.max(1, Math.exp(-y[1][e]));
        double close = (run.epsilon() > 1e-10 ? 1e-5 : 1e-13) * steep;
        assertThat(x[0][e]).isCloseTo(batch.in[e], within(close));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void bytesDoNotDependOnTheSplit(SplineRun run) {
    for (int bins : new int[] {1, 2, 10}) {
      int n = 207;
      Batch batch = Batch.of(run, bins, n, 2);
      for (boolean inverse : new boolean[] {false, true}) {
        double[][] whole = run.map(batch.spline, inverse, 0, n, batch.in, batch.raw, batch.stride);
        double[][] grads =
            run.backward(
                batch.spline, inverse, 0, n, batch.in, batch.raw, batch.stride, batch.a, batch.b);
        for (int[] range : new int[][] {{0, 1}, {5, 6}, {3, 20}, {17, 207}, {64, 129}}) {
          int from = range[0];
          int to = range[1];
          double[][] part =
              run.map(batch.spline, inverse, from, to, batch.in, batch.raw, batch.stride);
          double[][] partGrads =
              run.backward(
                  batch.spline,
                  inverse,
                  from,
                  to,
                  batch.in,
                  batch.raw,
                  batch.stride,
                  batch.a,
                  batch.b);
          for (int i = 0; i < 2; i++) {
            assertThat(Arrays.copyOfRange(part[i], from, to))
                .isEqualTo(Arrays.copyOfRange(whole[i], from, to));
          }
          assertThat(Arrays.copyOfRange(partGrads[0], from, to))
              .isEqualTo(Arrays.copyOfRange(grads[0], from, to));
          int s = batch.stride;
          assertThat(Arrays.copyOfRange(partGrads[1], from * s, to * s))
              .isEqualTo(Arrays.copyOfRange(grads[1], from * s, to * s));
          assertThat(part[0][from == 0 ? to : from - 1]).as("nothing else is written").isNaN();
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void sharedParametersGiveTheBytesOfRepeatedOnes(SplineRun run) {
    for (int bins : new int[] {1, 2, 10, 32}) {
      for (int size : new int[] {1, 13, 130}) {
        int groups = size > 100 ? 5 : 67;
        Batch batch = Batch.of(run, bins, groups * size, 0);
        int p = batch.spline.parameters();
        double[] raw = Arrays.copyOf(batch.raw, groups * p);
        double[] repeated = new double[groups * size * p];
        for (int e = 0; e < groups * size; e++) {
          System.arraycopy(raw, e / size * p, repeated, e * p, p);
        }
        for (boolean inverse : new boolean[] {false, true}) {
          double[][] want = run.map(batch.spline, inverse, 0, groups * size, batch.in, repeated, p);
          double[][] got = run.shared(batch.spline, inverse, 0, groups, size, batch.in, raw, p);
          assertThat(got[0]).isEqualTo(want[0]);
          assertThat(got[1]).isEqualTo(want[1]);
          double[][] part = run.shared(batch.spline, inverse, 2, 5, size, batch.in, raw, p);
          assertThat(Arrays.copyOfRange(part[0], 2 * size, 5 * size))
              .isEqualTo(Arrays.copyOfRange(want[0], 2 * size, 5 * size));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void extremeParametersStayFinite(SplineRun run) {
    SplittableRandom random = new SplittableRandom(3);
    for (int bins : BINS) {
      int n = 130;
      Batch batch = Batch.of(run, bins, n, 0);
      double[] raw = new double[batch.raw.length];
      for (int j = 0; j < raw.length; j++) {
        raw[j] = random.nextBoolean() ? 30 : -30;
      }
      for (boolean inverse : new boolean[] {false, true}) {
        double[][] value = run.map(batch.spline, inverse, 0, n, batch.in, raw, batch.stride);
        double[][] grads =
            run.backward(
                batch.spline, inverse, 0, n, batch.in, raw, batch.stride, batch.a, batch.b);
        for (double[] numbers : new double[][] {value[0], value[1], grads[0], grads[1]}) {
          assertThat(Arrays.stream(numbers).allMatch(Double::isFinite)).isTrue();
        }
        for (int e = 0; e < n; e++) {
          if (Math.abs(batch.in[e]) <= 5) {
            assertThat(Math.abs(value[0][e])).isLessThanOrEqualTo(5 * (1 + 16 * run.epsilon()));
          }
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void tailsAreTheIdentityAndNanPropagates(SplineRun run) {
    for (int bins : BINS) {
      Spline spline = Spline.of(bins, 3);
      int p = spline.parameters();
      double[] in = {
        -3.25, 4, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, 3, -3, Double.NaN, 1
      };
      double[] raw = Batch.of(run, bins, in.length, 0).raw;
      raw[7 * p] = Double.NaN;
      double[] ones = new double[in.length];
      Arrays.fill(ones, 1);
      for (boolean inverse : new boolean[] {false, true}) {
        double[][] value = run.map(spline, inverse, 0, in.length, in, raw, p);
        double[][] grads = run.backward(spline, inverse, 0, in.length, in, raw, p, ones, ones);
        for (int e = 0; e < 4; e++) {
          assertThat(value[0][e]).isEqualTo(in[e]);
          assertThat(value[1][e]).isEqualTo(0.0);
          assertThat(grads[0][e]).isEqualTo(1);
          for (int j = 0; j < p; j++) {
            assertThat(Math.abs(grads[1][e * p + j])).isEqualTo(0);
          }
        }
        for (int e = 4; e < 6; e++) {
          assertThat(value[0][e]).isCloseTo(in[e], within(64 * run.epsilon()));
          assertThat(value[1][e]).isCloseTo(0, within(64 * bins * run.epsilon()));
        }
        for (int e = 6; e < 8; e++) {
          assertThat(value[0][e]).as("bins %d", bins).isNaN();
          assertThat(value[1][e]).isNaN();
          assertThat(grads[0][e]).isNaN();
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void identityParametersGiveTheIdentity(SplineRun run) {
    Spline spline = Spline.of(10, 5);
    double[] raw = spline.identityRaw();
    double[] in = new double[201];
    for (int i = 0; i < in.length; i++) {
      in[i] = run.round(-6 + 0.06 * i);
    }
    double[][] value = run.shared(spline, false, 0, 1, in.length, in, raw, raw.length);
    for (int i = 0; i < in.length; i++) {
      assertThat(value[0][i]).isCloseTo(in[i], within(32 * run.epsilon()));
      assertThat(value[1][i]).isCloseTo(0, within(32 * run.epsilon()));
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void vectorAndScalarGiveTheSameBytes(SplineRun run) {
    SplineRun other =
        SplineRun.all().stream()
            .filter(r -> r.epsilon() == run.epsilon() && r.name().startsWith("scalar"))
            .findFirst()
            .orElseThrow();
    for (int bins : BINS) {
      int n = 130;
      Batch b = Batch.of(run, bins, n, 1);
      for (boolean inverse : new boolean[] {false, true}) {
        double[][] value = run.map(b.spline, inverse, 0, n, b.in, b.raw, b.stride);
        double[][] plain = other.map(b.spline, inverse, 0, n, b.in, b.raw, b.stride);
        double[][] grads = run.backward(b.spline, inverse, 0, n, b.in, b.raw, b.stride, b.a, b.b);
        double[][] plainGrads =
            other.backward(b.spline, inverse, 0, n, b.in, b.raw, b.stride, b.a, b.b);
        for (int i = 0; i < 2; i++) {
          assertThat(value[i]).isEqualTo(plain[i]);
          assertThat(grads[i]).isEqualTo(plainGrads[i]);
        }
      }
    }
  }

  /// Random elements on [-6, 6] for a spline on [-5, 5], raw parameters of standard deviation 1,
  /// and adjoints.
  private record Batch(
      Spline spline, int stride, double[] in, double[] raw, double[] a, double[] b) {

    static Batch of(SplineRun run, int bins, int n, int gap) {
      SplittableRandom random = new SplittableRandom(1000L * bins + n);
      Spline spline = Spline.of(bins, 5);
      int stride = spline.parameters() + gap;
      double[] in = new double[n];
      double[] a = new double[n];
      double[] b = new double[n];
      double[] raw = new double[n * stride];
      for (int e = 0; e < n; e++) {
        in[e] = random.nextDouble(-6, 6);
        a[e] = random.nextGaussian();
        b[e] = random.nextGaussian();
      }
      for (int j = 0; j < raw.length; j++) {
        raw[j] = random.nextGaussian();
      }
      return new Batch(spline, stride, run.round(in), run.round(raw), run.round(a), run.round(b));
    }
  }
}
