package org.amortis.engine.device.cpu.vector;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// Exponentials and logarithms of the flow kernels over stretches of an array, in place.
///
/// The exponential is `2^n e^r` with `|r| <= log(2) / 2` and `e^r` by its Taylor polynomial of
/// degree 13; logarithms are `2 artanh(q) = 2 (q + q^3 / 3 + ...)`, `q = (m - 1) / (m + 1)` with m
/// in [sqrt(1/2), sqrt(2)), up to `q^23`, and up to `q^35` for `log(1 + u)`, `q = u / (2 + u)`.
/// Relative error below 8e-16 (log: absolute, near 1 relative). Written out by hand for each width,
/// since degrees and bit layout differ; the same operations as the scalar `FlowMath64`, hence the
/// same bytes. `n` is a multiple of the vector length. NaN gives NaN.
final class FlowLanes64 {
  private static final VectorSpecies<Double> S = DoubleVector.SPECIES_PREFERRED;
  private static final int L = S.length();

  private static final double LOG2E = 1.4426950408889634;
  private static final double LN2_HIGH = 0.6931471805599453;
  private static final double LN2_LOW = 2.3190468138462996e-17;
  private static final double MAGIC = 6755399441055744d;
  private static final double LEAST = -708d;
  private static final double MOST = 709d;

  private static final double E2 = 0.5;
  private static final double E3 = 0.16666666666666666;
  private static final double E4 = 0.041666666666666664;
  private static final double E5 = 0.008333333333333333;
  private static final double E6 = 0.001388888888888889;
  private static final double E7 = 0.0001984126984126984;
  private static final double E8 = 2.48015873015873e-05;
  private static final double E9 = 2.7557319223985893e-06;
  private static final double E10 = 2.755731922398589e-07;
  private static final double E11 = 2.505210838544172e-08;
  private static final double E12 = 2.08767569878681e-09;
  private static final double E13 = 1.6059043836821613e-10;

  private static final double A1 = 0.3333333333333333;
  private static final double A2 = 0.2;
  private static final double A3 = 0.14285714285714285;
  private static final double A4 = 0.1111111111111111;
  private static final double A5 = 0.09090909090909091;
  private static final double A6 = 0.07692307692307693;
  private static final double A7 = 0.06666666666666667;
  private static final double A8 = 0.058823529411764705;
  private static final double A9 = 0.05263157894736842;
  private static final double A10 = 0.047619047619047616;
  private static final double A11 = 0.043478260869565216;
  private static final double A12 = 0.04;
  private static final double A13 = 0.037037037037037035;
  private static final double A14 = 0.034482758620689655;
  private static final double A15 = 0.03225806451612903;
  private static final double A16 = 0.030303030303030304;
  private static final double A17 = 0.02857142857142857;

  private static final long ROOT_HALF = 0x3fe6a09e667f3bcdL;
  private static final long MAGIC_BITS = 0x4338000000000000L;

  private FlowLanes64() {}

  /// `a = exp(a)`, the argument held to [-708, 709] so that no result is subnormal or infinite.
  static void exp(double[] a, int at, int count) {
    for (int i = at; i < at + count; i += L) {
      DoubleVector v = DoubleVector.fromArray(S, a, i).max(LEAST).min(MOST);
      DoubleVector m = v.fma(DoubleVector.broadcast(S, LOG2E), DoubleVector.broadcast(S, MAGIC));
      DoubleVector n = m.sub(MAGIC);
      DoubleVector r = n.fma(DoubleVector.broadcast(S, -LN2_HIGH), v);
      r = n.fma(DoubleVector.broadcast(S, -LN2_LOW), r);
      DoubleVector e = DoubleVector.broadcast(S, E13);
      e = e.fma(r, DoubleVector.broadcast(S, E12));
      e = e.fma(r, DoubleVector.broadcast(S, E11));
      e = e.fma(r, DoubleVector.broadcast(S, E10));
      e = e.fma(r, DoubleVector.broadcast(S, E9));
      e = e.fma(r, DoubleVector.broadcast(S, E8));
      e = e.fma(r, DoubleVector.broadcast(S, E7));
      e = e.fma(r, DoubleVector.broadcast(S, E6));
      e = e.fma(r, DoubleVector.broadcast(S, E5));
      e = e.fma(r, DoubleVector.broadcast(S, E4));
      e = e.fma(r, DoubleVector.broadcast(S, E3));
      e = e.fma(r, DoubleVector.broadcast(S, E2));
      e = e.mul(r).fma(r, r);
      DoubleVector power =
          m.reinterpretAsLongs()
              .lanewise(VectorOperators.LSHL, 52)
              .add(0x3ff0000000000000L)
              .reinterpretAsDoubles();
      e.fma(power, power).intoArray(a, i);
    }
  }

