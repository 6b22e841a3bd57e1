package org.amortis.engine.device.cuda.emulator;

import static org.amortis.engine.device.cuda.emulator.Operations.value;

/// Floating-point arithmetic, correctly rounded, with subnormal numbers.
///
/// A NaN that a float32 instruction makes is 0x7fffffff (PTX ISA 8.0, floating-point instructions);
/// for float64 the ISA names none, and 0xfff8000000000000 is taken for all.
final class FloatOps {
  private static final int LANES = Warp.LANES;
  private static final int SIGN = Integer.MIN_VALUE;

  private FloatOps() {}

  private static final int NAN32 = 0x7fff_ffff;
  private static final long NAN64 = 0xfff8_0000_0000_0000L;

  static float f(int bits) {
    return Float.intBitsToFloat(bits);
  }

  static double f(long bits) {
    return Double.longBitsToDouble(bits);
  }

  /// Bits of a result; every NaN is the one that the hardware returns.
  static int bits(float x) {
    return x == x ? Float.floatToRawIntBits(x) : NAN32;
  }

  static long bits(double x) {
    return x == x ? Double.doubleToRawLongBits(x) : NAN64;
  }

  /// `min`: NaN only where both are; -0 is less than 0.
  private static double least(double a, double b) {
    return a != a ? b : b != b ? a : Math.min(a, b);
  }

  private static double most(double a, double b) {
    return a != a ? b : b != b ? a : Math.max(a, b);
  }

  private static float least(float a, float b) {
    return a != a ? b : b != b ? a : Math.min(a, b);
  }

  private static float most(float a, float b) {
    return a != a ? b : b != b ? a : Math.max(a, b);
  }

  static void add() {
    value(
        "add.f32 add.rn.f32",
        "w=ww",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            r[d + l] = bits(f(r[a + l]) + f(r[b + l]));
          }
        });
    value(
        "add.f64 add.rn.f64",
        "q=qq",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            q[d + l] = bits(f(q[a + l]) + f(q[b + l]));
          }
        });
    value(
        "sub.f32 sub.rn.f32",
        "w=ww",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            r[d + l] = bits(f(r[a + l]) - f(r[b + l]));
          }
        });
    value(
        "sub.f64 sub.rn.f64",
        "q=qq",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            q[d + l] = bits(f(q[a + l]) - f(q[b + l]));
          }
        });
    value(
        "mul.f32 mul.rn.f32",
        "w=ww",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            r[d + l] = bits(f(r[a + l]) * f(r[b + l]));
          }
        });
    value(
        "mul.f64 mul.rn.f64",
        "q=qq",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            q[d + l] = bits(f(q[a + l]) * f(q[b + l]));
          }
        });
    value(
        "fma.rn.f32",
        "w=www",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            r[d + l] = bits(Math.fma(f(r[a + l]), f(r[b + l]), f(r[c + l])));
          }
        });
    value(
        "fma.rn.f64",
        "q=qqq",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            q[d + l] = bits(Math.fma(f(q[a + l]), f(q[b + l]), f(q[c + l])));
          }
        });
    value(
        "div.rn.f32",
        "w=ww",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            r[d + l] = bits(f(r[a + l]) / f(r[b + l]));
          }
        });
    value(
        "div.rn.f64",
        "q=qq",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            q[d + l] = bits(f(q[a + l]) / f(q[b + l]));
          }
        });
    value(
        "rcp.rn.f32",
        "w=w",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            r[d + l] = bits(1 / f(r[a + l]));
          }
        });
    value(
        "rcp.rn.f64",
        "q=q",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            q[d + l] = bits(1 / f(q[a + l]));
          }
        });
    value(
        "sqrt.rn.f32",
        "w=w",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            r[d + l] = bits((float) Math.sqrt(f(r[a + l])));
          }
        });
    value(
        "sqrt.rn.f64",
        "q=q",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            q[d + l] = bits(Math.sqrt(f(q[a + l])));
          }
        });
    value(
        "neg.f32",
        "w=w",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            r[d + l] = r[a + l] ^ SIGN;
          }
        });
    value(
        "neg.f64",
        "q=q",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            q[d + l] = q[a + l] ^ Long.MIN_VALUE;
          }
        });
    value(
        "abs.f32",
        "w=w",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            r[d + l] = r[a + l] & ~SIGN;
          }
        });
    value(
        "abs.f64",
        "q=q",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            q[d + l] = q[a + l] & Long.MAX_VALUE;
          }
        });
    value(
        "min.f32",
        "w=ww",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            r[d + l] = bits(least(f(r[a + l]), f(r[b + l])));
          }
        });
    value(
        "max.f32",
        "w=ww",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            r[d + l] = bits(most(f(r[a + l]), f(r[b + l])));
          }
        });
    value(
        "min.f64",
        "q=qq",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            q[d + l] = bits(least(f(q[a + l]), f(q[b + l])));
          }
        });
    value(
        "max.f64",
        "q=qq",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            q[d + l] = bits(most(f(q[a + l]), f(q[b + l])));
          }
        });
  }
}
