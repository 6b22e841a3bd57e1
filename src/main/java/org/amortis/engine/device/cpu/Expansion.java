package org.amortis.engine.device.cpu;

import org.amortis.engine.shape.Shape;

/// How the elements of an operand repeat over a larger shape, with neighbouring axes merged.
///
/// @param dims merged extents of the larger shape
/// @param strides element distance in the operand for each merged axis, 0 where it repeats
record Expansion(int[] dims, int[] strides) {
  static Expansion of(Shape from, Shape to) {
    return merged(to.dims(), from.stridesIn(to));
  }

  /// Merges axes that one stride walks through.
  static Expansion merged(int[] dims, int[] strides) {
    int[] d = new int[dims.length];
    int[] s = new int[dims.length];
    int n = 0;
    for (int i = 0; i < dims.length; i++) {
      if (dims[i] == 1) {
        continue;
      }
      if (n > 0 && s[n - 1] == strides[i] * dims[i]) {
        d[n - 1] *= dims[i];
        s[n - 1] = strides[i];
      } else {
        d[n] = dims[i];
        s[n++] = strides[i];
      }
    }
    return new Expansion(java.util.Arrays.copyOf(d, n), java.util.Arrays.copyOf(s, n));
  }

  /// Whether the operand is read one element after the other.
  boolean contiguous() {
    return dims.length == 0 || dims.length == 1 && strides[0] == 1;
  }

  /// Whether all elements are the same one.
  boolean scalar() {
    for (int s : strides) {
      if (s != 0) {
        return false;
      }
    }
    return true;
  }
}
