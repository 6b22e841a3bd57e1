package org.amortis.engine.device.cpu;

import org.amortis.engine.math.Spline;

/// The spline kernels as a fixed sequence of the stages of [SplineStages32] on tiles of elements.
///
/// Parameters are transposed into the tile and their gradients out of it; scratch is two arrays a
/// call, of `(3 K - 1 + 23) 64` numbers at most.
@SuppressWarnings("cast") // the float64 twin casts double to double
public abstract class TiledSpline32 extends SplineStages32 implements SplineKernels32 {
  private final UnaryKernels32 unary;

  /// Stages that take their exponentials and logarithms from `unary`.
  protected TiledSpline32(UnaryKernels32 unary) {
    this.unary = unary;
  }

  private static Axis width(Spline spline) {
    double range = 2 * spline.bound();
    return new Axis(
        0,
        LEFT,
        (float) (range * (1 - spline.bins() * spline.minWidth())),
        (float) (range * spline.minWidth()));
  }

  private static Axis height(Spline spline, int t) {
    double range = 2 * spline.bound();
    return new Axis(
        spline.bins() * t,
        BOTTOM,
        (float) (range * (1 - spline.bins() * spline.minHeight())),
        (float) (range * spline.minHeight()));
  }

  @Override
  public final void forward(
      Spline spline,
      int from,
      int to,
      float[] x,
      int x0,
      float[] raw,
      int raw0,
      int stride,
      float[] y,
      int y0,
      float[] ladj,
      int ladj0) {
    map(spline, false, from, to, x, x0, raw, raw0, stride, y, y0, ladj, ladj0);
  }

  @Override
  public final void inverse(
      Spline spline,
      int from,
      int to,
      float[] y,
      int y0,
      float[] raw,
      int raw0,
      int stride,
      float[] x,
      int x0,
      float[] ladj,
      int ladj0) {
    map(spline, true, from, to, y, y0, raw, raw0, stride, x, x0, ladj, ladj0);
  }

  private void map(
      Spline spline,
      boolean inverse,
      int from,
      int to,
      float[] in,
      int in0,
      float[] raw,
      int raw0,
      int stride,
      float[] out,
      int out0,
      float[] ladj,
      int ladj0) {
    int most = columns(to - from);
    float[] p = new float[spline.parameters() * most];
    float[] s = new float[VALUE_ROWS * most];
    for (int e = from; e < to; e += COLUMNS) {
      int n = Math.min(COLUMNS, to - e);
      int t = columns(n);
      System.arraycopy(in, in0 + e, s, IN * t, n);
      load(spline.parameters(), n, raw, raw0 + e * stride, stride, p, t);
      locate(spline, inverse, false, p, s, t);
      values(spline, inverse, s, t);
      System.arraycopy(s, OUT * t, out, out0 + e, n);
      System.arraycopy(s, LADJ * t, ladj, ladj0 + e, n);
    }
  }

  @Override
  public final void forwardBackward(
      Spline spline,
      int from,
      int to,
      float[] x,
      int x0,
      float[] raw,
      int raw0,
      int stride,
      float[] dy,
      int dy0,
      float[] dladj,
      int dladj0,
      float[] dx,
      int dx0,
      float[] draw,
      int draw0,
      int drawStride) {
    int rows = spline.parameters();
    float bound = (float) spline.bound();
    int most = columns(to - from);
    float[] p = new float[rows * most];
    float[] s = new float[ALL_ROWS * most];
    for (int e = from; e < to; e += COLUMNS) {
      int n = Math.min(COLUMNS, to - e);
      int t = columns(n);
      System.arraycopy(x, x0 + e, s, IN * t, n);
      System.arraycopy(dy, dy0 + e, s, GOUT * t, n);
      System.arraycopy(dladj, dladj0 + e, s, GLADJ * t, n);
      load(rows, n, raw, raw0 + e * stride, stride, p, t);
      locate(spline, false, true, p, s, t);
      place(s, t);
      slopes(s, t);
      gradients(bound, s, t);
      System.arraycopy(s, GIN * t, dx, dx0 + e, n);
      spread(width(spline), height(spline, t), spline.bins(), p, s, t);
      store(rows, n, p, t, draw, draw0 + e * drawStride, drawStride);
    }
  }

  @Override
  public final void inverseBackward(
      Spline spline,
      int from,
      int to,
      float[] y,
      int y0,
      float[] raw,
      int raw0,
      int stride,
      float[] dx,
      int dx0,
      float[] dladj,
      int dladj0,
      float[] dy,
      int dy0,
      float[] draw,
      int draw0,
      int drawStride) {
    int rows = spline.parameters();
    float bound = (float) spline.bound();
    int most = columns(to - from);
    float[] p = new float[rows * most];
    float[] s = new float[ALL_ROWS * most];
    for (int e = from; e < to; e += COLUMNS) {
      int n = Math.min(COLUMNS, to - e);
      int t = columns(n);
      System.arraycopy(y, y0 + e, s, IN * t, n);
      System.arraycopy(dx, dx0 + e, s, GOUT * t, n);
      System.arraycopy(dladj, dladj0 + e, s, GLADJ * t, n);
      load(rows, n, raw, raw0 + e * stride, stride, p, t);
      locate(spline, true, true, p, s, t);
      solve(s, t);
      slopes(s, t);
      implicit(bound, s, t);
      for (int i = 0; i < n; i++) {
        dy[dy0 + e + i] = -s[GOUT * t + i];
      }
      gradients(bound, s, t);
      spread(width(spline), height(spline, t), spline.bins(), p, s, t);
      store(rows, n, p, t, draw, draw0 + e * drawStride, drawStride);
    }
  }

