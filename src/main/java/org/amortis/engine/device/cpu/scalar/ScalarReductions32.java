package org.amortis.engine.device.cpu.scalar;

import java.util.Arrays;
import org.amortis.engine.device.cpu.ReductionKernels32;

/// The reductions in plain Java.
public class ScalarReductions32 implements ReductionKernels32 {
  /// Partial sums of the tree.
  protected static final int PARTS = 32;

  @Override
  public float sum(float[] x, int xo, int n) {
    float[] part = new float[PARTS];
    for (int i = 0; i < n; i++) {
      part[i & (PARTS - 1)] += x[xo + i];
    }
    return combine(part, used(n));
  }

  @Override
  public float sumOfSquares(float[] x, int xo, int n) {
    return dot(x, xo, x, xo, n);
  }

  @Override
  public float dot(float[] a, int ao, float[] b, int bo, int n) {
    float[] part = new float[PARTS];
    for (int i = 0; i < n; i++) {
      int j = i & (PARTS - 1);
      part[j] = Math.fma(a[ao + i], b[bo + i], part[j]);
    }
    return combine(part, used(n));
  }

  /// Returns the power of two from which on all partial sums are 0; adding those changes no bit,
  /// none being -0.
  private static int used(int n) {
    return n >= PARTS ? PARTS : n < 2 ? 1 : Integer.highestOneBit(n - 1) << 1;
  }

  /// Adds the upper half of `count` partial sums to the lower until one is left.
  protected static float combine(float[] part, int count) {
    for (int half = count >> 1; half > 0; half >>= 1) {
      for (int j = 0; j < half; j++) {
        part[j] += part[j + half];
      }
    }
    return part[0];
  }

  @Override
  public float max(float[] x, int xo, int n) {
    float top = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < n; i++) {
      top = Math.max(top, x[xo + i]);
    }
    return top;
  }

  @Override
  public float min(float[] x, int xo, int n) {
    float bottom = Float.POSITIVE_INFINITY;
    for (int i = 0; i < n; i++) {
      bottom = Math.min(bottom, x[xo + i]);
    }
    return bottom;
  }

  @Override
  public final void rowSum(float[] x, int xo, float[] y, int yo, int rows, int cols) {
    for (int r = 0; r < rows; r++) {
      y[yo + r] = sum(x, xo + r * cols, cols);
    }
  }

  @Override
  public final void rowMax(float[] x, int xo, float[] y, int yo, int rows, int cols) {
    for (int r = 0; r < rows; r++) {
      y[yo + r] = max(x, xo + r * cols, cols);
    }
  }

  @Override
  public final void rowMin(float[] x, int xo, float[] y, int yo, int rows, int cols) {
    for (int r = 0; r < rows; r++) {
      y[yo + r] = min(x, xo + r * cols, cols);
    }
  }

  @Override
  public final void rowLogSumExp(float[] x, int xo, float[] y, int yo, int rows, int cols) {
    int block = rowsOfBlock(cols);
    float[] e = new float[Math.min(block, rows) * cols];
    for (int from = 0; from < rows; from += block) {
      int to = Math.min(rows, from + block);
      for (int r = from; r < to; r++) {
        float top = max(x, xo + r * cols, cols);
        y[yo + r] = top;
        subtract(x, xo + r * cols, top, e, (r - from) * cols, cols);
      }
      exp(e, 0, (to - from) * cols);
      for (int r = from; r < to; r++) {
        float top = y[yo + r];
        if (!Float.isInfinite(top)) {
          y[yo + r] = top + Polynomials32.log(sum(e, (r - from) * cols, cols));
        }
      }
    }
  }

  @Override
  public final void rowSoftmax(float[] x, int xo, float[] y, int yo, int rows, int cols) {
    int block = rowsOfBlock(cols);
    for (int from = 0; from < rows; from += block) {
      int to = Math.min(rows, from + block);
      for (int r = from; r < to; r++) {
        int at = xo + r * cols;
        subtract(x, at, max(x, at, cols), y, yo + r * cols, cols);
      }
      exp(y, yo + from * cols, (to - from) * cols);
      for (int r = from; r < to; r++) {
        int at = yo + r * cols;
        divide(y, at, sum(y, at, cols), cols);
      }
    }
  }

  /// Returns how many rows go through one pass of the exponential: about 8 KiB, which stays in the
  /// first cache.
  private static int rowsOfBlock(int cols) {
    return Math.max(1, 2048 / Math.max(1, cols));
  }

  /// y = x - shift.
  protected void subtract(float[] x, int xo, float shift, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = x[xo + i] - shift;
    }
  }

  /// y = exp(y).
  protected void exp(float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = Polynomials32.exp(y[yo + i]);
    }
  }

  /// y = y/divisor.
  protected void divide(float[] y, int yo, float divisor, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] /= divisor;
    }
  }

  @Override
  public void columnSum(float[] x, int xo, float[] y, int yo, int rows, int cols) {
    Arrays.fill(y, yo, yo + cols, 0f);
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < cols; c++) {
        y[yo + c] += x[xo + r * cols + c];
      }
    }
  }

  @Override
  public void columnMax(float[] x, int xo, float[] y, int yo, int rows, int cols) {
    Arrays.fill(y, yo, yo + cols, Float.NEGATIVE_INFINITY);
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < cols; c++) {
        y[yo + c] = Math.max(y[yo + c], x[xo + r * cols + c]);
      }
    }
  }

  @Override
  public void columnMin(float[] x, int xo, float[] y, int yo, int rows, int cols) {
    Arrays.fill(y, yo, yo + cols, Float.POSITIVE_INFINITY);
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < cols; c++) {
        y[yo + c] = Math.min(y[yo + c], x[xo + r * cols + c]);
      }
    }
  }
}
