package org.amortis.engine.device.cpu.vector;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;
import org.amortis.engine.device.cpu.ConvPoolShape;

/// Copies of an image with a border of zeros, so that no sum asks where the image ends.
final class BorderedImage32 {
  private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
  private static final int L = S.length();

  private BorderedImage32() {}

  /// Elements of a bordered image, with slack that lets whole vectors be read at its end.
  static int size(ConvPoolShape shape) {
    return shape.paddedHeight() * shape.paddedWidth() * shape.channels() + L;
  }

  /// Fills the border, and all else, with zeros.
  static void clear(ConvPoolShape shape, float[] image, int at) {
    Arrays.fill(image, at, at + size(shape), 0f);
  }

  /// Copies the image at `x[from]` inside the border.
  static void copy(ConvPoolShape shape, float[] x, int from, float[] image, int at) {
    int half = shape.kernel() / 2;
    int length = shape.width() * shape.channels();
    int row = shape.paddedWidth() * shape.channels();
    for (int r = 0; r < shape.height(); r++) {
      System.arraycopy(
          x, from + r * length, image, at + (r + half) * row + half * shape.channels(), length);
    }
  }

  /// Copies `width` channels of the image at `x[from]` inside a border, pixels `wide` apart.
  static void copySlice(
      ConvPoolShape shape, float[] x, int from, int width, int wide, float[] image, int at) {
    int half = shape.kernel() / 2;
    boolean whole = width % L == 0;
    for (int r = 0; r < shape.height(); r++) {
      int source = from + r * shape.width() * shape.channels();
      int target = at + ((r + half) * shape.paddedWidth() + half) * wide;
      for (int c = 0; c < shape.width(); c++) {
        if (whole) {
          for (int t = 0; t < width; t += L) {
            FloatVector.fromArray(S, x, source + t).intoArray(image, target + t);
          }
        } else {
          System.arraycopy(x, source, image, target, width);
        }
        source += shape.channels();
        target += wide;
      }
    }
  }

  /// Copies a bordered slice of `width` channels, pixels one vector apart, back to the image at
  /// `x[to]`.
  static void removeBorder(
      ConvPoolShape shape, float[] image, int at, int width, float[] x, int to) {
    VectorMask<Float> lanes = S.indexInRange(0, width);
    int half = shape.kernel() / 2;
    for (int r = 0; r < shape.height(); r++) {
      int source = at + ((r + half) * shape.paddedWidth() + half) * L;
      int target = to + r * shape.width() * shape.channels();
      for (int c = 0; c < shape.width(); c++) {
        FloatVector.fromArray(S, image, source).intoArray(x, target, lanes);
        source += L;
        target += shape.channels();
      }
    }
  }
}
