package org.amortis.engine.device.cpu.scalar;

/// Exponentials and logarithms of the flow kernels over stretches of an array, in place.
///
/// The exponential is `2^n e^r` with `|r| <= log(2) / 2` and `e^r` by its Taylor polynomial of
/// degree 13; logarithms are `2 artanh(q) = 2 (q + q^3 / 3 + ...)`, `q = (m - 1) / (m + 1)` with m
/// in [sqrt(1/2), sqrt(2)), up to `q^23`, and up to `q^35` for `log(1 + u)`, `q = u / (2 + u)`.
/// Relative error below 8e-16 (log: absolute, near 1 relative). Written out by hand for each width,
/// since degrees and bit layout differ; the same operations as the vector `FlowLanes64`, hence the
/// same bytes. NaN gives NaN.
final class FlowMath64 {
  private static final double LOG2E = 1.4426950408889634;
  private static final double LN2_HIGH = 0.6931471805599453;
  private static final double LN2_LOW = 2.3190468138462996e-17;
  private static final double MAGIC = 6755399441055744d;
  private static final double LEAST = -708d;
  private static final double MOST = 709d;

  private static final double E2 = 0.5;
  private static final double E3 = 0.16666666666666666;
  private static final double E4 = 0.041666666666666664;
  private static final double E5 = 0.008333333333333333;
  private static final double E6 = 0.001388888888888889;
  private static final double E7 = 0.0001984126984126984;
  private static final double E8 = 2.48015873015873e-05;
  private static final double E9 = 2.7557319223985893e-06;
  private static final double E10 = 2.755731922398589e-07;
  private static final double E11 = 2.505210838544172e-08;
  private static final double E12 = 2.08767569878681e-09;
  private static final double E13 = 1.6059043836821613e-10;

  private static final double A1 = 0.3333333333333333;
  private static final double A2 = 0.2;
  private static final double A3 = 0.14285714285714285;
  private static final double A4 = 0.1111111111111111;
  private static final double A5 = 0.09090909090909091;
  private static final double A6 = 0.07692307692307693;
  private static final double A7 = 0.06666666666666667;
  private static final double A8 = 0.058823529411764705;
  private static final double A9 = 0.05263157894736842;
  private static final double A10 = 0.047619047619047616;
  private static final double A11 = 0.043478260869565216;
  private static final double A12 = 0.04;
  private static final double A13 = 0.037037037037037035;
  private static final double A14 = 0.034482758620689655;
  private static final double A15 = 0.03225806451612903;
  private static final double A16 = 0.030303030303030304;
  private static final double A17 = 0.02857142857142857;

  private static final long ROOT_HALF = 0x3fe6a09e667f3bcdL;
  private static final long MAGIC_BITS = 0x4338000000000000L;

  private FlowMath64() {}

  /// `a = exp(a)`, the argument held to [-708, 709] so that no result is subnormal or infinite.
  static void exp(double[] a, int at, int count) {
    for (int i = at; i < at + count; i++) {
      double v = Math.min(Math.max(a[i], LEAST), MOST);
      double m = Math.fma(v, LOG2E, MAGIC);
      double n = m - MAGIC;
      double r = Math.fma(n, -LN2_HIGH, v);
      r = Math.fma(n, -LN2_LOW, r);
      double e = E13;
      e = Math.fma(e, r, E12);
      e = Math.fma(e, r, E11);
      e = Math.fma(e, r, E10);
      e = Math.fma(e, r, E9);
      e = Math.fma(e, r, E8);
      e = Math.fma(e, r, E7);
      e = Math.fma(e, r, E6);
      e = Math.fma(e, r, E5);
      e = Math.fma(e, r, E4);
      e = Math.fma(e, r, E3);
      e = Math.fma(e, r, E2);
      e = Math.fma(e * r, r, r);
      double power =
          Double.longBitsToDouble((Double.doubleToRawLongBits(m) << 52) + 0x3ff0000000000000L);
      a[i] = Math.fma(e, power, power);
    }
  }

