package org.amortis.engine.device.cpu;

/// Functions of one float array: `y[yo + i] = f(x[xo + i])`, i = 0..n-1.
///
/// Only those n elements of `y` are written; `x` and `y` may be the same array at the same offset
/// (any other overlap is undefined). Every implementation returns the same bits, except that any
/// NaN counts as equal. Errors in ulp stand in docs/accuracy.md. Offsets out of range throw
/// [IndexOutOfBoundsException].
public interface UnaryKernels32 {
  /// y = -x.
  void neg(float[] x, int xo, float[] y, int yo, int n);

  /// y = |x|.
  void abs(float[] x, int xo, float[] y, int yo, int n);

  /// y = 1, -1, or x where it is zero or NaN.
  void sign(float[] x, int xo, float[] y, int yo, int n);

  /// y = the largest whole number that is at most x.
  void floor(float[] x, int xo, float[] y, int yo, int n);

  /// y = x^2.
  void square(float[] x, int xo, float[] y, int yo, int n);

  /// y = 1/x.
  void reciprocal(float[] x, int xo, float[] y, int yo, int n);

  /// y = sqrt(x), NaN below 0.
  void sqrt(float[] x, int xo, float[] y, int yo, int n);

  /// y = 0 where x <= 0, else x (NaN stays).
  void relu(float[] x, int xo, float[] y, int yo, int n);

  /// y = exp(x).
  void exp(float[] x, int xo, float[] y, int yo, int n);

  /// y = exp(x) - 1.
  void expm1(float[] x, int xo, float[] y, int yo, int n);

  /// y = log(x), -Infinity at 0, NaN below.
  void log(float[] x, int xo, float[] y, int yo, int n);

  /// y = log(1 + x), -Infinity at -1, NaN below.
  void log1p(float[] x, int xo, float[] y, int yo, int n);

  /// y = tanh(x).
  void tanh(float[] x, int xo, float[] y, int yo, int n);

  /// y = 1/(1 + exp(-x)).
  void sigmoid(float[] x, int xo, float[] y, int yo, int n);

  /// y = log(1 + exp(x)).
  void softplus(float[] x, int xo, float[] y, int yo, int n);

  /// y = erf(x).
  void erf(float[] x, int xo, float[] y, int yo, int n);

  /// y = Phi(x), the standard normal distribution function.
  void normalCdf(float[] x, int xo, float[] y, int yo, int n);

  /// y = the standard normal quantile of x, infinite at 0 and 1, NaN outside.
  void normalQuantile(float[] x, int xo, float[] y, int yo, int n);

  /// y = x, or slope x where x < 0.
  void leakyRelu(float slope, float[] x, int xo, float[] y, int yo, int n);
}
