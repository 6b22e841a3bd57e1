package org.amortis.engine.device.cpu.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.amortis.engine.device.cpu.TiledSpline32;

/// The stages of the spline kernels with one element a lane.
///
/// Nothing crosses lanes: softmax and knots run down the rows of the tile, the bin search is a
/// cascade of blends. Each stage is one loop over a whole row, so that no vector passes through a
/// call.
public final class VectorSpline32 extends TiledSpline32 {
  private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
  private static final int L = S.length();

  /// The vector implementation.
  public VectorSpline32() {
    super(new VectorPointwise32());
  }

  @Override
  protected int lanes() {
    return L;
  }

  @Override
  protected void centre(float[] p, int at, int bins, int t) {
    for (int v = at; v < at + t; v += L) {
      FloatVector max = FloatVector.fromArray(S, p, v);
      for (int k = 1; k < bins; k++) {
        max = max.max(FloatVector.fromArray(S, p, v + k * t));
      }
      for (int k = 0; k < bins; k++) {
        FloatVector.fromArray(S, p, v + k * t).sub(max).intoArray(p, v + k * t);
      }
    }
  }

  @Override
  protected void normalise(float[] p, int at, int bins, int t) {
    for (int v = at; v < at + t; v += L) {
      FloatVector sum = FloatVector.fromArray(S, p, v);
      for (int k = 1; k < bins; k++) {
        sum = sum.add(FloatVector.fromArray(S, p, v + k * t));
      }
      FloatVector scale = FloatVector.broadcast(S, 1f).div(sum);
      for (int k = 0; k < bins; k++) {
        FloatVector.fromArray(S, p, v + k * t).mul(scale).intoArray(p, v + k * t);
      }
    }
  }

  @Override
  protected void select(
      Axis key, Axis other, int bins, float edge, float[] p, int derivativeAt, float[] s, int t) {
    FloatVector scale = FloatVector.broadcast(S, key.scale());
    FloatVector least = FloatVector.broadcast(S, key.least());
    FloatVector otherScale = FloatVector.broadcast(S, other.scale());
    FloatVector otherLeast = FloatVector.broadcast(S, other.least());
    for (int v = 0; v < t; v += L) {
      FloatVector in = FloatVector.fromArray(S, s, IN * t + v);
      FloatVector knot = FloatVector.broadcast(S, edge);
      FloatVector otherKnot = FloatVector.broadcast(S, edge);
      FloatVector size = FloatVector.fromArray(S, p, key.at() + v).fma(scale, least);
      FloatVector otherSize =
          FloatVector.fromArray(S, p, other.at() + v).fma(otherScale, otherLeast);
      FloatVector d0 = FloatVector.zero(S);
      FloatVector d1 = FloatVector.zero(S);
      if (bins > 1) {
        d1 = FloatVector.fromArray(S, p, derivativeAt + v);
      }
      FloatVector next = d1;
      FloatVector foundKnot = knot;
      FloatVector foundSize = size;
      FloatVector foundOtherKnot = otherKnot;
      FloatVector foundOtherSize = otherSize;
      FloatVector bin = FloatVector.zero(S);
      for (int k = 1; k < bins; k++) {
        knot = knot.add(size);
        otherKnot = otherKnot.add(otherSize);
        int row = k * t + v;
        size = FloatVector.fromArray(S, p, key.at() + row).fma(scale, least);
        otherSize = FloatVector.fromArray(S, p, other.at() + row).fma(otherScale, otherLeast);
        VectorMask<Float> beyond = in.compare(VectorOperators.GE, knot);
        foundKnot = foundKnot.blend(knot, beyond);
        foundSize = foundSize.blend(size, beyond);
        foundOtherKnot = foundOtherKnot.blend(otherKnot, beyond);
        foundOtherSize = foundOtherSize.blend(otherSize, beyond);
        bin = bin.blend(FloatVector.broadcast(S, k), beyond);
        d0 = d0.blend(next, beyond);
        // The last bin has no inner derivative at its right end: any number will do there.
        next = FloatVector.fromArray(S, p, derivativeAt + Math.min(k, bins - 2) * t + v);
        d1 = d1.blend(next, beyond);
      }
      foundKnot.intoArray(s, key.row() * t + v);
      foundSize.intoArray(s, (key.row() + 1) * t + v);
      foundOtherKnot.intoArray(s, other.row() * t + v);
      foundOtherSize.intoArray(s, (other.row() + 1) * t + v);
      d0.intoArray(s, D0 * t + v);
      d1.intoArray(s, D1 * t + v);
      bin.intoArray(s, BIN * t + v);
    }
  }

