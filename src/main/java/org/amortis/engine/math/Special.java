package org.amortis.engine.math;

/// Special functions of double arguments from own polynomials and fused multiply-adds: the same
/// bits on every machine.
///
/// NaN gives NaN; results round to zero or infinity where they leave the range of a double. The
/// largest measured errors stand in docs/accuracy.md. Polynomial coefficients come from
/// validation/generators/polynomial_coefficients.py.
public final class Special {
  private static final double LOG2E = 0x1.71547652b82fep0;
  // log(2) in two parts; n LN2_HI is exact for |n| < 2^21.
  private static final double LN2_HI = 0x1.62e42feep-1;
  private static final double LN2_LO = 0x1.a39ef35793c76p-33;

  // (exp(r) - 1 - r)/r^2 on |r| <= log(2)/2, rising powers.
  private static final double[] EXP = {
    0.5,
    0.16666666666666666,
    0.04166666666666669,
    0.008333333333333312,
    0.0013888888888872193,
    0.00019841269841343277,
    2.480158734964655e-05,
    2.7557319117057296e-06,
    2.7557252219351946e-07,
    2.505216788806148e-08,
    2.092150199362844e-09,
    1.6059738680236467e-10
  };

  // 2 (atanh(s)/s - 1)/z in z = s^2, s = f/(2 + f), sqrt(1/2) <= 1 + f <= sqrt(2).
  private static final double[] LOG = {
    0.6666666666666731,
    0.39999999999433405,
    0.2857142873902431,
    0.22222198861372555,
    0.18183551574224327,
    0.15314331563206424,
    0.14793511945448765
  };

  private Special() {}

  /// Returns exp(x).
  public static double exp(double x) {
    return expProduct(x, 0.0, 1.0);
  }

  /// Returns factor exp(x + rest) with one rounding where the result is subnormal, |rest| far below
  /// 1.
  static double expProduct(double x, double rest, double factor) {
    if (x > 710.0) {
      return Double.POSITIVE_INFINITY;
    }
    if (x < -800.0) {
      return 0.0;
    }
    double n = Math.rint(x * LOG2E);
    double hi = Math.fma(-n, LN2_HI, x);
    double lo = Math.fma(n, LN2_LO, -rest);
    double r = hi - lo;
    double c = (hi - r) - lo;
    double tail = Math.fma(r * r, horner(EXP, r), c);
    // 1 + r + tail, the rounding error of the first sum carried over.
    double s = 1.0 + r;
    double p = s + ((r - (s - 1.0)) + tail);
    int i = (int) n;
    int half = i >> 1;
    return p * factor * power(half) * power(i - half);
  }

  /// Returns exp(x) - 1.
  public static double expm1(double x) {
    if (x > 710.0) {
      return Double.POSITIVE_INFINITY;
    }
    if (x < -50.0) {
      return -1.0;
    }
    if (Math.abs(x) < 0x1p-54) {
      return x;
    }
    double n = Math.rint(x * LOG2E);
    double hi = Math.fma(-n, LN2_HI, x);
    double lo = n * LN2_LO;
    double r = hi - lo;
    double c = (hi - r) - lo;
    double p = r + Math.fma(r * r, horner(EXP, r), c);
    // Half the power of two: 2^(n-1) is finite where 2^n is not.
    double s = power((int) n - 1);
    return Math.fma(s, p, s - 0.5) * 2.0;
  }

  /// Returns log(x); -Infinity at 0, NaN below.
  public static double log(double x) {
    if (x <= 0.0) {
      return x == 0.0 ? Double.NEGATIVE_INFINITY : Double.NaN;
    }
    if (!(x < Double.POSITIVE_INFINITY)) {
      return x;
    }
    int shift = 0;
    if (x < Double.MIN_NORMAL) {
      x *= 0x1p54;
      shift = -54;
    }
    long bits = Double.doubleToRawLongBits(x);
    int k = exponentAboveRootHalf(bits);
    double m = Double.longBitsToDouble(bits - ((long) k << 52));
    return logOfSum(m - 1.0, k + shift);
  }

