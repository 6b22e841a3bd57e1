package org.amortis.engine.device.cpu.vector;

import static jdk.incubator.vector.VectorOperators.*;
import static org.amortis.engine.device.cpu.Coefficients32.*;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/// Elementary functions of one vector of float, the lanewise twins of the scalar `Polynomials32`.
final class Lanes32 {
  static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
  private static final float SPLIT = 0.425f;
  private static final float SPLIT_SQUARE = 0.180625f;

  private Lanes32() {}

  private static FloatVector c(float value) {
    return FloatVector.broadcast(S, value);
  }

  static FloatVector exp(FloatVector x) {
    FloatVector y = x.blend(EXP_MAX, x.compare(GT, EXP_MAX));
    y = y.blend(EXP_MIN, y.compare(LT, EXP_MIN));
    FloatVector t = y.fma(c(LOG2E), c(MAGIC));
    FloatVector n = t.sub(MAGIC);
    FloatVector r = n.fma(c(-LN2_LO), n.fma(c(-LN2_HI), y));
    FloatVector q = c(EXP_4);
    q = q.fma(r, c(EXP_3));
    q = q.fma(r, c(EXP_2));
    q = q.fma(r, c(EXP_1));
    q = q.fma(r, c(EXP_0));
    FloatVector p = r.mul(r).fma(q, r).add(1f);
    IntVector i = t.reinterpretAsInts().sub(MAGIC_BITS);
    IntVector h = i.lanewise(ASHR, 1);
    return p.mul(power(h)).mul(power(i.sub(h)));
  }

  static FloatVector expm1(FloatVector x) {
    FloatVector y = x.blend(EXP_MAX, x.compare(GT, EXP_MAX));
    y = y.blend(EXPM1_MIN, y.compare(LT, EXPM1_MIN));
    FloatVector t = y.fma(c(LOG2E), c(MAGIC));
    FloatVector n = t.sub(MAGIC);
    FloatVector r = n.fma(c(-LN2_LO), n.fma(c(-LN2_HI), y));
    FloatVector q = c(EXPM1_4);
    q = q.fma(r, c(EXPM1_3));
    q = q.fma(r, c(EXPM1_2));
    q = q.fma(r, c(EXPM1_1));
    q = q.fma(r, c(EXPM1_0));
    FloatVector p = r.mul(r).fma(q, r);
    FloatVector s = power(t.reinterpretAsInts().sub(MAGIC_BITS + 1));
    FloatVector e = s.fma(p, s.sub(0.5f)).mul(2f);
    return e.blend(x, x.compare(EQ, 0f));
  }

  static FloatVector log(FloatVector x) {
    VectorMask<Float> small = x.compare(LT, MIN_NORMAL);
    FloatVector y = x.blend(x.mul(SUBNORMAL_SCALE), small);
    FloatVector e = FloatVector.zero(S).blend(SUBNORMAL_LOG2, small);
    IntVector bits = y.reinterpretAsInts();
    IntVector k = bits.sub(SQRT_HALF_BITS).lanewise(ASHR, FRACTION);
    FloatVector m = bits.sub(k.lanewise(LSHL, FRACTION)).reinterpretAsFloats();
    FloatVector n = whole(k).add(e);
    FloatVector z = logOfSum(m.sub(1f), n);
    z = x.blend(z, x.compare(LT, Float.POSITIVE_INFINITY));
    z = z.blend(Float.NaN, x.compare(LT, 0f));
    return z.blend(Float.NEGATIVE_INFINITY, x.compare(EQ, 0f));
  }

  static FloatVector log1p(FloatVector x) {
    FloatVector z = log1pFinite(x);
    z = x.blend(z, x.compare(LT, Float.POSITIVE_INFINITY));
    z = z.blend(Float.NaN, x.compare(LT, -1f));
    z = z.blend(Float.NEGATIVE_INFINITY, x.compare(EQ, -1f));
    return z.blend(x, x.compare(EQ, 0f));
  }

  private static FloatVector log1pFinite(FloatVector x) {
    IntVector k = x.add(1f).reinterpretAsInts().sub(SQRT_HALF_BITS).lanewise(ASHR, FRACTION);
    FloatVector s = k.lanewise(LSHL, FRACTION).neg().add(FOUR_BITS).reinterpretAsFloats();
    FloatVector f = x.fma(s, s.sub(4f)).mul(0.25f);
    return logOfSum(f, whole(k));
  }

