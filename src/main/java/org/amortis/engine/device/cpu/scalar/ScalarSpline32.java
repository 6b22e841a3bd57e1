package org.amortis.engine.device.cpu.scalar;

import org.amortis.engine.device.cpu.TiledSpline32;

/// The stages of the spline kernels in plain Java: the same bytes as the vector implementation.
@SuppressWarnings("cast") // the float64 twin casts double to double
public final class ScalarSpline32 extends TiledSpline32 {

  /// The plain implementation.
  public ScalarSpline32() {
    super(new ScalarPointwise32());
  }

  @Override
  protected int lanes() {
    return 1;
  }

  @Override
  protected void centre(float[] p, int at, int bins, int t) {
    for (int v = at; v < at + t; v++) {
      float max = p[v];
      for (int k = 1; k < bins; k++) {
        max = Math.max(max, p[v + k * t]);
      }
      for (int k = 0; k < bins; k++) {
        p[v + k * t] -= max;
      }
    }
  }

  @Override
  protected void normalise(float[] p, int at, int bins, int t) {
    for (int v = at; v < at + t; v++) {
      float sum = p[v];
      for (int k = 1; k < bins; k++) {
        sum += p[v + k * t];
      }
      float scale = 1f / sum;
      for (int k = 0; k < bins; k++) {
        p[v + k * t] *= scale;
      }
    }
  }

  @Override
  protected void select(
      Axis key, Axis other, int bins, float edge, float[] p, int derivativeAt, float[] s, int t) {
    for (int v = 0; v < t; v++) {
      float in = s[IN * t + v];
      float knot = edge;
      float otherKnot = edge;
      float size = Math.fma(p[key.at() + v], key.scale(), key.least());
      float otherSize = Math.fma(p[other.at() + v], other.scale(), other.least());
      int bin = 0;
      while (bin < bins - 1 && in >= knot + size) {
        knot += size;
        otherKnot += otherSize;
        bin++;
        size = Math.fma(p[key.at() + bin * t + v], key.scale(), key.least());
        otherSize = Math.fma(p[other.at() + bin * t + v], other.scale(), other.least());
      }
      s[key.row() * t + v] = knot;
      s[(key.row() + 1) * t + v] = size;
      s[other.row() * t + v] = otherKnot;
      s[(other.row() + 1) * t + v] = otherSize;
      s[D0 * t + v] = bin == 0 ? 0f : p[derivativeAt + (bin - 1) * t + v];
      s[D1 * t + v] = bin == bins - 1 ? 0f : p[derivativeAt + bin * t + v];
      s[BIN * t + v] = bin;
    }
  }

  @Override
  protected void ends(int bins, float least, float[] s, int t) {
    for (int v = 0; v < t; v++) {
      boolean first = s[BIN * t + v] == 0f;
      boolean last = s[BIN * t + v] == bins - 1;
      s[D0 * t + v] = first ? 1f : least + s[D0 * t + v];
      s[D1 * t + v] = last ? 1f : least + s[D1 * t + v];
      s[SIGMA0 * t + v] = first ? 0f : s[SIGMA0 * t + v];
      s[SIGMA1 * t + v] = last ? 0f : s[SIGMA1 * t + v];
    }
  }

  @Override
  protected void lookup(float[] table, int bins, int keyRow, float[] s, int t) {
    int key = (keyRow - LEFT) * bins;
    for (int v = 0; v < t; v++) {
      float in = s[IN * t + v];
      int bin = 0;
      while (bin < bins - 1 && in >= table[key + bin + 1]) {
        bin++;
      }
      for (int row = LEFT; row <= D1; row++) {
        s[row * t + v] = table[(row - LEFT) * bins + bin];
      }
    }
  }

  @Override
  protected void place(float[] s, int t) {
    for (int v = 0; v < t; v++) {
      float place = (s[IN * t + v] - s[LEFT * t + v]) / s[WIDTH * t + v];
      s[PLACE * t + v] = Math.min(Math.max(place, 0f), 1f);
    }
  }

