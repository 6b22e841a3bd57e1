package org.amortis.engine.math;

/// Random numbers as values: each is a pure function of `(key, step, item)`, so results do not
/// depend on threads, batch split or resumption.
///
/// One item owns one [Philox] block: the key words are `(seed low, seed high)`, the counter words
/// `(item low, item high, step, stream)`, the output words `w0..w3`. With `>>>` the unsigned shift:
///
/// | value | integer | result |
/// |---|---|---|
/// | `bits32` | `w0` | |
/// | `bits64` | `w0 + 2^32 w1` | |
/// | `uniform32` | `k = w0 >>> 9` | `(2k + 1) 2^-24`, exact |
/// | `uniform64` | `k = bits64 >>> 12` | `(2k + 1) 2^-53`, exact |
/// | `normal32` | `k = w0` | `float(quantile((2k + 1) 2^-33))`, all 32 bits |
/// | `normal64` | `k = bits64 >>> 12` | `quantile((2k + 1) 2^-53)` |
///
/// Uniforms are odd multiples of a power of two: never 0 or 1, symmetric about 1/2, the mean
/// exactly 1/2. The quantile is [Special#normalQuantile], so normals are finite: below 6.4 in
/// magnitude in float, 8.21 in double.
public final class Streams {
  private static final long LOW = 0xFFFFFFFFL;
  private static final long ATTEMPT = 1L << 48;

  private Streams() {}

  /// Returns word 0 of the item's block.
  public static int bits32(RandomKey key, int step, long item) {
    return (int) bits64(key, step, item);
  }

  /// Returns words 0 (low) and 1 (high) of the item's block.
  public static long bits64(RandomKey key, int step, long item) {
    long seed = key.seed();
    return Philox.pair(
        (int) item, (int) (item >>> 32), step, key.stream(), (int) seed, (int) (seed >>> 32));
  }

  /// Returns all four words of the item's block.
  public static int[] words(RandomKey key, int step, long item) {
    long seed = key.seed();
    return Philox.block(
        (int) item, (int) (item >>> 32), step, key.stream(), (int) seed, (int) (seed >>> 32));
  }

  /// Returns a uniform number of (0, 1) with 24 significant bits.
  public static float uniform32(RandomKey key, int step, long item) {
    return ((bits32(key, step, item) >>> 9) * 2 + 1) * 0x1p-24f;
  }

  /// Returns a uniform number of (0, 1) with 53 significant bits.
  public static double uniform64(RandomKey key, int step, long item) {
    return ((bits64(key, step, item) >>> 12) * 2 + 1) * 0x1p-53;
  }

  /// Returns a standard normal number by inversion of a 33-bit uniform.
  public static float normal32(RandomKey key, int step, long item) {
    return (float) Special.normalQuantile(((bits32(key, step, item) & LOW) * 2 + 1) * 0x1p-33);
  }

  /// Returns a standard normal number by inversion of [#uniform64].
  public static double normal64(RandomKey key, int step, long item) {
    return Special.normalQuantile(uniform64(key, step, item));
  }

  /// Returns an integer of 0..bound-1, all equally likely.
  ///
  /// The words `w` of the item's block are tried in order: the result is `(w bound) >>> 32` for the
  /// first `w` whose product has a low half of at least `2^32 mod bound`. If all four fail the
  /// block of `item + 2^48` follows, and so on; items up to `2^48` therefore never meet.
  ///
  /// Source: Lemire (2019), Fast random integer generation in an interval, algorithm 5.
  ///
  /// @throws IllegalArgumentException if bound is not positive
  public static int bounded(RandomKey key, int step, long item, int bound) {
    if (bound <= 0) {
      throw new IllegalArgumentException("bound must be positive: " + bound);
    }
    int threshold = Integer.remainderUnsigned(-bound, bound);
    for (long block = item; ; block += ATTEMPT) {
      for (int word : words(key, step, block)) {
        long product = (word & LOW) * bound;
        if ((product & LOW) >= threshold) {
          return (int) (product >>> 32);
        }
      }
    }
  }

  /// Returns a permutation of 0..n-1, all equally likely.
  ///
  /// Fisher-Yates from the top: for `i = n-1 .. 1` entry `i` is swapped with entry `bounded(key,
  /// step, i, i + 1)`.
  ///
  /// @throws IllegalArgumentException if n is negative
  public static int[] permutation(RandomKey key, int step, int n) {
    if (n < 0) {
      throw new IllegalArgumentException("n must not be negative: " + n);
    }
    int[] order = new int[n];
    for (int i = 0; i < n; i++) {
      order[i] = i;
    }
    for (int i = n - 1; i > 0; i--) {
      int j = bounded(key, step, i, i + 1);
      int kept = order[i];
      order[i] = order[j];
      order[j] = kept;
    }
    return order;
  }

  /// Writes the uniforms of items from..to-1 to `out[offset ..]`.
  public static void uniformInto(
      RandomKey key, int step, long from, long to, float[] out, int offset) {
    for (long item = from; item < to; item++) {
      out[offset++] = uniform32(key, step, item);
    }
  }

  /// Writes the uniforms of items from..to-1 to `out[offset ..]`.
  public static void uniformInto(
      RandomKey key, int step, long from, long to, double[] out, int offset) {
    long item = from;
    if (to - from >= PhiloxBlock.SIZE) {
      PhiloxBlock block = new PhiloxBlock();
      for (; to - item >= PhiloxBlock.SIZE; item += PhiloxBlock.SIZE) {
        block.uniformInto(key, step, item, out, offset);
        offset += PhiloxBlock.SIZE;
      }
    }
    for (; item < to; item++) {
      out[offset++] = uniform64(key, step, item);
    }
  }

  /// Writes the normals of items from..to-1 to `out[offset ..]`.
  public static void normalInto(
      RandomKey key, int step, long from, long to, float[] out, int offset) {
    for (long item = from; item < to; item++) {
      out[offset++] = normal32(key, step, item);
    }
  }

  /// Writes the normals of items from..to-1 to `out[offset ..]`.
  public static void normalInto(
      RandomKey key, int step, long from, long to, double[] out, int offset) {
    uniformInto(key, step, from, to, out, offset);
    int end = offset + (int) (to - from);
    for (int i = offset; i < end; i++) {
      out[i] = Special.normalQuantile(out[i]);
    }
  }
}