  private static FloatVector logOfSum(FloatVector f, FloatVector n) {
    FloatVector q = c(LOG_7);
    q = q.fma(f, c(LOG_6));
    q = q.fma(f, c(LOG_5));
    q = q.fma(f, c(LOG_4));
    q = q.fma(f, c(LOG_3));
    q = q.fma(f, c(LOG_2));
    q = q.fma(f, c(LOG_1));
    q = q.fma(f, c(LOG_0));
    FloatVector w = f.fma(q, c(-0.5f));
    FloatVector t = f.mul(f).fma(w, n.mul(LN2_LO));
    return n.fma(c(LN2_HI), t.add(f));
  }

  static FloatVector tanh(FloatVector x) {
    FloatVector a = x.abs();
    a = a.blend(TANH_MAX, a.compare(GT, TANH_MAX));
    a = a.add(a);
    FloatVector t = a.fma(c(LOG2E), c(MAGIC));
    FloatVector n = t.sub(MAGIC);
    FloatVector r = n.fma(c(-LN2_LO), n.fma(c(-LN2_HI), a));
    FloatVector q = c(EXPM1_4);
    q = q.fma(r, c(EXPM1_3));
    q = q.fma(r, c(EXPM1_2));
    q = q.fma(r, c(EXPM1_1));
    q = q.fma(r, c(EXPM1_0));
    FloatVector p = r.mul(r).fma(q, r);
    FloatVector s = power(t.reinterpretAsInts().sub(MAGIC_BITS));
    FloatVector e = s.fma(p, s.sub(1f));
    return withSign(e.div(e.add(2f)), x);
  }

  static FloatVector sigmoid(FloatVector x) {
    FloatVector e = exp(x.abs().neg());
    return c(1f).blend(e, x.compare(LT, 0f)).div(e.add(1f));
  }

  static FloatVector softplus(FloatVector x) {
    return log1pFinite(exp(x.abs().neg())).add(x.blend(0f, x.compare(LT, 0f)));
  }

  static FloatVector erf(FloatVector x) {
    FloatVector a = x.abs();
    FloatVector z = a.mul(a);
    FloatVector h = c(ERF_6);
    h = h.fma(z, c(ERF_5));
    h = h.fma(z, c(ERF_4));
    h = h.fma(z, c(ERF_3));
    h = h.fma(z, c(ERF_2));
    h = h.fma(z, c(ERF_1));
    h = h.fma(z, c(ERF_0));
    FloatVector head = h.mul(a);
    FloatVector d = a.blend(ERF_MAX, a.compare(GT, ERF_MAX)).sub(ERF_CENTRE);
    FloatVector y = c(LOG_ERFC_6);
    y = y.fma(d, c(LOG_ERFC_5));
    y = y.fma(d, c(LOG_ERFC_4));
    y = y.fma(d, c(LOG_ERFC_3));
    y = y.fma(d, c(LOG_ERFC_2));
    y = y.fma(d, c(LOG_ERFC_1));
    y = y.fma(d, c(LOG_ERFC_0));
    FloatVector tail = c(1f).sub(exp(y));
    tail = tail.blend(1f, a.compare(GT, ERF_MAX));
    return withSign(tail.blend(head, a.compare(LT, 1f)), x);
  }

  static FloatVector normalCdf(FloatVector x) {
    FloatVector a = x.abs();
    a = a.blend(NORMAL_MAX, a.compare(GT, NORMAL_MAX));
    FloatVector square = a.mul(a);
    FloatVector rest = a.fma(a, square.neg());
    FloatVector y = square.mul(-0.5f);
    FloatVector t = y.fma(c(LOG2E), c(MAGIC));
    FloatVector n = t.sub(MAGIC);
    FloatVector r = n.fma(c(-LN2_LO), n.fma(c(-LN2_HI), y));
    r = rest.fma(c(-0.5f), r);
    FloatVector q = c(EXP_4);
    q = q.fma(r, c(EXP_3));
    q = q.fma(r, c(EXP_2));
    q = q.fma(r, c(EXP_1));
    q = q.fma(r, c(EXP_0));
    FloatVector p = r.mul(r).fma(q, r).add(1f);
    FloatVector u = a.sub(NORMAL_CENTRE).div(a.add(NORMAL_CENTRE));
    FloatVector g = c(NORMAL_9);
    g = g.fma(u, c(NORMAL_8));
    g = g.fma(u, c(NORMAL_7));
    g = g.fma(u, c(NORMAL_6));
    g = g.fma(u, c(NORMAL_5));
    g = g.fma(u, c(NORMAL_4));
    g = g.fma(u, c(NORMAL_3));
    g = g.fma(u, c(NORMAL_2));
    g = g.fma(u, c(NORMAL_1));
    g = g.fma(u, c(NORMAL_0));
    FloatVector tail = p.mul(g).div(a.add(1f));
    IntVector i = t.reinterpretAsInts().sub(MAGIC_BITS);
    IntVector h = i.lanewise(ASHR, 1);
    tail = tail.mul(power(h)).mul(power(i.sub(h)));
    return c(1f).sub(tail).blend(tail, x.compare(LT, 0f));
  }