  @Override
  protected void solve(float[] s, int t) {
    for (int v = 0; v < t; v++) {
      float h = s[HEIGHT * t + v];
      float d0 = s[D0 * t + v];
      float delta = h / s[WIDTH * t + v];
      float u = Math.min(Math.max(s[IN * t + v] - s[BOTTOM * t + v], 0f), h);
      float us = u * Math.fma(-2f, delta, d0 + s[D1 * t + v]);
      float b = Math.fma(h, d0, -us);
      float a = Math.fma(h, delta - d0, us);
      float du = delta * u;
      float square = Math.fma(b, b, 4f * a * du);
      float q = Math.abs(b) + (float) Math.sqrt(Math.max(square, 0f));
      float place = b >= 0f ? (du + du) / q : q / (a + a);
      s[PLACE * t + v] = Math.min(Math.max(place, 0f), 1f);
    }
  }

  @Override
  protected void forwardValues(float bound, float[] s, int t) {
    for (int v = 0; v < t; v++) {
      float in = s[IN * t + v];
      float h = s[HEIGHT * t + v];
      float d0 = s[D0 * t + v];
      float d1 = s[D1 * t + v];
      float delta = h / s[WIDTH * t + v];
      float x = s[PLACE * t + v];
      float o = 1f - x;
      float phi = x * o;
      float x2 = x * x;
      float o2 = o * o;
      float e = delta * phi;
      float numerator = Math.fma(delta, x2, d0 * phi);
      float denominator = Math.fma(d0 + d1, phi, delta * (x2 + o2));
      float quotient = Math.fma(d1, x2, Math.fma(d0, o2, e + e));
      float out = Math.fma(h, numerator / denominator, s[BOTTOM * t + v]);
      float ratio = delta / denominator;
      boolean outside = Math.abs(in) > bound;
      s[OUT * t + v] = outside ? in : out;
      s[LADJ * t + v] = outside ? 1f : ratio * ratio * quotient;
    }
  }

  @Override
  protected void inverseValues(float bound, float[] s, int t) {
    for (int v = 0; v < t; v++) {
      float in = s[IN * t + v];
      float w = s[WIDTH * t + v];
      float d0 = s[D0 * t + v];
      float d1 = s[D1 * t + v];
      float delta = s[HEIGHT * t + v] / w;
      float x = s[PLACE * t + v];
      float o = 1f - x;
      float phi = x * o;
      float x2 = x * x;
      float o2 = o * o;
      float e = delta * phi;
      float denominator = Math.fma(d0 + d1, phi, delta * (x2 + o2));
      float quotient = Math.fma(d1, x2, Math.fma(d0, o2, e + e));
      float out = Math.fma(x, w, s[LEFT * t + v]);
      float ratio = denominator / delta;
      boolean outside = Math.abs(in) > bound;
      s[OUT * t + v] = outside ? in : out;
      s[LADJ * t + v] = outside ? 1f : ratio * ratio / quotient;
    }
  }

  @Override
  protected void slopes(float[] s, int t) {
    for (int v = 0; v < t; v++) {
      float w = s[WIDTH * t + v];
      float d0 = s[D0 * t + v];
      float d1 = s[D1 * t + v];
      float delta = s[HEIGHT * t + v] / w;
      float x = s[PLACE * t + v];
      float o = 1f - x;
      float c = o - x;
      float phi = x * o;
      float x2 = x * x;
      float o2 = o * o;
      float e = delta * phi;
      float denominator = Math.fma(d0 + d1, phi, delta * (x2 + o2));
      float quotient = Math.fma(d1, x2, Math.fma(d0, o2, e + e));
      float ratio = delta / denominator;
      float top = Math.fma(d1, x, Math.fma(delta, c, -(d0 * o))) / quotient;
      float below = Math.fma(-2f, delta, d0 + d1) * c / denominator;
      float half = (top - below) / w;
      s[SLOPE * t + v] = ratio * ratio * quotient;
      s[BEND * t + v] = half + half;
    }
  }

