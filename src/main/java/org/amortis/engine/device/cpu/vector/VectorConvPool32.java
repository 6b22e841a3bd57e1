package org.amortis.engine.device.cpu.vector;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.amortis.engine.device.cpu.ConvPoolKernels32;
import org.amortis.engine.device.cpu.ConvPoolShape;
import org.amortis.engine.device.cpu.Scratch32;
import org.amortis.engine.device.cpu.scalar.ScalarConvPool32;

/// Convolution, bias, ReLU, max-pool in one pass over a bordered copy of each image.
///
/// Forward, a tile of pool windows by two vectors of filters stays in registers for the whole sum.
/// Backward, gradients of the input walk the filters of a window by bit masks, one mask a code, and
/// gradients of the weights walk, filter by filter, a list of the chosen positions; both skip the
/// three quarters that the pool makes zero.
public final class VectorConvPool32 implements ConvPoolKernels32 {
  private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
  private static final int L = S.length();
  private static final int PANEL = 2 * L;
  private static final boolean WIDE = S.vectorBitSize() == 512;

  /// Filters a block of the input gradient: one bit each in a mask.
  private static final int BLOCK = 64;

  private static final int IMAGE_SLOT = 3;
  private static final int WEIGHT_SLOT = 4;
  private static final int TILE_SLOT = 5;
  private static final int LIST_SLOT = 6;

  /// Input gradients of kernels other than 3 x 3.
  private final ConvPoolKernels32 plain = new ScalarConvPool32();

  @Override
  public void forward(
      ConvPoolShape shape,
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
    if (from >= to) {
      return;
    }
    float[] image = bordered(shape, scratch);
    boolean single = shape.channels() == 1 && shape.kernel() == 3;
    int size = (shape.patch() + 1) * panelsOf(shape.filters()) * PANEL;
    float[] panels = scratch.values(WEIGHT_SLOT, size);
    if (single) {
      for (int f = 0; f < shape.filters(); f += L) {
        int width = Math.min(L, shape.filters() - f);
        Panels32.wide(9, w, wOff + f, shape.filters(), width, L, panels, f * 10);
        Panels32.wide(1, b, bOff + f, width, width, L, panels, f * 10 + 9 * L);
      }
    } else {
      for (int f = 0; f < shape.filters(); f += PANEL) {
        int width = Math.min(PANEL, shape.filters() - f);
        Panels32.wide(
            shape.patch(), w, wOff + f, shape.filters(), width, PANEL, panels, f * shape.patch());
      }
    }
    for (int n = from; n < to; n++) {
      border(shape, x, xOff + n * shape.inputSize(), image);
      int at = n * shape.outputSize();
      if (single) {
        forwardSingle(shape, image, panels, y, yOff + at, code, codeOff + at, scratch);
      } else {
        forwardImage(shape, image, panels, b, bOff, y, yOff + at, code, codeOff + at, scratch);
      }
    }
  }

