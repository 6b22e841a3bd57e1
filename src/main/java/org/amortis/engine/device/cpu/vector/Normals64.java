package org.amortis.engine.device.cpu.vector;

import static jdk.incubator.vector.VectorOperators.*;
import static org.amortis.engine.device.cpu.Coefficients64.*;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;
import org.amortis.engine.device.cpu.scalar.Polynomials64;

/// Normal distribution and error function over arrays, the lanewise twins of `Polynomials64`.
///
/// Each loop is written out without calls of own methods: C2 stops inlining those once a method has
/// grown, and a vector that crosses a call is boxed.
final class Normals64 {
  private static final VectorSpecies<Double> S = DoubleVector.SPECIES_PREFERRED;
  private static final double SPLIT = 0.425;
  private static final double SPLIT_SQUARE = 0.180625;

  private Normals64() {}

  static void erf(double[] x, int xo, double[] y, int yo, int count) {
    int i = 0;
    for (; i < S.loopBound(count); i += S.length()) {
      DoubleVector v = DoubleVector.fromArray(S, x, xo + i);
      DoubleVector a = v.abs();
      DoubleVector d = a.blend(ERF_MAX, a.compare(GT, ERF_MAX)).sub(ERF_CENTRE);
      DoubleVector x1 = DoubleVector.broadcast(S, LOG_ERFC_17);
      x1 = x1.fma(d, DoubleVector.broadcast(S, LOG_ERFC_16));
      x1 = x1.fma(d, DoubleVector.broadcast(S, LOG_ERFC_15));
      x1 = x1.fma(d, DoubleVector.broadcast(S, LOG_ERFC_14));
      x1 = x1.fma(d, DoubleVector.broadcast(S, LOG_ERFC_13));
      x1 = x1.fma(d, DoubleVector.broadcast(S, LOG_ERFC_12));
      x1 = x1.fma(d, DoubleVector.broadcast(S, LOG_ERFC_11));
      x1 = x1.fma(d, DoubleVector.broadcast(S, LOG_ERFC_10));
      x1 = x1.fma(d, DoubleVector.broadcast(S, LOG_ERFC_9));
      x1 = x1.fma(d, DoubleVector.broadcast(S, LOG_ERFC_8));
      x1 = x1.fma(d, DoubleVector.broadcast(S, LOG_ERFC_7));
      x1 = x1.fma(d, DoubleVector.broadcast(S, LOG_ERFC_6));
      x1 = x1.fma(d, DoubleVector.broadcast(S, LOG_ERFC_5));
      x1 = x1.fma(d, DoubleVector.broadcast(S, LOG_ERFC_4));
      x1 = x1.fma(d, DoubleVector.broadcast(S, LOG_ERFC_3));
      x1 = x1.fma(d, DoubleVector.broadcast(S, LOG_ERFC_2));
      x1 = x1.fma(d, DoubleVector.broadcast(S, LOG_ERFC_1));
      x1 = x1.fma(d, DoubleVector.broadcast(S, LOG_ERFC_0));
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
      DoubleVector square = a.mul(a);
      DoubleVector b = DoubleVector.broadcast(S, ERF_13);
      b = b.fma(square, DoubleVector.broadcast(S, ERF_12));
      b = b.fma(square, DoubleVector.broadcast(S, ERF_11));
      b = b.fma(square, DoubleVector.broadcast(S, ERF_10));
      b = b.fma(square, DoubleVector.broadcast(S, ERF_9));
      b = b.fma(square, DoubleVector.broadcast(S, ERF_8));
      b = b.fma(square, DoubleVector.broadcast(S, ERF_7));
      b = b.fma(square, DoubleVector.broadcast(S, ERF_6));
      b = b.fma(square, DoubleVector.broadcast(S, ERF_5));
      b = b.fma(square, DoubleVector.broadcast(S, ERF_4));
      b = b.fma(square, DoubleVector.broadcast(S, ERF_3));
      b = b.fma(square, DoubleVector.broadcast(S, ERF_2));
      b = b.fma(square, DoubleVector.broadcast(S, ERF_1));
      b = b.fma(square, DoubleVector.broadcast(S, ERF_0));
      DoubleVector u = DoubleVector.broadcast(S, 1.0).sub(e).blend(1.0, a.compare(GT, ERF_MAX));
      u = u.blend(a.fma(b, a), a.compare(LT, 1.0));
      u.reinterpretAsLongs()
          .and(~SIGN)
          .or(v.reinterpretAsLongs().and(SIGN))
          .reinterpretAsDoubles()
          .intoArray(y, yo + i);
    }
    for (; i < count; i++) {
      y[yo + i] = Polynomials64.erf(x[xo + i]);
    }
  }

