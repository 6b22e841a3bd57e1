package org.amortis.engine.device.cpu.vector;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.amortis.engine.device.cpu.ConvPoolShape;
import org.amortis.engine.device.cpu.Scratch32;

/// The three ways through the fused block: one channel, the direct sum, and transformed patches.
final class ConvPoolForward32 {
  private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
  private static final int L = S.length();
  private static final int PANEL = 2 * L;
  private static final boolean WIDE = S.vectorBitSize() == 512;

  /// Windows whose transformed patches are multiplied together, so that their products stay in the
  /// first-level cache.
  private static final int WINDOWS = 12;

  private static final int LINE = Scratch32.LINE;
  private static final int IMAGE_SLOT = 3;
  private static final int WEIGHT_SLOT = 4;
  private static final int TILE_SLOT = 5;
  private static final int PATCH_SLOT = 6;
  private static final int PRODUCT_SLOT = 7;

  private ConvPoolForward32() {}

  /// One channel, 3 x 3: the weights of a vector of filters stay in registers for the whole image.
  static void single(
      ConvPoolShape s,
      float[] x,
      int xOff,
      float[] w,
      int wOff,
      float[] b,
      int bOff,
      float[] y,
      int yOff,
      float[] code,
      int codeOff,
      int from,
      int to,
      Scratch32 scratch) {
    int filters = s.filters();
    int windows = s.windows();
    float[] image = scratch.values(IMAGE_SLOT, BorderedImage32.size(s));
    float[] panels = scratch.values(WEIGHT_SLOT, (filters + L - 1) / L * 10 * L);
    float[] tail = scratch.values(TILE_SLOT, 2 * windows * L);
    for (int f = 0; f < filters; f += L) {
      int width = Math.min(L, filters - f);
      Panels32.wide(9, w, wOff + f, filters, width, L, panels, f * 10);
      Panels32.wide(1, b, bOff + f, width, width, L, panels, f * 10 + 9 * L);
    }
    BorderedImage32.clear(s, image, 0);
    for (int n = from; n < to; n++) {
      BorderedImage32.copy(s, x, xOff + n * s.inputSize(), image, 0);
      for (int f = 0; f < filters; f += L) {
        int yAt = yOff + n * s.outputSize() + f;
        int codeAt = codeOff + n * s.outputSize() + f;
        if (f + L <= filters) {
          ConvPoolTiles32.first(
              s.outHeight(),
              s.outWidth(),
              image,
              s.paddedWidth(),
              panels,
              f * 10,
              y,
              yAt,
              code,
              codeAt,
              filters);
        } else {
          ConvPoolTiles32.first(
              s.outHeight(),
              s.outWidth(),
              image,
              s.paddedWidth(),
              panels,
              f * 10,
              tail,
              0,
              tail,
              windows * L,
              L);
          for (int p = 0; p < windows; p++) {
            System.arraycopy(tail, p * L, y, yAt + p * filters, filters - f);
            System.arraycopy(tail, (windows + p) * L, code, codeAt + p * filters, filters - f);
          }
        }
      }
    }
  }

  /// Any odd kernel: a tile of one or two windows by two vectors of filters holds its sums in
  /// registers.
  static void direct(
      ConvPoolShape s,
      float[] x,
      int xOff,
      float[] w,
      int wOff,
      float[] b,
      int bOff,
      float[] y,
      int yOff,
      float[] code,
      int codeOff,
      int from,
      int to,
      Scratch32 scratch) {
    int filters = s.filters();
    float[] image = scratch.values(IMAGE_SLOT, BorderedImage32.size(s));
    float[] panels = scratch.values(WEIGHT_SLOT, s.patch() * panelsOf(filters) * PANEL);
    float[] tile = scratch.values(TILE_SLOT, 8 * PANEL);
    for (int f = 0; f < filters; f += PANEL) {
      int width = Math.min(PANEL, filters - f);
      Panels32.wide(s.patch(), w, wOff + f, filters, width, PANEL, panels, f * s.patch());
    }
    int step = s.channels();
    int row = s.paddedWidth() * step;
    int run = s.kernel() * step;
    BorderedImage32.clear(s, image, 0);
    for (int n = from; n < to; n++) {
      BorderedImage32.copy(s, x, xOff + n * s.inputSize(), image, 0);
      for (int f = 0; f < filters; f += PANEL) {
        int width = Math.min(PANEL, filters - f);
        int panel = f * s.patch();
        for (int p = 0; p < s.windows(); ) {
          int c = p % s.outWidth();
          int at = 2 * (p / s.outWidth()) * row + 2 * c * step;
          boolean two = WIDE && c + 1 < s.outWidth();
          if (two) {
            ConvPoolTiles32.tile8(s.kernel(), run, image, at, row, step, panels, panel, tile);
          } else {
            ConvPoolTiles32.tile4(s.kernel(), run, image, at, row, step, panels, panel, tile);
          }
          for (int i = 0; i < (two ? 2 : 1); i++, p++) {
            int out = (n * s.windows() + p) * filters + f;
            ConvPoolTiles32.pool(
                tile, i * 4 * PANEL, b, bOff + f, y, yOff + out, code, codeOff + out, width);
          }
        }
      }
    }
  }

