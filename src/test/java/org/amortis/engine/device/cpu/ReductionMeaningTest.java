package org.amortis.engine.device.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.Stream;
import org.amortis.engine.device.cpu.scalar.ScalarReductions32;
import org.amortis.engine.device.cpu.vector.VectorReductions32;
import org.amortis.engine.math.RandomKey;
import org.amortis.engine.math.Special;
import org.amortis.engine.math.Streams;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The reductions against the tree as documented and against double arithmetic.
class ReductionMeaningTest {
  static Stream<ReductionKernels32> kernels() {
    return Stream.of(new ScalarReductions32(), new VectorReductions32());
  }

  private static float[] normals(int n, int stream) {
    float[] x = new float[n];
    Streams.normalInto(new RandomKey(4, stream), 0, 0, n, x, 0);
    return x;
  }

  /// The sum of partial sums j, j + stride, j + 2 stride, ... below 32: the documented tree, top
  /// down.
  private static float tree(float[] part, int j, int stride) {
    return stride == 32 ? part[j] : tree(part, j, 2 * stride) + tree(part, j + stride, 2 * stride);
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void sumsFollowTheDocumentedTree(ReductionKernels32 k) {
    for (int n : new int[] {0, 1, 2, 5, 10, 16, 17, 31, 32, 33, 64, 100, 1021}) {
      float[] x = normals(n, n);
      float[] y = normals(n, n + 1);
      float[] sum = new float[32];
      float[] dot = new float[32];
      double exact = 0;
      for (int i = 0; i < n; i++) {
        sum[i % 32] += x[i];
        dot[i % 32] = Math.fma(x[i], y[i], dot[i % 32]);
        exact += x[i];
      }
      assertThat(k.sum(x, 0, n)).as("n = %d", n).isEqualTo(tree(sum, 0, 1));
      assertThat(k.dot(x, 0, y, 0, n)).as("n = %d", n).isEqualTo(tree(dot, 0, 1));
      assertThat(k.sumOfSquares(x, 0, n)).isEqualTo(k.dot(x, 0, x, 0, n));
      assertThat((double) k.sum(x, 0, n)).isBetween(exact - 1e-4, exact + 1e-4);
    }
    assertThat(k.sum(new float[] {-0.0f}, 0, 1)).isEqualTo(0.0f);
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void extremes(ReductionKernels32 k) {
    float[] x = normals(207, 1);
    float[] sorted = x.clone();
    Arrays.sort(sorted);
    assertThat(k.max(x, 0, 207)).isEqualTo(sorted[206]);
    assertThat(k.min(x, 0, 207)).isEqualTo(sorted[0]);
    assertThat(k.max(x, 0, 0)).isEqualTo(Float.NEGATIVE_INFINITY);
    assertThat(k.min(x, 0, 0)).isEqualTo(Float.POSITIVE_INFINITY);
    x[100] = Float.NaN;
    assertThat(k.max(x, 0, 207)).isNaN();
    assertThat(k.min(x, 0, 207)).isNaN();
    assertThat(k.max(new float[] {-0.0f, 0f}, 0, 2)).isEqualTo(0f);
    assertThat(k.min(new float[] {0f, -0.0f}, 0, 2)).isEqualTo(-0.0f);
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void rowsAndColumns(ReductionKernels32 k) {
    for (int cols : new int[] {1, 7, 16, 70, 300}) {
      int rows = 9;
      float[] x = normals(rows * cols, cols);
      float[] y = new float[rows];
      float[] lse = new float[rows];
      float[] soft = new float[rows * cols];
      k.rowSum(x, 0, y, 0, rows, cols);
      k.rowLogSumExp(x, 0, lse, 0, rows, cols);
      k.rowSoftmax(x, 0, soft, 0, rows, cols);
      for (int r = 0; r < rows; r++) {
        double[] row = new double[cols];
        for (int c = 0; c < cols; c++) {
          row[c] = x[r * cols + c];
        }
        double exact = Special.logSumExp(row);
        assertThat(y[r]).isEqualTo(k.sum(x, r * cols, cols));
        assertThat((double) lse[r]).isBetween(exact - 2e-6, exact + 2e-6);
        for (int c = 0; c < cols; c++) {
          double p = Special.exp(row[c] - exact);
          assertThat((double) soft[r * cols + c]).isBetween(p * (1 - 1e-6), p * (1 + 1e-6));
        }
      }
      float[] sums = new float[cols];
      float[] tops = new float[cols];
      float[] bottoms = new float[cols];
      k.columnSum(x, 0, sums, 0, rows, cols);
      k.columnMax(x, 0, tops, 0, rows, cols);
      k.columnMin(x, 0, bottoms, 0, rows, cols);
      for (int c = 0; c < cols; c++) {
        float sum = 0;
        float top = Float.NEGATIVE_INFINITY;
        float bottom = Float.POSITIVE_INFINITY;
        for (int r = 0; r < rows; r++) {
          sum += x[r * cols + c];
          top = Math.max(top, x[r * cols + c]);
          bottom = Math.min(bottom, x[r * cols + c]);
        }
        assertThat(sums[c]).isEqualTo(sum);
        assertThat(tops[c]).isEqualTo(top);
        assertThat(bottoms[c]).isEqualTo(bottom);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void largeAndInfiniteRows(ReductionKernels32 k) {
    float inf = Float.POSITIVE_INFINITY;
    float[] x = {1000, 1000, -inf, -inf, inf, 3, -inf, 3, Float.NaN, 3};
    float[] y = new float[5];
    k.rowLogSumExp(x, 0, y, 0, 5, 2);
    assertThat(y[0]).isEqualTo(1000 + (float) Special.log(2));
    assertThat(y[1]).isEqualTo(-inf);
    assertThat(y[2]).isEqualTo(inf);
    assertThat(y[3]).isEqualTo(3);
    assertThat(y[4]).isNaN();
  }
}
