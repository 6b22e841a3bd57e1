package org.amortis.engine.device.cuda.emulator;

import static org.amortis.engine.device.cuda.emulator.FloatOps.bits;
import static org.amortis.engine.device.cuda.emulator.FloatOps.f;
import static org.amortis.engine.device.cuda.emulator.Operations.value;

/// Conversions. NaN becomes 0, or the least integer where float64 is converted (PTX ISA 8.0,
/// `cvt`).
final class ConversionOps {
  private static final int LANES = Warp.LANES;
  private static final int SIGN = Integer.MIN_VALUE;
  private static final long LOW = 0xffff_ffffL;

  private ConversionOps() {}

  /// The nearest double of an unsigned integer.
  private static double ofUnsigned(long a) {
    // Half of it with the lost bit kept rounds to the same double.
    return a >= 0 ? (double) a : 2 * (double) (a >>> 1 | a & 1);
  }

  /// The nearest number with 10 bits behind the point, ties away from zero.
  private static int tf32(int bits) {
    boolean finite = (bits & 0x7f80_0000) != 0x7f80_0000;
    return finite ? bits + 0x1000 & ~0x1fff : bits(f(bits)) & ~0x1fff;
  }

  static void add() {
    value(
        "cvt.rn.f32.s32",
        "w=w",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            r[d + l] = bits((float) r[a + l]);
          }
        });
    value(
        "cvt.rn.f64.s32 cvt.f64.s32",
        "q=w",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            q[d + l] = bits((double) r[a + l]);
          }
        });
    value(
        "cvt.rn.f32.u32",
        "w=w",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            r[d + l] = bits((float) (r[a + l] & LOW));
          }
        });
    value(
        "cvt.rn.f64.u32 cvt.f64.u32",
        "q=w",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            q[d + l] = bits((double) (r[a + l] & LOW));
          }
        });
    value(
        "cvt.rn.f32.s64",
        "w=q",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            r[d + l] = bits((float) q[a + l]);
          }
        });
    value(
        "cvt.rn.f64.s64",
        "q=q",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            q[d + l] = bits((double) q[a + l]);
          }
        });
    value(
        "cvt.rn.f64.u64",
        "q=q",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            q[d + l] = bits(ofUnsigned(q[a + l]));
          }
        });
    value(
        "cvt.rn.f32.f64",
        "w=q",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            r[d + l] = bits((float) f(q[a + l]));
          }
        });
    value(
        "cvt.f64.f32",
        "q=w",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            q[d + l] = bits((double) f(r[a + l]));
          }
        });
    value(
        "cvt.rna.tf32.f32",
        "w=w",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            r[d + l] = tf32(r[a + l]);
          }
        });
    value(
        "cvt.rzi.s32.f32",
        "w=w",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            r[d + l] = (int) f(r[a + l]);
          }
        });
    value(
        "cvt.rzi.s32.f64",
        "w=q",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            r[d + l] = f(q[a + l]) != f(q[a + l]) ? SIGN : (int) f(q[a + l]);
          }
        });
    value(
        "cvt.rmi.f32.f32",
        "w=w",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            r[d + l] = bits((float) Math.floor(f(r[a + l])));
          }
        });
    value(
        "cvt.rmi.f64.f64",
        "q=q",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            q[d + l] = bits(Math.floor(f(q[a + l])));
          }
        });
    value(
        "cvt.rpi.f32.f32",
        "w=w",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            r[d + l] = bits((float) Math.ceil(f(r[a + l])));
          }
        });
    value(
        "cvt.rpi.f64.f64",
        "q=q",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            q[d + l] = bits(Math.ceil(f(q[a + l])));
          }
        });
    value(
        "cvt.rni.f32.f32",
        "w=w",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            r[d + l] = bits((float) Math.rint(f(r[a + l])));
          }
        });
    value(
        "cvt.rni.f64.f64",
        "q=q",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            q[d + l] = bits(Math.rint(f(q[a + l])));
          }
        });
  }
}