  @Override
  protected void ends(int bins, float least, float[] s, int t) {
    for (int v = 0; v < t; v += L) {
      FloatVector bin = FloatVector.fromArray(S, s, BIN * t + v);
      VectorMask<Float> first = bin.compare(VectorOperators.EQ, 0f);
      VectorMask<Float> last = bin.compare(VectorOperators.EQ, bins - 1);
      FloatVector.fromArray(S, s, D0 * t + v).add(least).blend(1f, first).intoArray(s, D0 * t + v);
      FloatVector.fromArray(S, s, D1 * t + v).add(least).blend(1f, last).intoArray(s, D1 * t + v);
      FloatVector.fromArray(S, s, SIGMA0 * t + v).blend(0f, first).intoArray(s, SIGMA0 * t + v);
      FloatVector.fromArray(S, s, SIGMA1 * t + v).blend(0f, last).intoArray(s, SIGMA1 * t + v);
    }
  }

  @Override
  protected void lookup(float[] table, int bins, int keyRow, float[] s, int t) {
    int key = (keyRow - LEFT) * bins;
    for (int v = 0; v < t; v += L) {
      FloatVector in = FloatVector.fromArray(S, s, IN * t + v);
      FloatVector left = FloatVector.broadcast(S, table[0]);
      FloatVector width = FloatVector.broadcast(S, table[bins]);
      FloatVector bottom = FloatVector.broadcast(S, table[2 * bins]);
      FloatVector height = FloatVector.broadcast(S, table[3 * bins]);
      FloatVector d0 = FloatVector.broadcast(S, table[4 * bins]);
      FloatVector d1 = FloatVector.broadcast(S, table[5 * bins]);
      for (int k = 1; k < bins; k++) {
        VectorMask<Float> beyond = in.compare(VectorOperators.GE, table[key + k]);
        left = left.blend(FloatVector.broadcast(S, table[k]), beyond);
        width = width.blend(FloatVector.broadcast(S, table[bins + k]), beyond);
        bottom = bottom.blend(FloatVector.broadcast(S, table[2 * bins + k]), beyond);
        height = height.blend(FloatVector.broadcast(S, table[3 * bins + k]), beyond);
        d0 = d0.blend(FloatVector.broadcast(S, table[4 * bins + k]), beyond);
        d1 = d1.blend(FloatVector.broadcast(S, table[5 * bins + k]), beyond);
      }
      left.intoArray(s, LEFT * t + v);
      width.intoArray(s, WIDTH * t + v);
      bottom.intoArray(s, BOTTOM * t + v);
      height.intoArray(s, HEIGHT * t + v);
      d0.intoArray(s, D0 * t + v);
      d1.intoArray(s, D1 * t + v);
    }
  }

  @Override
  protected void place(float[] s, int t) {
    for (int v = 0; v < t; v += L) {
      FloatVector.fromArray(S, s, IN * t + v)
          .sub(FloatVector.fromArray(S, s, LEFT * t + v))
          .div(FloatVector.fromArray(S, s, WIDTH * t + v))
          .max(0f)
          .min(1f)
          .intoArray(s, PLACE * t + v);
    }
  }

  @Override
  protected void solve(float[] s, int t) {
    for (int v = 0; v < t; v += L) {
      FloatVector h = FloatVector.fromArray(S, s, HEIGHT * t + v);
      FloatVector d0 = FloatVector.fromArray(S, s, D0 * t + v);
      FloatVector d1 = FloatVector.fromArray(S, s, D1 * t + v);
      FloatVector delta = h.div(FloatVector.fromArray(S, s, WIDTH * t + v));
      FloatVector u =
          FloatVector.fromArray(S, s, IN * t + v)
              .sub(FloatVector.fromArray(S, s, BOTTOM * t + v))
              .max(0f)
              .min(h);
      FloatVector us = u.mul(FloatVector.broadcast(S, -2f).fma(delta, d0.add(d1)));
      FloatVector b = h.fma(d0, us.neg());
      FloatVector a = h.fma(delta.sub(d0), us);
      FloatVector du = delta.mul(u);
      FloatVector square = b.fma(b, a.mul(4f).mul(du));
      FloatVector q = b.abs().add(square.max(0f).sqrt());
      VectorMask<Float> positive = b.compare(VectorOperators.GE, 0f);
      FloatVector top = q.blend(du.add(du), positive);
      FloatVector below = a.add(a).blend(q, positive);
      top.div(below).max(0f).min(1f).intoArray(s, PLACE * t + v);
    }
  }

  @Override
  protected void forwardValues(float bound, float[] s, int t) {
    for (int v = 0; v < t; v += L) {
      FloatVector in = FloatVector.fromArray(S, s, IN * t + v);
      FloatVector h = FloatVector.fromArray(S, s, HEIGHT * t + v);
      FloatVector d0 = FloatVector.fromArray(S, s, D0 * t + v);
      FloatVector d1 = FloatVector.fromArray(S, s, D1 * t + v);
      FloatVector delta = h.div(FloatVector.fromArray(S, s, WIDTH * t + v));
      FloatVector x = FloatVector.fromArray(S, s, PLACE * t + v);
      FloatVector o = FloatVector.broadcast(S, 1f).sub(x);
      FloatVector phi = x.mul(o);
      FloatVector x2 = x.mul(x);
      FloatVector o2 = o.mul(o);
      FloatVector e = delta.mul(phi);
      FloatVector numerator = delta.fma(x2, d0.mul(phi));
      FloatVector denominator = d0.add(d1).fma(phi, delta.mul(x2.add(o2)));
      FloatVector quotient = d1.fma(x2, d0.fma(o2, e.add(e)));
      FloatVector bottom = FloatVector.fromArray(S, s, BOTTOM * t + v);
      FloatVector out = h.fma(numerator.div(denominator), bottom);
      FloatVector ratio = delta.div(denominator);
      VectorMask<Float> outside = in.abs().compare(VectorOperators.GT, bound);
      out.blend(in, outside).intoArray(s, OUT * t + v);
      ratio.mul(ratio).mul(quotient).blend(1f, outside).intoArray(s, LADJ * t + v);
    }
  }

