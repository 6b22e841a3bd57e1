package org.amortis.engine.device.cpu.vector;

import static jdk.incubator.vector.VectorOperators.*;
import static org.amortis.engine.device.cpu.Coefficients64.*;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/// Elementary functions of one vector of double, the lanewise twins of the scalar `Polynomials64`.
final class Lanes64 {
  static final VectorSpecies<Double> S = DoubleVector.SPECIES_PREFERRED;
  private static final double SPLIT = 0.425;
  private static final double SPLIT_SQUARE = 0.180625;

  private Lanes64() {}

  private static DoubleVector c(double value) {
    return DoubleVector.broadcast(S, value);
  }

  static DoubleVector exp(DoubleVector x) {
    DoubleVector y = x.blend(EXP_MAX, x.compare(GT, EXP_MAX));
    y = y.blend(EXP_MIN, y.compare(LT, EXP_MIN));
    DoubleVector t = y.fma(c(LOG2E), c(MAGIC));
    DoubleVector n = t.sub(MAGIC);
    DoubleVector r = n.fma(c(-LN2_LO), n.fma(c(-LN2_HI), y));
    DoubleVector q = c(EXP_10);
    q = q.fma(r, c(EXP_9));
    q = q.fma(r, c(EXP_8));
    q = q.fma(r, c(EXP_7));
    q = q.fma(r, c(EXP_6));
    q = q.fma(r, c(EXP_5));
    q = q.fma(r, c(EXP_4));
    q = q.fma(r, c(EXP_3));
    q = q.fma(r, c(EXP_2));
    q = q.fma(r, c(EXP_1));
    q = q.fma(r, c(EXP_0));
    DoubleVector p = r.mul(r).fma(q, r).add(1.0);
    LongVector i = t.reinterpretAsLongs().sub(MAGIC_BITS);
    LongVector h = i.lanewise(ASHR, 1);
    return p.mul(power(h)).mul(power(i.sub(h)));
  }

  static DoubleVector expm1(DoubleVector x) {
    DoubleVector y = x.blend(EXP_MAX, x.compare(GT, EXP_MAX));
    y = y.blend(EXPM1_MIN, y.compare(LT, EXPM1_MIN));
    DoubleVector t = y.fma(c(LOG2E), c(MAGIC));
    DoubleVector n = t.sub(MAGIC);
    DoubleVector r = n.fma(c(-LN2_LO), n.fma(c(-LN2_HI), y));
    DoubleVector q = c(EXPM1_11);
    q = q.fma(r, c(EXPM1_10));
    q = q.fma(r, c(EXPM1_9));
    q = q.fma(r, c(EXPM1_8));
    q = q.fma(r, c(EXPM1_7));
    q = q.fma(r, c(EXPM1_6));
    q = q.fma(r, c(EXPM1_5));
    q = q.fma(r, c(EXPM1_4));
    q = q.fma(r, c(EXPM1_3));
    q = q.fma(r, c(EXPM1_2));
    q = q.fma(r, c(EXPM1_1));
    q = q.fma(r, c(EXPM1_0));
    DoubleVector p = r.mul(r).fma(q, r);
    DoubleVector s = power(t.reinterpretAsLongs().sub(MAGIC_BITS + 1));
    DoubleVector e = s.fma(p, s.sub(0.5)).mul(2.0);
    return e.blend(x, x.compare(EQ, 0.0));
  }

  static DoubleVector log(DoubleVector x) {
    VectorMask<Double> small = x.compare(LT, MIN_NORMAL);
    DoubleVector y = x.blend(x.mul(SUBNORMAL_SCALE), small);
    DoubleVector e = DoubleVector.zero(S).blend(SUBNORMAL_LOG2, small);
    LongVector bits = y.reinterpretAsLongs();
    LongVector k = bits.sub(SQRT_HALF_BITS).lanewise(ASHR, FRACTION);
    DoubleVector m = bits.sub(k.lanewise(LSHL, FRACTION)).reinterpretAsDoubles();
    DoubleVector n = whole(k).add(e);
    DoubleVector z = logOfSum(m.sub(1.0), n);
    z = x.blend(z, x.compare(LT, Double.POSITIVE_INFINITY));
    z = z.blend(Double.NaN, x.compare(LT, 0.0));
    return z.blend(Double.NEGATIVE_INFINITY, x.compare(EQ, 0.0));
  }

  static DoubleVector log1p(DoubleVector x) {
    DoubleVector z = log1pFinite(x);
    z = x.blend(z, x.compare(LT, Double.POSITIVE_INFINITY));
    z = z.blend(Double.NaN, x.compare(LT, -1.0));
    z = z.blend(Double.NEGATIVE_INFINITY, x.compare(EQ, -1.0));
    return z.blend(x, x.compare(EQ, 0.0));
  }

