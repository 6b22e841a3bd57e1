package org.amortis.engine.device.cpu.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.amortis.engine.device.cpu.SplineStages32;

/// The backward stages of [VectorSpline32].
abstract class VectorSplineGradients32 extends SplineStages32 {
  private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
  private static final int L = S.length();

  private VectorSplineGradients32() {}

  static void bin(float bound, float[] s, int t) {
    for (int v = 0; v < t; v += L) {
      VectorMask<Float> outside =
          FloatVector.fromArray(S, s, IN * t + v).abs().compare(VectorOperators.GT, bound);
      FloatVector gout = FloatVector.fromArray(S, s, GOUT * t + v);
      FloatVector gy = gout.blend(0f, outside);
      FloatVector gl = FloatVector.fromArray(S, s, GLADJ * t + v).blend(0f, outside);
      FloatVector h = FloatVector.fromArray(S, s, HEIGHT * t + v);
      FloatVector d0 = FloatVector.fromArray(S, s, D0 * t + v);
      FloatVector d1 = FloatVector.fromArray(S, s, D1 * t + v);
      FloatVector one = FloatVector.broadcast(S, 1f);
      FloatVector invWidth = one.div(FloatVector.fromArray(S, s, WIDTH * t + v));
      FloatVector delta = h.mul(invWidth);
      FloatVector x = FloatVector.fromArray(S, s, PLACE * t + v);
      FloatVector o = one.sub(x);
      FloatVector phi = x.mul(o);
      FloatVector x2 = x.mul(x);
      FloatVector o2 = o.mul(o);
      FloatVector e = delta.mul(phi);
      FloatVector numerator = delta.fma(x2, d0.mul(phi));
      FloatVector invD = one.div(d0.add(d1).fma(phi, delta.mul(x2.add(o2))));
      FloatVector invQ = one.div(d1.fma(x2, d0.fma(o2, e.add(e))));
      FloatVector slope = FloatVector.fromArray(S, s, SLOPE * t + v);
      FloatVector gx = gy.fma(slope, gl.mul(FloatVector.fromArray(S, s, BEND * t + v)));
      FloatVector k = gy.mul(h.mul(phi)).mul(invD).mul(invD);
      FloatVector bend = phi.fma(invQ, x2.add(o2).neg().fma(invD, one.div(delta)));
      FloatVector gdelta = k.fma(x2.fma(d1, o2.mul(d0).neg()), gl.add(gl).mul(bend));
      FloatVector down = phi.add(phi).neg().mul(invD);
      gx.blend(gout, outside).intoArray(s, GIN * t + v);
      gx.neg().intoArray(s, GLEFT * t + v);
      gx.fma(x, gdelta.mul(delta).mul(invWidth)).neg().intoArray(s, GWIDTH * t + v);
      gy.mul(numerator).fma(invD, gdelta.mul(invWidth)).intoArray(s, GHEIGHT * t + v);
      FloatVector g0 = k.fma(delta.fma(o2, d1.mul(phi)), gl.mul(o2.fma(invQ, down)));
      FloatVector g1 = k.neg().fma(numerator, gl.mul(x2.fma(invQ, down)));
      gy.intoArray(s, GOUT * t + v);
      g0.mul(FloatVector.fromArray(S, s, SIGMA0 * t + v)).intoArray(s, GD0 * t + v);
      g1.mul(FloatVector.fromArray(S, s, SIGMA1 * t + v)).intoArray(s, GD1 * t + v);
    }
  }

  static void spread(Axis axis, int knotRow, int sizeRow, int bins, float[] p, float[] s, int t) {
    FloatVector zero = FloatVector.zero(S);
    for (int v = 0; v < t; v += L) {
      FloatVector bin = FloatVector.fromArray(S, s, BIN * t + v);
      FloatVector gKnot = FloatVector.fromArray(S, s, knotRow * t + v);
      FloatVector gSize = FloatVector.fromArray(S, s, sizeRow * t + v);
      FloatVector mean = FloatVector.zero(S);
      for (int j = 0; j < bins; j++) {
        FloatVector g =
            zero.blend(gSize, bin.compare(VectorOperators.EQ, j))
                .blend(gKnot, bin.compare(VectorOperators.GT, j));
        mean = FloatVector.fromArray(S, p, axis.at() + j * t + v).fma(g, mean);
      }
      for (int j = 0; j < bins; j++) {
        FloatVector g =
            zero.blend(gSize, bin.compare(VectorOperators.EQ, j))
                .blend(gKnot, bin.compare(VectorOperators.GT, j));
        FloatVector.fromArray(S, p, axis.at() + j * t + v)
            .mul(axis.scale())
            .mul(g.sub(mean))
            .intoArray(p, axis.at() + j * t + v);
      }
    }
  }

  static void inner(int bins, float[] p, float[] s, int t) {
    FloatVector zero = FloatVector.zero(S);
    for (int v = 0; v < t; v += L) {
      FloatVector bin = FloatVector.fromArray(S, s, BIN * t + v);
      FloatVector g0 = FloatVector.fromArray(S, s, GD0 * t + v);
      FloatVector g1 = FloatVector.fromArray(S, s, GD1 * t + v);
      for (int j = 0; j < bins - 1; j++) {
        zero.blend(g0, bin.compare(VectorOperators.EQ, j + 1))
            .blend(g1, bin.compare(VectorOperators.EQ, j))
            .intoArray(p, (2 * bins + j) * t + v);
      }
    }
  }
}
