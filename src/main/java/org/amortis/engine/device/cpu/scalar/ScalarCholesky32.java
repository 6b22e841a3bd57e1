package org.amortis.engine.device.cpu.scalar;

import java.util.Arrays;
import org.amortis.engine.device.cpu.CholeskyKernels32;
import org.amortis.engine.device.cpu.LogProduct64;

/// Cholesky factors in plain Java, in the same order of operations as the vector kernels.
public final class ScalarCholesky32 implements CholeskyKernels32 {
  @Override
  public void factor(int n, int lda, int stride, float[] a, int[] status, int from, int to) {
    for (int b = from; b < to; b++) {
      int base = b * stride;
      status[b] = factor(n, lda, a, base);
      for (int i = 0; i < n; i++) {
        int row = base + i * lda;
        Arrays.fill(a, row + i + 1, row + n, 0);
        if (status[b] != DEFINITE) {
          Arrays.fill(a, row, row + n, Float.NaN);
        }
      }
    }
  }

  @SuppressWarnings("cast")
  private static int factor(int n, int lda, float[] a, int base) {
    for (int i = 0; i < n; i++) {
      int row = base + i * lda;
      for (int j = 0; j <= i; j++) {
        int other = base + j * lda;
        float sum = -a[row + j];
        for (int k = 0; k < j; k++) {
          sum = Math.fma(a[row + k], a[other + k], sum);
        }
        if (j < i) {
          a[row + j] = sum * (-1 / a[other + j]);
        } else if (sum < 0 && sum >= -Float.MAX_VALUE) {
          a[row + i] = (float) Math.sqrt(-sum);
        } else {
          return i;
        }
      }
    }
    return DEFINITE;
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
    for (int b = from; b < to; b++) {
      for (int r = 0; r < count; r++) {
        int at = (b * count + r) * n;
        if (transposed) {
          backward(n, lda, l, b * stride, x, at);
        } else {
          forward(n, lda, l, b * stride, x, at);
        }
      }
    }
  }

  private static void forward(int n, int lda, float[] l, int base, float[] x, int at) {
    for (int i = 0; i < n; i++) {
      int row = base + i * lda;
      float sum = -x[at + i];
      for (int k = 0; k < i; k++) {
        sum = Math.fma(l[row + k], x[at + k], sum);
      }
      x[at + i] = sum * (-1 / l[row + i]);
    }
  }

  private static void backward(int n, int lda, float[] l, int base, float[] x, int at) {
    for (int i = n - 1; i >= 0; i--) {
      float sum = -x[at + i];
      for (int k = n - 1; k > i; k--) {
        sum = Math.fma(l[base + k * lda + i], x[at + k], sum);
      }
      x[at + i] = sum * (-1 / l[base + i * lda + i]);
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