  private static DoubleVector log1pFinite(DoubleVector x) {
    LongVector k = x.add(1.0).reinterpretAsLongs().sub(SQRT_HALF_BITS).lanewise(ASHR, FRACTION);
    DoubleVector s = k.lanewise(LSHL, FRACTION).neg().add(FOUR_BITS).reinterpretAsDoubles();
    DoubleVector f = x.fma(s, s.sub(4.0)).mul(0.25);
    return logOfSum(f, whole(k));
  }

  private static DoubleVector logOfSum(DoubleVector f, DoubleVector n) {
    DoubleVector q = c(LOG_19);
    q = q.fma(f, c(LOG_18));
    q = q.fma(f, c(LOG_17));
    q = q.fma(f, c(LOG_16));
    q = q.fma(f, c(LOG_15));
    q = q.fma(f, c(LOG_14));
    q = q.fma(f, c(LOG_13));
    q = q.fma(f, c(LOG_12));
    q = q.fma(f, c(LOG_11));
    q = q.fma(f, c(LOG_10));
    q = q.fma(f, c(LOG_9));
    q = q.fma(f, c(LOG_8));
    q = q.fma(f, c(LOG_7));
    q = q.fma(f, c(LOG_6));
    q = q.fma(f, c(LOG_5));
    q = q.fma(f, c(LOG_4));
    q = q.fma(f, c(LOG_3));
    q = q.fma(f, c(LOG_2));
    q = q.fma(f, c(LOG_1));
    q = q.fma(f, c(LOG_0));
    DoubleVector w = f.fma(q, c(-0.5));
    DoubleVector t = f.mul(f).fma(w, n.mul(LN2_LO));
    return n.fma(c(LN2_HI), t.add(f));
  }

  static DoubleVector tanh(DoubleVector x) {
    DoubleVector a = x.abs();
    a = a.blend(TANH_MAX, a.compare(GT, TANH_MAX));
    a = a.add(a);
    DoubleVector t = a.fma(c(LOG2E), c(MAGIC));
    DoubleVector n = t.sub(MAGIC);
    DoubleVector r = n.fma(c(-LN2_LO), n.fma(c(-LN2_HI), a));
    DoubleVector q = c(EXPM1_11);
    q = q.fma(r, c(EXPM1_10));
    q = q.fma(r, c(EXPM1_9));
    q = q.fma(r, c(EXPM1_8));
    q = q.fma(r, c(EXPM1_7));
    q = q.fma(r, c(EXPM1_6));
    q = q.fma(r, c(EXPM1_5));
    q = q.fma(r, c(EXPM1_4));
    q = q.fma(r, c(EXPM1_3));
    q = q.fma(r, c(EXPM1_2));
    q = q.fma(r, c(EXPM1_1));
    q = q.fma(r, c(EXPM1_0));
    DoubleVector p = r.mul(r).fma(q, r);
    DoubleVector s = power(t.reinterpretAsLongs().sub(MAGIC_BITS));
    DoubleVector e = s.fma(p, s.sub(1.0));
    return withSign(e.div(e.add(2.0)), x);
  }

  static DoubleVector sigmoid(DoubleVector x) {
    DoubleVector e = exp(x.abs().neg());
    return c(1.0).blend(e, x.compare(LT, 0.0)).div(e.add(1.0));
  }

  static DoubleVector softplus(DoubleVector x) {
    return log1pFinite(exp(x.abs().neg())).add(x.blend(0.0, x.compare(LT, 0.0)));
  }

