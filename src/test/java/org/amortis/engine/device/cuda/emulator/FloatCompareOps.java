package org.amortis.engine.device.cuda.emulator;

import static org.amortis.engine.device.cuda.emulator.CompareOps.bit;
import static org.amortis.engine.device.cuda.emulator.FloatOps.f;
import static org.amortis.engine.device.cuda.emulator.Operations.test;

/// Comparisons of floating-point numbers: those with a final u hold where an operand is NaN, the
/// others do not.
final class FloatCompareOps {
  private static final int LANES = Warp.LANES;

  private FloatCompareOps() {}

  static void add() {
    test(
        "setp.eq.f32",
        "ww",
        (r, q, a, b) -> {
          int m = 0;
          for (int l = 0; l < LANES; l++) {
            m |= bit(l, f(r[a + l]) == f(r[b + l]));
          }
          return m;
        });
    test(
        "setp.equ.f32",
        "ww",
        (r, q, a, b) -> {
          int m = 0;
          for (int l = 0; l < LANES; l++) {
            m |= bit(l, !(f(r[a + l]) < f(r[b + l]) || f(r[a + l]) > f(r[b + l])));
          }
          return m;
        });
    test(
        "setp.eq.f64",
        "qq",
        (r, q, a, b) -> {
          int m = 0;
          for (int l = 0; l < LANES; l++) {
            m |= bit(l, f(q[a + l]) == f(q[b + l]));
          }
          return m;
        });
    test(
        "setp.equ.f64",
        "qq",
        (r, q, a, b) -> {
          int m = 0;
          for (int l = 0; l < LANES; l++) {
            m |= bit(l, !(f(q[a + l]) < f(q[b + l]) || f(q[a + l]) > f(q[b + l])));
          }
          return m;
        });
    test(
        "setp.ne.f32",
        "ww",
        (r, q, a, b) -> {
          int m = 0;
          for (int l = 0; l < LANES; l++) {
            m |= bit(l, (f(r[a + l]) < f(r[b + l]) || f(r[a + l]) > f(r[b + l])));
          }
          return m;
        });
    test(
        "setp.neu.f32",
        "ww",
        (r, q, a, b) -> {
          int m = 0;
          for (int l = 0; l < LANES; l++) {
            m |= bit(l, f(r[a + l]) != f(r[b + l]));
          }
          return m;
        });
    test(
        "setp.ne.f64",
        "qq",
        (r, q, a, b) -> {
          int m = 0;
          for (int l = 0; l < LANES; l++) {
            m |= bit(l, (f(q[a + l]) < f(q[b + l]) || f(q[a + l]) > f(q[b + l])));
          }
          return m;
        });
    test(
        "setp.neu.f64",
        "qq",
        (r, q, a, b) -> {
          int m = 0;
          for (int l = 0; l < LANES; l++) {
            m |= bit(l, f(q[a + l]) != f(q[b + l]));
          }
          return m;
        });
    test(
        "setp.lt.f32",
        "ww",
        (r, q, a, b) -> {
          int m = 0;
          for (int l = 0; l < LANES; l++) {
            m |= bit(l, f(r[a + l]) < f(r[b + l]));
          }
          return m;
        });
    test(
        "setp.ltu.f32",
        "ww",
        (r, q, a, b) -> {
          int m = 0;
          for (int l = 0; l < LANES; l++) {
            m |= bit(l, !(f(r[a + l]) >= f(r[b + l])));
          }
          return m;
        });
    test(
        "setp.lt.f64",
        "qq",
        (r, q, a, b) -> {
          int m = 0;
          for (int l = 0; l < LANES; l++) {
            m |= bit(l, f(q[a + l]) < f(q[b + l]));
          }
          return m;
        });
    test(
        "setp.ltu.f64",
        "qq",
        (r, q, a, b) -> {
          int m = 0;
          for (int l = 0; l < LANES; l++) {
            m |= bit(l, !(f(q[a + l]) >= f(q[b + l])));
          }
          return m;
        });
    test(
        "setp.le.f32",
        "ww",
        (r, q, a, b) -> {
          int m = 0;
          for (int l = 0; l < LANES; l++) {
            m |= bit(l, f(r[a + l]) <= f(r[b + l]));
          }
          return m;
        });
    test(
        "setp.leu.f32",
        "ww",
        (r, q, a, b) -> {
          int m = 0;
          for (int l = 0; l < LANES; l++) {
            m |= bit(l, !(f(r[a + l]) > f(r[b + l])));
          }
          return m;
        });
    test(
        "setp.le.f64",
        "qq",
        (r, q, a, b) -> {
          int m = 0;
          for (int l = 0; l < LANES; l++) {
            m |= bit(l, f(q[a + l]) <= f(q[b + l]));
          }
          return m;
        });
    test(
        "setp.leu.f64",
        "qq",
        (r, q, a, b) -> {
          int m = 0;
          for (int l = 0; l < LANES; l++) {
            m |= bit(l, !(f(q[a + l]) > f(q[b + l])));
          }
          return m;
        });
    test(
        "setp.gt.f32",
        "ww",
        (r, q, a, b) -> {
          int m = 0;
          for (int l = 0; l < LANES; l++) {
            m |= bit(l, f(r[a + l]) > f(r[b + l]));
          }
          return m;
        });
    test(
        "setp.gtu.f32",
        "ww",
        (r, q, a, b) -> {
          int m = 0;
          for (int l = 0; l < LANES; l++) {
            m |= bit(l, !(f(r[a + l]) <= f(r[b + l])));
          }
          return m;
        });
    test(
        "setp.gt.f64",
        "qq",
        (r, q, a, b) -> {
          int m = 0;
          for (int l = 0; l < LANES; l++) {
            m |= bit(l, f(q[a + l]) > f(q[b + l]));
          }
          return m;
        });
    test(
        "setp.gtu.f64",
        "qq",
        (r, q, a, b) -> {
          int m = 0;
          for (int l = 0; l < LANES; l++) {
            m |= bit(l, !(f(q[a + l]) <= f(q[b + l])));
          }
          return m;
        });
    test(
        "setp.ge.f32",
        "ww",
        (r, q, a, b) -> {
          int m = 0;
          for (int l = 0; l < LANES; l++) {
            m |= bit(l, f(r[a + l]) >= f(r[b + l]));
          }
          return m;
        });
    test(
        "setp.geu.f32",
        "ww",
        (r, q, a, b) -> {
          int m = 0;
          for (int l = 0; l < LANES; l++) {
            m |= bit(l, !(f(r[a + l]) < f(r[b + l])));
          }
          return m;
        });
    test(
        "setp.ge.f64",
        "qq",
        (r, q, a, b) -> {
          int m = 0;
          for (int l = 0; l < LANES; l++) {
            m |= bit(l, f(q[a + l]) >= f(q[b + l]));
          }
          return m;
        });
    test(
        "setp.geu.f64",
        "qq",
        (r, q, a, b) -> {
          int m = 0;
          for (int l = 0; l < LANES; l++) {
            m |= bit(l, !(f(q[a + l]) < f(q[b + l])));
          }
          return m;
        });
    test(
        "setp.num.f32",
        "ww",
        (r, q, a, b) -> {
          int m = 0;
          for (int l = 0; l < LANES; l++) {
            m |= bit(l, f(r[a + l]) == f(r[a + l]) && f(r[b + l]) == f(r[b + l]));
          }
          return m;
        });
    test(
        "setp.nan.f32",
        "ww",
        (r, q, a, b) -> {
          int m = 0;
          for (int l = 0; l < LANES; l++) {
            m |= bit(l, (f(r[a + l]) != f(r[a + l]) || f(r[b + l]) != f(r[b + l])));
          }
          return m;
        });
    test(
        "setp.num.f64",
        "qq",
        (r, q, a, b) -> {
          int m = 0;
          for (int l = 0; l < LANES; l++) {
            m |= bit(l, f(q[a + l]) == f(q[a + l]) && f(q[b + l]) == f(q[b + l]));
          }
          return m;
        });
    test(
        "setp.nan.f64",
        "qq",
        (r, q, a, b) -> {
          int m = 0;
          for (int l = 0; l < LANES; l++) {
            m |= bit(l, (f(q[a + l]) != f(q[a + l]) || f(q[b + l]) != f(q[b + l])));
          }
          return m;
        });
  }
}
