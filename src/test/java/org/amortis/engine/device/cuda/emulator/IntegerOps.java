package org.amortis.engine.device.cuda.emulator;

import static org.amortis.engine.device.cuda.emulator.Operations.value;

/// Moves, whole numbers and bits, 32 wide. Division by zero, which has no defined result, gives all
/// ones.
final class IntegerOps {
  private static final int LANES = Warp.LANES;
  private static final int SIGN = Integer.MIN_VALUE;
  private static final long LOW = 0xffff_ffffL;

  private IntegerOps() {}

  /// `bfi`: the lowest `length` bits of `a` replace those of `b` from `from` on.
  static long insert(long a, long b, int from, int length, int width) {
    int at = from & 255;
    int n = StrictMath.min(length & 255, width - at);
    if (n <= 0) {
      return b;
    }
    long bits = (n >= 64 ? -1L : (1L << n) - 1) << at;
    return b & ~bits | a << at & bits;
  }

  private static long extract(long a, int from, int length) {
    int at = from & 255;
    int n = length & 255;
    return at > 31 ? 0 : a >>> at & (n > 31 ? LOW : (1L << n) - 1);
  }

  static void add() {
    value(
        "mov.u32 mov.b32 mov.s32 mov.f32",
        "w=w",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            r[d + l] = r[a + l];
          }
        });
    value(
        "add.s32 add.u32",
        "w=ww",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            r[d + l] = r[a + l] + r[b + l];
          }
        });
    value(
        "sub.s32 sub.u32",
        "w=ww",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            r[d + l] = r[a + l] - r[b + l];
          }
        });
    value(
        "neg.s32",
        "w=w",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            r[d + l] = -r[a + l];
          }
        });
    value(
        "mul.lo.s32 mul.lo.u32",
        "w=ww",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            r[d + l] = r[a + l] * r[b + l];
          }
        });
    value(
        "mad.lo.s32 mad.lo.u32",
        "w=www",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            r[d + l] = r[a + l] * r[b + l] + r[c + l];
          }
        });
    value(
        "mul.hi.s32",
        "w=ww",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            r[d + l] = (int) ((long) r[a + l] * r[b + l] >> 32);
          }
        });
    value(
        "mul.hi.u32",
        "w=ww",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            r[d + l] = (int) ((r[a + l] & LOW) * (r[b + l] & LOW) >>> 32);
          }
        });
    value(
        "div.s32",
        "w=ww",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            r[d + l] = r[b + l] == 0 ? -1 : r[a + l] / r[b + l];
          }
        });
    value(
        "div.u32",
        "w=ww",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            r[d + l] = r[b + l] == 0 ? -1 : Integer.divideUnsigned(r[a + l], r[b + l]);
          }
        });
    value(
        "rem.s32",
        "w=ww",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            r[d + l] = r[b + l] == 0 ? r[a + l] : r[a + l] % r[b + l];
          }
        });
    value(
        "rem.u32",
        "w=ww",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            r[d + l] = r[b + l] == 0 ? r[a + l] : Integer.remainderUnsigned(r[a + l], r[b + l]);
          }
        });
    value(
        "min.s32",
        "w=ww",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            r[d + l] = Math.min(r[a + l], r[b + l]);
          }
        });
    value(
        "max.s32",
        "w=ww",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            r[d + l] = Math.max(r[a + l], r[b + l]);
          }
        });
    value(
        "min.u32",
        "w=ww",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            r[d + l] = Math.min(r[a + l] ^ SIGN, r[b + l] ^ SIGN) ^ SIGN;
          }
        });
    value(
        "max.u32",
        "w=ww",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            r[d + l] = Math.max(r[a + l] ^ SIGN, r[b + l] ^ SIGN) ^ SIGN;
          }
        });
    value(
        "abs.s32",
        "w=w",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            r[d + l] = Math.abs(r[a + l]);
          }
        });
    value(
        "and.b32",
        "w=ww",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            r[d + l] = r[a + l] & r[b + l];
          }
        });
    value(
        "or.b32",
        "w=ww",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            r[d + l] = r[a + l] | r[b + l];
          }
        });
    value(
        "xor.b32",
        "w=ww",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            r[d + l] = r[a + l] ^ r[b + l];
          }
        });
    value(
        "not.b32",
        "w=w",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            r[d + l] = ~r[a + l];
          }
        });
    value(
        "shl.b32",
        "w=ww",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            r[d + l] = (r[b + l] & ~31) != 0 ? 0 : r[a + l] << r[b + l];
          }
        });
    value(
        "shr.u32 shr.b32",
        "w=ww",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            r[d + l] = (r[b + l] & ~31) != 0 ? 0 : r[a + l] >>> r[b + l];
          }
        });
    value(
        "shr.s32",
        "w=ww",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            r[d + l] = r[a + l] >> ((r[b + l] & ~31) != 0 ? 31 : r[b + l]);
          }
        });
    value(
        "bfi.b32",
        "w=wwww",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            r[d + l] = (int) insert(r[a + l], r[b + l], r[c + l], r[e + l], 32);
          }
        });
    value(
        "bfe.u32",
        "w=www",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            r[d + l] = (int) extract(r[a + l] & LOW, r[b + l], r[c + l]);
          }
        });
    value(
        "popc.b32",
        "w=w",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            r[d + l] = Integer.bitCount(r[a + l]);
          }
        });
    value(
        "clz.b32",
        "w=w",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            r[d + l] = Integer.numberOfLeadingZeros(r[a + l]);
          }
        });
    value(
        "brev.b32",
        "w=w",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            r[d + l] = Integer.reverse(r[a + l]);
          }
        });
  }
}
