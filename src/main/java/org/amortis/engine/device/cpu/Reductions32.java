package org.amortis.engine.device.cpu;

import java.util.Arrays;
import org.amortis.engine.math.Special;

/// Reductions with a fixed order of additions, whatever the vector length or the number of threads.
///
/// Sums run in 16 virtual lanes, element k in lane k mod 16, combined pairwise at the end.
final class Reductions32 {
  private static final int LANES = 16;

  /// Sum of `n` elements.
  float sum(float[] x, int at, int n) {
    float[] lanes = new float[LANES];
    int whole = n - n % LANES;
    for (int k = 0; k < whole; k += LANES) {
      for (int l = 0; l < LANES; l++) {
        lanes[l] += x[at + k + l];
      }
    }
    for (int k = whole; k < n; k++) {
      lanes[k - whole] += x[at + k];
    }
    for (int width = LANES / 2; width > 0; width /= 2) {
      for (int l = 0; l < width; l++) {
        lanes[l] += lanes[l + width];
      }
    }
    return lanes[0];
  }

  /// Largest of `n` elements; NaN wins.
  float max(float[] x, int at, int n) {
    float max = x[at];
    for (int k = 1; k < n; k++) {
      float v = x[at + k];
      max = v > max || v != v ? v : max;
    }
    return max;
  }

  /// `log sum exp` of `n` elements.
  float logSumExp(float[] x, int at, int n, Scratch32 scratch) {
    double max = max(x, at, n);
    if (max == Double.NEGATIVE_INFINITY || max == Double.POSITIVE_INFINITY || max != max) {
      return (float) max;
    }
    double sum = 0;
    for (int k = 0; k < n; k++) {
      sum += Special.exp(x[at + k] - max);
    }
    return (float) (max + Special.log(sum));
  }

  /// Sum over `rows` rows of the elements of each of `n` columns, in row order.
  void sumRows(float[] x, int at, int rows, int n, int stride, float[] y, int to) {
    Arrays.fill(y, to, to + n, 0);
    for (int r = 0; r < rows; r++) {
      int from = at + r * stride;
      for (int c = 0; c < n; c++) {
        y[to + c] += x[from + c];
      }
    }
  }

  /// Softmax of each of `rows` rows of `n` elements.
  void softmaxRows(float[] x, int at, int rows, int n, float[] y, int to) {
    for (int r = 0; r < rows; r++) {
      float max = max(x, at + r * n, n);
      double sum = 0;
      for (int k = 0; k < n; k++) {
        double e = Special.exp(x[at + r * n + k] - max);
        y[to + r * n + k] = (float) e;
        sum += e;
      }
      for (int k = 0; k < n; k++) {
        y[to + r * n + k] /= (float) sum;
      }
    }
  }
}
