package org.amortis.engine.device.cpu.vector;

import java.util.Arrays;
import org.amortis.engine.device.cpu.CholeskyKernels32;
import org.amortis.engine.device.cpu.LogProduct64;

/// Cholesky factors on vector lanes: matrices are brought to panel layout, factored there and
/// brought back.
///
/// A backward solve runs on the factor turned by 180 degrees and transposed, which is lower
/// triangular too.
public final class VectorCholesky32 implements CholeskyKernels32 {
  private static final int P = CholeskyPanels32.HEIGHT;

  @Override
  public void factor(int n, int lda, int stride, float[] a, int[] status, int from, int to) {
    int padded = CholeskyPanels32.padded(n);
    float[] l = new float[CholeskyPanels32.length(n)];
    float[] inverse = new float[padded];
    float[] pivot = new float[padded];
    float[] z = new float[padded + P];
    float[] y = new float[padded];
    for (int b = from; b < to; b++) {
      int base = b * stride;
      for (int i = 0; i < padded; i++) {
        for (int j = 0; j <= i; j++) {
          float entry = i < n ? a[base + i * lda + j] : i == j ? 1 : 0;
          l[CholeskyPanels32.at(i, j)] = -entry;
        }
      }
      status[b] = CholeskyPanels32.factor(n, l, inverse, pivot, z, y);
      for (int i = 0; i < n; i++) {
        int row = base + i * lda;
        if (status[b] == DEFINITE) {
          for (int j = 0; j <= i; j++) {
            a[row + j] = l[CholeskyPanels32.at(i, j)];
          }
          Arrays.fill(a, row + i + 1, row + n, 0);
        } else {
          Arrays.fill(a, row, row + n, Float.NaN);
        }
      }
    }
  }

  @Override
  public void solve(
      boolean transposed,
      int n,
      int lda,
      int stride,
      float[] l,
      int count,
      float[] x,
      int from,
      int to) {
    int panels = CholeskyPanels32.panels(n);
    int padded = panels * P;
    int length = padded * P;
    float[] factor = new float[CholeskyPanels32.length(n)];
    float[] inverse = new float[padded];
    float[] rows = new float[2 * length];
    for (int b = from; b < to; b++) {
      for (int i = 0; i < padded; i++) {
        for (int j = 0; j <= i; j++) {
          int at = transposed ? (n - 1 - j) * lda + n - 1 - i : i * lda + j;
          factor[CholeskyPanels32.at(i, j)] = i < n ? l[b * stride + at] : i == j ? 1 : 0;
        }
        inverse[i] = -1 / factor[CholeskyPanels32.at(i, i)];
      }
      for (int r = 0; r < count; r += 2 * P) {
        int left = Math.min(2 * P, count - r);
        Arrays.fill(rows, 0);
        for (int k = 0; k < left; k++) {
          for (int i = 0; i < n; i++) {
            int from0 = (b * count + r + k) * n + (transposed ? n - 1 - i : i);
            rows[k / P * length + i * P + k % P] = -x[from0];
          }
        }
        int groups = (left + P - 1) / P;
        CholeskyPanels32.rows(groups, rows, 0, length, factor, 0, panels, inverse);
        for (int k = 0; k < left; k++) {
          for (int i = 0; i < n; i++) {
            int to0 = (b * count + r + k) * n + (transposed ? n - 1 - i : i);
            x[to0] = rows[k / P * length + i * P + k % P];
          }
        }
      }
    }
  }

  @Override
  public void logDeterminant(
      int n, int lda, int stride, float[] l, double[] out, int from, int to) {
    LogProduct64 product = new LogProduct64();
    for (int b = from; b < to; b++) {
      product.clear();
      for (int i = 0; i < n; i++) {
        product.multiply(l[b * stride + i * (lda + 1)]);
      }
      out[b] = 2 * product.log();
    }
  }
}
