package org.amortis.engine.device.cpu.vector;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.amortis.engine.device.cpu.ConvPoolShape;
import org.amortis.engine.device.cpu.Scratch32;

/// The input gradient of the fused block with a 3 x 3 kernel, one vector of channels at a time.
///
/// A pool window reaches a patch of 4 x 4 pixels, which stays in registers while the filters of the
/// window, grouped by code, add their nine weights each.
final class ConvPoolInputGradient32 {
  private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
  private static final int L = S.length();
  private static final int LINE = Scratch32.LINE;

  /// Filters a block: one bit each in a mask.
  private static final int BLOCK = 64;

  private static final int IMAGE_SLOT = 3;
  private static final int WEIGHT_SLOT = 4;

  private ConvPoolInputGradient32() {}

  static void sparse(
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
    int filters = shape.filters();
    int slices = (shape.channels() + L - 1) / L;
    int blocks = (filters + BLOCK - 1) / BLOCK;
    int area = shape.paddedHeight() * shape.paddedWidth() * L;
    float[] weights = scratch.values(WEIGHT_SLOT, slices * filters * 9 * L + LINE);
    float[] sums = scratch.values(IMAGE_SLOT, area + LINE);
    int weights0 = Scratch32.lead(weights);
    int sums0 = Scratch32.lead(sums);
    slice(shape, w, wOff, weights, weights0);
    long[] masks = scratch.masks(0, shape.windows() * blocks * 4);
    for (int n = from; n < to; n++) {
      int at = n * shape.outputSize();
      masks(shape, code, codeOff + at, blocks, masks);
      for (int s = 0; s < slices; s++) {
        Arrays.fill(sums, sums0, sums0 + area, 0f);
        for (int block = 0; block < blocks; block++) {
          int w0 = weights0 + (s * filters + block * BLOCK) * 9 * L;
          for (int p = 0; p < shape.windows(); p++) {
            int m = (p * blocks + block) * 4;
            int row = p / shape.outWidth() * 2;
            int corner = row * shape.paddedWidth() + p % shape.outWidth() * 2;
            int g = dyOff + at + p * filters + block * BLOCK;
            ConvPoolGradients32.window(
                masks[m],
                masks[m + 1],
                masks[m + 2],
                masks[m + 3],
                dy,
                g,
                weights,
                w0,
                sums,
                sums0 + corner * L,
                shape.paddedWidth() * L);
          }
        }
        int width = Math.min(L, shape.channels() - s * L);
        BorderedImage32.removeBorder(
            shape, sums, sums0, width, dx, dxOff + n * shape.inputSize() + s * L);
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
  private static void slice(
      ConvPoolShape shape, float[] w, int wOff, float[] weights, int weights0) {
    int filters = shape.filters();
    int channels = shape.channels();
    if (channels % L != 0) {
      Arrays.fill(weights, weights0, weights0 + (channels + L - 1) / L * filters * 9 * L, 0f);
    }
    for (int c = 0; c < channels; c += L) {
      int width = Math.min(L, channels - c);
      for (int tap = 0; tap < 9; tap++) {
        int source = wOff + (tap * channels + c) * filters;
        Panels32.transpose(
            filters,
            w,
            source,
            filters,
            width,
            9 * L,
            weights,
            weights0 + c * filters * 9 + tap * L);
      }
    }
  }
}
