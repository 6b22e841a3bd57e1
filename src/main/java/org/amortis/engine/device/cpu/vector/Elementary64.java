package org.amortis.engine.device.cpu.vector;

import static jdk.incubator.vector.VectorOperators.*;
import static org.amortis.engine.device.cpu.Coefficients64.*;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;
import org.amortis.engine.device.cpu.scalar.Polynomials64;

/// Floor, exponential, logarithm and their kin over arrays, the lanewise twins of `Polynomials64`.
///
/// Each loop is written out without calls of own methods: C2 stops inlining those once a method has
/// grown, and a vector that crosses a call is boxed.
final class Elementary64 {
  private static final VectorSpecies<Double> S = DoubleVector.SPECIES_PREFERRED;

  private Elementary64() {}

  static void floor(double[] x, int xo, double[] y, int yo, int count) {
    int i = 0;
    for (; i < S.loopBound(count); i += S.length()) {
      DoubleVector v = DoubleVector.fromArray(S, x, xo + i);
      DoubleVector a = v.abs();
      DoubleVector b = a.add(WHOLE).sub(WHOLE);
      b =
          b.reinterpretAsLongs()
              .and(~SIGN)
              .or(v.reinterpretAsLongs().and(SIGN))
              .reinterpretAsDoubles();
      b = b.blend(b.sub(1.0), b.compare(GT, v));
      v.blend(b, a.compare(LT, WHOLE)).intoArray(y, yo + i);
    }
    for (; i < count; i++) {
      y[yo + i] = Polynomials64.floor(x[xo + i]);
    }
  }

  static void exp(double[] x, int xo, double[] y, int yo, int count) {
    int i = 0;
    for (; i < S.loopBound(count); i += S.length()) {
      DoubleVector v = DoubleVector.fromArray(S, x, xo + i);
      DoubleVector x1 = v.blend(EXP_MAX, v.compare(GT, EXP_MAX));
      x1 = x1.blend(EXP_MIN, x1.compare(LT, EXP_MIN));
      DoubleVector t = x1.fma(DoubleVector.broadcast(S, LOG2E), DoubleVector.broadcast(S, MAGIC));
      DoubleVector n = t.sub(MAGIC);
      DoubleVector r =
          n.fma(DoubleVector.broadcast(S, -LN2_LO), n.fma(DoubleVector.broadcast(S, -LN2_HI), x1));
      DoubleVector q = DoubleVector.broadcast(S, EXP_10);
      q = q.fma(r, DoubleVector.broadcast(S, EXP_9));
      q = q.fma(r, DoubleVector.broadcast(S, EXP_8));
      q = q.fma(r, DoubleVector.broadcast(S, EXP_7));
      q = q.fma(r, DoubleVector.broadcast(S, EXP_6));
      q = q.fma(r, DoubleVector.broadcast(S, EXP_5));
      q = q.fma(r, DoubleVector.broadcast(S, EXP_4));
      q = q.fma(r, DoubleVector.broadcast(S, EXP_3));
      q = q.fma(r, DoubleVector.broadcast(S, EXP_2));
      q = q.fma(r, DoubleVector.broadcast(S, EXP_1));
      q = q.fma(r, DoubleVector.broadcast(S, EXP_0));
      DoubleVector p = r.mul(r).fma(q, r).add(1.0);
      LongVector j = t.reinterpretAsLongs().sub(MAGIC_BITS);
      LongVector h = j.lanewise(ASHR, 1);
      DoubleVector e =
          p.mul(h.add(BIAS).lanewise(LSHL, FRACTION).reinterpretAsDoubles())
              .mul(j.sub(h).add(BIAS).lanewise(LSHL, FRACTION).reinterpretAsDoubles());
      e.intoArray(y, yo + i);
    }
    for (; i < count; i++) {
      y[yo + i] = Polynomials64.exp(x[xo + i]);
    }
  }