  static FloatVector normalQuantile(FloatVector p) {
    FloatVector d = p.sub(0.5f);
    FloatVector a = d.abs();
    FloatVector low = c(1f).sub(p).blend(p, d.compare(LT, 0f));
    FloatVector r = log(low).neg().sqrt();
    FloatVector z = d.neg().fma(d, c(SPLIT_SQUARE));
    FloatVector nc = c(QC_NUM_3);
    nc = nc.fma(z, c(QC_NUM_2));
    nc = nc.fma(z, c(QC_NUM_1));
    nc = nc.fma(z, c(QC_NUM_0));
    nc = nc.mul(d);
    FloatVector dc = c(QC_DEN_3);
    dc = dc.fma(z, c(QC_DEN_2));
    dc = dc.fma(z, c(QC_DEN_1));
    dc = dc.fma(z, c(QC_DEN_0));
    FloatVector rm = r.sub(1.6f);
    FloatVector nm = c(QM_NUM_3);
    nm = nm.fma(rm, c(QM_NUM_2));
    nm = nm.fma(rm, c(QM_NUM_1));
    nm = nm.fma(rm, c(QM_NUM_0));
    FloatVector dm = c(QM_DEN_2);
    dm = dm.fma(rm, c(QM_DEN_1));
    dm = dm.fma(rm, c(QM_DEN_0));
    FloatVector rf = r.sub(5f);
    FloatVector nf = c(QF_NUM_3);
    nf = nf.fma(rf, c(QF_NUM_2));
    nf = nf.fma(rf, c(QF_NUM_1));
    nf = nf.fma(rf, c(QF_NUM_0));
    FloatVector df = c(QF_DEN_2);
    df = df.fma(rf, c(QF_DEN_1));
    df = df.fma(rf, c(QF_DEN_0));
    VectorMask<Float> far = rf.compare(GT, 0f);
    FloatVector num = withSign(nm.blend(nf, far), d);
    FloatVector den = dm.blend(df, far);
    VectorMask<Float> central = a.compare(LE, SPLIT);
    FloatVector y = num.blend(nc, central).div(den.blend(dc, central));
    y = y.blend(Float.NEGATIVE_INFINITY, p.compare(EQ, 0f));
    return y.blend(Float.POSITIVE_INFINITY, p.compare(EQ, 1f));
  }

  static FloatVector floor(FloatVector x) {
    FloatVector a = x.abs();
    FloatVector r = withSign(a.add(WHOLE).sub(WHOLE), x);
    r = r.blend(r.sub(1f), r.compare(GT, x));
    return x.blend(r, a.compare(LT, WHOLE));
  }

  static FloatVector sign(FloatVector x) {
    FloatVector y = x.blend(1f, x.compare(GT, 0f));
    return y.blend(-1f, x.compare(LT, 0f));
  }

  private static FloatVector power(IntVector n) {
    return n.add(BIAS).lanewise(LSHL, FRACTION).reinterpretAsFloats();
  }

  private static FloatVector whole(IntVector k) {
    return k.add(MAGIC_BITS).reinterpretAsFloats().sub(MAGIC);
  }

  private static FloatVector withSign(FloatVector magnitude, FloatVector sign) {
    return magnitude
        .reinterpretAsInts()
        .and(~SIGN)
        .or(sign.reinterpretAsInts().and(SIGN))
        .reinterpretAsFloats();
  }
}
