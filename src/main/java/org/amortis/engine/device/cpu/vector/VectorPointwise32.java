package org.amortis.engine.device.cpu.vector;

import static jdk.incubator.vector.VectorOperators.*;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.amortis.engine.device.cpu.AdamStep32;
import org.amortis.engine.device.cpu.PointwiseKernels32;
import org.amortis.engine.device.cpu.scalar.Polynomials32;

/// The pointwise kernels in vectors of the preferred width.
public final class VectorPointwise32 extends VectorUnary32 implements PointwiseKernels32 {
  private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;

  @Override
  public void add(float[] a, int ao, float[] b, int bo, float[] y, int yo, int n) {
    int i = 0;
    for (; i < S.loopBound(n); i += S.length()) {
      FloatVector va = FloatVector.fromArray(S, a, ao + i);
      FloatVector vb = FloatVector.fromArray(S, b, bo + i);
      va.add(vb).intoArray(y, yo + i);
    }
    for (; i < n; i++) {
      y[yo + i] = a[ao + i] + b[bo + i];
    }
  }

  @Override
  public void add(float[] a, int ao, float b, float[] y, int yo, int n) {
    int i = 0;
    for (; i < S.loopBound(n); i += S.length()) {
      FloatVector va = FloatVector.fromArray(S, a, ao + i);
      va.add(b).intoArray(y, yo + i);
    }
    for (; i < n; i++) {
      y[yo + i] = a[ao + i] + b;
    }
  }

  @Override
  public void sub(float[] a, int ao, float[] b, int bo, float[] y, int yo, int n) {
    int i = 0;
    for (; i < S.loopBound(n); i += S.length()) {
      FloatVector va = FloatVector.fromArray(S, a, ao + i);
      FloatVector vb = FloatVector.fromArray(S, b, bo + i);
      va.sub(vb).intoArray(y, yo + i);
    }
    for (; i < n; i++) {
      y[yo + i] = a[ao + i] - b[bo + i];
    }
  }

  @Override
  public void sub(float[] a, int ao, float b, float[] y, int yo, int n) {
    int i = 0;
    for (; i < S.loopBound(n); i += S.length()) {
      FloatVector va = FloatVector.fromArray(S, a, ao + i);
      va.sub(b).intoArray(y, yo + i);
    }
    for (; i < n; i++) {
      y[yo + i] = a[ao + i] - b;
    }
  }

  @Override
  public void sub(float a, float[] b, int bo, float[] y, int yo, int n) {
    int i = 0;
    for (; i < S.loopBound(n); i += S.length()) {
      FloatVector vb = FloatVector.fromArray(S, b, bo + i);
      FloatVector.broadcast(S, a).sub(vb).intoArray(y, yo + i);
    }
    for (; i < n; i++) {
      y[yo + i] = a - b[bo + i];
    }
  }

  @Override
  public void mul(float[] a, int ao, float[] b, int bo, float[] y, int yo, int n) {
    int i = 0;
    for (; i < S.loopBound(n); i += S.length()) {
      FloatVector va = FloatVector.fromArray(S, a, ao + i);
      FloatVector vb = FloatVector.fromArray(S, b, bo + i);
      va.mul(vb).intoArray(y, yo + i);
    }
    for (; i < n; i++) {
      y[yo + i] = a[ao + i] * b[bo + i];
    }
  }

  @Override
  public void mul(float[] a, int ao, float b, float[] y, int yo, int n) {
    int i = 0;
    for (; i < S.loopBound(n); i += S.length()) {
      FloatVector va = FloatVector.fromArray(S, a, ao + i);
      va.mul(b).intoArray(y, yo + i);
    }
    for (; i < n; i++) {
      y[yo + i] = a[ao + i] * b;
    }
  }

  @Override
  public void div(float[] a, int ao, float[] b, int bo, float[] y, int yo, int n) {
    int i = 0;
    for (; i < S.loopBound(n); i += S.length()) {
      FloatVector va = FloatVector.fromArray(S, a, ao + i);
      FloatVector vb = FloatVector.fromArray(S, b, bo + i);
      va.div(vb).intoArray(y, yo + i);
    }
    for (; i < n; i++) {
      y[yo + i] = a[ao + i] / b[bo + i];
    }
  }

  @Override
  public void div(float[] a, int ao, float b, float[] y, int yo, int n) {
    int i = 0;
    for (; i < S.loopBound(n); i += S.length()) {
      FloatVector va = FloatVector.fromArray(S, a, ao + i);
      va.div(b).intoArray(y, yo + i);
    }
    for (; i < n; i++) {
      y[yo + i] = a[ao + i] / b;
    }
  }

