package org.amortis.engine.device.cpu.vector;

import static jdk.incubator.vector.VectorOperators.*;
import static org.amortis.engine.device.cpu.Coefficients32.*;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;
import org.amortis.engine.device.cpu.scalar.Polynomials32;

/// Normal distribution and error function over arrays, the lanewise twins of `Polynomials32`.
///
/// Each loop is written out without calls of own methods: C2 stops inlining those once a method has
/// grown, and a vector that crosses a call is boxed.
final class Normals32 {
  private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
  private static final float SPLIT = 0.425f;
  private static final float SPLIT_SQUARE = 0.180625f;

  private Normals32() {}

  static void erf(float[] x, int xo, float[] y, int yo, int count) {
    int i = 0;
    for (; i < S.loopBound(count); i += S.length()) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i);
      FloatVector a = v.abs();
      FloatVector d = a.blend(ERF_MAX, a.compare(GT, ERF_MAX)).sub(ERF_CENTRE);
      FloatVector x1 = FloatVector.broadcast(S, LOG_ERFC_6);
      x1 = x1.fma(d, FloatVector.broadcast(S, LOG_ERFC_5));
      x1 = x1.fma(d, FloatVector.broadcast(S, LOG_ERFC_4));
      x1 = x1.fma(d, FloatVector.broadcast(S, LOG_ERFC_3));
      x1 = x1.fma(d, FloatVector.broadcast(S, LOG_ERFC_2));
      x1 = x1.fma(d, FloatVector.broadcast(S, LOG_ERFC_1));
      x1 = x1.fma(d, FloatVector.broadcast(S, LOG_ERFC_0));
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
      FloatVector square = a.mul(a);
      FloatVector b = FloatVector.broadcast(S, ERF_6);
      b = b.fma(square, FloatVector.broadcast(S, ERF_5));
      b = b.fma(square, FloatVector.broadcast(S, ERF_4));
      b = b.fma(square, FloatVector.broadcast(S, ERF_3));
      b = b.fma(square, FloatVector.broadcast(S, ERF_2));
      b = b.fma(square, FloatVector.broadcast(S, ERF_1));
      b = b.fma(square, FloatVector.broadcast(S, ERF_0));
      FloatVector u = FloatVector.broadcast(S, 1f).sub(e).blend(1f, a.compare(GT, ERF_MAX));
      u = u.blend(a.fma(b, a), a.compare(LT, 1f));
      u.reinterpretAsInts()
          .and(~SIGN)
          .or(v.reinterpretAsInts().and(SIGN))
          .reinterpretAsFloats()
          .intoArray(y, yo + i);
    }
    for (; i < count; i++) {
      y[yo + i] = Polynomials32.erf(x[xo + i]);
    }
  }

  static void normalCdf(float[] x, int xo, float[] y, int yo, int count) {
    int i = 0;
    for (; i < S.loopBound(count); i += S.length()) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i);
      FloatVector a = v.abs();
      a = a.blend(NORMAL_MAX, a.compare(GT, NORMAL_MAX));
      FloatVector square = a.mul(a);
      FloatVector rest = a.fma(a, square.neg());
      FloatVector x1 = square.mul(-0.5f);
      FloatVector t = x1.fma(FloatVector.broadcast(S, LOG2E), FloatVector.broadcast(S, MAGIC));
      FloatVector n = t.sub(MAGIC);
      FloatVector r =
          n.fma(FloatVector.broadcast(S, -LN2_LO), n.fma(FloatVector.broadcast(S, -LN2_HI), x1));
      r = rest.fma(FloatVector.broadcast(S, -0.5f), r);
      FloatVector q = FloatVector.broadcast(S, EXP_4);
      q = q.fma(r, FloatVector.broadcast(S, EXP_3));
      q = q.fma(r, FloatVector.broadcast(S, EXP_2));
      q = q.fma(r, FloatVector.broadcast(S, EXP_1));
      q = q.fma(r, FloatVector.broadcast(S, EXP_0));
      FloatVector p = r.mul(r).fma(q, r).add(1f);
      FloatVector u = a.sub(NORMAL_CENTRE).div(a.add(NORMAL_CENTRE));
      FloatVector g = FloatVector.broadcast(S, NORMAL_9);
      g = g.fma(u, FloatVector.broadcast(S, NORMAL_8));
      g = g.fma(u, FloatVector.broadcast(S, NORMAL_7));
      g = g.fma(u, FloatVector.broadcast(S, NORMAL_6));
      g = g.fma(u, FloatVector.broadcast(S, NORMAL_5));
      g = g.fma(u, FloatVector.broadcast(S, NORMAL_4));
      g = g.fma(u, FloatVector.broadcast(S, NORMAL_3));
      g = g.fma(u, FloatVector.broadcast(S, NORMAL_2));
      g = g.fma(u, FloatVector.broadcast(S, NORMAL_1));
      g = g.fma(u, FloatVector.broadcast(S, NORMAL_0));
      p = p.mul(g).div(a.add(1f));
      IntVector j = t.reinterpretAsInts().sub(MAGIC_BITS);
      IntVector h = j.lanewise(ASHR, 1);
      FloatVector e =
          p.mul(h.add(BIAS).lanewise(LSHL, FRACTION).reinterpretAsFloats())
              .mul(j.sub(h).add(BIAS).lanewise(LSHL, FRACTION).reinterpretAsFloats());
      FloatVector.broadcast(S, 1f).sub(e).blend(e, v.compare(LT, 0f)).intoArray(y, yo + i);
    }
    for (; i < count; i++) {
      y[yo + i] = Polynomials32.normalCdf(x[xo + i]);
    }
  }

  static void normalQuantile(float[] x, int xo, float[] y, int yo, int count) {
    int i = 0;
    for (; i < S.loopBound(count); i += S.length()) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i);
      FloatVector c = v.sub(0.5f);
      FloatVector low = FloatVector.broadcast(S, 1f).sub(v).blend(v, c.compare(LT, 0f));
      VectorMask<Float> small = low.compare(LT, MIN_NORMAL);
      FloatVector scaled = low.blend(low.mul(SUBNORMAL_SCALE), small);
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
      z = low.blend(z, low.compare(LT, Float.POSITIVE_INFINITY));
      z = z.blend(Float.NaN, low.compare(LT, 0f));
      z = z.blend(Float.NEGATIVE_INFINITY, low.compare(EQ, 0f));
      FloatVector r = z.neg().sqrt();
      FloatVector rm = r.sub(1.6f);
      FloatVector num = FloatVector.broadcast(S, QM_NUM_3);
      num = num.fma(rm, FloatVector.broadcast(S, QM_NUM_2));
      num = num.fma(rm, FloatVector.broadcast(S, QM_NUM_1));
      num = num.fma(rm, FloatVector.broadcast(S, QM_NUM_0));
      FloatVector den = FloatVector.broadcast(S, QM_DEN_2);
      den = den.fma(rm, FloatVector.broadcast(S, QM_DEN_1));
      den = den.fma(rm, FloatVector.broadcast(S, QM_DEN_0));
      FloatVector rf = r.sub(5f);
      FloatVector nf = FloatVector.broadcast(S, QF_NUM_3);
      nf = nf.fma(rf, FloatVector.broadcast(S, QF_NUM_2));
      nf = nf.fma(rf, FloatVector.broadcast(S, QF_NUM_1));
      nf = nf.fma(rf, FloatVector.broadcast(S, QF_NUM_0));
      FloatVector df = FloatVector.broadcast(S, QF_DEN_2);
      df = df.fma(rf, FloatVector.broadcast(S, QF_DEN_1));
      df = df.fma(rf, FloatVector.broadcast(S, QF_DEN_0));
      VectorMask<Float> far = rf.compare(GT, 0f);
      num = num.blend(nf, far);
      num =
          num.reinterpretAsInts()
              .and(~SIGN)
              .or(c.reinterpretAsInts().and(SIGN))
              .reinterpretAsFloats();
      den = den.blend(df, far);
      FloatVector t = c.neg().fma(c, FloatVector.broadcast(S, SPLIT_SQUARE));
      FloatVector nc = FloatVector.broadcast(S, QC_NUM_3);
      nc = nc.fma(t, FloatVector.broadcast(S, QC_NUM_2));
      nc = nc.fma(t, FloatVector.broadcast(S, QC_NUM_1));
      nc = nc.fma(t, FloatVector.broadcast(S, QC_NUM_0));
      FloatVector dc = FloatVector.broadcast(S, QC_DEN_3);
      dc = dc.fma(t, FloatVector.broadcast(S, QC_DEN_2));
      dc = dc.fma(t, FloatVector.broadcast(S, QC_DEN_1));
      dc = dc.fma(t, FloatVector.broadcast(S, QC_DEN_0));
      VectorMask<Float> central = c.abs().compare(LE, SPLIT);
      FloatVector u = num.blend(nc.mul(c), central).div(den.blend(dc, central));
      u = u.blend(Float.NEGATIVE_INFINITY, v.compare(EQ, 0f));
      u.blend(Float.POSITIVE_INFINITY, v.compare(EQ, 1f)).intoArray(y, yo + i);
    }
    for (; i < count; i++) {
      y[yo + i] = Polynomials32.normalQuantile(x[xo + i]);
    }
  }
}