  static void expm1(double[] x, int xo, double[] y, int yo, int count) {
    int i = 0;
    for (; i < S.loopBound(count); i += S.length()) {
      DoubleVector v = DoubleVector.fromArray(S, x, xo + i);
      DoubleVector x1 = v.blend(EXP_MAX, v.compare(GT, EXP_MAX));
      x1 = x1.blend(EXPM1_MIN, x1.compare(LT, EXPM1_MIN));
      DoubleVector t = x1.fma(DoubleVector.broadcast(S, LOG2E), DoubleVector.broadcast(S, MAGIC));
      DoubleVector n = t.sub(MAGIC);
      DoubleVector r =
          n.fma(DoubleVector.broadcast(S, -LN2_LO), n.fma(DoubleVector.broadcast(S, -LN2_HI), x1));
      DoubleVector q = DoubleVector.broadcast(S, EXPM1_11);
      q = q.fma(r, DoubleVector.broadcast(S, EXPM1_10));
      q = q.fma(r, DoubleVector.broadcast(S, EXPM1_9));
      q = q.fma(r, DoubleVector.broadcast(S, EXPM1_8));
      q = q.fma(r, DoubleVector.broadcast(S, EXPM1_7));
      q = q.fma(r, DoubleVector.broadcast(S, EXPM1_6));
      q = q.fma(r, DoubleVector.broadcast(S, EXPM1_5));
      q = q.fma(r, DoubleVector.broadcast(S, EXPM1_4));
      q = q.fma(r, DoubleVector.broadcast(S, EXPM1_3));
      q = q.fma(r, DoubleVector.broadcast(S, EXPM1_2));
      q = q.fma(r, DoubleVector.broadcast(S, EXPM1_1));
      q = q.fma(r, DoubleVector.broadcast(S, EXPM1_0));
      DoubleVector p = r.mul(r).fma(q, r);
      DoubleVector s =
          t.reinterpretAsLongs()
              .sub(MAGIC_BITS + 1)
              .add(BIAS)
              .lanewise(LSHL, FRACTION)
              .reinterpretAsDoubles();
      DoubleVector e = s.fma(p, s.sub(0.5)).mul(2.0);
      e = e.blend(v, v.compare(EQ, 0.0));
      e.intoArray(y, yo + i);
    }
    for (; i < count; i++) {
      y[yo + i] = Polynomials64.expm1(x[xo + i]);
    }
  }

  static void tanh(double[] x, int xo, double[] y, int yo, int count) {
    int i = 0;
    for (; i < S.loopBound(count); i += S.length()) {
      DoubleVector v = DoubleVector.fromArray(S, x, xo + i);
      DoubleVector a = v.abs();
      a = a.blend(TANH_MAX, a.compare(GT, TANH_MAX));
      a = a.add(a);
      DoubleVector t = a.fma(DoubleVector.broadcast(S, LOG2E), DoubleVector.broadcast(S, MAGIC));
      DoubleVector n = t.sub(MAGIC);
      DoubleVector r =
          n.fma(DoubleVector.broadcast(S, -LN2_LO), n.fma(DoubleVector.broadcast(S, -LN2_HI), a));
      DoubleVector q = DoubleVector.broadcast(S, EXPM1_11);
      q = q.fma(r, DoubleVector.broadcast(S, EXPM1_10));
      q = q.fma(r, DoubleVector.broadcast(S, EXPM1_9));
      q = q.fma(r, DoubleVector.broadcast(S, EXPM1_8));
      q = q.fma(r, DoubleVector.broadcast(S, EXPM1_7));
      q = q.fma(r, DoubleVector.broadcast(S, EXPM1_6));
      q = q.fma(r, DoubleVector.broadcast(S, EXPM1_5));
      q = q.fma(r, DoubleVector.broadcast(S, EXPM1_4));
      q = q.fma(r, DoubleVector.broadcast(S, EXPM1_3));
      q = q.fma(r, DoubleVector.broadcast(S, EXPM1_2));
      q = q.fma(r, DoubleVector.broadcast(S, EXPM1_1));
      q = q.fma(r, DoubleVector.broadcast(S, EXPM1_0));
      DoubleVector p = r.mul(r).fma(q, r);
      DoubleVector s =
          t.reinterpretAsLongs()
              .sub(MAGIC_BITS)
              .add(BIAS)
              .lanewise(LSHL, FRACTION)
              .reinterpretAsDoubles();
      DoubleVector e = s.fma(p, s.sub(1.0));
      DoubleVector u = e.div(e.add(2.0));
      u.reinterpretAsLongs()
          .and(~SIGN)
          .or(v.reinterpretAsLongs().and(SIGN))
          .reinterpretAsDoubles()
          .intoArray(y, yo + i);
    }
    for (; i < count; i++) {
      y[yo + i] = Polynomials64.tanh(x[xo + i]);
    }
  }