  @Override
  public void div(float a, float[] b, int bo, float[] y, int yo, int n) {
    int i = 0;
    for (; i < S.loopBound(n); i += S.length()) {
      FloatVector vb = FloatVector.fromArray(S, b, bo + i);
      FloatVector.broadcast(S, a).div(vb).intoArray(y, yo + i);
    }
    for (; i < n; i++) {
      y[yo + i] = a / b[bo + i];
    }
  }

  @Override
  public void max(float[] a, int ao, float[] b, int bo, float[] y, int yo, int n) {
    int i = 0;
    for (; i < S.loopBound(n); i += S.length()) {
      FloatVector va = FloatVector.fromArray(S, a, ao + i);
      FloatVector vb = FloatVector.fromArray(S, b, bo + i);
      va.max(vb).intoArray(y, yo + i);
    }
    for (; i < n; i++) {
      y[yo + i] = Math.max(a[ao + i], b[bo + i]);
    }
  }

  @Override
  public void max(float[] a, int ao, float b, float[] y, int yo, int n) {
    int i = 0;
    for (; i < S.loopBound(n); i += S.length()) {
      FloatVector va = FloatVector.fromArray(S, a, ao + i);
      va.max(b).intoArray(y, yo + i);
    }
    for (; i < n; i++) {
      y[yo + i] = Math.max(a[ao + i], b);
    }
  }

  @Override
  public void min(float[] a, int ao, float[] b, int bo, float[] y, int yo, int n) {
    int i = 0;
    for (; i < S.loopBound(n); i += S.length()) {
      FloatVector va = FloatVector.fromArray(S, a, ao + i);
      FloatVector vb = FloatVector.fromArray(S, b, bo + i);
      va.min(vb).intoArray(y, yo + i);
    }
    for (; i < n; i++) {
      y[yo + i] = Math.min(a[ao + i], b[bo + i]);
    }
  }

  @Override
  public void min(float[] a, int ao, float b, float[] y, int yo, int n) {
    int i = 0;
    for (; i < S.loopBound(n); i += S.length()) {
      FloatVector va = FloatVector.fromArray(S, a, ao + i);
      va.min(b).intoArray(y, yo + i);
    }
    for (; i < n; i++) {
      y[yo + i] = Math.min(a[ao + i], b);
    }
  }

  @Override
  public void less(float[] a, int ao, float[] b, int bo, float[] y, int yo, int n) {
    int i = 0;
    for (; i < S.loopBound(n); i += S.length()) {
      FloatVector va = FloatVector.fromArray(S, a, ao + i);
      FloatVector vb = FloatVector.fromArray(S, b, bo + i);
      FloatVector.zero(S).blend(1f, va.compare(LT, vb)).intoArray(y, yo + i);
    }
    for (; i < n; i++) {
      y[yo + i] = a[ao + i] < b[bo + i] ? 1f : 0f;
    }
  }

  @Override
  public void less(float[] a, int ao, float b, float[] y, int yo, int n) {
    int i = 0;
    for (; i < S.loopBound(n); i += S.length()) {
      FloatVector va = FloatVector.fromArray(S, a, ao + i);
      FloatVector.zero(S).blend(1f, va.compare(LT, b)).intoArray(y, yo + i);
    }
    for (; i < n; i++) {
      y[yo + i] = a[ao + i] < b ? 1f : 0f;
    }
  }

  @Override
  public void less(float a, float[] b, int bo, float[] y, int yo, int n) {
    int i = 0;
    for (; i < S.loopBound(n); i += S.length()) {
      FloatVector vb = FloatVector.fromArray(S, b, bo + i);
      FloatVector.zero(S)
          .blend(1f, FloatVector.broadcast(S, a).compare(LT, vb))
          .intoArray(y, yo + i);
    }
    for (; i < n; i++) {
      y[yo + i] = a < b[bo + i] ? 1f : 0f;
    }
  }

  @Override
  public void lessEqual(float[] a, int ao, float[] b, int bo, float[] y, int yo, int n) {
    int i = 0;
    for (; i < S.loopBound(n); i += S.length()) {
      FloatVector va = FloatVector.fromArray(S, a, ao + i);
      FloatVector vb = FloatVector.fromArray(S, b, bo + i);
      FloatVector.zero(S).blend(1f, va.compare(LE, vb)).intoArray(y, yo + i);
    }
    for (; i < n; i++) {
      y[yo + i] = a[ao + i] <= b[bo + i] ? 1f : 0f;
    }
  }