  /// 3 x 3 with several channels: one product a frequency of the transformed patches, F(2 x 2, 3 x
  /// 3).
  static void transformed(
      ConvPoolShape s,
      float[] x,
      int xOff,
      float[] w,
      int wOff,
      float[] b,
      int bOff,
      float[] y,
      int yOff,
      float[] code,
      int codeOff,
      int from,
      int to,
      Scratch32 scratch) {
    int channels = s.channels();
    int wide = (channels + L - 1) / L * L;
    int step = WINDOWS * wide;
    int filters = s.filters();
    float[] image = scratch.values(IMAGE_SLOT, BorderedImage32.size(s) + LINE);
    float[] weights = scratch.values(WEIGHT_SLOT, 16 * channels * panelsOf(filters) * PANEL + LINE);
    float[] patches = scratch.values(PATCH_SLOT, 16 * step + LINE);
    float[] products = scratch.values(PRODUCT_SLOT, 16 * WINDOWS * PANEL + LINE);
    float[] tile = scratch.values(TILE_SLOT, 9 * PANEL + LINE);
    int image0 = Scratch32.lead(image);
    int weights0 = Scratch32.lead(weights);
    int patches0 = Scratch32.lead(patches);
    int products0 = Scratch32.lead(products);
    int tile0 = Scratch32.lead(tile);
    transform(s, w, wOff, weights, weights0, tile);
    BorderedImage32.clear(s, image, image0);
    int row = s.paddedWidth() * channels;
    int held = -1;
    for (int first = from * s.windows(); first < to * s.windows(); first += WINDOWS) {
      int count = Math.min(WINDOWS, to * s.windows() - first);
      for (int i = 0; i < count; i++) {
        int n = (first + i) / s.windows();
        int p = (first + i) % s.windows();
        if (n != held) {
          BorderedImage32.copy(s, x, xOff + n * s.inputSize(), image, image0);
          held = n;
        }
        int corner = image0 + p / s.outWidth() * 2 * row + p % s.outWidth() * 2 * channels;
        WinogradTiles32.input(
            channels, image, corner, row, channels, patches, patches0 + i * wide, step);
      }
      for (int f = 0; f < filters; f += PANEL) {
        int w0 = weights0 + f * 16 * channels;
        for (int i = 0; i < 16; i++) {
          multiply(
              channels,
              count,
              patches,
              patches0 + i * step,
              wide,
              weights,
              w0 + i * channels * PANEL,
              products,
              products0 + i * WINDOWS * PANEL);
        }
        int width = Math.min(PANEL, filters - f);
        for (int i = 0; i < count; i++) {
          for (int v = 0; v < width; v += L) {
            WinogradTiles32.output(
                products, products0 + i * PANEL + v, WINDOWS * PANEL, tile, tile0 + v, PANEL);
          }
          int out = (first + i) * filters + f;
          ConvPoolTiles32.pool(tile, tile0, b, bOff + f, y, yOff + out, code, codeOff + out, width);
        }
      }
    }
  }

  /// Multiplies one frequency of the transformed patches of `count` windows by that of one panel of
  /// filters; rows past `count` hold what was there before and are never read back.
  private static void multiply(
      int channels,
      int count,
      float[] patches,
      int from,
      int wide,
      float[] weights,
      int w0,
      float[] products,
      int to) {
    if (count <= 4) {
      WinogradTiles32.product4(channels, patches, from, wide, weights, w0, products, to);
    } else if (WIDE) {
      WinogradTiles32.product12(channels, patches, from, wide, weights, w0, products, to);
    } else {
      WinogradTiles32.product6(channels, patches, from, wide, weights, w0, products, to);
      WinogradTiles32.product6(
          channels, patches, from + 6 * wide, wide, weights, w0, products, to + 6 * PANEL);
    }
  }

  /// Writes the transformed weights as (panel of filters, frequency, channel, filter of the panel),
  /// padded with zeros.
  private static void transform(
      ConvPoolShape s, float[] w, int wOff, float[] weights, int weights0, float[] taps) {
    int filters = s.filters();
    int channels = s.channels();
    for (int c = 0; c < channels; c++) {
      for (int f = 0; f < panelsOf(filters) * PANEL; f += L) {
        int to = weights0 + (f / PANEL * 16 * channels + c) * PANEL + f % PANEL;
        if (f + L <= filters) {
          WinogradTiles32.weights(
              w, wOff + c * filters + f, channels * filters, weights, to, channels * PANEL);
        } else {
          int width = filters - f;
          Arrays.fill(taps, 0, 9 * L, 0f);
          for (int tap = 0; tap < 9 && width > 0; tap++) {
            System.arraycopy(w, wOff + (tap * channels + c) * filters + f, taps, tap * L, width);
          }
          WinogradTiles32.weights(taps, 0, L, weights, to, channels * PANEL);
        }
      }
    }
  }

  private static int panelsOf(int filters) {
    return (filters + PANEL - 1) / PANEL;
  }
}
