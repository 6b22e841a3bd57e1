package org.amortis.engine.device.cpu.scalar;

import java.util.Arrays;
import org.amortis.engine.device.cpu.AdamStep32;
import org.amortis.engine.device.cpu.PointwiseKernels32;

/// The pointwise kernels in plain Java: the path of a machine without the Vector API, and the twin
/// the vector path is tested against.
public final class ScalarPointwise32 extends ScalarUnary32 implements PointwiseKernels32 {
  @Override
  public void add(float[] a, int ao, float[] b, int bo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = a[ao + i] + b[bo + i];
    }
  }

  @Override
  public void add(float[] a, int ao, float b, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = a[ao + i] + b;
    }
  }

  @Override
  public void sub(float[] a, int ao, float[] b, int bo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = a[ao + i] - b[bo + i];
    }
  }

  @Override
  public void sub(float[] a, int ao, float b, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = a[ao + i] - b;
    }
  }

  @Override
  public void sub(float a, float[] b, int bo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = a - b[bo + i];
    }
  }

  @Override
  public void mul(float[] a, int ao, float[] b, int bo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = a[ao + i] * b[bo + i];
    }
  }

  @Override
  public void mul(float[] a, int ao, float b, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = a[ao + i] * b;
    }
  }

  @Override
  public void div(float[] a, int ao, float[] b, int bo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = a[ao + i] / b[bo + i];
    }
  }

  @Override
  public void div(float[] a, int ao, float b, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = a[ao + i] / b;
    }
  }

  @Override
  public void div(float a, float[] b, int bo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = a / b[bo + i];
    }
  }

  @Override
  public void max(float[] a, int ao, float[] b, int bo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = Math.max(a[ao + i], b[bo + i]);
    }
  }

  @Override
  public void max(float[] a, int ao, float b, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = Math.max(a[ao + i], b);
    }
  }

  @Override
  public void min(float[] a, int ao, float[] b, int bo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = Math.min(a[ao + i], b[bo + i]);
    }
  }

  @Override
  public void min(float[] a, int ao, float b, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = Math.min(a[ao + i], b);
    }
  }

  @Override
  public void less(float[] a, int ao, float[] b, int bo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = a[ao + i] < b[bo + i] ? 1f : 0f;
    }
  }

  @Override
  public void less(float[] a, int ao, float b, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = a[ao + i] < b ? 1f : 0f;
    }
  }

  @Override
  public void less(float a, float[] b, int bo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = a < b[bo + i] ? 1f : 0f;
    }
  }

  @Override
  public void lessEqual(float[] a, int ao, float[] b, int bo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = a[ao + i] <= b[bo + i] ? 1f : 0f;
    }
  }

  @Override
  public void lessEqual(float[] a, int ao, float b, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = a[ao + i] <= b ? 1f : 0f;
    }
  }

  @Override
  public void lessEqual(float a, float[] b, int bo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = a <= b[bo + i] ? 1f : 0f;
    }
  }

  @Override
  public void equal(float[] a, int ao, float[] b, int bo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = a[ao + i] == b[bo + i] ? 1f : 0f;
    }
  }

  @Override
  public void equal(float[] a, int ao, float b, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = a[ao + i] == b ? 1f : 0f;
    }
  }

  @Override
  public void multiplyAdd(
      float[] a, int ao, float[] b, int bo, float[] c, int co, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = Math.fma(a[ao + i], b[bo + i], c[co + i]);
    }
  }

  @Override
  public void axpy(float alpha, float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = Math.fma(x[xo + i], alpha, y[yo + i]);
    }
  }

  @Override
  public void select(
      float[] c, int co, float[] a, int ao, float[] b, int bo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = c[co + i] == 0f ? b[bo + i] : a[ao + i];
    }
  }

  @Override
  public void fill(float value, float[] y, int yo, int n) {
    Arrays.fill(y, yo, yo + n, value);
  }

  @Override
  public void copy(float[] x, int xo, float[] y, int yo, int n) {
    System.arraycopy(x, xo, y, yo, n);
  }

  @Override
  public void adam(
      AdamStep32 step,
      float[] p,
      int po,
      float[] g,
      int go,
      float[] m,
      int mo,
      float[] v,
      int vo,
      int n) {
    float beta1 = step.beta1();
    float beta2 = step.beta2();
    float new1 = 1f - beta1;
    float new2 = 1f - beta2;
    float gradScale = step.gradScale();
    float rate = step.rate();
    float rootScale = step.rootScale();
    float eps = step.eps();
    float keep = step.keep();
    for (int i = 0; i < n; i++) {
      float gi = g[go + i] * gradScale;
      float mi = Math.fma(m[mo + i], beta1, gi * new1);
      float vi = Math.fma(v[vo + i], beta2, gi * gi * new2);
      m[mo + i] = mi;
      v[vo + i] = vi;
      float d = Math.fma(Polynomials32.sqrt(vi), rootScale, eps);
      p[po + i] = Math.fma(p[po + i], keep, -(rate * mi / d));
    }
  }
}
