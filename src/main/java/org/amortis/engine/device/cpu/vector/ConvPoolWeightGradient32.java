package org.amortis.engine.device.cpu.vector;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.amortis.engine.device.cpu.ConvPoolKernels32;
import org.amortis.engine.device.cpu.ConvPoolShape;
import org.amortis.engine.device.cpu.Scratch32;

/// The weight gradient of the fused block with a 3 x 3 kernel.
///
/// Filter by filter, the patches at the chosen positions of a few images are added up with the
/// gradients as factors; all nine taps of one or two vectors of channels stay in registers.
final class ConvPoolWeightGradient32 {
  private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
  private static final int L = S.length();
  private static final int LINE = Scratch32.LINE;
  private static final boolean WIDE = S.vectorBitSize() == 512;

  /// Images whose slices share the first-level cache.
  private static final int IMAGES = 2;

  private static final int IMAGE_SLOT = 3;
  private static final int WEIGHT_SLOT = 4;
  private static final int LIST_SLOT = 6;

  private ConvPoolWeightGradient32() {}

  static void sparse(
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
    int count = filterTo - filterFrom;
    int channels = shape.channels();
    int vectors = WIDE && channels > L ? 2 : 1;
    int wide = vectors * L;
    int slices = (channels + wide - 1) / wide;
    int area = shape.paddedHeight() * shape.paddedWidth() * wide;
    int below = shape.paddedWidth() * wide;
    int list = IMAGES * shape.windows();
    float[] images = scratch.values(IMAGE_SLOT, IMAGES * area + LINE);
    float[] sums = scratch.values(WEIGHT_SLOT, slices * count * 9 * wide + LINE);
    float[] values = scratch.values(LIST_SLOT, count * list);
    int[] places = scratch.indices(0, count * list);
    int[] lengths = scratch.indices(1, count);
    int images0 = Scratch32.lead(images);
    int sums0 = Scratch32.lead(sums);
    Arrays.fill(images, images0, images0 + IMAGES * area, 0f);
    Arrays.fill(sums, sums0, sums0 + slices * count * 9 * wide, 0f);
    Arrays.fill(db, dbOff + filterFrom, dbOff + filterTo, 0f);
    for (int n = 0; n < batch; n += IMAGES) {
      int group = Math.min(IMAGES, batch - n);
      Arrays.fill(lengths, 0, count, 0);
      for (int i = 0; i < group; i++) {
        int at = (n + i) * shape.outputSize() + filterFrom;
        list(
            shape,
            dy,
            dyOff + at,
            code,
            codeOff + at,
            count,
            list,
            i * area,
            wide,
            values,
            places,
            lengths);
      }
      bias(count, values, list, lengths, db, dbOff + filterFrom);
      for (int s = 0; s < slices; s++) {
        int c = s * wide;
        int width = Math.min(wide, channels - c);
        for (int i = 0; i < group; i++) {
          int from = xOff + (n + i) * shape.inputSize() + c;
          BorderedImage32.copySlice(shape, x, from, width, wide, images, images0 + i * area);
        }
        for (int f = 0; f < count; f++) {
          int to = sums0 + (s * count + f) * 9 * wide;
          if (vectors == 2) {
            ConvPoolGradients32.outer3x6(
                lengths[f], places, values, f * list, images, images0, below, sums, to, 6 * L);
          } else {
            ConvPoolGradients32.outer3x3(
                lengths[f], places, values, f * list, images, images0, below, sums, to, 3 * L);
          }
        }
      }
    }
    for (int c = 0; c < channels; c++) {
      for (int tap = 0; tap < 9; tap++) {
        int from = sums0 + (c / wide * count * 9 + tap) * wide + c % wide;
        int to = dwOff + (tap * channels + c) * shape.filters() + filterFrom;
        for (int f = 0; f < count; f++) {
          dw[to + f] = sums[from + f * 9 * wide];
        }
      }
    }
  }

  /// Appends, filter by filter, the gradients of one image that pass the pool and the corner of the
  /// patch of each.
  private static void list(
      ConvPoolShape shape,
      float[] dy,
      int dyAt,
      float[] code,
      int codeAt,
      int count,
      int list,
      int image,
      int wide,
      float[] values,
      int[] places,
      int[] lengths) {
    int below = shape.paddedWidth() * wide;
    for (int p = 0; p < shape.windows(); p++) {
      int corner = image + p / shape.outWidth() * 2 * below + p % shape.outWidth() * 2 * wide;
      int in = p * shape.filters();
      for (int f = 0; f < count; f++) {
        int q = (int) code[codeAt + in + f];
        int length = lengths[f];
        int slot = f * list + length;
        values[slot] = dy[dyAt + in + f];
        places[slot] = corner + (q >> 1) * below + (q & 1) * wide;
        lengths[f] = length + (q < ConvPoolKernels32.OFF ? 1 : 0);
      }
    }
  }

  private static void bias(
      int count, float[] values, int list, int[] lengths, float[] db, int dbAt) {
    for (int f = 0; f < count; f++) {
      float sum = db[dbAt + f];
      for (int e = f * list; e < f * list + lengths[f]; e++) {
        sum += values[e];
      }
      db[dbAt + f] = sum;
    }
  }

  /// One channel: lanes are filters, and a gradient takes part four times, thrice as a zero.
  static void single(
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
    float[] image = scratch.values(IMAGE_SLOT, BorderedImage32.size(s));
    float[] sums = scratch.values(WEIGHT_SLOT, vectors * 10 * L);
    BorderedImage32.clear(s, image, 0);
    Arrays.fill(sums, 0, vectors * 10 * L, 0f);
    for (int n = 0; n < batch; n++) {
      BorderedImage32.copy(s, x, xOff + n * s.inputSize(), image, 0);
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
}
