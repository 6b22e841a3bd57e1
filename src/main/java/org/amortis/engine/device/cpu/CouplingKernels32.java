package org.amortis.engine.device.cpu;

import org.amortis.engine.math.ClampedAffine;

/// Batched affine couplings: [ClampedAffine] in float32, `d` maps a row.
///
/// Legend: `R` rows, `d` transformed columns. Row `r` has its `d` values from `x[x0 + r xs]` on,
/// its raw scales from `raw[raw0 + r stride]` on and its shifts `d` places later, so that `stride`
/// is at least `2 d`, and one `ladj[ladj0 + r]`, the sum over its columns from first to last. The
/// row distances `xs`, `ys` let a call transform some columns of a wider matrix in place of a copy.
///
/// Only the named outputs are modified, there overwritten, for rows `from` to `to - 1`; values may
/// be transformed in place, other overlap is undefined. A row's result depends on that row alone:
/// every split gives the same bytes, with vector and scalar functions alike. NaN propagates. Error
/// of `y` below 8 units in the last place of its larger term.
public final class CouplingKernels32 {
  private static final int TILE = 512;

  private final UnaryKernels32 unary;

  /// Kernels that take tanh and exp from `unary`.
  public CouplingKernels32(UnaryKernels32 unary) {
    this.unary = unary;
  }

  /// `y = x exp(s) + t` and `ladj = sum s`.
  public void forward(
      ClampedAffine affine,
      int d,
      int from,
      int to,
      float[] x,
      int x0,
      int xs,
      float[] raw,
      int raw0,
      int stride,
      float[] y,
      int y0,
      int ys,
      float[] ladj,
      int ladj0) {
    Tile tile = new Tile(affine, d, to - from);
    for (int r = from; r < to; r += tile.rows) {
      int rows = Math.min(tile.rows, to - r);
      tile.scales(rows, raw, raw0 + r * stride, stride, 1f);
      gather(rows, d, x, x0 + r * xs, xs, tile.value);
      for (int i = 0; i < rows * d; i++) {
        tile.value[i] = Math.fma(tile.value[i], tile.scale[i], tile.shift[i]);
      }
      scatter(rows, d, tile.value, y, y0 + r * ys, ys);
      tile.sum(rows, ladj, ladj0 + r, 1f);
    }
  }

  /// `x = (y - t) exp(-s)` and `ladj = -sum s`.
  public void inverse(
      ClampedAffine affine,
      int d,
      int from,
      int to,
      float[] y,
      int y0,
      int ys,
      float[] raw,
      int raw0,
      int stride,
      float[] x,
      int x0,
      int xs,
      float[] ladj,
      int ladj0) {
    Tile tile = new Tile(affine, d, to - from);
    for (int r = from; r < to; r += tile.rows) {
      int rows = Math.min(tile.rows, to - r);
      tile.scales(rows, raw, raw0 + r * stride, stride, -1f);
      gather(rows, d, y, y0 + r * ys, ys, tile.value);
      for (int i = 0; i < rows * d; i++) {
        tile.value[i] = (tile.value[i] - tile.shift[i]) * tile.scale[i];
      }
      scatter(rows, d, tile.value, x, x0 + r * xs, xs);
      tile.sum(rows, ladj, ladj0 + r, -1f);
    }
  }

  /// Gradient of [#forward]: from `dy` (rows `ys` apart) and `dladj` to `dx` (rows `xs` apart) and
  /// `draw`.
  public void forwardBackward(
      ClampedAffine affine,
      int d,
      int from,
      int to,
      float[] x,
      int x0,
      int xs,
      float[] raw,
      int raw0,
      int stride,
      float[] dy,
      int dy0,
      int ys,
      float[] dladj,
      int dladj0,
      float[] dx,
      int dx0,
      float[] draw,
      int draw0,
      int drawStride) {
    Tile tile = new Tile(affine, d, to - from);
    float[] gradient = new float[tile.value.length];
    for (int r = from; r < to; r += tile.rows) {
      int rows = Math.min(tile.rows, to - r);
      tile.scales(rows, raw, raw0 + r * stride, stride, 1f);
      gather(rows, d, x, x0 + r * xs, xs, tile.value);
      gather(rows, d, dy, dy0 + r * ys, ys, gradient);
      scatter(rows, d, gradient, draw, draw0 + r * drawStride + d, drawStride);
      for (int i = 0; i < rows * d; i++) {
        gradient[i] *= tile.scale[i];
      }
      scatter(rows, d, gradient, dx, dx0 + r * xs, xs);
      for (int i = 0; i < rows * d; i++) {
        tile.value[i] *= gradient[i];
      }
      tile.rawGradient(rows, dladj, dladj0 + r, 1f, draw, draw0 + r * drawStride, drawStride);
    }
  }

