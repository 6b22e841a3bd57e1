package org.amortis.engine.math;

/// Uniform numbers of many consecutive items at once: the same integers as [Philox#pair], with the
/// items side by side so that the compiler vectorises each round.
final class PhiloxBlock {
  /// Items a block.
  static final int SIZE = 256;

  private static final long A = 0xD2511F53L;
  private static final long B = 0xCD9E8D57L;
  private static final int WEYL_0 = 0x9E3779B9;
  private static final int WEYL_1 = 0xBB67AE85;
  private static final long LOW = 0xFFFFFFFFL;
  private static final long ONE = 0x3FF0000000000000L;

  private final long[] c0 = new long[SIZE];
  private final long[] c1 = new long[SIZE];
  private final long[] c2 = new long[SIZE];
  private final long[] c3 = new long[SIZE];

  /// Writes the uniforms of items `from .. from + SIZE - 1`, as [Streams#uniform64] defines them.
  void uniformInto(RandomKey key, int step, long from, double[] out, int offset) {
    for (int i = 0; i < SIZE; i++) {
      c0[i] = from + i & LOW;
      c1[i] = from + i >>> 32;
      c2[i] = step & LOW;
      c3[i] = key.stream() & LOW;
    }
    int k0 = (int) key.seed();
    int k1 = (int) (key.seed() >>> 32);
    for (int round = 0; round < 10; round++) {
      round(c0, c1, c2, c3, k0 & LOW, k1 & LOW);
      k0 += WEYL_0;
      k1 += WEYL_1;
    }
    for (int i = 0; i < SIZE; i++) {
      long k = (c1[i] << 32 | c0[i]) >>> 12;
      // (2k + 1) 2^-53 is 1 + k 2^-52 less 1 - 2^-53, and every step of that is exact.
      out[offset + i] = Double.longBitsToDouble(ONE | k) - (1.0 - 0x1p-53);
    }
  }

  /// One round; words are the low halves of longs.
  private static void round(long[] c0, long[] c1, long[] c2, long[] c3, long k0, long k1) {
    for (int i = 0; i < SIZE; i++) {
      long a = A * (c0[i] & LOW);
      long b = B * (c2[i] & LOW);
      c0[i] = (b >>> 32) ^ c1[i] ^ k0;
      c1[i] = b & LOW;
      c2[i] = (a >>> 32) ^ c3[i] ^ k1;
      c3[i] = a & LOW;
    }
  }
}
