package org.amortis.engine.device.cpu.scalar;

import org.amortis.engine.device.cpu.UnaryKernels32;

/// The unary kernels in plain Java.
abstract class ScalarUnary32 implements UnaryKernels32 {
  @Override
  public void neg(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = -x[xo + i];
    }
  }

  @Override
  public void abs(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = Math.abs(x[xo + i]);
    }
  }

  @Override
  public void sign(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = Polynomials32.sign(x[xo + i]);
    }
  }

  @Override
  public void floor(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = Polynomials32.floor(x[xo + i]);
    }
  }

  @Override
  public void square(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = x[xo + i] * x[xo + i];
    }
  }

  @Override
  public void reciprocal(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = 1f / x[xo + i];
    }
  }

  @Override
  public void sqrt(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = Polynomials32.sqrt(x[xo + i]);
    }
  }

  @Override
  public void relu(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = x[xo + i] <= 0f ? 0f : x[xo + i];
    }
  }

  @Override
  public void exp(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = Polynomials32.exp(x[xo + i]);
    }
  }

  @Override
  public void expm1(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = Polynomials32.expm1(x[xo + i]);
    }
  }

  @Override
  public void log(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = Polynomials32.log(x[xo + i]);
    }
  }

  @Override
  public void log1p(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = Polynomials32.log1p(x[xo + i]);
    }
  }

  @Override
  public void tanh(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = Polynomials32.tanh(x[xo + i]);
    }
  }

  @Override
  public void sigmoid(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = Polynomials32.sigmoid(x[xo + i]);
    }
  }

  @Override
  public void softplus(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = Polynomials32.softplus(x[xo + i]);
    }
  }

  @Override
  public void erf(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = Polynomials32.erf(x[xo + i]);
    }
  }

  @Override
  public void normalCdf(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = Polynomials32.normalCdf(x[xo + i]);
    }
  }

  @Override
  public void normalQuantile(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = Polynomials32.normalQuantile(x[xo + i]);
    }
  }

  @Override
  public void leakyRelu(float slope, float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = x[xo + i] < 0f ? x[xo + i] * slope : x[xo + i];
    }
  }
}