  /// Gradient of [#inverse]: from `dx` (rows `xs` apart) and `dladj` to `dy` (rows `ys` apart) and
  /// `draw`.
  public void inverseBackward(
      ClampedAffine affine,
      int d,
      int from,
      int to,
      float[] y,
      int y0,
      int ys,
      float[] raw,
      int raw0,
      int stride,
      float[] dx,
      int dx0,
      int xs,
      float[] dladj,
      int dladj0,
      float[] dy,
      int dy0,
      float[] draw,
      int draw0,
      int drawStride) {
    Tile tile = new Tile(affine, d, to - from);
    float[] gradient = new float[tile.value.length];
    for (int r = from; r < to; r += tile.rows) {
      int rows = Math.min(tile.rows, to - r);
      tile.scales(rows, raw, raw0 + r * stride, stride, -1f);
      gather(rows, d, y, y0 + r * ys, ys, tile.value);
      gather(rows, d, dx, dx0 + r * xs, xs, gradient);
      for (int i = 0; i < rows * d; i++) {
        gradient[i] *= tile.scale[i];
        tile.value[i] = -((tile.value[i] - tile.shift[i]) * gradient[i]);
      }
      scatter(rows, d, gradient, dy, dy0 + r * ys, ys);
      for (int i = 0; i < rows * d; i++) {
        gradient[i] = -gradient[i];
      }
      scatter(rows, d, gradient, draw, draw0 + r * drawStride + d, drawStride);
      tile.rawGradient(rows, dladj, dladj0 + r, -1f, draw, draw0 + r * drawStride, drawStride);
    }
  }

  /// Work arrays of some rows, packed.
  @SuppressWarnings("cast") // the float64 twin casts double to double
  private final class Tile {
    private final float clamp;
    private final int d;
    private final int rows;
    private final float[] tanh;
    private final float[] scale;
    private final float[] shift;
    private final float[] value;

    Tile(ClampedAffine affine, int d, int most) {
      this.clamp = (float) affine.clamp();
      this.d = d;
      this.rows = Math.max(1, Math.min(most, TILE / d));
      this.tanh = new float[rows * d];
      this.scale = new float[rows * d];
      this.shift = new float[rows * d];
      this.value = new float[rows * d];
    }

    /// `tanh(r / c)`, `exp(sign s)` and the shifts of `n` rows.
    void scales(int n, float[] raw, int at, int stride, float sign) {
      gather(n, d, raw, at, stride, tanh);
      gather(n, d, raw, at + d, stride, shift);
      for (int i = 0; i < n * d; i++) {
        tanh[i] /= clamp;
      }
      unary.tanh(tanh, 0, tanh, 0, n * d);
      for (int i = 0; i < n * d; i++) {
        scale[i] = sign * (clamp * tanh[i]);
      }
      unary.exp(scale, 0, scale, 0, n * d);
    }

    /// The signed sum of the log scales of each row.
    void sum(int n, float[] ladj, int at, float sign) {
      for (int r = 0; r < n; r++) {
        float sum = 0f;
        for (int j = r * d; j < (r + 1) * d; j++) {
          sum += clamp * tanh[j];
        }
        ladj[at + r] = sign * sum;
      }
    }

    /// `(value + sign dladj) (1 - tanh^2)`, value the gradient in the log scale without ladj.
    void rawGradient(
        int n, float[] dladj, int at, float sign, float[] draw, int draw0, int stride) {
      for (int r = 0; r < n; r++) {
        float g = sign * dladj[at + r];
        for (int j = 0; j < d; j++) {
          float t = tanh[r * d + j];
          value[r * d + j] = (value[r * d + j] + g) * ((1f - t) * (1f + t));
        }
      }
      scatter(n, d, value, draw, draw0, stride);
    }
  }

  private static void gather(int rows, int d, float[] from, int at, int stride, float[] to) {
    // Few columns: the long loop goes inside.
    if (d < 8) {
      for (int j = 0; j < d; j++) {
        for (int r = 0; r < rows; r++) {
          to[r * d + j] = from[at + r * stride + j];
        }
      }
    } else {
      for (int r = 0; r < rows; r++) {
        System.arraycopy(from, at + r * stride, to, r * d, d);
      }
    }
  }

  private static void scatter(int rows, int d, float[] from, float[] to, int at, int stride) {
    if (d < 8) {
      for (int j = 0; j < d; j++) {
        for (int r = 0; r < rows; r++) {
          to[at + r * stride + j] = from[r * d + j];
        }
      }
    } else {
      for (int r = 0; r < rows; r++) {
        System.arraycopy(from, r * d, to, at + r * stride, d);
      }
    }
  }
}
