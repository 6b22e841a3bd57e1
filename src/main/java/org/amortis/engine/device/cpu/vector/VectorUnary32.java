package org.amortis.engine.device.cpu.vector;

import static jdk.incubator.vector.VectorOperators.*;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.amortis.engine.device.cpu.UnaryKernels32;
import org.amortis.engine.device.cpu.scalar.Polynomials32;

/// The unary kernels in vectors of the preferred width; what is left over goes through the scalar
/// formula.
abstract class VectorUnary32 implements UnaryKernels32 {
  private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;

  @Override
  public void neg(float[] x, int xo, float[] y, int yo, int n) {
    int i = 0;
    for (; i < S.loopBound(n); i += S.length()) {
      FloatVector vx = FloatVector.fromArray(S, x, xo + i);
      vx.neg().intoArray(y, yo + i);
    }
    for (; i < n; i++) {
      y[yo + i] = -x[xo + i];
    }
  }

  @Override
  public void abs(float[] x, int xo, float[] y, int yo, int n) {
    int i = 0;
    for (; i < S.loopBound(n); i += S.length()) {
      FloatVector vx = FloatVector.fromArray(S, x, xo + i);
      vx.abs().intoArray(y, yo + i);
    }
    for (; i < n; i++) {
      y[yo + i] = Math.abs(x[xo + i]);
    }
  }

  @Override
  public void sign(float[] x, int xo, float[] y, int yo, int n) {
    int i = 0;
    for (; i < S.loopBound(n); i += S.length()) {
      FloatVector vx = FloatVector.fromArray(S, x, xo + i);
      vx.blend(1f, vx.compare(GT, 0f)).blend(-1f, vx.compare(LT, 0f)).intoArray(y, yo + i);
    }
    for (; i < n; i++) {
      y[yo + i] = Polynomials32.sign(x[xo + i]);
    }
  }

  @Override
  public void floor(float[] x, int xo, float[] y, int yo, int n) {
    Elementary32.floor(x, xo, y, yo, n);
  }

  @Override
  public void square(float[] x, int xo, float[] y, int yo, int n) {
    int i = 0;
    for (; i < S.loopBound(n); i += S.length()) {
      FloatVector vx = FloatVector.fromArray(S, x, xo + i);
      vx.mul(vx).intoArray(y, yo + i);
    }
    for (; i < n; i++) {
      y[yo + i] = x[xo + i] * x[xo + i];
    }
  }

  @Override
  public void reciprocal(float[] x, int xo, float[] y, int yo, int n) {
    int i = 0;
    for (; i < S.loopBound(n); i += S.length()) {
      FloatVector vx = FloatVector.fromArray(S, x, xo + i);
      FloatVector.broadcast(S, 1f).div(vx).intoArray(y, yo + i);
    }
    for (; i < n; i++) {
      y[yo + i] = 1f / x[xo + i];
    }
  }

  @Override
  public void sqrt(float[] x, int xo, float[] y, int yo, int n) {
    int i = 0;
    for (; i < S.loopBound(n); i += S.length()) {
      FloatVector vx = FloatVector.fromArray(S, x, xo + i);
      vx.sqrt().intoArray(y, yo + i);
    }
    for (; i < n; i++) {
      y[yo + i] = Polynomials32.sqrt(x[xo + i]);
    }
  }

  @Override
  public void relu(float[] x, int xo, float[] y, int yo, int n) {
    int i = 0;
    for (; i < S.loopBound(n); i += S.length()) {
      FloatVector vx = FloatVector.fromArray(S, x, xo + i);
      vx.blend(0f, vx.compare(LE, 0f)).intoArray(y, yo + i);
    }
    for (; i < n; i++) {
      y[yo + i] = x[xo + i] <= 0f ? 0f : x[xo + i];
    }
  }

  @Override
  public void exp(float[] x, int xo, float[] y, int yo, int n) {
    Elementary32.exp(x, xo, y, yo, n);
  }

  @Override
  public void expm1(float[] x, int xo, float[] y, int yo, int n) {
    Elementary32.expm1(x, xo, y, yo, n);
  }

  @Override
  public void log(float[] x, int xo, float[] y, int yo, int n) {
    Elementary32.log(x, xo, y, yo, n);
  }

  @Override
  public void log1p(float[] x, int xo, float[] y, int yo, int n) {
    Elementary32.log1p(x, xo, y, yo, n);
  }

  @Override
  public void tanh(float[] x, int xo, float[] y, int yo, int n) {
    Elementary32.tanh(x, xo, y, yo, n);
  }

  @Override
  public void sigmoid(float[] x, int xo, float[] y, int yo, int n) {
    Elementary32.sigmoid(x, xo, y, yo, n);
  }

  @Override
  public void softplus(float[] x, int xo, float[] y, int yo, int n) {
    Elementary32.softplus(x, xo, y, yo, n);
  }

  @Override
  public void erf(float[] x, int xo, float[] y, int yo, int n) {
    Normals32.erf(x, xo, y, yo, n);
  }

  @Override
  public void normalCdf(float[] x, int xo, float[] y, int yo, int n) {
    Normals32.normalCdf(x, xo, y, yo, n);
  }

  @Override
  public void normalQuantile(float[] x, int xo, float[] y, int yo, int n) {
    Normals32.normalQuantile(x, xo, y, yo, n);
  }

  @Override
  public void leakyRelu(float slope, float[] x, int xo, float[] y, int yo, int n) {
    int i = 0;
    for (; i < S.loopBound(n); i += S.length()) {
      FloatVector vx = FloatVector.fromArray(S, x, xo + i);
      vx.blend(vx.mul(slope), vx.compare(LT, 0f)).intoArray(y, yo + i);
    }
    for (; i < n; i++) {
      y[yo + i] = x[xo + i] < 0f ? x[xo + i] * slope : x[xo + i];
    }
  }
}
