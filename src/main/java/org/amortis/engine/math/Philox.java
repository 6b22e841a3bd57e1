package org.amortis.engine.math;

/// The counter-based generator Philox4x32-10: a bijection of 128-bit counters for each 64-bit key.
///
/// A round maps the words `(c0, c1, c2, c3)` under the key `(k0, k1)` to `(hi(B c2) ^ c1 ^ k0, lo(B
/// c2), hi(A c0) ^ c3 ^ k1, lo(A c0))` with `A = 0xD2511F53`, `B = 0xCD9E8D57`; before each round
/// but the first `k0 += 0x9E3779B9` and `k1 += 0xBB67AE85`. There are ten rounds. All words are
/// unsigned 32-bit integers held in `int`, so any device reproduces them exactly.
///
/// Source: Salmon, Moraes, Dror and Shaw (2011), Parallel random numbers: as easy as 1, 2, 3,
/// section 3.3 and table 2.
public final class Philox {
  private static final long A = 0xD2511F53L;
  private static final long B = 0xCD9E8D57L;
  private static final int WEYL_0 = 0x9E3779B9;
  private static final int WEYL_1 = 0xBB67AE85;
  private static final long LOW = 0xFFFFFFFFL;

  private Philox() {}

  /// Returns the four output words of one counter.
  public static int[] block(int c0, int c1, int c2, int c3, int k0, int k1) {
    for (int round = 0; round < 10; round++) {
      long a = A * (c0 & LOW);
      long b = B * (c2 & LOW);
      c0 = (int) (b >>> 32) ^ c1 ^ k0;
      c1 = (int) b;
      c2 = (int) (a >>> 32) ^ c3 ^ k1;
      c3 = (int) a;
      k0 += WEYL_0;
      k1 += WEYL_1;
    }
    return new int[] {c0, c1, c2, c3};
  }

  /// Returns output words 0 (low half) and 1 (high half) of one counter as a 64-bit integer.
  public static long pair(int c0, int c1, int c2, int c3, int k0, int k1) {
    for (int round = 0; round < 10; round++) {
      long a = A * (c0 & LOW);
      long b = B * (c2 & LOW);
      c0 = (int) (b >>> 32) ^ c1 ^ k0;
      c1 = (int) b;
      c2 = (int) (a >>> 32) ^ c3 ^ k1;
      c3 = (int) a;
      k0 += WEYL_0;
      k1 += WEYL_1;
    }
    return ((long) c1 << 32) | (c0 & LOW);
  }
}
