package org.amortis.engine.device.cpu.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// Exponentials and logarithms of the flow kernels over stretches of an array, in place.
///
/// The exponential is `2^n e^r` with `|r| <= log(2) / 2` and `e^r` by its Taylor polynomial of
/// degree 7; logarithms are `2 artanh(q) = 2 (q + q^3 / 3 + ...)`, `q = (m - 1) / (m + 1)` with m
/// in [sqrt(1/2), sqrt(2)), up to `q^11`, and up to `q^17` for `log(1 + u)`, `q = u / (2 + u)`.
/// Relative error below 3e-7 (log: absolute, near 1 relative). Written out by hand for each width,
/// since degrees and bit layout differ; the same operations as the scalar `FlowMath32`, hence the
/// same bytes. `n` is a multiple of the vector length. NaN gives NaN.
final class FlowLanes32 {
  private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
  private static final int L = S.length();

  private static final float LOG2E = 1.442695f;
  private static final float LN2_HIGH = 0.6931472f;
  private static final float LN2_LOW = -1.9046542e-09f;
  private static final float MAGIC = 12582912f;
  private static final float LEAST = -87f;
  private static final float MOST = 88f;

  private static final float E2 = 0.5f;
  private static final float E3 = 0.16666667f;
  private static final float E4 = 0.041666668f;
  private static final float E5 = 0.008333334f;
  private static final float E6 = 0.0013888889f;
  private static final float E7 = 0.0001984127f;

  private static final float A1 = 0.33333334f;
  private static final float A2 = 0.2f;
  private static final float A3 = 0.14285715f;
  private static final float A4 = 0.11111111f;
  private static final float A5 = 0.09090909f;
  private static final float A6 = 0.07692308f;
  private static final float A7 = 0.06666667f;
  private static final float A8 = 0.05882353f;

  private static final int ROOT_HALF = 0x3f3504f3;
  private static final int MAGIC_BITS = 0x4b400000;

  private FlowLanes32() {}

  /// `a = exp(a)`, the argument held to [-87, 88] so that no result is subnormal or infinite.
  static void exp(float[] a, int at, int count) {
    for (int i = at; i < at + count; i += L) {
      FloatVector v = FloatVector.fromArray(S, a, i).max(LEAST).min(MOST);
      FloatVector m = v.fma(FloatVector.broadcast(S, LOG2E), FloatVector.broadcast(S, MAGIC));
      FloatVector n = m.sub(MAGIC);
      FloatVector r = n.fma(FloatVector.broadcast(S, -LN2_HIGH), v);
      r = n.fma(FloatVector.broadcast(S, -LN2_LOW), r);
      FloatVector e = FloatVector.broadcast(S, E7);
      e = e.fma(r, FloatVector.broadcast(S, E6));
      e = e.fma(r, FloatVector.broadcast(S, E5));
      e = e.fma(r, FloatVector.broadcast(S, E4));
      e = e.fma(r, FloatVector.broadcast(S, E3));
      e = e.fma(r, FloatVector.broadcast(S, E2));
      e = e.mul(r).fma(r, r);
      FloatVector power =
          m.reinterpretAsInts()
              .lanewise(VectorOperators.LSHL, 23)
              .add(0x3f800000)
              .reinterpretAsFloats();
      e.fma(power, power).intoArray(a, i);
    }
  }

  /// `a = exp(a) - 1`, accurate near 0, the argument held as in [#exp].
  static void expm1(float[] a, int at, int count) {
    for (int i = at; i < at + count; i += L) {
      FloatVector v = FloatVector.fromArray(S, a, i).max(LEAST).min(MOST);
      FloatVector m = v.fma(FloatVector.broadcast(S, LOG2E), FloatVector.broadcast(S, MAGIC));
      FloatVector n = m.sub(MAGIC);
      FloatVector r = n.fma(FloatVector.broadcast(S, -LN2_HIGH), v);
      r = n.fma(FloatVector.broadcast(S, -LN2_LOW), r);
      FloatVector e = FloatVector.broadcast(S, E7);
      e = e.fma(r, FloatVector.broadcast(S, E6));
      e = e.fma(r, FloatVector.broadcast(S, E5));
      e = e.fma(r, FloatVector.broadcast(S, E4));
      e = e.fma(r, FloatVector.broadcast(S, E3));
      e = e.fma(r, FloatVector.broadcast(S, E2));
      e = e.mul(r).fma(r, r);
      FloatVector power =
          m.reinterpretAsInts()
              .lanewise(VectorOperators.LSHL, 23)
              .add(0x3f800000)
              .reinterpretAsFloats();
      e.fma(power, power.sub(1f)).intoArray(a, i);
    }
  }

  /// `a = log(a)` of positive normal finite numbers.
  static void log(float[] a, int at, int count) {
    for (int i = at; i < at + count; i += L) {
      FloatVector v = FloatVector.fromArray(S, a, i);
      IntVector bits = v.reinterpretAsInts();
      IntVector high = bits.sub(ROOT_HALF).lanewise(VectorOperators.ASHR, 23);
      FloatVector m = bits.sub(high.lanewise(VectorOperators.LSHL, 23)).reinterpretAsFloats();
      FloatVector e = high.add(MAGIC_BITS).reinterpretAsFloats().sub(MAGIC);
      FloatVector q = m.sub(1f).div(m.add(1f));
      FloatVector z = q.mul(q);
      FloatVector l = FloatVector.broadcast(S, A5);
      l = l.fma(z, FloatVector.broadcast(S, A4));
      l = l.fma(z, FloatVector.broadcast(S, A3));
      l = l.fma(z, FloatVector.broadcast(S, A2));
      l = l.fma(z, FloatVector.broadcast(S, A1));
      FloatVector twice = q.add(q);
      l = l.mul(z).fma(twice, twice);
      l = e.fma(FloatVector.broadcast(S, LN2_LOW), l);
      l = e.fma(FloatVector.broadcast(S, LN2_HIGH), l);
      v.fma(FloatVector.zero(S), l).intoArray(a, i);
    }
  }

  /// `a = log(1 + exp(a))` and `sigma = 1 / (1 + exp(-a))`, without overflow.
  static void softplus(float[] a, int at, int count, float[] sigma, int sigmaAt) {
    for (int i = 0; i < count; i += L) {
      FloatVector.fromArray(S, a, at + i).abs().neg().intoArray(sigma, sigmaAt + i);
    }
    exp(sigma, sigmaAt, count);
    for (int i = 0; i < count; i += L) {
      FloatVector v = FloatVector.fromArray(S, a, at + i);
      FloatVector u = FloatVector.fromArray(S, sigma, sigmaAt + i);
      FloatVector q = u.div(u.add(2f));
      FloatVector z = q.mul(q);
      FloatVector l = FloatVector.broadcast(S, A8);
      l = l.fma(z, FloatVector.broadcast(S, A7));
      l = l.fma(z, FloatVector.broadcast(S, A6));
      l = l.fma(z, FloatVector.broadcast(S, A5));
      l = l.fma(z, FloatVector.broadcast(S, A4));
      l = l.fma(z, FloatVector.broadcast(S, A3));
      l = l.fma(z, FloatVector.broadcast(S, A2));
      l = l.fma(z, FloatVector.broadcast(S, A1));
      FloatVector twice = q.add(q);
      l = l.mul(z).fma(twice, twice);
      v.max(0f).add(l).intoArray(a, at + i);
      FloatVector one = FloatVector.broadcast(S, 1f);
      u.blend(one, v.compare(VectorOperators.GE, 0f)).div(u.add(1f)).intoArray(sigma, sigmaAt + i);
    }
  }
}