  static void sigmoid(double[] x, int xo, double[] y, int yo, int count) {
    int i = 0;
    for (; i < S.loopBound(count); i += S.length()) {
      DoubleVector v = DoubleVector.fromArray(S, x, xo + i);
      DoubleVector x1 = v.abs().neg();
      x1 = x1.blend(EXP_MIN, x1.compare(LT, EXP_MIN));
      DoubleVector t = x1.fma(DoubleVector.broadcast(S, LOG2E), DoubleVector.broadcast(S, MAGIC));
      DoubleVector n = t.sub(MAGIC);
      DoubleVector r =
          n.fma(DoubleVector.broadcast(S, -LN2_LO), n.fma(DoubleVector.broadcast(S, -LN2_HI), x1));
      DoubleVector q = DoubleVector.broadcast(S, EXP_10);
      q = q.fma(r, DoubleVector.broadcast(S, EXP_9));
      q = q.fma(r, DoubleVector.broadcast(S, EXP_8));
      q = q.fma(r, DoubleVector.broadcast(S, EXP_7));
      q = q.fma(r, DoubleVector.broadcast(S, EXP_6));
      q = q.fma(r, DoubleVector.broadcast(S, EXP_5));
      q = q.fma(r, DoubleVector.broadcast(S, EXP_4));
      q = q.fma(r, DoubleVector.broadcast(S, EXP_3));
      q = q.fma(r, DoubleVector.broadcast(S, EXP_2));
      q = q.fma(r, DoubleVector.broadcast(S, EXP_1));
      q = q.fma(r, DoubleVector.broadcast(S, EXP_0));
      DoubleVector p = r.mul(r).fma(q, r).add(1.0);
      LongVector j = t.reinterpretAsLongs().sub(MAGIC_BITS);
      LongVector h = j.lanewise(ASHR, 1);
      DoubleVector e =
          p.mul(h.add(BIAS).lanewise(LSHL, FRACTION).reinterpretAsDoubles())
              .mul(j.sub(h).add(BIAS).lanewise(LSHL, FRACTION).reinterpretAsDoubles());
      DoubleVector u = DoubleVector.broadcast(S, 1.0).blend(e, v.compare(LT, 0.0));
      u.div(e.add(1.0)).intoArray(y, yo + i);
    }
    for (; i < count; i++) {
      y[yo + i] = Polynomials64.sigmoid(x[xo + i]);
    }
  }

  static void log(double[] x, int xo, double[] y, int yo, int count) {
    int i = 0;
    for (; i < S.loopBound(count); i += S.length()) {
      DoubleVector v = DoubleVector.fromArray(S, x, xo + i);
      VectorMask<Double> small = v.compare(LT, MIN_NORMAL);
      DoubleVector scaled = v.blend(v.mul(SUBNORMAL_SCALE), small);
      LongVector bits = scaled.reinterpretAsLongs();
      LongVector k = bits.sub(SQRT_HALF_BITS).lanewise(ASHR, FRACTION);
      DoubleVector m =
          k.add(MAGIC_BITS)
              .reinterpretAsDoubles()
              .sub(MAGIC)
              .add(DoubleVector.zero(S).blend(SUBNORMAL_LOG2, small));
      DoubleVector f = bits.sub(k.lanewise(LSHL, FRACTION)).reinterpretAsDoubles().sub(1.0);
      DoubleVector g = DoubleVector.broadcast(S, LOG_19);
      g = g.fma(f, DoubleVector.broadcast(S, LOG_18));
      g = g.fma(f, DoubleVector.broadcast(S, LOG_17));
      g = g.fma(f, DoubleVector.broadcast(S, LOG_16));
      g = g.fma(f, DoubleVector.broadcast(S, LOG_15));
      g = g.fma(f, DoubleVector.broadcast(S, LOG_14));
      g = g.fma(f, DoubleVector.broadcast(S, LOG_13));
      g = g.fma(f, DoubleVector.broadcast(S, LOG_12));
      g = g.fma(f, DoubleVector.broadcast(S, LOG_11));
      g = g.fma(f, DoubleVector.broadcast(S, LOG_10));
      g = g.fma(f, DoubleVector.broadcast(S, LOG_9));
      g = g.fma(f, DoubleVector.broadcast(S, LOG_8));
      g = g.fma(f, DoubleVector.broadcast(S, LOG_7));
      g = g.fma(f, DoubleVector.broadcast(S, LOG_6));
      g = g.fma(f, DoubleVector.broadcast(S, LOG_5));
      g = g.fma(f, DoubleVector.broadcast(S, LOG_4));
      g = g.fma(f, DoubleVector.broadcast(S, LOG_3));
      g = g.fma(f, DoubleVector.broadcast(S, LOG_2));
      g = g.fma(f, DoubleVector.broadcast(S, LOG_1));
      g = g.fma(f, DoubleVector.broadcast(S, LOG_0));
      DoubleVector w = f.fma(g, DoubleVector.broadcast(S, -0.5));
      DoubleVector d = f.mul(f).fma(w, m.mul(LN2_LO));
      DoubleVector z = m.fma(DoubleVector.broadcast(S, LN2_HI), d.add(f));
      z = v.blend(z, v.compare(LT, Double.POSITIVE_INFINITY));
      z = z.blend(Double.NaN, v.compare(LT, 0.0));
      z = z.blend(Double.NEGATIVE_INFINITY, v.compare(EQ, 0.0));
      z.intoArray(y, yo + i);
    }
    for (; i < count; i++) {
      y[yo + i] = Polynomials64.log(x[xo + i]);
    }
  }