  /// Returns log(1 + x); -Infinity at -1, NaN below.
  public static double log1p(double x) {
    if (x <= -1.0) {
      return x == -1.0 ? Double.NEGATIVE_INFINITY : Double.NaN;
    }
    if (!(x < Double.POSITIVE_INFINITY) || Math.abs(x) < 0x1p-54) {
      return x;
    }
    int k = exponentAboveRootHalf(Double.doubleToRawLongBits(1.0 + x));
    if (k > 1000) {
      return log(x);
    }
    double s = power(-k);
    return logOfSum(Math.fma(x, s, s - 1.0), k);
  }

  /// Returns log(1 + f) + k log(2) for sqrt(1/2) <= 1 + f <= sqrt(2).
  private static double logOfSum(double f, int k) {
    double s = f / (2.0 + f);
    double z = s * s;
    double half = 0.5 * f * f;
    double r = s * Math.fma(z, horner(LOG, z), half);
    double rest = half - Math.fma(k, LN2_LO, r);
    return Math.fma(k, LN2_HI, f - rest);
  }

  private static int exponentAboveRootHalf(long bits) {
    return (int) ((bits - 0x3FE6A09E667F3BCDL) >> 52);
  }

  /// Returns tanh(x) = e/(e + 2), e = exp(2x) - 1.
  public static double tanh(double x) {
    double a = Math.abs(x);
    if (a > 20.0) {
      return Math.copySign(1.0, x);
    }
    double e = expm1(2.0 * a);
    return Math.copySign(e / (e + 2.0), x);
  }

  /// Returns 1/(1 + exp(-x)).
  public static double sigmoid(double x) {
    double e = exp(-Math.abs(x));
    return (x < 0.0 ? e : 1.0) / (1.0 + e);
  }

  /// Returns log(1 + exp(x)).
  public static double softplus(double x) {
    return log1p(exp(-Math.abs(x))) + (x < 0.0 ? 0.0 : x);
  }

  /// Returns log(1/(1 + exp(-x))) = -softplus(-x).
  public static double logSigmoid(double x) {
    return -softplus(-x);
  }

  /// Returns log(exp(a) + exp(b)).
  public static double logSumExp(double a, double b) {
    double top = Math.max(a, b);
    double gap = Math.abs(a - b);
    // Equal infinities have no gap.
    return gap == gap ? top + log1p(exp(-gap)) : a == b ? a : Double.NaN;
  }

  /// Returns the logarithm of the sum of exp(x), summed in order; -Infinity where x is empty.
  public static double logSumExp(double[] x) {
    double top = Double.NEGATIVE_INFINITY;
    for (double value : x) {
      top = Math.max(top, value);
    }
    if (Double.isInfinite(top)) {
      return top;
    }
    double sum = 0.0;
    for (double value : x) {
      sum += exp(value - top);
    }
    return top + log(sum);
  }

  /// Returns the error function.
  public static double erf(double x) {
    return NormalFunctions.erf(x);
  }

  /// Returns 1 - erf(x) without loss for large x.
  public static double erfc(double x) {
    return NormalFunctions.erfc(x);
  }

  /// Returns the standard normal distribution function, accurate in both tails.
  public static double normalCdf(double x) {
    return NormalFunctions.cdf(x);
  }

  /// Returns the logarithm of the standard normal distribution function, also where that
  /// underflows.
  public static double normalLogCdf(double x) {
    return NormalFunctions.logCdf(x);
  }

  /// Returns the standard normal quantile of p; infinite at 0 and 1, NaN outside.
  ///
  /// Source: Wichura (1988), algorithm AS 241, PPND16.
  public static double normalQuantile(double p) {
    return NormalFunctions.quantile(p);
  }

  /// Returns log Gamma(x) for x > 0; Infinity at 0, NaN below.
  public static double lgamma(double x) {
    return GammaFunctions.lgamma(x);
  }

  /// Returns the derivative of [#lgamma] for x > 0; -Infinity at 0, NaN below.
  public static double digamma(double x) {
    return GammaFunctions.digamma(x);
  }

  /// Returns c0 + c1 x + ... by Horner's rule.
  static double horner(double[] c, double x) {
    double sum = c[c.length - 1];
    for (int i = c.length - 2; i >= 0; i--) {
      sum = Math.fma(sum, x, c[i]);
    }
    return sum;
  }

  /// Returns 2^n for -1022 <= n <= 1023.
  private static double power(int n) {
    return Double.longBitsToDouble((n + 1023L) << 52);
  }
}
