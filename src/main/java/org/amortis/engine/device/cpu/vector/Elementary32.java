package org.amortis.engine.device.cpu.vector;

import static jdk.incubator.vector.VectorOperators.*;
import static org.amortis.engine.device.cpu.Coefficients32.*;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;
import org.amortis.engine.device.cpu.scalar.Polynomials32;

/// Floor, exponential, logarithm and their kin over arrays, the lanewise twins of `Polynomials32`.
///
/// Each loop is written out without calls of own methods: C2 stops inlining those once a method has
/// grown, and a vector that crosses a call is boxed.
final class Elementary32 {
  private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;

  private Elementary32() {}

  static void floor(float[] x, int xo, float[] y, int yo, int count) {
    int i = 0;
    for (; i < S.loopBound(count); i += S.length()) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i);
      FloatVector a = v.abs();
      FloatVector b = a.add(WHOLE).sub(WHOLE);
      b =
          b.reinterpretAsInts()
              .and(~SIGN)
              .or(v.reinterpretAsInts().and(SIGN))
              .reinterpretAsFloats();
      b = b.blend(b.sub(1f), b.compare(GT, v));
      v.blend(b, a.compare(LT, WHOLE)).intoArray(y, yo + i);
    }
    for (; i < count; i++) {
      y[yo + i] = Polynomials32.floor(x[xo + i]);
    }
  }

  static void exp(float[] x, int xo, float[] y, int yo, int count) {
    int i = 0;
    for (; i < S.loopBound(count); i += S.length()) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i);
      FloatVector x1 = v.blend(EXP_MAX, v.compare(GT, EXP_MAX));
      x1 = x1.blend(EXP_MIN, x1.compare(LT, EXP_MIN));
      FloatVector t = x1.fma(FloatVector.broadcast(S, LOG2E), FloatVector.broadcast(S, MAGIC));
      FloatVector n = t.sub(MAGIC);
      FloatVector r =
          n.fma(FloatVector.broadcast(S, -LN2_LO), n.fma(FloatVector.broadcast(S, -LN2_HI), x1));
      FloatVector q = FloatVector.broadcast(S, EXP_4);
      q = q.fma(r, FloatVector.broadcast(S, EXP_3));
      q = q.fma(r, FloatVector.broadcast(S, EXP_2));
      q = q.fma(r, FloatVector.broadcast(S, EXP_1));
      q = q.fma(r, FloatVector.broadcast(S, EXP_0));
      FloatVector p = r.mul(r).fma(q, r).add(1f);
      IntVector j = t.reinterpretAsInts().sub(MAGIC_BITS);
      IntVector h = j.lanewise(ASHR, 1);
      FloatVector e =
          p.mul(h.add(BIAS).lanewise(LSHL, FRACTION).reinterpretAsFloats())
              .mul(j.sub(h).add(BIAS).lanewise(LSHL, FRACTION).reinterpretAsFloats());
      e.intoArray(y, yo + i);
    }
    for (; i < count; i++) {
      y[yo + i] = Polynomials32.exp(x[xo + i]);
    }
  }

  static void expm1(float[] x, int xo, float[] y, int yo, int count) {
    int i = 0;
    for (; i < S.loopBound(count); i += S.length()) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i);
      FloatVector x1 = v.blend(EXP_MAX, v.compare(GT, EXP_MAX));
      x1 = x1.blend(EXPM1_MIN, x1.compare(LT, EXPM1_MIN));
      FloatVector t = x1.fma(FloatVector.broadcast(S, LOG2E), FloatVector.broadcast(S, MAGIC));
      FloatVector n = t.sub(MAGIC);
      FloatVector r =
          n.fma(FloatVector.broadcast(S, -LN2_LO), n.fma(FloatVector.broadcast(S, -LN2_HI), x1));
      FloatVector q = FloatVector.broadcast(S, EXPM1_4);
      q = q.fma(r, FloatVector.broadcast(S, EXPM1_3));
      q = q.fma(r, FloatVector.broadcast(S, EXPM1_2));
      q = q.fma(r, FloatVector.broadcast(S, EXPM1_1));
      q = q.fma(r, FloatVector.broadcast(S, EXPM1_0));
      FloatVector p = r.mul(r).fma(q, r);
      FloatVector s =
          t.reinterpretAsInts()
              .sub(MAGIC_BITS + 1)
              .add(BIAS)
              .lanewise(LSHL, FRACTION)
              .reinterpretAsFloats();
      FloatVector e = s.fma(p, s.sub(0.5f)).mul(2f);
      e = e.blend(v, v.compare(EQ, 0f));
      e.intoArray(y, yo + i);
    }
    for (; i < count; i++) {
      y[yo + i] = Polynomials32.expm1(x[xo + i]);
    }
  }

  static void tanh(float[] x, int xo, float[] y, int yo, int count) {
    int i = 0;
    for (; i < S.loopBound(count); i += S.length()) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i);
      FloatVector a = v.abs();
      a = a.blend(TANH_MAX, a.compare(GT, TANH_MAX));
      a = a.add(a);
      FloatVector t = a.fma(FloatVector.broadcast(S, LOG2E), FloatVector.broadcast(S, MAGIC));
      FloatVector n = t.sub(MAGIC);
      FloatVector r =
          n.fma(FloatVector.broadcast(S, -LN2_LO), n.fma(FloatVector.broadcast(S, -LN2_HI), a));
      FloatVector q = FloatVector.broadcast(S, EXPM1_4);
      q = q.fma(r, FloatVector.broadcast(S, EXPM1_3));
      q = q.fma(r, FloatVector.broadcast(S, EXPM1_2));
      q = q.fma(r, FloatVector.broadcast(S, EXPM1_1));
      q = q.fma(r, FloatVector.broadcast(S, EXPM1_0));
      FloatVector p = r.mul(r).fma(q, r);
      FloatVector s =
          t.reinterpretAsInts()
              .sub(MAGIC_BITS)
              .add(BIAS)
              .lanewise(LSHL, FRACTION)
              .reinterpretAsFloats();
      FloatVector e = s.fma(p, s.sub(1f));
      FloatVector u = e.div(e.add(2f));
      u.reinterpretAsInts()
          .and(~SIGN)
          .or(v.reinterpretAsInts().and(SIGN))
          .reinterpretAsFloats()
          .intoArray(y, yo + i);
    }
    for (; i < count; i++) {
      y[yo + i] = Polynomials32.tanh(x[xo + i]);
    }
  }

  static void sigmoid(float[] x, int xo, float[] y, int yo, int count) {
    int i = 0;
    for (; i < S.loopBound(count); i += S.length()) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i);
      FloatVector x1 = v.abs().neg();
      x1 = x1.blend(EXP_MIN, x1.compare(LT, EXP_MIN));
      FloatVector t = x1.fma(FloatVector.broadcast(S, LOG2E), FloatVector.broadcast(S, MAGIC));
      FloatVector n = t.sub(MAGIC);
      FloatVector r =
          n.fma(FloatVector.broadcast(S, -LN2_LO), n.fma(FloatVector.broadcast(S, -LN2_HI), x1));
      FloatVector q = FloatVector.broadcast(S, EXP_4);
      q = q.fma(r, FloatVector.broadcast(S, EXP_3));
      q = q.fma(r, FloatVector.broadcast(S, EXP_2));
      q = q.fma(r, FloatVector.broadcast(S, EXP_1));
      q = q.fma(r, FloatVector.broadcast(S, EXP_0));
      FloatVector p = r.mul(r).fma(q, r).add(1f);
      IntVector j = t.reinterpretAsInts().sub(MAGIC_BITS);
      IntVector h = j.lanewise(ASHR, 1);
      FloatVector e =
          p.mul(h.add(BIAS).lanewise(LSHL, FRACTION).reinterpretAsFloats())
              .mul(j.sub(h).add(BIAS).lanewise(LSHL, FRACTION).reinterpretAsFloats());
      FloatVector u = FloatVector.broadcast(S, 1f).blend(e, v.compare(LT, 0f));
      u.div(e.add(1f)).intoArray(y, yo + i);
    }
    for (; i < count; i++) {
      y[yo + i] = Polynomials32.sigmoid(x[xo + i]);
    }
  }

  static void log(float[] x, int xo, float[] y, int yo, int count) {
    int i = 0;
    for (; i < S.loopBound(count); i += S.length()) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i);
      VectorMask<Float> small = v.compare(LT, MIN_NORMAL);
      FloatVector scaled = v.blend(v.mul(SUBNORMAL_SCALE), small);
      IntVector bits = scaled.reinterpretAsInts();
      IntVector k = bits.sub(SQRT_HALF_BITS).lanewise(ASHR, FRACTION);
      FloatVector m =
          k.add(MAGIC_BITS)
              .reinterpretAsFloats()
              .sub(MAGIC)
              .add(FloatVector.zero(S).blend(SUBNORMAL_LOG2, small));
      FloatVector f = bits.sub(k.lanewise(LSHL, FRACTION)).reinterpretAsFloats().sub(1f);
      FloatVector g = FloatVector.broadcast(S, LOG_7);
      g = g.fma(f, FloatVector.broadcast(S, LOG_6));
      g = g.fma(f, FloatVector.broadcast(S, LOG_5));
      g = g.fma(f, FloatVector.broadcast(S, LOG_4));
      g = g.fma(f, FloatVector.broadcast(S, LOG_3));
      g = g.fma(f, FloatVector.broadcast(S, LOG_2));
      g = g.fma(f, FloatVector.broadcast(S, LOG_1));
      g = g.fma(f, FloatVector.broadcast(S, LOG_0));
      FloatVector w = f.fma(g, FloatVector.broadcast(S, -0.5f));
      FloatVector d = f.mul(f).fma(w, m.mul(LN2_LO));
      FloatVector z = m.fma(FloatVector.broadcast(S, LN2_HI), d.add(f));
      z = v.blend(z, v.compare(LT, Float.POSITIVE_INFINITY));
      z = z.blend(Float.NaN, v.compare(LT, 0f));
      z = z.blend(Float.NEGATIVE_INFINITY, v.compare(EQ, 0f));
      z.intoArray(y, yo + i);
    }
    for (; i < count; i++) {
      y[yo + i] = Polynomials32.log(x[xo + i]);
    }
  }

  static void log1p(float[] x, int xo, float[] y, int yo, int count) {
    int i = 0;
    for (; i < S.loopBound(count); i += S.length()) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i);
      IntVector k = v.add(1f).reinterpretAsInts().sub(SQRT_HALF_BITS).lanewise(ASHR, FRACTION);
      FloatVector s = k.lanewise(LSHL, FRACTION).neg().add(FOUR_BITS).reinterpretAsFloats();
      FloatVector f = v.fma(s, s.sub(4f)).mul(0.25f);
      FloatVector m = k.add(MAGIC_BITS).reinterpretAsFloats().sub(MAGIC);
      FloatVector g = FloatVector.broadcast(S, LOG_7);
      g = g.fma(f, FloatVector.broadcast(S, LOG_6));
      g = g.fma(f, FloatVector.broadcast(S, LOG_5));
      g = g.fma(f, FloatVector.broadcast(S, LOG_4));
      g = g.fma(f, FloatVector.broadcast(S, LOG_3));
      g = g.fma(f, FloatVector.broadcast(S, LOG_2));
      g = g.fma(f, FloatVector.broadcast(S, LOG_1));
      g = g.fma(f, FloatVector.broadcast(S, LOG_0));
      FloatVector w = f.fma(g, FloatVector.broadcast(S, -0.5f));
      FloatVector d = f.mul(f).fma(w, m.mul(LN2_LO));
      FloatVector z = m.fma(FloatVector.broadcast(S, LN2_HI), d.add(f));
      z = v.blend(z, v.compare(LT, Float.POSITIVE_INFINITY));
      z = z.blend(Float.NaN, v.compare(LT, -1f));
      z = z.blend(Float.NEGATIVE_INFINITY, v.compare(EQ, -1f));
      z = z.blend(v, v.compare(EQ, 0f));
      z.intoArray(y, yo + i);
    }
    for (; i < count; i++) {
      y[yo + i] = Polynomials32.log1p(x[xo + i]);
    }
  }

  static void softplus(float[] x, int xo, float[] y, int yo, int count) {
    int i = 0;
    for (; i < S.loopBound(count); i += S.length()) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i);
      FloatVector x1 = v.abs().neg();
      x1 = x1.blend(EXP_MIN, x1.compare(LT, EXP_MIN));
      FloatVector t = x1.fma(FloatVector.broadcast(S, LOG2E), FloatVector.broadcast(S, MAGIC));
      FloatVector n = t.sub(MAGIC);
      FloatVector r =
          n.fma(FloatVector.broadcast(S, -LN2_LO), n.fma(FloatVector.broadcast(S, -LN2_HI), x1));
      FloatVector q = FloatVector.broadcast(S, EXP_4);
      q = q.fma(r, FloatVector.broadcast(S, EXP_3));
      q = q.fma(r, FloatVector.broadcast(S, EXP_2));
      q = q.fma(r, FloatVector.broadcast(S, EXP_1));
      q = q.fma(r, FloatVector.broadcast(S, EXP_0));
      FloatVector p = r.mul(r).fma(q, r).add(1f);
      IntVector j = t.reinterpretAsInts().sub(MAGIC_BITS);
      IntVector h = j.lanewise(ASHR, 1);
      FloatVector e =
          p.mul(h.add(BIAS).lanewise(LSHL, FRACTION).reinterpretAsFloats())
              .mul(j.sub(h).add(BIAS).lanewise(LSHL, FRACTION).reinterpretAsFloats());
      IntVector k = e.add(1f).reinterpretAsInts().sub(SQRT_HALF_BITS).lanewise(ASHR, FRACTION);
      FloatVector s = k.lanewise(LSHL, FRACTION).neg().add(FOUR_BITS).reinterpretAsFloats();
      FloatVector f = e.fma(s, s.sub(4f)).mul(0.25f);
      FloatVector m = k.add(MAGIC_BITS).reinterpretAsFloats().sub(MAGIC);
      FloatVector g = FloatVector.broadcast(S, LOG_7);
      g = g.fma(f, FloatVector.broadcast(S, LOG_6));
      g = g.fma(f, FloatVector.broadcast(S, LOG_5));
      g = g.fma(f, FloatVector.broadcast(S, LOG_4));
      g = g.fma(f, FloatVector.broadcast(S, LOG_3));
      g = g.fma(f, FloatVector.broadcast(S, LOG_2));
      g = g.fma(f, FloatVector.broadcast(S, LOG_1));
      g = g.fma(f, FloatVector.broadcast(S, LOG_0));
      FloatVector w = f.fma(g, FloatVector.broadcast(S, -0.5f));
      FloatVector d = f.mul(f).fma(w, m.mul(LN2_LO));
      FloatVector z = m.fma(FloatVector.broadcast(S, LN2_HI), d.add(f));
      z.add(v.blend(0f, v.compare(LT, 0f))).intoArray(y, yo + i);
    }
    for (; i < count; i++) {
      y[yo + i] = Polynomials32.softplus(x[xo + i]);
    }
  }
}