  @Override
  public final void forwardShared(
      Spline spline,
      int from,
      int to,
      int size,
      float[] x,
      int x0,
      float[] raw,
      int raw0,
      int stride,
      float[] y,
      int y0,
      float[] ladj,
      int ladj0) {
    shared(spline, false, from, to, size, x, x0, raw, raw0, stride, y, y0, ladj, ladj0);
  }

  @Override
  public final void inverseShared(
      Spline spline,
      int from,
      int to,
      int size,
      float[] y,
      int y0,
      float[] raw,
      int raw0,
      int stride,
      float[] x,
      int x0,
      float[] ladj,
      int ladj0) {
    shared(spline, true, from, to, size, y, y0, raw, raw0, stride, x, x0, ladj, ladj0);
  }

  private void shared(
      Spline spline,
      boolean inverse,
      int from,
      int to,
      int size,
      float[] in,
      int in0,
      float[] raw,
      int raw0,
      int stride,
      float[] out,
      int out0,
      float[] ladj,
      int ladj0) {
    int k = spline.bins();
    int groupColumns = columns(to - from);
    float[] p = new float[spline.parameters() * groupColumns];
    float[] s = new float[VALUE_ROWS * columns(size)];
    float[] table = new float[6 * k];
    for (int first = from; first < to; first += COLUMNS) {
      int groups = Math.min(COLUMNS, to - first);
      int t = columns(groups);
      load(spline.parameters(), groups, raw, raw0 + first * stride, stride, p, t);
      softmax(p, 0, k, t);
      softmax(p, k * t, k, t);
      unary.softplus(p, 2 * k * t, p, 2 * k * t, (k - 1) * t);
      for (int g = 0; g < groups; g++) {
        fill(spline, p, t, g, table);
        int begin = (first + g) * size;
        for (int e = begin; e < begin + size; e += COLUMNS) {
          int n = Math.min(COLUMNS, begin + size - e);
          int u = columns(n);
          System.arraycopy(in, in0 + e, s, IN * u, n);
          lookup(table, k, inverse ? BOTTOM : LEFT, s, u);
          values(spline, inverse, s, u);
          System.arraycopy(s, OUT * u, out, out0 + e, n);
          System.arraycopy(s, LADJ * u, ladj, ladj0 + e, n);
        }
      }
    }
  }

  /// Writes knots, extents and end derivatives of the bins of column `g`, by the operations of
  /// [#select].
  private void fill(Spline spline, float[] p, int t, int g, float[] table) {
    int k = spline.bins();
    Axis width = width(spline);
    Axis height = height(spline, t);
    float left = (float) -spline.bound();
    float bottom = left;
    for (int j = 0; j < k; j++) {
      float w = Math.fma(p[width.at() + j * t + g], width.scale(), width.least());
      float h = Math.fma(p[height.at() + j * t + g], height.scale(), height.least());
      int inner = 2 * k * t + g;
      float least = (float) spline.minDerivative();
      table[j] = left;
      table[k + j] = w;
      table[2 * k + j] = bottom;
      table[3 * k + j] = h;
      table[4 * k + j] = j == 0 ? 1f : least + p[inner + (j - 1) * t];
      table[5 * k + j] = j == k - 1 ? 1f : least + p[inner + j * t];
      left += w;
      bottom += h;
    }
  }

  private void locate(
      Spline spline, boolean inverse, boolean gradient, float[] p, float[] s, int t) {
    int k = spline.bins();
    softmax(p, 0, k, t);
    softmax(p, k * t, k, t);
    Axis width = width(spline);
    Axis height = height(spline, t);
    float edge = (float) -spline.bound();
    if (inverse) {
      select(height, width, k, edge, p, 2 * k * t, s, t);
    } else {
      select(width, height, k, edge, p, 2 * k * t, s, t);
    }
    if (gradient) {
      unary.sigmoid(s, D0 * t, s, SIGMA0 * t, 2 * t);
    }
    unary.softplus(s, D0 * t, s, D0 * t, 2 * t);
    ends(k, (float) spline.minDerivative(), s, t);
  }

  private void softmax(float[] p, int at, int bins, int t) {
    centre(p, at, bins, t);
    unary.exp(p, at, p, at, bins * t);
    normalise(p, at, bins, t);
  }

  private void values(Spline spline, boolean inverse, float[] s, int t) {
    if (inverse) {
      solve(s, t);
      inverseValues((float) spline.bound(), s, t);
    } else {
      place(s, t);
      forwardValues((float) spline.bound(), s, t);
    }
    unary.log(s, LADJ * t, s, LADJ * t, t);
  }

  private int columns(int n) {
    int lanes = lanes();
    return (Math.min(n, COLUMNS) + lanes - 1) / lanes * lanes;
  }

  private static void load(int rows, int n, float[] raw, int raw0, int stride, float[] p, int t) {
    for (int i = 0; i < n; i++) {
      int at = raw0 + i * stride;
      for (int j = 0; j < rows; j++) {
        p[j * t + i] = raw[at + j];
      }
    }
  }

  private static void store(
      int rows, int n, float[] p, int t, float[] draw, int draw0, int stride) {
    for (int i = 0; i < n; i++) {
      int at = draw0 + i * stride;
      for (int j = 0; j < rows; j++) {
        draw[at + j] = p[j * t + i];
      }
    }
  }
}