  private static void forwardSingle(
      ConvPoolShape s,
      float[] image,
      float[] panels,
      float[] y,
      int yAt,
      float[] code,
      int codeAt,
      Scratch32 scratch) {
    int filters = s.filters();
    int windows = s.windows();
    for (int f = 0; f < filters; f += L) {
      if (f + L <= filters) {
        ConvPoolTiles32.first(
            s.outHeight(),
            s.outWidth(),
            image,
            s.paddedWidth(),
            panels,
            f * 10,
            y,
            yAt + f,
            code,
            codeAt + f,
            filters);
      } else {
        float[] tail = scratch.values(TILE_SLOT, 2 * windows * L);
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
          System.arraycopy(tail, p * L, y, yAt + p * filters + f, filters - f);
          System.arraycopy(tail, (windows + p) * L, code, codeAt + p * filters + f, filters - f);
        }
      }
    }
  }

  private static void forwardImage(
      ConvPoolShape s,
      float[] image,
      float[] panels,
      float[] b,
      int bOff,
      float[] y,
      int yAt,
      float[] code,
      int codeAt,
      Scratch32 scratch) {
    float[] tile = scratch.values(TILE_SLOT, 8 * PANEL);
    int step = s.channels();
    int row = s.paddedWidth() * step;
    int run = s.kernel() * step;
    for (int f = 0; f < s.filters(); f += PANEL) {
      int width = Math.min(PANEL, s.filters() - f);
      int panel = f * s.patch();
      for (int r = 0; r < s.outHeight(); r++) {
        for (int c = 0; c < s.outWidth(); ) {
          int out = (r * s.outWidth() + c) * s.filters() + f;
          int at = 2 * r * row + 2 * c * step;
          boolean two = WIDE && c + 1 < s.outWidth();
          if (two) {
            ConvPoolTiles32.tile8(s.kernel(), run, image, at, row, step, panels, panel, tile);
          } else {
            ConvPoolTiles32.tile4(s.kernel(), run, image, at, row, step, panels, panel, tile);
          }
          ConvPoolTiles32.pool(tile, 0, b, bOff + f, y, yAt + out, code, codeAt + out, width);
          if (two) {
            int next = out + s.filters();
            ConvPoolTiles32.pool(
                tile, 4 * PANEL, b, bOff + f, y, yAt + next, code, codeAt + next, width);
          }
          c += two ? 2 : 1;
        }
      }
    }
  }

  @Override
  public void inputGradient(
      ConvPoolShape shape,
      float[] dy,
      int dyOff,
      float[] code,
      int codeOff,
      float[] w,
      int wOff,
      float[] dx,
      int dxOff,
      int from,
      int to,
      Scratch32 scratch) {
    if (from >= to) {
      return;
    }
    if (shape.kernel() != 3) {
      plain.inputGradient(shape, dy, dyOff, code, codeOff, w, wOff, dx, dxOff, from, to, scratch);
      return;
    }
    int filters = shape.filters();
    int slices = (shape.channels() + L - 1) / L;
    int blocks = (filters + BLOCK - 1) / BLOCK;
    int area = shape.paddedHeight() * shape.paddedWidth() * L;
    float[] weights = scratch.values(WEIGHT_SLOT, slices * filters * 9 * L);
    slice(shape, w, wOff, weights);
    float[] sums = scratch.values(IMAGE_SLOT, area);
    long[] masks = scratch.masks(0, shape.windows() * blocks * 4);
    for (int n = from; n < to; n++) {
      int at = n * shape.outputSize();
      masks(shape, code, codeOff + at, blocks, masks);
      for (int s = 0; s < slices; s++) {
        Arrays.fill(sums, 0, area, 0f);
        for (int block = 0; block < blocks; block++) {
          int w0 = (s * filters + block * BLOCK) * 9 * L;
          for (int p = 0; p < shape.windows(); p++) {
            int m = (p * blocks + block) * 4;
            int corner = p / shape.outWidth() * 2 * shape.paddedWidth() + p % shape.outWidth() * 2;
            ConvPoolGradients32.window(
                masks[m],
                masks[m + 1],
                masks[m + 2],
                masks[m + 3],
                dy,
                dyOff + at + p * filters + block * BLOCK,
                weights,
                w0,
                sums,
                corner * L,
                shape.paddedWidth() * L);
          }
        }
        int width = Math.min(L, shape.channels() - s * L);
        unborder(shape, sums, width, dx, dxOff + n * shape.inputSize() + s * L);
      }
    }
  }

  /// Marks for every window and block of filters which filters have which code.
  private static void masks(
      ConvPoolShape shape, float[] code, int codeAt, int blocks, long[] masks) {
    int filters = shape.filters();
    for (int p = 0; p < shape.windows(); p++) {
      for (int block = 0; block < blocks; block++) {
        int first = block * BLOCK;
        int last = Math.min(filters, first + BLOCK);
        long m0 = 0;
        long m1 = 0;
        long m2 = 0;
        long m3 = 0;
        for (int f = first; f < last; f += L) {
          VectorMask<Float> lanes = S.indexInRange(f, last);
          FloatVector q = FloatVector.fromArray(S, code, codeAt + p * filters + f, lanes);
          int shift = f - first;
          m0 |= q.compare(VectorOperators.EQ, 0f).and(lanes).toLong() << shift;
          m1 |= q.compare(VectorOperators.EQ, 1f).toLong() << shift;
          m2 |= q.compare(VectorOperators.EQ, 2f).toLong() << shift;
          m3 |= q.compare(VectorOperators.EQ, 3f).toLong() << shift;
        }
        int at = (p * blocks + block) * 4;
        masks[at] = m0;
        masks[at + 1] = m1;
        masks[at + 2] = m2;
        masks[at + 3] = m3;
      }
    }
  }

  /// Reorders the weights to (slice of channels, filter, tap, channel of the slice), padded with
  /// zeros.
  private static void slice(ConvPoolShape shape, float[] w, int wOff, float[] weights) {
    int filters = shape.filters();
    int channels = shape.channels();
    if (channels % L != 0) {
      Arrays.fill(weights, 0, (channels + L - 1) / L * filters * 9 * L, 0f);
    }
    for (int tap = 0; tap < 9; tap++) {
      for (int c = 0; c < channels; c++) {
        int source = wOff + (tap * channels + c) * filters;
        int target = (c / L * filters * 9 + tap) * L + c % L;
        for (int f = 0; f < filters; f++) {
          weights[target + f * 9 * L] = w[source + f];
        }
      }
    }
  }

  private static void unborder(ConvPoolShape shape, float[] sums, int width, float[] dx, int at) {
    VectorMask<Float> lanes = S.indexInRange(0, width);
    for (int r = 0; r < shape.height(); r++) {
      int source = ((r + 1) * shape.paddedWidth() + 1) * L;
      int target = at + r * shape.width() * shape.channels();
      for (int c = 0; c < shape.width(); c++) {
        FloatVector.fromArray(S, sums, source).intoArray(dx, target, lanes);
        source += L;
        target += shape.channels();
      }
    }
  }

  @Override
  public void weightGradient(
      ConvPoolShape shape,
      int batch,
      float[] x,
      int xOff,
      float[] dy,
      int dyOff,
      float[] code,
      int codeOff,
      float[] dw,
      int dwOff,
      float[] db,
      int dbOff,
      int filterFrom,
      int filterTo,
      Scratch32 scratch) {
    if (filterFrom >= filterTo) {
      return;
    }
    if (shape.channels() == 1 && shape.kernel() == 3) {
      weightGradientSingle(
          shape,
          batch,
          x,
          xOff,
          dy,
          dyOff,
          code,
          codeOff,
          dw,
          dwOff,
          db,
          dbOff,
          filterFrom,
          filterTo,
          scratch);
      return;
    }
    int filters = shape.filters();
    int count = filterTo - filterFrom;
    int windows = shape.windows();
    int run = shape.kernel() * shape.channels();
    int row = (run + L - 1) / L * L;
    float[] image = bordered(shape, scratch);
    float[] sums = scratch.values(WEIGHT_SLOT, count * shape.kernel() * row);
    Arrays.fill(sums, 0, count * shape.kernel() * row, 0f);
    float[] values = scratch.values(LIST_SLOT, count * windows);
    int[] places = scratch.indices(0, count * windows);
    int[] lengths = scratch.indices(1, count);
    Arrays.fill(db, dbOff + filterFrom, dbOff + filterTo, 0f);
    for (int n = 0; n < batch; n++) {
      border(shape, x, xOff + n * shape.inputSize(), image);
      int at = n * shape.outputSize() + filterFrom;
      list(shape, dy, dyOff + at, code, codeOff + at, count, values, places, lengths);
      for (int f = 0; f < count; f++) {
        float sum = db[dbOff + filterFrom + f];
        for (int e = f * windows; e < f * windows + lengths[f]; e++) {
          sum += values[e];
        }
        db[dbOff + filterFrom + f] = sum;
        outer(
            shape,
            run,
            row,
            lengths[f],
            places,
            values,
            f * windows,
            image,
            sums,
            f * shape.kernel() * row);
      }
    }
    for (int r = 0; r < shape.kernel(); r++) {
      for (int t = 0; t < run; t++) {
        int target = dwOff + (r * run + t) * filters + filterFrom;
        for (int f = 0; f < count; f++) {
          dw[target + f] = sums[(f * shape.kernel() + r) * row + t];
        }
      }
    }
  }

  /// Lists, filter by filter, the gradients that pass the pool and the corner of the patch each
  /// belongs to.
  private static void list(
      ConvPoolShape shape,
      float[] dy,
      int dyAt,
      float[] code,
      int codeAt,
      int count,
      float[] values,
      int[] places,
      int[] lengths) {
    int windows = shape.windows();
    int channels = shape.channels();
    int below = shape.paddedWidth() * channels;
    Arrays.fill(lengths, 0, count, 0);
    for (int p = 0; p < windows; p++) {
      int corner = p / shape.outWidth() * 2 * below + p % shape.outWidth() * 2 * channels;
      int in = p * shape.filters();
      for (int f = 0; f < count; f++) {
        int q = (int) code[codeAt + in + f];
        int length = lengths[f];
        int slot = f * windows + length;
        values[slot] = dy[dyAt + in + f];
        places[slot] = corner + (q >> 1) * below + (q & 1) * channels;
        lengths[f] = length + (q < OFF ? 1 : 0);
      }
    }
  }

  private static void outer(
      ConvPoolShape shape,
      int run,
      int row,
      int count,
      int[] places,
      float[] values,
      int list,
      float[] image,
      float[] sums,
      int at) {
    int below = shape.paddedWidth() * shape.channels();
    for (int t = 0; t < row; ) {
      int left = row - t;
      int width = left >= 12 * L ? 12 : left >= 4 * L ? 4 : 1;
      for (int r = 0; r < shape.kernel(); ) {
        int x0 = r * below + t;
        int d0 = at + r * row + t;
        boolean pair = WIDE && width == 12 && r + 1 < shape.kernel();
        if (pair) {
          ConvPoolGradients32.outer2x12(
              count, places, values, list, image, x0, below, sums, d0, row);
        } else if (width == 12) {
          ConvPoolGradients32.outer1x12(count, places, values, list, image, x0, sums, d0);
        } else if (width == 4) {
          ConvPoolGradients32.outer1x4(count, places, values, list, image, x0, sums, d0);
        } else {
          ConvPoolGradients32.outer1x1(count, places, values, list, image, x0, sums, d0);
        }
        r += pair ? 2 : 1;
      }
      t += width * L;
    }
  }

  private static void weightGradientSingle(
      ConvPoolShape s,
      int batch,
      float[] x,
      int xOff,
      float[] dy,
      int dyOff,
      float[] code,
      int codeOff,
      float[] dw,
      int dwOff,
      float[] db,
      int dbOff,
      int filterFrom,
      int filterTo,
      Scratch32 scratch) {
    int filters = s.filters();
    int vectors = (filterTo - filterFrom + L - 1) / L;
    float[] image = bordered(s, scratch);
    float[] sums = scratch.values(WEIGHT_SLOT, vectors * 10 * L);
    Arrays.fill(sums, 0, vectors * 10 * L, 0f);
    for (int n = 0; n < batch; n++) {
      border(s, x, xOff + n * s.inputSize(), image);
      for (int v = 0; v < vectors; v++) {
        int f = filterFrom + v * L;
        int at = n * s.outputSize() + f;
        ConvPoolGradients32.first(
            s.outHeight(),
            s.outWidth(),
            image,
            s.paddedWidth(),
            dy,
            dyOff + at,
            code,
            codeOff + at,
            filters,
            Math.min(L, filterTo - f),
            sums,
            v * 10 * L);
      }
    }
    for (int f = filterFrom; f < filterTo; f++) {
      int at = (f - filterFrom) / L * 10 * L + (f - filterFrom) % L;
      for (int tap = 0; tap < 9; tap++) {
        dw[dwOff + tap * filters + f] = sums[at + tap * L];
      }
      db[dbOff + f] = sums[at + 9 * L];
    }
  }

  private static int panelsOf(int filters) {
    return (filters + PANEL - 1) / PANEL;
  }

  /// A work image with its border of zeros; the slack behind it lets whole vectors be read at its
  /// end.
  private static float[] bordered(ConvPoolShape shape, Scratch32 scratch) {
    int size = shape.paddedHeight() * shape.paddedWidth() * shape.channels() + L;
    float[] image = scratch.values(IMAGE_SLOT, size);
    Arrays.fill(image, 0, size, 0f);
    return image;
  }

  private static void border(ConvPoolShape shape, float[] x, int at, float[] image) {
    int half = shape.kernel() / 2;
    int length = shape.width() * shape.channels();
    int row = shape.paddedWidth() * shape.channels();
    for (int r = 0; r < shape.height(); r++) {
      System.arraycopy(
          x, at + r * length, image, (r + half) * row + half * shape.channels(), length);
    }
  }
}