  static void log1p(double[] x, int xo, double[] y, int yo, int count) {
    int i = 0;
    for (; i < S.loopBound(count); i += S.length()) {
      DoubleVector v = DoubleVector.fromArray(S, x, xo + i);
      LongVector k = v.add(1.0).reinterpretAsLongs().sub(SQRT_HALF_BITS).lanewise(ASHR, FRACTION);
      DoubleVector s = k.lanewise(LSHL, FRACTION).neg().add(FOUR_BITS).reinterpretAsDoubles();
      DoubleVector f = v.fma(s, s.sub(4.0)).mul(0.25);
      DoubleVector m = k.add(MAGIC_BITS).reinterpretAsDoubles().sub(MAGIC);
      DoubleVector g = DoubleVector.broadcast(S, LOG_19);
      g = g.fma(f, DoubleVector.broadcast(S, LOG_18));
      g = g.fma(f, DoubleVector.broadcast(S, LOG_17));
      g = g.fma(f, DoubleVector.broadcast(S, LOG_16));
      g = g.fma(f, DoubleVector.broadcast(S, LOG_15));
      g = g.fma(f, DoubleVector.broadcast(S, LOG_14));
      g = g.fma(f, DoubleVector.broadcast(S, LOG_13));
      g = g.fma(f, DoubleVector.broadcast(S, LOG_12));
      g = g.fma(f, DoubleVector.broadcast(S, LOG_11));
      g = g.fma(f, DoubleVector.broadcast(S, LOG_10));
      g = g.fma(f, DoubleVector.broadcast(S, LOG_9));
      g = g.fma(f, DoubleVector.broadcast(S, LOG_8));
      g = g.fma(f, DoubleVector.broadcast(S, LOG_7));
      g = g.fma(f, DoubleVector.broadcast(S, LOG_6));
      g = g.fma(f, DoubleVector.broadcast(S, LOG_5));
      g = g.fma(f, DoubleVector.broadcast(S, LOG_4));
      g = g.fma(f, DoubleVector.broadcast(S, LOG_3));
      g = g.fma(f, DoubleVector.broadcast(S, LOG_2));
      g = g.fma(f, DoubleVector.broadcast(S, LOG_1));
      g = g.fma(f, DoubleVector.broadcast(S, LOG_0));
      DoubleVector w = f.fma(g, DoubleVector.broadcast(S, -0.5));
      DoubleVector d = f.mul(f).fma(w, m.mul(LN2_LO));
      DoubleVector z = m.fma(DoubleVector.broadcast(S, LN2_HI), d.add(f));
      z = v.blend(z, v.compare(LT, Double.POSITIVE_INFINITY));
      z = z.blend(Double.NaN, v.compare(LT, -1.0));
      z = z.blend(Double.NEGATIVE_INFINITY, v.compare(EQ, -1.0));
      z = z.blend(v, v.compare(EQ, 0.0));
      z.intoArray(y, yo + i);
    }
    for (; i < count; i++) {
      y[yo + i] = Polynomials64.log1p(x[xo + i]);
    }
  }

