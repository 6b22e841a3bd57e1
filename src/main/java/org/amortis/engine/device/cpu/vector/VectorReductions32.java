package org.amortis.engine.device.cpu.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.amortis.engine.device.cpu.scalar.ScalarReductions32;

/// The reductions in vectors of the preferred width.
///
/// The 32 partial sums lie in 32/length accumulators; the first levels of the tree add whole
/// vectors. Widths without a written loop take the scalar path.
public final class VectorReductions32 extends ScalarReductions32 {
  private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
  private static final int L = S.length();
  private static final int FOLDS = PARTS / L;

  @Override
  public float sum(float[] x, int xo, int n) {
    if (n < PARTS) {
      return super.sum(x, xo, n);
    }
    return switch (FOLDS) {
      case 2 -> sum2(x, xo, n);
      case 4 -> sum4(x, xo, n);
      case 8 -> sum8(x, xo, n);
      default -> super.sum(x, xo, n);
    };
  }

  private static float sum2(float[] x, int xo, int n) {
    FloatVector s0 = FloatVector.zero(S);
    FloatVector s1 = FloatVector.zero(S);
    int i = 0;
    for (; i <= n - PARTS; i += PARTS) {
      s0 = s0.add(FloatVector.fromArray(S, x, xo + i));
      s1 = s1.add(FloatVector.fromArray(S, x, xo + i + L));
    }
    float[] part = new float[PARTS];
    s0.intoArray(part, 0);
    s1.intoArray(part, L);
    return finishSum(x, xo, i, n, part);
  }

  private static float sum4(float[] x, int xo, int n) {
    FloatVector s0 = FloatVector.zero(S);
    FloatVector s1 = FloatVector.zero(S);
    FloatVector s2 = FloatVector.zero(S);
    FloatVector s3 = FloatVector.zero(S);
    int i = 0;
    for (; i <= n - PARTS; i += PARTS) {
      s0 = s0.add(FloatVector.fromArray(S, x, xo + i));
      s1 = s1.add(FloatVector.fromArray(S, x, xo + i + L));
      s2 = s2.add(FloatVector.fromArray(S, x, xo + i + 2 * L));
      s3 = s3.add(FloatVector.fromArray(S, x, xo + i + 3 * L));
    }
    float[] part = new float[PARTS];
    s0.intoArray(part, 0);
    s1.intoArray(part, L);
    s2.intoArray(part, 2 * L);
    s3.intoArray(part, 3 * L);
    return finishSum(x, xo, i, n, part);
  }

  private static float sum8(float[] x, int xo, int n) {
    FloatVector s0 = FloatVector.zero(S);
    FloatVector s1 = FloatVector.zero(S);
    FloatVector s2 = FloatVector.zero(S);
    FloatVector s3 = FloatVector.zero(S);
    FloatVector s4 = FloatVector.zero(S);
    FloatVector s5 = FloatVector.zero(S);
    FloatVector s6 = FloatVector.zero(S);
    FloatVector s7 = FloatVector.zero(S);
    int i = 0;
    for (; i <= n - PARTS; i += PARTS) {
      s0 = s0.add(FloatVector.fromArray(S, x, xo + i));
      s1 = s1.add(FloatVector.fromArray(S, x, xo + i + L));
      s2 = s2.add(FloatVector.fromArray(S, x, xo + i + 2 * L));
      s3 = s3.add(FloatVector.fromArray(S, x, xo + i + 3 * L));
      s4 = s4.add(FloatVector.fromArray(S, x, xo + i + 4 * L));
      s5 = s5.add(FloatVector.fromArray(S, x, xo + i + 5 * L));
      s6 = s6.add(FloatVector.fromArray(S, x, xo + i + 6 * L));
      s7 = s7.add(FloatVector.fromArray(S, x, xo + i + 7 * L));
    }
    float[] part = new float[PARTS];
    s0.intoArray(part, 0);
    s1.intoArray(part, L);
    s2.intoArray(part, 2 * L);
    s3.intoArray(part, 3 * L);
    s4.intoArray(part, 4 * L);
    s5.intoArray(part, 5 * L);
    s6.intoArray(part, 6 * L);
    s7.intoArray(part, 7 * L);
    return finishSum(x, xo, i, n, part);
  }

  private static float finishSum(float[] x, int xo, int i, int n, float[] part) {
    for (int j = 0; i < n; i++, j++) {
      part[j] += x[xo + i];
    }
    return combine(part, PARTS);
  }

  @Override
  public float dot(float[] a, int ao, float[] b, int bo, int n) {
    if (n < PARTS) {
      return super.dot(a, ao, b, bo, n);
    }
    return switch (FOLDS) {
      case 2 -> dot2(a, ao, b, bo, n);
      case 4 -> dot4(a, ao, b, bo, n);
      case 8 -> dot8(a, ao, b, bo, n);
      default -> super.dot(a, ao, b, bo, n);
    };
  }

