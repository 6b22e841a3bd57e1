package org.amortis.engine.device.cpu;

import java.lang.foreign.MemorySegment;

/// Work arrays of one thread, kept between calls and grown when a kernel asks for more.
///
/// A kernel names an array by slot; its content is whatever the last user of the slot left there.
/// Not safe for use by two threads at once.
public final class Scratch32 {
  /// Elements of a cache line.
  public static final int LINE = 64 / Float.BYTES;

  private static final int SLOTS = 12;

  private final float[][] values = new float[SLOTS][0];
  private final int[][] indices = new int[SLOTS][0];
  private final long[][] masks = new long[SLOTS][0];

  /// The work array `slot` with at least `size` elements; earlier references to the slot stay valid
  /// but apart.
  public float[] values(int slot, int size) {
    float[] have = values[slot];
    if (have.length < size) {
      have = new float[size + (size >> 2)];
      values[slot] = have;
    }
    return have;
  }

  /// Elements to skip at the start of `array` so that the next one begins a cache line, at most
  /// [#LINE] - 1.
  ///
  /// The answer holds until the collector moves the array and is 0 where addresses are unknown: use
  /// it for speed only.
  public static int lead(float[] array) {
    return Addresses.lead(MemorySegment.ofArray(array), Float.BYTES) / Float.BYTES;
  }

  /// The integer work array `slot` with at least `size` elements.
  public int[] indices(int slot, int size) {
    int[] have = indices[slot];
    if (have.length < size) {
      have = new int[size + (size >> 2)];
      indices[slot] = have;
    }
    return have;
  }

  /// The bit-mask work array `slot` with at least `size` elements.
  public long[] masks(int slot, int size) {
    long[] have = masks[slot];
    if (have.length < size) {
      have = new long[size + (size >> 2)];
      masks[slot] = have;
    }
    return have;
  }
}
