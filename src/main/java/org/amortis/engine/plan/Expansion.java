package org.amortis.engine.plan;

import java.util.ArrayList;
import java.util.List;
import org.amortis.engine.shape.Shape;

/// Where the elements of a row-major result lie in an operand: extents and strides, neighbouring
/// axes merged.
///
/// @param dims merged extents of the result, outermost first
/// @param strides element distance in the operand along each, 0 where it repeats
public record Expansion(int[] dims, int[] strides) {
  /// Elements of `from` repeated over `to`.
  public static Expansion of(Shape from, Shape to) {
    return merged(to.dims(), from.stridesIn(to));
  }

  /// Merges axes that one stride walks through and drops those of extent 1.
  public static Expansion merged(int[] dims, int[] strides) {
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
  public boolean contiguous() {
    return dims.length == 0 || dims.length == 1 && strides[0] == 1;
  }

  /// Whether all elements are the same one.
  public boolean scalar() {
    for (int s : strides) {
      if (s != 0) {
        return false;
      }
    }
    return true;
  }

  /// As numbers: how many axes, then extent and stride of each, innermost first.
  public List<Integer> words() {
    List<Integer> words = new ArrayList<>();
    words.add(dims.length);
    for (int i = dims.length - 1; i >= 0; i--) {
      words.add(dims[i]);
      words.add(strides[i]);
    }
    return words;
  }

  /// The numbers of [#words] as an array.
  public int[] array() {
    return words().stream().mapToInt(i -> i).toArray();
  }
}