  private static float dot2(float[] a, int ao, float[] b, int bo, int n) {
    FloatVector s0 = FloatVector.zero(S);
    FloatVector s1 = FloatVector.zero(S);
    int i = 0;
    for (; i <= n - PARTS; i += PARTS) {
      s0 = FloatVector.fromArray(S, a, ao + i).fma(FloatVector.fromArray(S, b, bo + i), s0);
      s1 = FloatVector.fromArray(S, a, ao + i + L).fma(FloatVector.fromArray(S, b, bo + i + L), s1);
    }
    float[] part = new float[PARTS];
    s0.intoArray(part, 0);
    s1.intoArray(part, L);
    return finishDot(a, ao, b, bo, i, n, part);
  }

  private static float dot4(float[] a, int ao, float[] b, int bo, int n) {
    FloatVector s0 = FloatVector.zero(S);
    FloatVector s1 = FloatVector.zero(S);
    FloatVector s2 = FloatVector.zero(S);
    FloatVector s3 = FloatVector.zero(S);
    int i = 0;
    for (; i <= n - PARTS; i += PARTS) {
      int j = ao + i;
      int k = bo + i;
      s0 = FloatVector.fromArray(S, a, j).fma(FloatVector.fromArray(S, b, k), s0);
      s1 = FloatVector.fromArray(S, a, j + L).fma(FloatVector.fromArray(S, b, k + L), s1);
      s2 = FloatVector.fromArray(S, a, j + 2 * L).fma(FloatVector.fromArray(S, b, k + 2 * L), s2);
      s3 = FloatVector.fromArray(S, a, j + 3 * L).fma(FloatVector.fromArray(S, b, k + 3 * L), s3);
    }
    float[] part = new float[PARTS];
    s0.intoArray(part, 0);
    s1.intoArray(part, L);
    s2.intoArray(part, 2 * L);
    s3.intoArray(part, 3 * L);
    return finishDot(a, ao, b, bo, i, n, part);
  }

  private static float dot8(float[] a, int ao, float[] b, int bo, int n) {
    FloatVector s0 = FloatVector.zero(S);
    FloatVector s1 = FloatVector.zero(S);
    FloatVector s2 = FloatVector.zero(S);
    FloatVector s3 = FloatVector.zero(S);
    FloatVector s4 = FloatVector.zero(S);
    FloatVector s5 = FloatVector.zero(S);
    FloatVector s6 = FloatVector.zero(S);
    FloatVector s7 = FloatVector.zero(S);
    int i = 0;
    for (; i <= n - PARTS; i += PARTS) {
      int j = ao + i;
      int k = bo + i;
      s0 = FloatVector.fromArray(S, a, j).fma(FloatVector.fromArray(S, b, k), s0);
      s1 = FloatVector.fromArray(S, a, j + L).fma(FloatVector.fromArray(S, b, k + L), s1);
      s2 = FloatVector.fromArray(S, a, j + 2 * L).fma(FloatVector.fromArray(S, b, k + 2 * L), s2);
      s3 = FloatVector.fromArray(S, a, j + 3 * L).fma(FloatVector.fromArray(S, b, k + 3 * L), s3);
      s4 = FloatVector.fromArray(S, a, j + 4 * L).fma(FloatVector.fromArray(S, b, k + 4 * L), s4);
      s5 = FloatVector.fromArray(S, a, j + 5 * L).fma(FloatVector.fromArray(S, b, k + 5 * L), s5);
      s6 = FloatVector.fromArray(S, a, j + 6 * L).fma(FloatVector.fromArray(S, b, k + 6 * L), s6);
      s7 = FloatVector.fromArray(S, a, j + 7 * L).fma(FloatVector.fromArray(S, b, k + 7 * L), s7);
    }
    float[] part = new float[PARTS];
    s0.intoArray(part, 0);
    s1.intoArray(part, L);
    s2.intoArray(part, 2 * L);
    s3.intoArray(part, 3 * L);
    s4.intoArray(part, 4 * L);
    s5.intoArray(part, 5 * L);
    s6.intoArray(part, 6 * L);
    s7.intoArray(part, 7 * L);
    return finishDot(a, ao, b, bo, i, n, part);
  }

  private static float finishDot(float[] a, int ao, float[] b, int bo, int i, int n, float[] part) {
    for (int j = 0; i < n; i++, j++) {
      part[j] = Math.fma(a[ao + i], b[bo + i], part[j]);
    }
    return combine(part, PARTS);
  }