  @Override
  protected void implicit(float bound, float[] s, int t) {
    for (int v = 0; v < t; v++) {
      float gx = s[GOUT * t + v];
      float gl = s[GLADJ * t + v];
      boolean outside = Math.abs(s[IN * t + v]) > bound;
      float m = Math.fma(-gl, s[BEND * t + v], gx) / s[SLOPE * t + v];
      s[GOUT * t + v] = -(outside ? gx : m);
      s[GLADJ * t + v] = -gl;
    }
  }

  @Override
  protected void gradients(float bound, float[] s, int t) {
    for (int v = 0; v < t; v++) {
      boolean outside = Math.abs(s[IN * t + v]) > bound;
      float gout = s[GOUT * t + v];
      float gy = outside ? 0f : gout;
      float gl = outside ? 0f : s[GLADJ * t + v];
      float h = s[HEIGHT * t + v];
      float d0 = s[D0 * t + v];
      float d1 = s[D1 * t + v];
      float invWidth = 1f / s[WIDTH * t + v];
      float delta = h * invWidth;
      float x = s[PLACE * t + v];
      float o = 1f - x;
      float phi = x * o;
      float x2 = x * x;
      float o2 = o * o;
      float e = delta * phi;
      float numerator = Math.fma(delta, x2, d0 * phi);
      float invD = 1f / Math.fma(d0 + d1, phi, delta * (x2 + o2));
      float invQ = 1f / Math.fma(d1, x2, Math.fma(d0, o2, e + e));
      float gx = Math.fma(gy, s[SLOPE * t + v], gl * s[BEND * t + v]);
      float k = gy * (h * phi) * invD * invD;
      float gl2 = gl + gl;
      float bend = Math.fma(phi, invQ, Math.fma(-(x2 + o2), invD, 1f / delta));
      float gdelta = Math.fma(k, Math.fma(x2, d1, -(o2 * d0)), gl2 * bend);
      float down = -(phi + phi) * invD;
      s[GIN * t + v] = outside ? gout : gx;
      s[GLEFT * t + v] = -gx;
      s[GWIDTH * t + v] = -Math.fma(gx, x, gdelta * delta * invWidth);
      s[GHEIGHT * t + v] = Math.fma(gy * numerator, invD, gdelta * invWidth);
      float g0 = Math.fma(k, Math.fma(delta, o2, d1 * phi), gl * Math.fma(o2, invQ, down));
      float g1 = Math.fma(-k, numerator, gl * Math.fma(x2, invQ, down));
      s[GOUT * t + v] = gy;
      s[GD0 * t + v] = g0 * s[SIGMA0 * t + v];
      s[GD1 * t + v] = g1 * s[SIGMA1 * t + v];
    }
  }

  @Override
  protected void spread(Axis width, Axis height, int bins, float[] p, float[] s, int t) {
    spread(width, GLEFT, GWIDTH, bins, p, s, t);
    spread(height, GOUT, GHEIGHT, bins, p, s, t);
    for (int j = 0; j < bins - 1; j++) {
      for (int v = 0; v < t; v++) {
        float bin = s[BIN * t + v];
        float g = bin == j + 1 ? s[GD0 * t + v] : 0f;
        p[(2 * bins + j) * t + v] = bin == j ? s[GD1 * t + v] : g;
      }
    }
  }

  private static void spread(
      Axis axis, int knotRow, int sizeRow, int bins, float[] p, float[] s, int t) {
    for (int v = 0; v < t; v++) {
      float bin = s[BIN * t + v];
      float gKnot = s[knotRow * t + v];
      float gSize = s[sizeRow * t + v];
      float mean = 0f;
      for (int j = 0; j < bins; j++) {
        float g = bin > j ? gKnot : bin == j ? gSize : 0f;
        mean = Math.fma(p[axis.at() + j * t + v], g, mean);
      }
      for (int j = 0; j < bins; j++) {
        float g = bin > j ? gKnot : bin == j ? gSize : 0f;
        int at = axis.at() + j * t + v;
        p[at] = p[at] * axis.scale() * (g - mean);
      }
    }
  }
}
