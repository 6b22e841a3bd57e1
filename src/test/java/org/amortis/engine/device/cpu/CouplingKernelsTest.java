package org.amortis.engine.device.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.amortis.engine.math.ClampedAffine;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("op")
class CouplingKernelsTest {
  private static final ClampedAffine AFFINE = new ClampedAffine(ClampedAffine.CLAMP);

  static Stream<CouplingRun> all() {
    return CouplingRun.all().stream();
  }

  @ParameterizedTest
  @MethodSource("all")
  void agreesWithTheOracle(CouplingRun run) {
    for (int d : new int[] {1, 3, 13, 700}) {
      int n = d > 100 ? 3 : 207;
      CouplingRun.Rows rows = rows(run, n, d, 1);
      for (boolean inverse : new boolean[] {false, true}) {
        double[][] got = run.run(AFFINE, inverse, 0, n, rows);
        for (int r = 0; r < n; r++) {
          double ladj = 0;
          double sizes = 1;
          for (int j = 0; j < d; j++) {
            int e = r * rows.xs() + j;
            int p = r * rows.stride() + j;
            double v = rows.x()[e];
            double s = rows.raw()[p];
            double t = rows.raw()[p + d];
            ClampedAffine.Value want = inverse ? AFFINE.inverse(v, s, t) : AFFINE.forward(v, s, t);
            ClampedAffine.Gradient gradient =
                inverse
                    ? AFFINE.inverseBackward(v, s, t, rows.a()[e], rows.b()[r])
                    : AFFINE.forwardBackward(v, s, t, rows.a()[e], rows.b()[r]);
            ladj += want.ladj();
            sizes += Math.abs(want.ladj());
            double close = 300 * run.epsilon();
            assertThat(got[0][e]).isCloseTo(want.value(), within(close));
            assertThat(got[2][e]).isCloseTo(gradient.input(), within(close));
            assertThat(got[3][p]).isCloseTo(gradient.raw(), within(4 * close));
            assertThat(got[3][p + d]).isCloseTo(gradient.shift(), within(close));
          }
          assertThat(got[1][r]).isCloseTo(ladj, within((8 + d) * run.epsilon() * sizes));
        }
        assertThat(got[0][d]).as("columns between rows are left alone").isNaN();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void inverseUndoesForwardInPlaceOfAStridedMatrix(CouplingRun run) {
    int n = 207;
    CouplingRun.Rows rows = rows(run, n, 5, 2);
    double[] y = run.run(AFFINE, false, 0, n, rows)[0];
    CouplingRun.Rows forth =
        new CouplingRun.Rows(5, rows.xs(), rows.stride(), y, rows.raw(), rows.a(), rows.b());
    double[] x = run.run(AFFINE, true, 0, n, forth)[0];
    double close = run.epsilon() > 1e-10 ? 1e-5 : 1e-13;
    for (int r = 0; r < n; r++) {
      for (int j = 0; j < 5; j++) {
        int e = r * rows.xs() + j;
        assertThat(x[e]).isCloseTo(rows.x()[e], within(close));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void bytesDependNeitherOnTheSplitNorOnTheFunctions(CouplingRun run) {
    CouplingRun other =
        CouplingRun.all().stream().filter(r -> r.epsilon() == run.epsilon()).findFirst().get();
    int n = 207;
    for (int d : new int[] {1, 3, 13}) {
      CouplingRun.Rows rows = rows(run, n, d, 1);
      for (boolean inverse : new boolean[] {false, true}) {
        double[][] whole = other.run(AFFINE, inverse, 0, n, rows);
        for (int[] range : new int[][] {{0, 207}, {0, 1}, {5, 6}, {3, 20}, {17, 207}}) {
          double[][] part = run.run(AFFINE, inverse, range[0], range[1], rows);
          int[] sizes = {rows.xs(), 1, rows.xs(), rows.stride()};
          for (int i = 0; i < 4; i++) {
            int from = range[0] * sizes[i];
            int to = range[1] * sizes[i];
            assertThat(Arrays.copyOfRange(part[i], from, to))
                .isEqualTo(Arrays.copyOfRange(whole[i], from, to));
          }
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void extremeScalesStayClampedAndNanPropagates(CouplingRun run) {
    double[] x = {1, 1, 1, Double.NaN};
    double[] raw = {1e30, 0, -1e30, 0, Double.NaN, 0, 0, 0};
    double[] ones = {1, 1, 1, 1};
    CouplingRun.Rows rows = new CouplingRun.Rows(1, 1, 2, x, raw, ones, ones);
    double[][] got = run.run(AFFINE, false, 0, 4, rows);
    double top = Math.exp(1.9);
    assertThat(got[0][0]).isCloseTo(top, within(1e-5));
    assertThat(got[0][1]).isCloseTo(1 / top, within(1e-5));
    assertThat(got[1][0]).isCloseTo(1.9, within(1e-6));
    assertThat(got[3][0]).isEqualTo(0);
    assertThat(got[0][2]).isNaN();
    assertThat(got[1][2]).isNaN();
    assertThat(got[0][3]).isNaN();
    assertThat(got[1][3]).isEqualTo(0);
  }

  private static CouplingRun.Rows rows(CouplingRun run, int n, int d, int gap) {
    SplittableRandom random = new SplittableRandom(31L * n + d);
    int xs = d + gap;
    int stride = 2 * d + gap;
    double[][] arrays = {
      new double[n * xs], new double[n * stride], new double[n * xs], new double[n]
    };
    for (double[] a : arrays) {
      for (int i = 0; i < a.length; i++) {
        double v = random.nextGaussian();
        a[i] = run.epsilon() > 1e-10 ? (float) v : v;
      }
    }
    return new CouplingRun.Rows(d, xs, stride, arrays[0], arrays[1], arrays[2], arrays[3]);
  }
}