  @Override
  public float max(float[] x, int xo, int n) {
    if (n < L) {
      return super.max(x, xo, n);
    }
    FloatVector top = FloatVector.fromArray(S, x, xo);
    int i = L;
    for (; i <= n - L; i += L) {
      top = top.max(FloatVector.fromArray(S, x, xo + i));
    }
    float[] part = new float[L];
    top.intoArray(part, 0);
    return Math.max(super.max(part, 0, L), super.max(x, xo + i, n - i));
  }

  @Override
  public float min(float[] x, int xo, int n) {
    if (n < L) {
      return super.min(x, xo, n);
    }
    FloatVector bottom = FloatVector.fromArray(S, x, xo);
    int i = L;
    for (; i <= n - L; i += L) {
      bottom = bottom.min(FloatVector.fromArray(S, x, xo + i));
    }
    float[] part = new float[L];
    bottom.intoArray(part, 0);
    return Math.min(super.min(part, 0, L), super.min(x, xo + i, n - i));
  }

  @Override
  protected void subtract(float[] x, int xo, float shift, float[] y, int yo, int n) {
    FloatVector s = FloatVector.broadcast(S, shift);
    int i = 0;
    for (; i < S.loopBound(n); i += L) {
      FloatVector.fromArray(S, x, xo + i).sub(s).intoArray(y, yo + i);
    }
    for (; i < n; i++) {
      y[yo + i] = x[xo + i] - shift;
    }
  }

  @Override
  protected void exp(float[] y, int yo, int n) {
    Elementary32.exp(y, yo, y, yo, n);
  }

  @Override
  protected void divide(float[] y, int yo, float divisor, int n) {
    FloatVector d = FloatVector.broadcast(S, divisor);
    int i = 0;
    for (; i < S.loopBound(n); i += L) {
      FloatVector.fromArray(S, y, yo + i).div(d).intoArray(y, yo + i);
    }
    for (; i < n; i++) {
      y[yo + i] /= divisor;
    }
  }

  @Override
  public void columnSum(float[] x, int xo, float[] y, int yo, int rows, int cols) {
    int c = 0;
    for (; c <= cols - 4 * L; c += 4 * L) {
      FloatVector s0 = FloatVector.zero(S);
      FloatVector s1 = FloatVector.zero(S);
      FloatVector s2 = FloatVector.zero(S);
      FloatVector s3 = FloatVector.zero(S);
      for (int r = 0; r < rows; r++) {
        int at = xo + r * cols + c;
        s0 = s0.add(FloatVector.fromArray(S, x, at));
        s1 = s1.add(FloatVector.fromArray(S, x, at + L));
        s2 = s2.add(FloatVector.fromArray(S, x, at + 2 * L));
        s3 = s3.add(FloatVector.fromArray(S, x, at + 3 * L));
      }
      s0.intoArray(y, yo + c);
      s1.intoArray(y, yo + c + L);
      s2.intoArray(y, yo + c + 2 * L);
      s3.intoArray(y, yo + c + 3 * L);
    }
    for (; c <= cols - L; c += L) {
      FloatVector s = FloatVector.zero(S);
      for (int r = 0; r < rows; r++) {
        s = s.add(FloatVector.fromArray(S, x, xo + r * cols + c));
      }
      s.intoArray(y, yo + c);
    }
    for (; c < cols; c++) {
      float s = 0f;
      for (int r = 0; r < rows; r++) {
        s += x[xo + r * cols + c];
      }
      y[yo + c] = s;
    }
  }

  @Override
  public void columnMax(float[] x, int xo, float[] y, int yo, int rows, int cols) {
    int c = 0;
    for (; c <= cols - L; c += L) {
      FloatVector top = FloatVector.broadcast(S, Float.NEGATIVE_INFINITY);
      for (int r = 0; r < rows; r++) {
        top = top.max(FloatVector.fromArray(S, x, xo + r * cols + c));
      }
      top.intoArray(y, yo + c);
    }
    for (; c < cols; c++) {
      float top = Float.NEGATIVE_INFINITY;
      for (int r = 0; r < rows; r++) {
        top = Math.max(top, x[xo + r * cols + c]);
      }
      y[yo + c] = top;
    }
  }

  @Override
  public void columnMin(float[] x, int xo, float[] y, int yo, int rows, int cols) {
    int c = 0;
    for (; c <= cols - L; c += L) {
      FloatVector bottom = FloatVector.broadcast(S, Float.POSITIVE_INFINITY);
      for (int r = 0; r < rows; r++) {
        bottom = bottom.min(FloatVector.fromArray(S, x, xo + r * cols + c));
      }
      bottom.intoArray(y, yo + c);
    }
    for (; c < cols; c++) {
      float bottom = Float.POSITIVE_INFINITY;
      for (int r = 0; r < rows; r++) {
        bottom = Math.min(bottom, x[xo + r * cols + c]);
      }
      y[yo + c] = bottom;
    }
  }
}
