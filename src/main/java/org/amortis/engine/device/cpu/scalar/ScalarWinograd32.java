package org.amortis.engine.device.cpu.scalar;

import org.amortis.engine.device.cpu.ConvPoolShape;

/// F(2 x 2, 3 x 3) in plain Java, operation by operation as the vector kernels have it.
///
/// Source: A. Lavin and S. Gray (2016), Fast algorithms for convolutional neural networks, section
/// 4.1.
final class ScalarWinograd32 {
  private ScalarWinograd32() {}

  /// The transformed weights (16, channels, filters) of weights (3, 3, channels, filters).
  static void weights(ConvPoolShape s, float[] w, int wOff, float[] to) {
    int plane = s.channels() * s.filters();
    float[] rows = new float[12];
    for (int i = 0; i < plane; i++) {
      for (int c = 0; c < 3; c++) {
        float top = w[wOff + c * plane + i];
        float middle = w[wOff + (3 + c) * plane + i];
        float bottom = w[wOff + (6 + c) * plane + i];
        float even = (top + bottom) * 0.5f;
        float odd = middle * 0.5f;
        rows[c] = top;
        rows[3 + c] = even + odd;
        rows[6 + c] = even - odd;
        rows[9 + c] = bottom;
      }
      for (int r = 0; r < 4; r++) {
        float even = (rows[3 * r] + rows[3 * r + 2]) * 0.5f;
        float odd = rows[3 * r + 1] * 0.5f;
        to[4 * r * plane + i] = rows[3 * r];
        to[(4 * r + 1) * plane + i] = even + odd;
        to[(4 * r + 2) * plane + i] = even - odd;
        to[(4 * r + 3) * plane + i] = rows[3 * r + 2];
      }
    }
  }

  /// The transformed patch (16, channels) of window p of the image at `x[image]`.
  static void input(ConvPoolShape s, float[] x, int image, int p, float[] to) {
    int top = p / s.outWidth() * 2 - 1;
    int left = p % s.outWidth() * 2 - 1;
    float[] d = new float[16];
    float[] t = new float[16];
    int channels = s.channels();
    for (int c = 0; c < channels; c++) {
      for (int i = 0; i < 16; i++) {
        int row = top + i / 4;
        int col = left + i % 4;
        boolean inside = row >= 0 && row < s.height() && col >= 0 && col < s.width();
        d[i] = inside ? x[image + (row * s.width() + col) * channels + c] : 0f;
      }
      for (int i = 0; i < 4; i++) {
        t[i] = d[i] - d[8 + i];
        t[4 + i] = d[4 + i] + d[8 + i];
        t[8 + i] = d[8 + i] - d[4 + i];
        t[12 + i] = d[4 + i] - d[12 + i];
      }
      for (int i = 0; i < 16; i += 4) {
        to[i * channels + c] = t[i] - t[i + 2];
        to[(i + 1) * channels + c] = t[i + 1] + t[i + 2];
        to[(i + 2) * channels + c] = t[i + 2] - t[i + 1];
        to[(i + 3) * channels + c] = t[i + 1] - t[i + 3];
      }
    }
  }

  /// The sums (4, filters) at the positions of a window from its transformed patch and weights.
  static void output(ConvPoolShape s, float[] patch, float[] weights, float[] to) {
    int filters = s.filters();
    float[] m = new float[16];
    for (int f = 0; f < filters; f++) {
      for (int i = 0; i < 16; i++) {
        float sum = 0f;
        for (int c = 0; c < s.channels(); c++) {
          sum =
              Math.fma(
                  patch[i * s.channels() + c], weights[(i * s.channels() + c) * filters + f], sum);
        }
        m[i] = sum;
      }
      for (int i = 0; i < 4; i++) {
        float upper = m[i] + m[4 + i] + m[8 + i];
        float lower = m[4 + i] - m[8 + i] - m[12 + i];
        m[i] = upper;
        m[4 + i] = lower;
      }
      for (int r = 0; r < 2; r++) {
        to[2 * r * filters + f] = m[4 * r] + m[4 * r + 1] + m[4 * r + 2];
        to[(2 * r + 1) * filters + f] = m[4 * r + 1] - m[4 * r + 2] - m[4 * r + 3];
      }
    }
  }
}