  static void normalCdf(double[] x, int xo, double[] y, int yo, int count) {
    int i = 0;
    for (; i < S.loopBound(count); i += S.length()) {
      DoubleVector v = DoubleVector.fromArray(S, x, xo + i);
      DoubleVector a = v.abs();
      a = a.blend(NORMAL_MAX, a.compare(GT, NORMAL_MAX));
      DoubleVector square = a.mul(a);
      DoubleVector rest = a.fma(a, square.neg());
      DoubleVector x1 = square.mul(-0.5);
      DoubleVector t = x1.fma(DoubleVector.broadcast(S, LOG2E), DoubleVector.broadcast(S, MAGIC));
      DoubleVector n = t.sub(MAGIC);
      DoubleVector r =
          n.fma(DoubleVector.broadcast(S, -LN2_LO), n.fma(DoubleVector.broadcast(S, -LN2_HI), x1));
      r = rest.fma(DoubleVector.broadcast(S, -0.5), r);
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
      DoubleVector u = a.sub(NORMAL_CENTRE).div(a.add(NORMAL_CENTRE));
      DoubleVector g = DoubleVector.broadcast(S, NORMAL_23);
      g = g.fma(u, DoubleVector.broadcast(S, NORMAL_22));
      g = g.fma(u, DoubleVector.broadcast(S, NORMAL_21));
      g = g.fma(u, DoubleVector.broadcast(S, NORMAL_20));
      g = g.fma(u, DoubleVector.broadcast(S, NORMAL_19));
      g = g.fma(u, DoubleVector.broadcast(S, NORMAL_18));
      g = g.fma(u, DoubleVector.broadcast(S, NORMAL_17));
      g = g.fma(u, DoubleVector.broadcast(S, NORMAL_16));
      g = g.fma(u, DoubleVector.broadcast(S, NORMAL_15));
      g = g.fma(u, DoubleVector.broadcast(S, NORMAL_14));
      g = g.fma(u, DoubleVector.broadcast(S, NORMAL_13));
      g = g.fma(u, DoubleVector.broadcast(S, NORMAL_12));
      g = g.fma(u, DoubleVector.broadcast(S, NORMAL_11));
      g = g.fma(u, DoubleVector.broadcast(S, NORMAL_10));
      g = g.fma(u, DoubleVector.broadcast(S, NORMAL_9));
      g = g.fma(u, DoubleVector.broadcast(S, NORMAL_8));
      g = g.fma(u, DoubleVector.broadcast(S, NORMAL_7));
      g = g.fma(u, DoubleVector.broadcast(S, NORMAL_6));
      g = g.fma(u, DoubleVector.broadcast(S, NORMAL_5));
      g = g.fma(u, DoubleVector.broadcast(S, NORMAL_4));
      g = g.fma(u, DoubleVector.broadcast(S, NORMAL_3));
      g = g.fma(u, DoubleVector.broadcast(S, NORMAL_2));
      g = g.fma(u, DoubleVector.broadcast(S, NORMAL_1));
      g = g.fma(u, DoubleVector.broadcast(S, NORMAL_0));
      p = p.mul(g).div(a.add(1.0));
      LongVector j = t.reinterpretAsLongs().sub(MAGIC_BITS);
      LongVector h = j.lanewise(ASHR, 1);
      DoubleVector e =
          p.mul(h.add(BIAS).lanewise(LSHL, FRACTION).reinterpretAsDoubles())
              .mul(j.sub(h).add(BIAS).lanewise(LSHL, FRACTION).reinterpretAsDoubles());
      DoubleVector.broadcast(S, 1.0).sub(e).blend(e, v.compare(LT, 0.0)).intoArray(y, yo + i);
    }
    for (; i < count; i++) {
      y[yo + i] = Polynomials64.normalCdf(x[xo + i]);
    }
  }

