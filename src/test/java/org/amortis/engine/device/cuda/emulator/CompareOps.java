package org.amortis.engine.device.cuda.emulator;

import static org.amortis.engine.device.cuda.emulator.Operations.test;

/// Comparisons of whole numbers.
final class CompareOps {
  private static final int LANES = Warp.LANES;
  private static final int SIGN = Integer.MIN_VALUE;

  private CompareOps() {}

  /// Bit `lane`, where something holds.
  static int bit(int lane, boolean holds) {
    return holds ? 1 << lane : 0;
  }

  static void add() {
    test(
        "setp.eq.s32 setp.eq.u32 setp.eq.b32",
        "ww",
        (r, q, a, b) -> {
          int m = 0;
          for (int l = 0; l < LANES; l++) {
            m |= bit(l, r[a + l] == r[b + l]);
          }
          return m;
        });
    test(
        "setp.eq.s64 setp.eq.u64 setp.eq.b64",
        "qq",
        (r, q, a, b) -> {
          int m = 0;
          for (int l = 0; l < LANES; l++) {
            m |= bit(l, q[a + l] == q[b + l]);
          }
          return m;
        });
    test(
        "setp.ne.s32 setp.ne.u32 setp.ne.b32",
        "ww",
        (r, q, a, b) -> {
          int m = 0;
          for (int l = 0; l < LANES; l++) {
            m |= bit(l, r[a + l] != r[b + l]);
          }
          return m;
        });
    test(
        "setp.ne.s64 setp.ne.u64 setp.ne.b64",
        "qq",
        (r, q, a, b) -> {
          int m = 0;
          for (int l = 0; l < LANES; l++) {
            m |= bit(l, q[a + l] != q[b + l]);
          }
          return m;
        });
    test(
        "setp.lt.s32",
        "ww",
        (r, q, a, b) -> {
          int m = 0;
          for (int l = 0; l < LANES; l++) {
            m |= bit(l, r[a + l] < r[b + l]);
          }
          return m;
        });
    test(
        "setp.lt.s64",
        "qq",
        (r, q, a, b) -> {
          int m = 0;
          for (int l = 0; l < LANES; l++) {
            m |= bit(l, q[a + l] < q[b + l]);
          }
          return m;
        });
    test(
        "setp.lt.u32 setp.lo.u32",
        "ww",
        (r, q, a, b) -> {
          int m = 0;
          for (int l = 0; l < LANES; l++) {
            m |= bit(l, (r[a + l] ^ SIGN) < (r[b + l] ^ SIGN));
          }
          return m;
        });
    test(
        "setp.lt.u64 setp.lo.u64",
        "qq",
        (r, q, a, b) -> {
          int m = 0;
          for (int l = 0; l < LANES; l++) {
            m |= bit(l, (q[a + l] ^ Long.MIN_VALUE) < (q[b + l] ^ Long.MIN_VALUE));
          }
          return m;
        });
    test(
        "setp.le.s32",
        "ww",
        (r, q, a, b) -> {
          int m = 0;
          for (int l = 0; l < LANES; l++) {
            m |= bit(l, r[a + l] <= r[b + l]);
          }
          return m;
        });
    test(
        "setp.le.s64",
        "qq",
        (r, q, a, b) -> {
          int m = 0;
          for (int l = 0; l < LANES; l++) {
            m |= bit(l, q[a + l] <= q[b + l]);
          }
          return m;
        });
    test(
        "setp.le.u32 setp.ls.u32",
        "ww",
        (r, q, a, b) -> {
          int m = 0;
          for (int l = 0; l < LANES; l++) {
            m |= bit(l, (r[a + l] ^ SIGN) <= (r[b + l] ^ SIGN));
          }
          return m;
        });
    test(
        "setp.le.u64 setp.ls.u64",
        "qq",
        (r, q, a, b) -> {
          int m = 0;
          for (int l = 0; l < LANES; l++) {
            m |= bit(l, (q[a + l] ^ Long.MIN_VALUE) <= (q[b + l] ^ Long.MIN_VALUE));
          }
          return m;
        });
    test(
        "setp.gt.s32",
        "ww",
        (r, q, a, b) -> {
          int m = 0;
          for (int l = 0; l < LANES; l++) {
            m |= bit(l, r[a + l] > r[b + l]);
          }
          return m;
        });
    test(
        "setp.gt.s64",
        "qq",
        (r, q, a, b) -> {
          int m = 0;
          for (int l = 0; l < LANES; l++) {
            m |= bit(l, q[a + l] > q[b + l]);
          }
          return m;
        });
    test(
        "setp.gt.u32 setp.hi.u32",
        "ww",
        (r, q, a, b) -> {
          int m = 0;
          for (int l = 0; l < LANES; l++) {
            m |= bit(l, (r[a + l] ^ SIGN) > (r[b + l] ^ SIGN));
          }
          return m;
        });
    test(
        "setp.gt.u64 setp.hi.u64",
        "qq",
        (r, q, a, b) -> {
          int m = 0;
          for (int l = 0; l < LANES; l++) {
            m |= bit(l, (q[a + l] ^ Long.MIN_VALUE) > (q[b + l] ^ Long.MIN_VALUE));
          }
          return m;
        });
    test(
        "setp.ge.s32",
        "ww",
        (r, q, a, b) -> {
          int m = 0;
          for (int l = 0; l < LANES; l++) {
            m |= bit(l, r[a + l] >= r[b + l]);
          }
          return m;
        });
    test(
        "setp.ge.s64",
        "qq",
        (r, q, a, b) -> {
          int m = 0;
          for (int l = 0; l < LANES; l++) {
            m |= bit(l, q[a + l] >= q[b + l]);
          }
          return m;
        });
    test(
        "setp.ge.u32 setp.hs.u32",
        "ww",
        (r, q, a, b) -> {
          int m = 0;
          for (int l = 0; l < LANES; l++) {
            m |= bit(l, (r[a + l] ^ SIGN) >= (r[b + l] ^ SIGN));
          }
          return m;
        });
    test(
        "setp.ge.u64 setp.hs.u64",
        "qq",
        (r, q, a, b) -> {
          int m = 0;
          for (int l = 0; l < LANES; l++) {
            m |= bit(l, (q[a + l] ^ Long.MIN_VALUE) >= (q[b + l] ^ Long.MIN_VALUE));
          }
          return m;
        });
  }
}