  @Override
  protected void inverseValues(float bound, float[] s, int t) {
    for (int v = 0; v < t; v += L) {
      FloatVector in = FloatVector.fromArray(S, s, IN * t + v);
      FloatVector w = FloatVector.fromArray(S, s, WIDTH * t + v);
      FloatVector d0 = FloatVector.fromArray(S, s, D0 * t + v);
      FloatVector d1 = FloatVector.fromArray(S, s, D1 * t + v);
      FloatVector delta = FloatVector.fromArray(S, s, HEIGHT * t + v).div(w);
      FloatVector x = FloatVector.fromArray(S, s, PLACE * t + v);
      FloatVector o = FloatVector.broadcast(S, 1f).sub(x);
      FloatVector phi = x.mul(o);
      FloatVector x2 = x.mul(x);
      FloatVector o2 = o.mul(o);
      FloatVector e = delta.mul(phi);
      FloatVector denominator = d0.add(d1).fma(phi, delta.mul(x2.add(o2)));
      FloatVector quotient = d1.fma(x2, d0.fma(o2, e.add(e)));
      FloatVector out = x.fma(w, FloatVector.fromArray(S, s, LEFT * t + v));
      FloatVector ratio = denominator.div(delta);
      VectorMask<Float> outside = in.abs().compare(VectorOperators.GT, bound);
      out.blend(in, outside).intoArray(s, OUT * t + v);
      ratio.mul(ratio).div(quotient).blend(1f, outside).intoArray(s, LADJ * t + v);
    }
  }

  @Override
  protected void slopes(float[] s, int t) {
    for (int v = 0; v < t; v += L) {
      FloatVector w = FloatVector.fromArray(S, s, WIDTH * t + v);
      FloatVector d0 = FloatVector.fromArray(S, s, D0 * t + v);
      FloatVector d1 = FloatVector.fromArray(S, s, D1 * t + v);
      FloatVector delta = FloatVector.fromArray(S, s, HEIGHT * t + v).div(w);
      FloatVector x = FloatVector.fromArray(S, s, PLACE * t + v);
      FloatVector o = FloatVector.broadcast(S, 1f).sub(x);
      FloatVector c = o.sub(x);
      FloatVector phi = x.mul(o);
      FloatVector x2 = x.mul(x);
      FloatVector o2 = o.mul(o);
      FloatVector e = delta.mul(phi);
      FloatVector sum = d0.add(d1);
      FloatVector denominator = sum.fma(phi, delta.mul(x2.add(o2)));
      FloatVector quotient = d1.fma(x2, d0.fma(o2, e.add(e)));
      FloatVector ratio = delta.div(denominator);
      FloatVector top = d1.fma(x, delta.fma(c, d0.mul(o).neg())).div(quotient);
      FloatVector below = FloatVector.broadcast(S, -2f).fma(delta, sum).mul(c).div(denominator);
      FloatVector half = top.sub(below).div(w);
      ratio.mul(ratio).mul(quotient).intoArray(s, SLOPE * t + v);
      half.add(half).intoArray(s, BEND * t + v);
    }
  }

  @Override
  protected void implicit(float bound, float[] s, int t) {
    for (int v = 0; v < t; v += L) {
      FloatVector gx = FloatVector.fromArray(S, s, GOUT * t + v);
      FloatVector minus = FloatVector.fromArray(S, s, GLADJ * t + v).neg();
      VectorMask<Float> outside =
          FloatVector.fromArray(S, s, IN * t + v).abs().compare(VectorOperators.GT, bound);
      FloatVector m =
          minus
              .fma(FloatVector.fromArray(S, s, BEND * t + v), gx)
              .div(FloatVector.fromArray(S, s, SLOPE * t + v));
      m.blend(gx, outside).neg().intoArray(s, GOUT * t + v);
      minus.intoArray(s, GLADJ * t + v);
    }
  }

  @Override
  protected void gradients(float bound, float[] s, int t) {
    VectorSplineGradients32.bin(bound, s, t);
  }

  @Override
  protected void spread(Axis width, Axis height, int bins, float[] p, float[] s, int t) {
    VectorSplineGradients32.spread(width, GLEFT, GWIDTH, bins, p, s, t);
    VectorSplineGradients32.spread(height, GOUT, GHEIGHT, bins, p, s, t);
    VectorSplineGradients32.inner(bins, p, s, t);
  }
}