  static void softplus(double[] x, int xo, double[] y, int yo, int count) {
    int i = 0;
    for (; i < S.loopBound(count); i += S.length()) {
      DoubleVector v = DoubleVector.fromArray(S, x, xo + i);
      DoubleVector x1 = v.abs().neg();
      x1 = x1.blend(EXP_MIN, x1.compare(LT, EXP_MIN));
      DoubleVector t = x1.fma(DoubleVector.broadcast(S, LOG2E), DoubleVector.broadcast(S, MAGIC));
      DoubleVector n = t.sub(MAGIC);
      DoubleVector r =
          n.fma(DoubleVector.broadcast(S, -LN2_LO), n.fma(DoubleVector.broadcast(S, -LN2_HI), x1));
      DoubleVector q = DoubleVector.broadcast(S, EXP_10);
      q = q.fma(r, DoubleVector.broadcast(S, EXP_9));
      q = q.fma(r, DoubleVector.broadcast(S, EXP_8));
      q = q.fma(r, DoubleVector.broadcast(S, EXP_7));
      q = q.fma(r, DoubleVector.broadcast(S, EXP_6));
      q = q.fma(r, DoubleVector.broadcast(S, EXP_5));
      q = q.fma(r, DoubleVector.broadcast(S, EXP_4));
      q = q.fma(r, DoubleVector.broadcast(S, EXP_3));
      q = q.fma(r, DoubleVector.broadcast(S, EXP_2));
      q = q.fma(r, DoubleVector.broadcast(S, EXP_1));
      q = q.fma(r, DoubleVector.broadcast(S, EXP_0));
      DoubleVector p = r.mul(r).fma(q, r).add(1.0);
      LongVector j = t.reinterpretAsLongs().sub(MAGIC_BITS);
      LongVector h = j.lanewise(ASHR, 1);
      DoubleVector e =
          p.mul(h.add(BIAS).lanewise(LSHL, FRACTION).reinterpretAsDoubles())
              .mul(j.sub(h).add(BIAS).lanewise(LSHL, FRACTION).reinterpretAsDoubles());
      LongVector k = e.add(1.0).reinterpretAsLongs().sub(SQRT_HALF_BITS).lanewise(ASHR, FRACTION);
      DoubleVector s = k.lanewise(LSHL, FRACTION).neg().add(FOUR_BITS).reinterpretAsDoubles();
      DoubleVector f = e.fma(s, s.sub(4.0)).mul(0.25);
      DoubleVector m = k.add(MAGIC_BITS).reinterpretAsDoubles().sub(MAGIC);
      DoubleVector g = DoubleVector.broadcast(S, LOG_19);
      g = g.fma(f, DoubleVector.broadcast(S, LOG_18));
      g = g.fma(f, DoubleVector.broadcast(S, LOG_17));
      g = g.fma(f, DoubleVector.broadcast(S, LOG_16));
      g = g.fma(f, DoubleVector.broadcast(S, LOG_15));
      g = g.fma(f, DoubleVector.broadcast(S, LOG_14));
      g = g.fma(f, DoubleVector.broadcast(S, LOG_13));
      g = g.fma(f, DoubleVector.broadcast(S, LOG_12));
      g = g.fma(f, DoubleVector.broadcast(S, LOG_11));
      g = g.fma(f, DoubleVector.broadcast(S, LOG_10));
      g = g.fma(f, DoubleVector.broadcast(S, LOG_9));
      g = g.fma(f, DoubleVector.broadcast(S, LOG_8));
      g = g.fma(f, DoubleVector.broadcast(S, LOG_7));
      g = g.fma(f, DoubleVector.broadcast(S, LOG_6));
      g = g.fma(f, DoubleVector.broadcast(S, LOG_5));
      g = g.fma(f, DoubleVector.broadcast(S, LOG_4));
      g = g.fma(f, DoubleVector.broadcast(S, LOG_3));
      g = g.fma(f, DoubleVector.broadcast(S, LOG_2));
      g = g.fma(f, DoubleVector.broadcast(S, LOG_1));
      g = g.fma(f, DoubleVector.broadcast(S, LOG_0));
      DoubleVector w = f.fma(g, DoubleVector.broadcast(S, -0.5));
      DoubleVector d = f.mul(f).fma(w, m.mul(LN2_LO));
      DoubleVector z = m.fma(DoubleVector.broadcast(S, LN2_HI), d.add(f));
      z.add(v.blend(0.0, v.compare(LT, 0.0))).intoArray(y, yo + i);
    }
    for (; i < count; i++) {
      y[yo + i] = Polynomials64.softplus(x[xo + i]);
    }
  }
}