  static DoubleVector erf(DoubleVector x) {
    DoubleVector a = x.abs();
    DoubleVector z = a.mul(a);
    DoubleVector h = c(ERF_13);
    h = h.fma(z, c(ERF_12));
    h = h.fma(z, c(ERF_11));
    h = h.fma(z, c(ERF_10));
    h = h.fma(z, c(ERF_9));
    h = h.fma(z, c(ERF_8));
    h = h.fma(z, c(ERF_7));
    h = h.fma(z, c(ERF_6));
    h = h.fma(z, c(ERF_5));
    h = h.fma(z, c(ERF_4));
    h = h.fma(z, c(ERF_3));
    h = h.fma(z, c(ERF_2));
    h = h.fma(z, c(ERF_1));
    h = h.fma(z, c(ERF_0));
    DoubleVector head = h.mul(a);
    DoubleVector d = a.blend(ERF_MAX, a.compare(GT, ERF_MAX)).sub(ERF_CENTRE);
    DoubleVector y = c(LOG_ERFC_17);
    y = y.fma(d, c(LOG_ERFC_16));
    y = y.fma(d, c(LOG_ERFC_15));
    y = y.fma(d, c(LOG_ERFC_14));
    y = y.fma(d, c(LOG_ERFC_13));
    y = y.fma(d, c(LOG_ERFC_12));
    y = y.fma(d, c(LOG_ERFC_11));
    y = y.fma(d, c(LOG_ERFC_10));
    y = y.fma(d, c(LOG_ERFC_9));
    y = y.fma(d, c(LOG_ERFC_8));
    y = y.fma(d, c(LOG_ERFC_7));
    y = y.fma(d, c(LOG_ERFC_6));
    y = y.fma(d, c(LOG_ERFC_5));
    y = y.fma(d, c(LOG_ERFC_4));
    y = y.fma(d, c(LOG_ERFC_3));
    y = y.fma(d, c(LOG_ERFC_2));
    y = y.fma(d, c(LOG_ERFC_1));
    y = y.fma(d, c(LOG_ERFC_0));
    DoubleVector tail = c(1.0).sub(exp(y));
    tail = tail.blend(1.0, a.compare(GT, ERF_MAX));
    return withSign(tail.blend(head, a.compare(LT, 1.0)), x);
  }

  static DoubleVector normalCdf(DoubleVector x) {
    DoubleVector a = x.abs();
    a = a.blend(NORMAL_MAX, a.compare(GT, NORMAL_MAX));
    DoubleVector square = a.mul(a);
    DoubleVector rest = a.fma(a, square.neg());
    DoubleVector y = square.mul(-0.5);
    DoubleVector t = y.fma(c(LOG2E), c(MAGIC));
    DoubleVector n = t.sub(MAGIC);
    DoubleVector r = n.fma(c(-LN2_LO), n.fma(c(-LN2_HI), y));
    r = rest.fma(c(-0.5), r);
    DoubleVector q = c(EXP_10);
    q = q.fma(r, c(EXP_9));
    q = q.fma(r, c(EXP_8));
    q = q.fma(r, c(EXP_7));
    q = q.fma(r, c(EXP_6));
    q = q.fma(r, c(EXP_5));
    q = q.fma(r, c(EXP_4));
    q = q.fma(r, c(EXP_3));
    q = q.fma(r, c(EXP_2));
    q = q.fma(r, c(EXP_1));
    q = q.fma(r, c(EXP_0));
    DoubleVector p = r.mul(r).fma(q, r).add(1.0);
    DoubleVector u = a.sub(NORMAL_CENTRE).div(a.add(NORMAL_CENTRE));
    DoubleVector g = c(NORMAL_23);
    g = g.fma(u, c(NORMAL_22));
    g = g.fma(u, c(NORMAL_21));
    g = g.fma(u, c(NORMAL_20));
    g = g.fma(u, c(NORMAL_19));
    g = g.fma(u, c(NORMAL_18));
    g = g.fma(u, c(NORMAL_17));
    g = g.fma(u, c(NORMAL_16));
    g = g.fma(u, c(NORMAL_15));
    g = g.fma(u, c(NORMAL_14));
    g = g.fma(u, c(NORMAL_13));
    g = g.fma(u, c(NORMAL_12));
    g = g.fma(u, c(NORMAL_11));
    g = g.fma(u, c(NORMAL_10));
    g = g.fma(u, c(NORMAL_9));
    g = g.fma(u, c(NORMAL_8));
    g = g.fma(u, c(NORMAL_7));
    g = g.fma(u, c(NORMAL_6));
    g = g.fma(u, c(NORMAL_5));
    g = g.fma(u, c(NORMAL_4));
    g = g.fma(u, c(NORMAL_3));
    g = g.fma(u, c(NORMAL_2));
    g = g.fma(u, c(NORMAL_1));
    g = g.fma(u, c(NORMAL_0));
    DoubleVector tail = p.mul(g).div(a.add(1.0));
    LongVector i = t.reinterpretAsLongs().sub(MAGIC_BITS);
    LongVector h = i.lanewise(ASHR, 1);
    tail = tail.mul(power(h)).mul(power(i.sub(h)));
    return c(1.0).sub(tail).blend(tail, x.compare(LT, 0.0));
  }

