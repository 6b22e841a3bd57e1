package org.amortis.engine.device.cpu.vector;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// Copies of matrix blocks in the order in which the register tiles read them.
final class Panels32 {
  private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
  private static final int L = S.length();

  private Panels32() {}

  /// Writes `width` columns of the right factor from step `p0` and column `j` on as a panel of one
  /// or two vectors a step, padded with zeros.
  static void right(
      boolean transposed,
      int k,
      float[] b,
      int bOff,
      int ldb,
      int p0,
      int j,
      int width,
      float[] to,
      int at) {
    int wide = width > L ? 2 * L : L;
    if (transposed) {
      if (width < wide) {
        Arrays.fill(to, at, at + k * wide, 0f);
      }
      transpose(k, b, bOff + j * ldb + p0, ldb, width, wide, to, at);
    } else {
      wide(k, b, bOff + p0 * ldb + j, ldb, width, wide, to, at);
    }
  }

  /// Copies k rows of `width` elements that lie `step` apart into rows of `wide` that touch, padded
  /// with zeros.
  static void wide(
      int k, float[] from, int source, int step, int width, int wide, float[] to, int at) {
    if (width == wide) {
      copy(k, from, source, step, wide, to, at);
      return;
    }
    for (int p = 0; p < k; p++, source += step, at += wide) {
      for (int c = 0; c < width; c++) {
        to[at + c] = from[source + c];
      }
      for (int c = width; c < wide; c++) {
        to[at + c] = 0f;
      }
    }
  }

  /// Copies k rows of `width` elements that lie `step` apart into rows that touch.
  static void copy(int k, float[] from, int source, int step, int width, float[] to, int at) {
    int whole = width - width % L;
    for (int p = 0; p < k; p++, source += step, at += width) {
      for (int c = 0; c < whole; c += L) {
        FloatVector.fromArray(S, from, source + c).intoArray(to, at + c);
      }
      for (int c = whole; c < width; c++) {
        to[at + c] = from[source + c];
      }
    }
  }

  /// Writes `to[at + p * wide + r] = from[source + r * step + p]` for p < k, r < rows.
  static void transpose(
      int k, float[] from, int source, int step, int rows, int wide, float[] to, int at) {
    int r = 0;
    for (; r + 4 <= rows; r += 4) {
      int r0 = source + r * step;
      int r1 = r0 + step;
      int r2 = r1 + step;
      int r3 = r2 + step;
      for (int p = 0, t = at + r; p < k; p++, t += wide) {
        to[t] = from[r0 + p];
        to[t + 1] = from[r1 + p];
        to[t + 2] = from[r2 + p];
        to[t + 3] = from[r3 + p];
      }
    }
    for (; r < rows; r++) {
      for (int p = 0, s = source + r * step, t = at + r; p < k; p++, t += wide) {
        to[t] = from[s + p];
      }
    }
  }
}