  static void normalQuantile(double[] x, int xo, double[] y, int yo, int count) {
    int i = 0;
    for (; i < S.loopBound(count); i += S.length()) {
      DoubleVector v = DoubleVector.fromArray(S, x, xo + i);
      DoubleVector c = v.sub(0.5);
      DoubleVector low = DoubleVector.broadcast(S, 1.0).sub(v).blend(v, c.compare(LT, 0.0));
      VectorMask<Double> small = low.compare(LT, MIN_NORMAL);
      DoubleVector scaled = low.blend(low.mul(SUBNORMAL_SCALE), small);
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
      z = low.blend(z, low.compare(LT, Double.POSITIVE_INFINITY));
      z = z.blend(Double.NaN, low.compare(LT, 0.0));
      z = z.blend(Double.NEGATIVE_INFINITY, low.compare(EQ, 0.0));
      DoubleVector r = z.neg().sqrt();
      DoubleVector rm = r.sub(1.6);
      DoubleVector num = DoubleVector.broadcast(S, QM_NUM_7);
      num = num.fma(rm, DoubleVector.broadcast(S, QM_NUM_6));
      num = num.fma(rm, DoubleVector.broadcast(S, QM_NUM_5));
      num = num.fma(rm, DoubleVector.broadcast(S, QM_NUM_4));
      num = num.fma(rm, DoubleVector.broadcast(S, QM_NUM_3));
      num = num.fma(rm, DoubleVector.broadcast(S, QM_NUM_2));
      num = num.fma(rm, DoubleVector.broadcast(S, QM_NUM_1));
      num = num.fma(rm, DoubleVector.broadcast(S, QM_NUM_0));
      DoubleVector den = DoubleVector.broadcast(S, QM_DEN_7);
      den = den.fma(rm, DoubleVector.broadcast(S, QM_DEN_6));
      den = den.fma(rm, DoubleVector.broadcast(S, QM_DEN_5));
      den = den.fma(rm, DoubleVector.broadcast(S, QM_DEN_4));
      den = den.fma(rm, DoubleVector.broadcast(S, QM_DEN_3));
      den = den.fma(rm, DoubleVector.broadcast(S, QM_DEN_2));
      den = den.fma(rm, DoubleVector.broadcast(S, QM_DEN_1));
      den = den.fma(rm, DoubleVector.broadcast(S, QM_DEN_0));
      DoubleVector rf = r.sub(5.0);
      DoubleVector nf = DoubleVector.broadcast(S, QF_NUM_7);
      nf = nf.fma(rf, DoubleVector.broadcast(S, QF_NUM_6));
      nf = nf.fma(rf, DoubleVector.broadcast(S, QF_NUM_5));
      nf = nf.fma(rf, DoubleVector.broadcast(S, QF_NUM_4));
      nf = nf.fma(rf, DoubleVector.broadcast(S, QF_NUM_3));
      nf = nf.fma(rf, DoubleVector.broadcast(S, QF_NUM_2));
      nf = nf.fma(rf, DoubleVector.broadcast(S, QF_NUM_1));
      nf = nf.fma(rf, DoubleVector.broadcast(S, QF_NUM_0));
      DoubleVector df = DoubleVector.broadcast(S, QF_DEN_7);
      df = df.fma(rf, DoubleVector.broadcast(S, QF_DEN_6));
      df = df.fma(rf, DoubleVector.broadcast(S, QF_DEN_5));
      df = df.fma(rf, DoubleVector.broadcast(S, QF_DEN_4));
      df = df.fma(rf, DoubleVector.broadcast(S, QF_DEN_3));
      df = df.fma(rf, DoubleVector.broadcast(S, QF_DEN_2));
      df = df.fma(rf, DoubleVector.broadcast(S, QF_DEN_1));
      df = df.fma(rf, DoubleVector.broadcast(S, QF_DEN_0));
      VectorMask<Double> far = rf.compare(GT, 0.0);
      num = num.blend(nf, far);
      num =
          num.reinterpretAsLongs()
              .and(~SIGN)
              .or(c.reinterpretAsLongs().and(SIGN))
              .reinterpretAsDoubles();
      den = den.blend(df, far);
      DoubleVector t = c.neg().fma(c, DoubleVector.broadcast(S, SPLIT_SQUARE));
      DoubleVector nc = DoubleVector.broadcast(S, QC_NUM_7);
      nc = nc.fma(t, DoubleVector.broadcast(S, QC_NUM_6));
      nc = nc.fma(t, DoubleVector.broadcast(S, QC_NUM_5));
      nc = nc.fma(t, DoubleVector.broadcast(S, QC_NUM_4));
      nc = nc.fma(t, DoubleVector.broadcast(S, QC_NUM_3));
      nc = nc.fma(t, DoubleVector.broadcast(S, QC_NUM_2));
      nc = nc.fma(t, DoubleVector.broadcast(S, QC_NUM_1));
      nc = nc.fma(t, DoubleVector.broadcast(S, QC_NUM_0));
      DoubleVector dc = DoubleVector.broadcast(S, QC_DEN_7);
      dc = dc.fma(t, DoubleVector.broadcast(S, QC_DEN_6));
      dc = dc.fma(t, DoubleVector.broadcast(S, QC_DEN_5));
      dc = dc.fma(t, DoubleVector.broadcast(S, QC_DEN_4));
      dc = dc.fma(t, DoubleVector.broadcast(S, QC_DEN_3));
      dc = dc.fma(t, DoubleVector.broadcast(S, QC_DEN_2));
      dc = dc.fma(t, DoubleVector.broadcast(S, QC_DEN_1));
      dc = dc.fma(t, DoubleVector.broadcast(S, QC_DEN_0));
      VectorMask<Double> central = c.abs().compare(LE, SPLIT);
      DoubleVector u = num.blend(nc.mul(c), central).div(den.blend(dc, central));
      u = u.blend(Double.NEGATIVE_INFINITY, v.compare(EQ, 0.0));
      u.blend(Double.POSITIVE_INFINITY, v.compare(EQ, 1.0)).intoArray(y, yo + i);
    }
    for (; i < count; i++) {
      y[yo + i] = Polynomials64.normalQuantile(x[xo + i]);
    }
  }
}