  static DoubleVector normalQuantile(DoubleVector p) {
    DoubleVector d = p.sub(0.5);
    DoubleVector a = d.abs();
    DoubleVector low = c(1.0).sub(p).blend(p, d.compare(LT, 0.0));
    DoubleVector r = log(low).neg().sqrt();
    DoubleVector z = d.neg().fma(d, c(SPLIT_SQUARE));
    DoubleVector nc = c(QC_NUM_7);
    nc = nc.fma(z, c(QC_NUM_6));
    nc = nc.fma(z, c(QC_NUM_5));
    nc = nc.fma(z, c(QC_NUM_4));
    nc = nc.fma(z, c(QC_NUM_3));
    nc = nc.fma(z, c(QC_NUM_2));
    nc = nc.fma(z, c(QC_NUM_1));
    nc = nc.fma(z, c(QC_NUM_0));
    nc = nc.mul(d);
    DoubleVector dc = c(QC_DEN_7);
    dc = dc.fma(z, c(QC_DEN_6));
    dc = dc.fma(z, c(QC_DEN_5));
    dc = dc.fma(z, c(QC_DEN_4));
    dc = dc.fma(z, c(QC_DEN_3));
    dc = dc.fma(z, c(QC_DEN_2));
    dc = dc.fma(z, c(QC_DEN_1));
    dc = dc.fma(z, c(QC_DEN_0));
    DoubleVector rm = r.sub(1.6);
    DoubleVector nm = c(QM_NUM_7);
    nm = nm.fma(rm, c(QM_NUM_6));
    nm = nm.fma(rm, c(QM_NUM_5));
    nm = nm.fma(rm, c(QM_NUM_4));
    nm = nm.fma(rm, c(QM_NUM_3));
    nm = nm.fma(rm, c(QM_NUM_2));
    nm = nm.fma(rm, c(QM_NUM_1));
    nm = nm.fma(rm, c(QM_NUM_0));
    DoubleVector dm = c(QM_DEN_7);
    dm = dm.fma(rm, c(QM_DEN_6));
    dm = dm.fma(rm, c(QM_DEN_5));
    dm = dm.fma(rm, c(QM_DEN_4));
    dm = dm.fma(rm, c(QM_DEN_3));
    dm = dm.fma(rm, c(QM_DEN_2));
    dm = dm.fma(rm, c(QM_DEN_1));
    dm = dm.fma(rm, c(QM_DEN_0));
    DoubleVector rf = r.sub(5.0);
    DoubleVector nf = c(QF_NUM_7);
    nf = nf.fma(rf, c(QF_NUM_6));
    nf = nf.fma(rf, c(QF_NUM_5));
    nf = nf.fma(rf, c(QF_NUM_4));
    nf = nf.fma(rf, c(QF_NUM_3));
    nf = nf.fma(rf, c(QF_NUM_2));
    nf = nf.fma(rf, c(QF_NUM_1));
    nf = nf.fma(rf, c(QF_NUM_0));
    DoubleVector df = c(QF_DEN_7);
    df = df.fma(rf, c(QF_DEN_6));
    df = df.fma(rf, c(QF_DEN_5));
    df = df.fma(rf, c(QF_DEN_4));
    df = df.fma(rf, c(QF_DEN_3));
    df = df.fma(rf, c(QF_DEN_2));
    df = df.fma(rf, c(QF_DEN_1));
    df = df.fma(rf, c(QF_DEN_0));
    VectorMask<Double> far = rf.compare(GT, 0.0);
    DoubleVector num = withSign(nm.blend(nf, far), d);
    DoubleVector den = dm.blend(df, far);
    VectorMask<Double> central = a.compare(LE, SPLIT);
    DoubleVector y = num.blend(nc, central).div(den.blend(dc, central));
    y = y.blend(Double.NEGATIVE_INFINITY, p.compare(EQ, 0.0));
    return y.blend(Double.POSITIVE_INFINITY, p.compare(EQ, 1.0));
  }

  static DoubleVector floor(DoubleVector x) {
    DoubleVector a = x.abs();
    DoubleVector r = withSign(a.add(WHOLE).sub(WHOLE), x);
    r = r.blend(r.sub(1.0), r.compare(GT, x));
    return x.blend(r, a.compare(LT, WHOLE));
  }

  static DoubleVector sign(DoubleVector x) {
    DoubleVector y = x.blend(1.0, x.compare(GT, 0.0));
    return y.blend(-1.0, x.compare(LT, 0.0));
  }

  private static DoubleVector power(LongVector n) {
    return n.add(BIAS).lanewise(LSHL, FRACTION).reinterpretAsDoubles();
  }

  private static DoubleVector whole(LongVector k) {
    return k.add(MAGIC_BITS).reinterpretAsDoubles().sub(MAGIC);
  }

  private static DoubleVector withSign(DoubleVector magnitude, DoubleVector sign) {
    return magnitude
        .reinterpretAsLongs()
        .and(~SIGN)
        .or(sign.reinterpretAsLongs().and(SIGN))
        .reinterpretAsDoubles();
  }
}