  @Override
  public void lessEqual(float[] a, int ao, float b, float[] y, int yo, int n) {
    int i = 0;
    for (; i < S.loopBound(n); i += S.length()) {
      FloatVector va = FloatVector.fromArray(S, a, ao + i);
      FloatVector.zero(S).blend(1f, va.compare(LE, b)).intoArray(y, yo + i);
    }
    for (; i < n; i++) {
      y[yo + i] = a[ao + i] <= b ? 1f : 0f;
    }
  }

  @Override
  public void lessEqual(float a, float[] b, int bo, float[] y, int yo, int n) {
    int i = 0;
    for (; i < S.loopBound(n); i += S.length()) {
      FloatVector vb = FloatVector.fromArray(S, b, bo + i);
      FloatVector.zero(S)
          .blend(1f, FloatVector.broadcast(S, a).compare(LE, vb))
          .intoArray(y, yo + i);
    }
    for (; i < n; i++) {
      y[yo + i] = a <= b[bo + i] ? 1f : 0f;
    }
  }

  @Override
  public void equal(float[] a, int ao, float[] b, int bo, float[] y, int yo, int n) {
    int i = 0;
    for (; i < S.loopBound(n); i += S.length()) {
      FloatVector va = FloatVector.fromArray(S, a, ao + i);
      FloatVector vb = FloatVector.fromArray(S, b, bo + i);
      FloatVector.zero(S).blend(1f, va.compare(EQ, vb)).intoArray(y, yo + i);
    }
    for (; i < n; i++) {
      y[yo + i] = a[ao + i] == b[bo + i] ? 1f : 0f;
    }
  }

  @Override
  public void equal(float[] a, int ao, float b, float[] y, int yo, int n) {
    int i = 0;
    for (; i < S.loopBound(n); i += S.length()) {
      FloatVector va = FloatVector.fromArray(S, a, ao + i);
      FloatVector.zero(S).blend(1f, va.compare(EQ, b)).intoArray(y, yo + i);
    }
    for (; i < n; i++) {
      y[yo + i] = a[ao + i] == b ? 1f : 0f;
    }
  }

  @Override
  public void multiplyAdd(
      float[] a, int ao, float[] b, int bo, float[] c, int co, float[] y, int yo, int n) {
    int i = 0;
    for (; i < S.loopBound(n); i += S.length()) {
      FloatVector va = FloatVector.fromArray(S, a, ao + i);
      FloatVector vb = FloatVector.fromArray(S, b, bo + i);
      FloatVector vc = FloatVector.fromArray(S, c, co + i);
      va.fma(vb, vc).intoArray(y, yo + i);
    }
    for (; i < n; i++) {
      y[yo + i] = Math.fma(a[ao + i], b[bo + i], c[co + i]);
    }
  }

  @Override
  public void axpy(float alpha, float[] x, int xo, float[] y, int yo, int n) {
    int i = 0;
    for (; i < S.loopBound(n); i += S.length()) {
      FloatVector vx = FloatVector.fromArray(S, x, xo + i);
      FloatVector vy = FloatVector.fromArray(S, y, yo + i);
      vx.fma(FloatVector.broadcast(S, alpha), vy).intoArray(y, yo + i);
    }
    for (; i < n; i++) {
      y[yo + i] = Math.fma(x[xo + i], alpha, y[yo + i]);
    }
  }

  @Override
  public void select(
      float[] c, int co, float[] a, int ao, float[] b, int bo, float[] y, int yo, int n) {
    int i = 0;
    for (; i < S.loopBound(n); i += S.length()) {
      FloatVector vc = FloatVector.fromArray(S, c, co + i);
      FloatVector va = FloatVector.fromArray(S, a, ao + i);
      FloatVector vb = FloatVector.fromArray(S, b, bo + i);
      va.blend(vb, vc.compare(EQ, 0f)).intoArray(y, yo + i);
    }
    for (; i < n; i++) {
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
    int i = 0;
    for (; i < S.loopBound(n); i += S.length()) {
      FloatVector gi = FloatVector.fromArray(S, g, go + i).mul(gradScale);
      FloatVector mi =
          FloatVector.fromArray(S, m, mo + i).fma(FloatVector.broadcast(S, beta1), gi.mul(new1));
      FloatVector vi =
          FloatVector.fromArray(S, v, vo + i)
              .fma(FloatVector.broadcast(S, beta2), gi.mul(gi).mul(new2));
      mi.intoArray(m, mo + i);
      vi.intoArray(v, vo + i);
      FloatVector d =
          vi.sqrt().fma(FloatVector.broadcast(S, rootScale), FloatVector.broadcast(S, eps));
      FloatVector pi = FloatVector.fromArray(S, p, po + i);
      pi.fma(FloatVector.broadcast(S, keep), mi.mul(rate).div(d).neg()).intoArray(p, po + i);
    }
    for (; i < n; i++) {
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