  /// `a = exp(a) - 1`, accurate near 0, the argument held as in [#exp].
  static void expm1(double[] a, int at, int count) {
    for (int i = at; i < at + count; i += L) {
      DoubleVector v = DoubleVector.fromArray(S, a, i).max(LEAST).min(MOST);
      DoubleVector m = v.fma(DoubleVector.broadcast(S, LOG2E), DoubleVector.broadcast(S, MAGIC));
      DoubleVector n = m.sub(MAGIC);
      DoubleVector r = n.fma(DoubleVector.broadcast(S, -LN2_HIGH), v);
      r = n.fma(DoubleVector.broadcast(S, -LN2_LOW), r);
      DoubleVector e = DoubleVector.broadcast(S, E13);
      e = e.fma(r, DoubleVector.broadcast(S, E12));
      e = e.fma(r, DoubleVector.broadcast(S, E11));
      e = e.fma(r, DoubleVector.broadcast(S, E10));
      e = e.fma(r, DoubleVector.broadcast(S, E9));
      e = e.fma(r, DoubleVector.broadcast(S, E8));
      e = e.fma(r, DoubleVector.broadcast(S, E7));
      e = e.fma(r, DoubleVector.broadcast(S, E6));
      e = e.fma(r, DoubleVector.broadcast(S, E5));
      e = e.fma(r, DoubleVector.broadcast(S, E4));
      e = e.fma(r, DoubleVector.broadcast(S, E3));
      e = e.fma(r, DoubleVector.broadcast(S, E2));
      e = e.mul(r).fma(r, r);
      DoubleVector power =
          m.reinterpretAsLongs()
              .lanewise(VectorOperators.LSHL, 52)
              .add(0x3ff0000000000000L)
              .reinterpretAsDoubles();
      e.fma(power, power.sub(1d)).intoArray(a, i);
    }
  }

  /// `a = log(a)` of positive normal finite numbers.
  static void log(double[] a, int at, int count) {
    for (int i = at; i < at + count; i += L) {
      DoubleVector v = DoubleVector.fromArray(S, a, i);
      LongVector bits = v.reinterpretAsLongs();
      LongVector high = bits.sub(ROOT_HALF).lanewise(VectorOperators.ASHR, 52);
      DoubleVector m = bits.sub(high.lanewise(VectorOperators.LSHL, 52)).reinterpretAsDoubles();
      DoubleVector e = high.add(MAGIC_BITS).reinterpretAsDoubles().sub(MAGIC);
      DoubleVector q = m.sub(1d).div(m.add(1d));
      DoubleVector z = q.mul(q);
      DoubleVector l = DoubleVector.broadcast(S, A11);
      l = l.fma(z, DoubleVector.broadcast(S, A10));
      l = l.fma(z, DoubleVector.broadcast(S, A9));
      l = l.fma(z, DoubleVector.broadcast(S, A8));
      l = l.fma(z, DoubleVector.broadcast(S, A7));
      l = l.fma(z, DoubleVector.broadcast(S, A6));
      l = l.fma(z, DoubleVector.broadcast(S, A5));
      l = l.fma(z, DoubleVector.broadcast(S, A4));
      l = l.fma(z, DoubleVector.broadcast(S, A3));
      l = l.fma(z, DoubleVector.broadcast(S, A2));
      l = l.fma(z, DoubleVector.broadcast(S, A1));
      DoubleVector twice = q.add(q);
      l = l.mul(z).fma(twice, twice);
      l = e.fma(DoubleVector.broadcast(S, LN2_LOW), l);
      l = e.fma(DoubleVector.broadcast(S, LN2_HIGH), l);
      v.fma(DoubleVector.zero(S), l).intoArray(a, i);
    }
  }

  /// `a = log(1 + exp(a))` and `sigma = 1 / (1 + exp(-a))`, without overflow.
  static void softplus(double[] a, int at, int count, double[] sigma, int sigmaAt) {
    for (int i = 0; i < count; i += L) {
      DoubleVector.fromArray(S, a, at + i).abs().neg().intoArray(sigma, sigmaAt + i);
    }
    exp(sigma, sigmaAt, count);
    for (int i = 0; i < count; i += L) {
      DoubleVector v = DoubleVector.fromArray(S, a, at + i);
      DoubleVector u = DoubleVector.fromArray(S, sigma, sigmaAt + i);
      DoubleVector q = u.div(u.add(2d));
      DoubleVector z = q.mul(q);
      DoubleVector l = DoubleVector.broadcast(S, A17);
      l = l.fma(z, DoubleVector.broadcast(S, A16));
      l = l.fma(z, DoubleVector.broadcast(S, A15));
      l = l.fma(z, DoubleVector.broadcast(S, A14));
      l = l.fma(z, DoubleVector.broadcast(S, A13));
      l = l.fma(z, DoubleVector.broadcast(S, A12));
      l = l.fma(z, DoubleVector.broadcast(S, A11));
      l = l.fma(z, DoubleVector.broadcast(S, A10));
      l = l.fma(z, DoubleVector.broadcast(S, A9));
      l = l.fma(z, DoubleVector.broadcast(S, A8));
      l = l.fma(z, DoubleVector.broadcast(S, A7));
      l = l.fma(z, DoubleVector.broadcast(S, A6));
      l = l.fma(z, DoubleVector.broadcast(S, A5));
      l = l.fma(z, DoubleVector.broadcast(S, A4));
      l = l.fma(z, DoubleVector.broadcast(S, A3));
      l = l.fma(z, DoubleVector.broadcast(S, A2));
      l = l.fma(z, DoubleVector.broadcast(S, A1));
      DoubleVector twice = q.add(q);
      l = l.mul(z).fma(twice, twice);
      v.max(0d).add(l).intoArray(a, at + i);
      DoubleVector one = DoubleVector.broadcast(S, 1d);
      u.blend(one, v.compare(VectorOperators.GE, 0d)).div(u.add(1d)).intoArray(sigma, sigmaAt + i);
    }
  }
}
