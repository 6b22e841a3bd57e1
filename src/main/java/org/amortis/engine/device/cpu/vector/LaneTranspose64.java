package org.amortis.engine.device.cpu.vector;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/// Puts values of items that stand one after another side by side in vector lanes.
///
/// Squares of 8 x 8 values are transposed in registers: halves, quarters and neighbours of pairs of
/// rows change places.
final class LaneTranspose64 {
  private static final VectorSpecies<Double> S = DoubleVector.SPECIES_PREFERRED;
  private static final int L = S.length();
  private static final int SQUARE = 8;
  private static final VectorShuffle<Double> SWAP4 = swap(4);
  private static final VectorShuffle<Double> SWAP2 = swap(2);
  private static final VectorShuffle<Double> SWAP1 = swap(1);
  private static final VectorMask<Double> UPPER4 = upper(4);
  private static final VectorMask<Double> UPPER2 = upper(2);
  private static final VectorMask<Double> UPPER1 = upper(1);

  private LaneTranspose64() {}

  private static VectorShuffle<Double> swap(int distance) {
    return VectorShuffle.fromOp(S, lane -> (lane ^ distance) % L);
  }

  private static VectorMask<Double> upper(int distance) {
    long lanes = 0;
    for (int lane = 0; lane < L; lane++) {
      lanes |= (lane & distance) == 0 ? 0 : 1L << lane;
    }
    return VectorMask.fromLong(S, lanes);
  }

  /// Writes `y_(to + k step + lane) = -x_(item_lane + k)`, k below `count`.
  static void negatives(double[] x, int[] item, int count, double[] y, int to, int step) {
    if (L != SQUARE || count < SQUARE) {
      for (int k = 0; k < count; k++) {
        for (int lane = 0; lane < L; lane++) {
          y[to + k * step + lane] = -x[item[lane] + k];
        }
      }
      return;
    }
    for (int k = 0; k < count; k += SQUARE) {
      int from = Math.min(k, count - SQUARE);
      square(x, item, from, y, to + from * step, step);
    }
  }

  private static void square(double[] x, int[] item, int k, double[] y, int to, int step) {
    DoubleVector a0 = DoubleVector.fromArray(S, x, item[0] + k);
    DoubleVector a1 = DoubleVector.fromArray(S, x, item[1] + k);
    DoubleVector a2 = DoubleVector.fromArray(S, x, item[2] + k);
    DoubleVector a3 = DoubleVector.fromArray(S, x, item[3] + k);
    DoubleVector a4 = DoubleVector.fromArray(S, x, item[4] + k);
    DoubleVector a5 = DoubleVector.fromArray(S, x, item[5] + k);
    DoubleVector a6 = DoubleVector.fromArray(S, x, item[6] + k);
    DoubleVector a7 = DoubleVector.fromArray(S, x, item[7] + k);
    DoubleVector b0 = a0.blend(a4.rearrange(SWAP4), UPPER4);
    DoubleVector b1 = a1.blend(a5.rearrange(SWAP4), UPPER4);
    DoubleVector b2 = a2.blend(a6.rearrange(SWAP4), UPPER4);
    DoubleVector b3 = a3.blend(a7.rearrange(SWAP4), UPPER4);
    DoubleVector b4 = a0.rearrange(SWAP4).blend(a4, UPPER4);
    DoubleVector b5 = a1.rearrange(SWAP4).blend(a5, UPPER4);
    DoubleVector b6 = a2.rearrange(SWAP4).blend(a6, UPPER4);
    DoubleVector b7 = a3.rearrange(SWAP4).blend(a7, UPPER4);
    a0 = b0.blend(b2.rearrange(SWAP2), UPPER2);
    a1 = b1.blend(b3.rearrange(SWAP2), UPPER2);
    a2 = b0.rearrange(SWAP2).blend(b2, UPPER2);
    a3 = b1.rearrange(SWAP2).blend(b3, UPPER2);
    a4 = b4.blend(b6.rearrange(SWAP2), UPPER2);
    a5 = b5.blend(b7.rearrange(SWAP2), UPPER2);
    a6 = b4.rearrange(SWAP2).blend(b6, UPPER2);
    a7 = b5.rearrange(SWAP2).blend(b7, UPPER2);
    a0.blend(a1.rearrange(SWAP1), UPPER1).neg().intoArray(y, to);
    a0.rearrange(SWAP1).blend(a1, UPPER1).neg().intoArray(y, to + step);
    a2.blend(a3.rearrange(SWAP1), UPPER1).neg().intoArray(y, to + 2 * step);
    a2.rearrange(SWAP1).blend(a3, UPPER1).neg().intoArray(y, to + 3 * step);
    a4.blend(a5.rearrange(SWAP1), UPPER1).neg().intoArray(y, to + 4 * step);
    a4.rearrange(SWAP1).blend(a5, UPPER1).neg().intoArray(y, to + 5 * step);
    a6.blend(a7.rearrange(SWAP1), UPPER1).neg().intoArray(y, to + 6 * step);
    a6.rearrange(SWAP1).blend(a7, UPPER1).neg().intoArray(y, to + 7 * step);
  }
}