  /// `a = exp(a) - 1`, accurate near 0, the argument held as in [#exp].
  static void expm1(double[] a, int at, int count) {
    for (int i = at; i < at + count; i++) {
      double v = Math.min(Math.max(a[i], LEAST), MOST);
      double m = Math.fma(v, LOG2E, MAGIC);
      double n = m - MAGIC;
      double r = Math.fma(n, -LN2_HIGH, v);
      r = Math.fma(n, -LN2_LOW, r);
      double e = E13;
      e = Math.fma(e, r, E12);
      e = Math.fma(e, r, E11);
      e = Math.fma(e, r, E10);
      e = Math.fma(e, r, E9);
      e = Math.fma(e, r, E8);
      e = Math.fma(e, r, E7);
      e = Math.fma(e, r, E6);
      e = Math.fma(e, r, E5);
      e = Math.fma(e, r, E4);
      e = Math.fma(e, r, E3);
      e = Math.fma(e, r, E2);
      e = Math.fma(e * r, r, r);
      double power =
          Double.longBitsToDouble((Double.doubleToRawLongBits(m) << 52) + 0x3ff0000000000000L);
      a[i] = Math.fma(e, power, power - 1d);
    }
  }

  /// `a = log(a)` of positive normal finite numbers.
  static void log(double[] a, int at, int count) {
    for (int i = at; i < at + count; i++) {
      double v = a[i];
      long bits = Double.doubleToRawLongBits(v);
      long high = (bits - ROOT_HALF) >> 52;
      double m = Double.longBitsToDouble(bits - (high << 52));
      double e = Double.longBitsToDouble(high + MAGIC_BITS) - MAGIC;
      double q = (m - 1d) / (m + 1d);
      double z = q * q;
      double l = A11;
      l = Math.fma(l, z, A10);
      l = Math.fma(l, z, A9);
      l = Math.fma(l, z, A8);
      l = Math.fma(l, z, A7);
      l = Math.fma(l, z, A6);
      l = Math.fma(l, z, A5);
      l = Math.fma(l, z, A4);
      l = Math.fma(l, z, A3);
      l = Math.fma(l, z, A2);
      l = Math.fma(l, z, A1);
      double twice = q + q;
      l = Math.fma(l * z, twice, twice);
      l = Math.fma(e, LN2_LOW, l);
      l = Math.fma(e, LN2_HIGH, l);
      a[i] = Math.fma(v, 0d, l);
    }
  }

  /// `a = log(1 + exp(a))` and `sigma = 1 / (1 + exp(-a))`, without overflow.
  static void softplus(double[] a, int at, int count, double[] sigma, int sigmaAt) {
    for (int i = 0; i < count; i++) {
      sigma[sigmaAt + i] = -Math.abs(a[at + i]);
    }
    exp(sigma, sigmaAt, count);
    for (int i = 0; i < count; i++) {
      double v = a[at + i];
      double u = sigma[sigmaAt + i];
      double q = u / (u + 2d);
      double z = q * q;
      double l = A17;
      l = Math.fma(l, z, A16);
      l = Math.fma(l, z, A15);
      l = Math.fma(l, z, A14);
      l = Math.fma(l, z, A13);
      l = Math.fma(l, z, A12);
      l = Math.fma(l, z, A11);
      l = Math.fma(l, z, A10);
      l = Math.fma(l, z, A9);
      l = Math.fma(l, z, A8);
      l = Math.fma(l, z, A7);
      l = Math.fma(l, z, A6);
      l = Math.fma(l, z, A5);
      l = Math.fma(l, z, A4);
      l = Math.fma(l, z, A3);
      l = Math.fma(l, z, A2);
      l = Math.fma(l, z, A1);
      double twice = q + q;
      l = Math.fma(l * z, twice, twice);
      a[at + i] = Math.max(v, 0d) + l;
      sigma[sigmaAt + i] = (v >= 0d ? 1d : u) / (u + 1d);
    }
  }
}
