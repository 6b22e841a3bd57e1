package org.amortis.inference.diagnose;

import org.amortis.engine.math.Special;

/// Tests of the null hypothesis that numbers are uniform: statistics and upper tail probabilities.
final class Uniformity {
  private Uniformity() {}

  /// Pearson's statistic of equally likely bins: `sum (observed - expected)^2 / expected`.
  static double chiSquare(int[] counts) {
    double n = 0;
    for (int c : counts) {
      n += c;
    }
    double expected = n / counts.length;
    double sum = 0;
    for (int c : counts) {
      sum += (c - expected) * (c - expected) / expected;
    }
    return sum;
  }

  /// `P(X > x)` for X chi-square with the given degrees of freedom: the upper regularised gamma
  /// function `Q(degrees / 2, x / 2)` by its series or continued fraction (Abramowitz and Stegun
  /// 6.5.29, 6.5.31); relative error below 1e-10.
  static double chiSquareTail(double x, double degrees) {
    double a = degrees / 2;
    double z = x / 2;
    if (!(z > 0)) {
      return 1;
    }
    double front = Special.exp(a * Special.log(z) - z - Special.lgamma(a));
    if (z < a + 1) {
      double term = 1 / a;
      double sum = term;
      for (int k = 1; term > sum * 1e-17; k++) {
        term *= z / (a + k);
        sum += term;
      }
      return 1 - front * sum;
    }
    double b = z + 1 - a;
    double c = 1e300;
    double d = 1 / b;
    double h = d;
    for (int k = 1; k < 10_000; k++) {
      double an = -k * (k - a);
      b += 2;
      d = 1 / (an * d + b);
      c = b + an / c;
      h *= d * c;
      if (StrictMath.abs(d * c - 1) < 1e-15) {
        break;
      }
    }
    return front * h;
  }

  /// `P(D > d)` for D the largest distance between the empirical distribution function of n uniform
  /// numbers and the uniform one: Kolmogorov's limit law at `d (sqrt(n) + 0.12 + 0.11 / sqrt(n))`
  /// (Stephens 1970), for n of 25 or more within 0.02, and within 0.002 where it is below 0.1.
  static double kolmogorovTail(double d, int n) {
    double root = StrictMath.sqrt(n);
    double t = d * (root + 0.12 + 0.11 / root);
    if (t < 0.2) {
      return 1;
    }
    double sum = 0;
    for (int k = 1; k <= 100; k++) {
      double term = Special.exp(-2.0 * k * k * t * t);
      sum += k % 2 == 1 ? term : -term;
    }
    return StrictMath.min(1, StrictMath.max(0, 2 * sum));
  }
}
