package org.amortis.engine.device.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.amortis.engine.device.cpu.scalar.ScalarCholesky32;
import org.amortis.engine.device.cpu.scalar.ScalarCholesky64;
import org.amortis.engine.device.cpu.vector.VectorCholesky32;
import org.amortis.engine.device.cpu.vector.VectorCholesky64;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("op")
class CholeskyKernelsTest {
  private static final int BATCH = 3;

  /// Matrices `exp(-|i - j| / 4) + delta_ij / 4` that differ a little; the space between rows holds
  /// 7.
  private static double[] matrices(int n, int lda, int stride) {
    double[] a = new double[BATCH * stride];
    Arrays.fill(a, 7);
    for (int b = 0; b < BATCH; b++) {
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
          a[b * stride + i * lda + j] =
              StrictMath.exp(-Math.abs(i - j) / (4.0 + b)) + (i == j ? 0.25 : 0);
        }
      }
    }
    return a;
  }

  private static float[] floats(double[] x) {
    float[] y = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i] = (float) x[i];
    }
    return y;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 13, 36, 64, 207})
  void factorMultipliesBack(int n) {
    int lda = n + 3;
    int stride = n * lda + 5;
    double[] a = matrices(n, lda, stride);
    double[] l = a.clone();
    int[] status = new int[BATCH];
    new VectorCholesky64().factor(n, lda, stride, l, status, 0, BATCH);
    assertThat(status).containsOnly(CholeskyKernels64.DEFINITE);
    for (int b = 0; b < BATCH; b++) {
      for (int i = 0; i < n; i++) {
        int row = b * stride + i * lda;
        for (int j = 0; j < lda; j++) {
          if (j >= n) {
            assertThat(l[row + j]).isEqualTo(7);
          } else if (j > i) {
            assertThat(l[row + j]).isZero();
          } else {
            double sum = 0;
            for (int k = 0; k <= j; k++) {
              sum += l[row + k] * l[b * stride + j * lda + k];
            }
            assertThat(sum).isCloseTo(a[row + j], within(1e-13));
          }
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 13, 36, 207})
  void vectorEqualsScalarBitForBit(int n) {
    int lda = n + 1;
    int stride = n * lda;
    double[] a = matrices(n, lda, stride);
    double[] b = a.clone();
    float[] c = floats(a);
    float[] d = floats(a);
    int[] status = new int[BATCH];
    new VectorCholesky64().factor(n, lda, stride, a, status, 0, BATCH);
    new ScalarCholesky64().factor(n, lda, stride, b, status, 0, BATCH);
    assertThat(a).isEqualTo(b);
    new VectorCholesky32().factor(n, lda, stride, c, status, 0, 1);
    new VectorCholesky32().factor(n, lda, stride, c, status, 1, BATCH);
    new ScalarCholesky32().factor(n, lda, stride, d, status, 0, BATCH);
    assertThat(c).isEqualTo(d);
    for (boolean transposed : new boolean[] {false, true}) {
      double[] x = GaussianGoldens.values(BATCH * 5 * n);
      double[] y = x.clone();
      float[] u = floats(x);
      float[] v = floats(x);
      new VectorCholesky64().solve(transposed, n, lda, stride, a, 5, x, 0, BATCH);
      new ScalarCholesky64().solve(transposed, n, lda, stride, b, 5, y, 0, BATCH);
      assertThat(x).isEqualTo(y);
      new VectorCholesky32().solve(transposed, n, lda, stride, c, 5, u, 0, BATCH);
      new ScalarCholesky32().solve(transposed, n, lda, stride, d, 5, v, 0, BATCH);
      assertThat(u).isEqualTo(v);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 13, 36, 207})
  void solvesTheWholeSystem(int n) {
    int stride = n * n;
    double[] a = matrices(n, n, stride);
    double[] l = a.clone();
    CholeskyKernels64 kernels = new VectorCholesky64();
    kernels.factor(n, n, stride, l, new int[BATCH], 0, BATCH);
    int count = 29;
    double[] z = GaussianGoldens.values(BATCH * count * n);
    double[] x = z.clone();
    kernels.solve(false, n, n, stride, l, count, x, 0, BATCH);
    kernels.solve(true, n, n, stride, l, count, x, 0, BATCH);
    for (int b = 0; b < BATCH; b++) {
      for (int r = 0; r < count; r++) {
        for (int i = 0; i < n; i++) {
          double sum = 0;
          for (int j = 0; j < n; j++) {
            sum += a[b * stride + i * n + j] * x[(b * count + r) * n + j];
          }
          assertThat(sum).isCloseTo(z[(b * count + r) * n + i], within(1e-11));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 13, 207})
  void reportsTheFailedPivot(int n) {
    int bad = n / 2;
    double[] a = matrices(n, n, n * n);
    a[n * n + bad * (n + 1)] = -1;
    double[] original = a.clone();
    for (CholeskyKernels64 kernels :
        new CholeskyKernels64[] {new VectorCholesky64(), new ScalarCholesky64()}) {
      double[] l = original.clone();
      int[] status = new int[BATCH];
      kernels.factor(n, n, n * n, l, status, 0, BATCH);
      assertThat(status).containsExactly(-1, bad, -1);
      assertThat(Arrays.copyOfRange(l, n * n, 2 * n * n)).containsOnly(Double.NaN);
      assertThat(Arrays.stream(l, 2 * n * n, 3 * n * n).allMatch(Double::isFinite)).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 13, 207})
  void logDeterminantIsTheSumOfLogarithms(int n) {
    double[] l = matrices(n, n, n * n);
    CholeskyKernels64 kernels = new VectorCholesky64();
    kernels.factor(n, n, n * n, l, new int[BATCH], 0, BATCH);
    for (int i = 0; i < n; i++) {
      l[i * (n + 1)] *= i % 2 == 0 ? 1e-200 : 1e-90;
    }
    double[] out = new double[BATCH];
    kernels.logDeterminant(n, n, n * n, l, out, 0, BATCH);
    for (int b = 0; b < BATCH; b++) {
      double sum = 0;
      for (int i = 0; i < n; i++) {
        sum += StrictMath.log(l[b * n * n + i * (n + 1)]);
      }
      assertThat(out[b]).isCloseTo(2 * sum, within(1e-12 * (1 + Math.abs(sum))));
    }
  }
}
