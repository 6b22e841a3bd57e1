package org.amortis.engine.device.gpu;

import java.util.Map;
import java.util.TreeMap;
import org.amortis.engine.shape.DType;

/// A kernel to launch: an entry point of a family, the type of its reals, and its tile sizes.
///
/// @param entry name in `kernels/`; its first word is the family
/// @param real FLOAT32 or FLOAT64
/// @param defines values of the names the family leaves open
public record Kernel(String entry, DType real, Map<String, Integer> defines) {
  /// Sorts the names, so that equal kernels have equal texts.
  ///
  /// @throws IllegalArgumentException unless reals are floats
  public Kernel {
    if (!real.isFloat()) {
      throw new IllegalArgumentException("reals of kernel " + entry + " are floats, not " + real);
    }
    defines = java.util.Collections.unmodifiableMap(new TreeMap<>(defines));
  }

  /// A kernel without open names.
  public static Kernel of(String entry, DType real) {
    return new Kernel(entry, real, Map.of());
  }

  /// The same kernel with one more open name given.
  public Kernel define(String name, int value) {
    Map<String, Integer> all = new TreeMap<>(defines);
    all.put(name, value);
    return new Kernel(entry, real, all);
  }

  /// The file it stands in, without `.c`.
  public String family() {
    int end = entry.indexOf('_');
    return end < 0 ? entry : entry.substring(0, end);
  }

  /// The compiler's options that say all this.
  public String options() {
    StringBuilder s = new StringBuilder("-DREAL_BITS=" + 8 * real.bytes());
    defines.forEach((k, v) -> s.append(" -D").append(k).append('=').append(v));
    return s.toString();
  }

  @Override
  public String toString() {
    return entry + " " + real + (defines.isEmpty() ? "" : " " + defines);
  }
}
