package org.amortis.inference.mcmc;

import org.amortis.engine.math.Special;

/// Quantiles of the beta distribution, by bisection of its distribution function to the last bit of
/// the interval (0, 1) that matters here; relative error of the function below 1e-12.
final class BetaQuantile {
  private static final double TINY = 1e-300;

  private BetaQuantile() {}

  static double of(double level, double a, double b) {
    double low = 0;
    double high = 1;
    for (int i = 0; i < 60; i++) {
      double middle = (low + high) / 2;
      if (cdf(middle, a, b) < level) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return (low + high) / 2;
  }

  static double cdf(double x, double a, double b) {
    double front =
        Special.exp(
            Special.lgamma(a + b)
                - Special.lgamma(a)
                - Special.lgamma(b)
                + a * Special.log(x)
                + b * Special.log1p(-x));
    // The fraction converges fast below the mean; above it the complement is taken.
    return x < (a + 1) / (a + b + 2)
        ? front * fraction(x, a, b) / a
        : 1 - front * fraction(1 - x, b, a) / b;
  }

  /// The continued fraction of the incomplete beta function (Abramowitz and Stegun 26.5.8), by
  /// Lentz's method.
  private static double fraction(double x, double a, double b) {
    double c = 1;
    double d = 1 / guarded(1 - (a + b) * x / (a + 1));
    double h = d;
    for (int m = 1; m < 10_000; m++) {
      double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
      d = 1 / guarded(1 + even * d);
      c = guarded(1 + even / c);
      h *= d * c;
      double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
      d = 1 / guarded(1 + odd * d);
      c = guarded(1 + odd / c);
      h *= d * c;
      if (StrictMath.abs(d * c - 1) < 1e-15) {
        break;
      }
    }
    return h;
  }

  private static double guarded(double x) {
    return StrictMath.abs(x) < TINY ? TINY : x;
  }
}
