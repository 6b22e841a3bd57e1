package org.amortis.engine.device.cpu;

import org.amortis.engine.op.Unary;

/// Functions of one float array: `y[yo + i] = f(x[xo + i])`, i = 0..n-1.
///
/// Only those n elements of `y` are written; `x` and `y` may be the same array at the same offset
/// (any other overlap is undefined). Every implementation returns the same bits, except that any
/// NaN counts as equal. Errors in ulp stand in docs/accuracy.md. Offsets out of range throw
/// [IndexOutOfBoundsException].
public interface UnaryKernels32 {
  /// y = f(x); a function of a few exactly rounded operations may be written here, once for all
  /// implementations.
  default void apply(Unary f, float[] x, int xo, float[] y, int yo, int n) {
    // With a case for null the compiler demands a case for every constant.
    switch (f) {
      case null -> throw new IllegalStateException("a function is expected");
      case NEG -> neg(x, xo, y, yo, n);
      case ABS -> abs(x, xo, y, yo, n);
      case SIGN -> sign(x, xo, y, yo, n);
      case FLOOR -> floor(x, xo, y, yo, n);
      case EXP -> exp(x, xo, y, yo, n);
      case LOG -> log(x, xo, y, yo, n);
      case LOG1P -> log1p(x, xo, y, yo, n);
      case EXPM1 -> expm1(x, xo, y, yo, n);
      case SQRT -> sqrt(x, xo, y, yo, n);
      case RECIPROCAL -> reciprocal(x, xo, y, yo, n);
      case SQUARE -> square(x, xo, y, yo, n);
      case TANH -> tanh(x, xo, y, yo, n);
      case SIGMOID -> sigmoid(x, xo, y, yo, n);
      case SOFTPLUS -> softplus(x, xo, y, yo, n);
      case SOFTSIGN -> {
        for (int i = 0; i < n; i++) {
          y[yo + i] = x[xo + i] / (1 + StrictMath.abs(x[xo + i]));
        }
      }
      case RELU -> relu(x, xo, y, yo, n);
      case ERF -> erf(x, xo, y, yo, n);
      case NORMAL_CDF -> normalCdf(x, xo, y, yo, n);
      case NORMAL_QUANTILE -> normalQuantile(x, xo, y, yo, n);
    }
  }

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
