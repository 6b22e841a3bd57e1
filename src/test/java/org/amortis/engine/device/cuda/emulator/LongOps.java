package org.amortis.engine.device.cuda.emulator;

import static org.amortis.engine.device.cuda.emulator.IntegerOps.insert;
import static org.amortis.engine.device.cuda.emulator.Operations.value;

/// Moves, whole numbers and bits, 64 wide or to 64.
final class LongOps {
  private static final int LANES = Warp.LANES;
  private static final long LOW = 0xffff_ffffL;

  private LongOps() {}

  static void add() {
    value(
        "mov.u64 mov.b64 mov.s64 mov.f64 cvta.to.global.u64 cvta.global.u64",
        "q=q",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            q[d + l] = q[a + l];
          }
        });
    value(
        "cvta.shared.u64",
        "q=q",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            q[d + l] = q[a + l] + Access.SHARED_WINDOW;
          }
        });
    value(
        "cvta.to.shared.u64",
        "q=q",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            q[d + l] = q[a + l] - Access.SHARED_WINDOW;
          }
        });
    value(
        "cvta.local.u64",
        "q=q",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            q[d + l] = q[a + l] + Access.LOCAL_WINDOW;
          }
        });
    value(
        "cvta.to.local.u64",
        "q=q",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            q[d + l] = q[a + l] - Access.LOCAL_WINDOW;
          }
        });
    value(
        "add.s64 add.u64",
        "q=qq",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            q[d + l] = q[a + l] + q[b + l];
          }
        });
    value(
        "sub.s64 sub.u64",
        "q=qq",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            q[d + l] = q[a + l] - q[b + l];
          }
        });
    value(
        "neg.s64",
        "q=q",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            q[d + l] = -q[a + l];
          }
        });
    value(
        "mul.lo.s64 mul.lo.u64",
        "q=qq",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            q[d + l] = q[a + l] * q[b + l];
          }
        });
    value(
        "mad.lo.s64 mad.lo.u64",
        "q=qqq",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            q[d + l] = q[a + l] * q[b + l] + q[c + l];
          }
        });
    value(
        "mul.hi.s64",
        "q=qq",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            q[d + l] = Math.multiplyHigh(q[a + l], q[b + l]);
          }
        });
    value(
        "mul.hi.u64",
        "q=qq",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            q[d + l] = Math.unsignedMultiplyHigh(q[a + l], q[b + l]);
          }
        });
    value(
        "mul.wide.s32",
        "q=ww",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            q[d + l] = (long) r[a + l] * r[b + l];
          }
        });
    value(
        "mul.wide.u32",
        "q=ww",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            q[d + l] = (r[a + l] & LOW) * (r[b + l] & LOW);
          }
        });
    value(
        "mad.wide.s32",
        "q=wwq",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            q[d + l] = (long) r[a + l] * r[b + l] + q[c + l];
          }
        });
    value(
        "mad.wide.u32",
        "q=wwq",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            q[d + l] = (r[a + l] & LOW) * (r[b + l] & LOW) + q[c + l];
          }
        });
    value(
        "div.s64",
        "q=qq",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            q[d + l] = q[b + l] == 0 ? -1 : q[a + l] / q[b + l];
          }
        });
    value(
        "div.u64",
        "q=qq",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            q[d + l] = q[b + l] == 0 ? -1 : Long.divideUnsigned(q[a + l], q[b + l]);
          }
        });
    value(
        "rem.s64",
        "q=qq",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            q[d + l] = q[b + l] == 0 ? q[a + l] : q[a + l] % q[b + l];
          }
        });
    value(
        "rem.u64",
        "q=qq",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            q[d + l] = q[b + l] == 0 ? q[a + l] : Long.remainderUnsigned(q[a + l], q[b + l]);
          }
        });
    value(
        "min.s64",
        "q=qq",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            q[d + l] = Math.min(q[a + l], q[b + l]);
          }
        });
    value(
        "max.s64",
        "q=qq",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            q[d + l] = Math.max(q[a + l], q[b + l]);
          }
        });
    value(
        "and.b64",
        "q=qq",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            q[d + l] = q[a + l] & q[b + l];
          }
        });
    value(
        "or.b64",
        "q=qq",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            q[d + l] = q[a + l] | q[b + l];
          }
        });
    value(
        "xor.b64",
        "q=qq",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            q[d + l] = q[a + l] ^ q[b + l];
          }
        });
    value(
        "not.b64",
        "q=q",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            q[d + l] = ~q[a + l];
          }
        });
    value(
        "shl.b64",
        "q=qw",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            q[d + l] = (r[b + l] & ~63) != 0 ? 0 : q[a + l] << r[b + l];
          }
        });
    value(
        "shr.u64 shr.b64",
        "q=qw",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            q[d + l] = (r[b + l] & ~63) != 0 ? 0 : q[a + l] >>> r[b + l];
          }
        });
    value(
        "shr.s64",
        "q=qw",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            q[d + l] = q[a + l] >> ((r[b + l] & ~63) != 0 ? 63 : r[b + l]);
          }
        });
    value(
        "bfi.b64",
        "q=qqww",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            q[d + l] = insert(q[a + l], q[b + l], r[c + l], r[e + l], 64);
          }
        });
    value(
        "cvt.s64.s32 cvt.u64.s32",
        "q=w",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            q[d + l] = r[a + l];
          }
        });
    value(
        "cvt.u64.u32 cvt.s64.u32",
        "q=w",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            q[d + l] = r[a + l] & LOW;
          }
        });
    value(
        "cvt.u32.u64 cvt.s32.s64 cvt.u32.s64 cvt.s32.u64",
        "w=q",
        (r, q, d, a, b, c, e) -> {
          for (int l = 0; l < LANES; l++) {
            r[d + l] = (int) q[a + l];
          }
        });
  }
}
