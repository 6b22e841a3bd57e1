package org.amortis.engine.device.cpu.scalar;

/// Exponentials and logarithms of the flow kernels over stretches of an array, in place.
///
/// The exponential is `2^n e^r` with `|r| <= log(2) / 2` and `e^r` by its Taylor polynomial of
/// degree 7; logarithms are `2 artanh(q) = 2 (q + q^3 / 3 + ...)`, `q = (m - 1) / (m + 1)` with m
/// in [sqrt(1/2), sqrt(2)), up to `q^11`, and up to `q^17` for `log(1 + u)`, `q = u / (2 + u)`.
/// Relative error below 3e-7 (log: absolute, near 1 relative). Written out by hand for each width,
/// since degrees and bit layout differ; the same operations as the vector `FlowLanes32`, hence the
/// same bytes. NaN gives NaN.
final class FlowMath32 {
  private static final float LOG2E = 1.442695f;
  private static final float LN2_HIGH = 0.6931472f;
  private static final float LN2_LOW = -1.9046542e-09f;
  private static final float MAGIC = 12582912f;
  private static final float LEAST = -87f;
  private static final float MOST = 88f;

  private static final float E2 = 0.5f;
  private static final float E3 = 0.16666667f;
  private static final float E4 = 0.041666668f;
  private static final float E5 = 0.008333334f;
  private static final float E6 = 0.0013888889f;
  private static final float E7 = 0.0001984127f;

  private static final float A1 = 0.33333334f;
  private static final float A2 = 0.2f;
  private static final float A3 = 0.14285715f;
  private static final float A4 = 0.11111111f;
  private static final float A5 = 0.09090909f;
  private static final float A6 = 0.07692308f;
  private static final float A7 = 0.06666667f;
  private static final float A8 = 0.05882353f;

  private static final int ROOT_HALF = 0x3f3504f3;
  private static final int MAGIC_BITS = 0x4b400000;

  private FlowMath32() {}

  /// `a = exp(a)`, the argument held to [-87, 88] so that no result is subnormal or infinite.
  static void exp(float[] a, int at, int count) {
    for (int i = at; i < at + count; i++) {
      float v = Math.min(Math.max(a[i], LEAST), MOST);
      float m = Math.fma(v, LOG2E, MAGIC);
      float n = m - MAGIC;
      float r = Math.fma(n, -LN2_HIGH, v);
      r = Math.fma(n, -LN2_LOW, r);
      float e = E7;
      e = Math.fma(e, r, E6);
      e = Math.fma(e, r, E5);
      e = Math.fma(e, r, E4);
      e = Math.fma(e, r, E3);
      e = Math.fma(e, r, E2);
      e = Math.fma(e * r, r, r);
      float power = Float.intBitsToFloat((Float.floatToRawIntBits(m) << 23) + 0x3f800000);
      a[i] = Math.fma(e, power, power);
    }
  }

  /// `a = exp(a) - 1`, accurate near 0, the argument held as in [#exp].
  static void expm1(float[] a, int at, int count) {
    for (int i = at; i < at + count; i++) {
      float v = Math.min(Math.max(a[i], LEAST), MOST);
      float m = Math.fma(v, LOG2E, MAGIC);
      float n = m - MAGIC;
      float r = Math.fma(n, -LN2_HIGH, v);
      r = Math.fma(n, -LN2_LOW, r);
      float e = E7;
      e = Math.fma(e, r, E6);
      e = Math.fma(e, r, E5);
      e = Math.fma(e, r, E4);
      e = Math.fma(e, r, E3);
      e = Math.fma(e, r, E2);
      e = Math.fma(e * r, r, r);
      float power = Float.intBitsToFloat((Float.floatToRawIntBits(m) << 23) + 0x3f800000);
      a[i] = Math.fma(e, power, power - 1f);
    }
  }

  /// `a = log(a)` of positive normal finite numbers.
  static void log(float[] a, int at, int count) {
    for (int i = at; i < at + count; i++) {
      float v = a[i];
      int bits = Float.floatToRawIntBits(v);
      int high = (bits - ROOT_HALF) >> 23;
      float m = Float.intBitsToFloat(bits - (high << 23));
      float e = Float.intBitsToFloat(high + MAGIC_BITS) - MAGIC;
      float q = (m - 1f) / (m + 1f);
      float z = q * q;
      float l = A5;
      l = Math.fma(l, z, A4);
      l = Math.fma(l, z, A3);
      l = Math.fma(l, z, A2);
      l = Math.fma(l, z, A1);
      float twice = q + q;
      l = Math.fma(l * z, twice, twice);
      l = Math.fma(e, LN2_LOW, l);
      l = Math.fma(e, LN2_HIGH, l);
      a[i] = Math.fma(v, 0f, l);
    }
  }

  /// `a = log(1 + exp(a))` and `sigma = 1 / (1 + exp(-a))`, without overflow.
  static void softplus(float[] a, int at, int count, float[] sigma, int sigmaAt) {
    for (int i = 0; i < count; i++) {
      sigma[sigmaAt + i] = -Math.abs(a[at + i]);
    }
    exp(sigma, sigmaAt, count);
    for (int i = 0; i < count; i++) {
      float v = a[at + i];
      float u = sigma[sigmaAt + i];
      float q = u / (u + 2f);
      float z = q * q;
      float l = A8;
      l = Math.fma(l, z, A7);
      l = Math.fma(l, z, A6);
      l = Math.fma(l, z, A5);
      l = Math.fma(l, z, A4);
      l = Math.fma(l, z, A3);
      l = Math.fma(l, z, A2);
      l = Math.fma(l, z, A1);
      float twice = q + q;
      l = Math.fma(l * z, twice, twice);
      a[at + i] = Math.max(v, 0f) + l;
      sigma[sigmaAt + i] = (v >= 0f ? 1f : u) / (u + 1f);
    }
  }
}
