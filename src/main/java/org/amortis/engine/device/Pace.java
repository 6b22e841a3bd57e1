package org.amortis.engine.device;

/// How many runs of a program to ask for at once: so many that a device is kept busy, so few that
/// their caller can poll for cancellation a few times a second.
///
/// Only the number of launches depends on it, never a result.
public final class Pace {
  /// Below this time, in nanoseconds, the number doubles; above [#SLOW] it shrinks.
  private static final long QUICK = 100_000_000L;

  private static final long SLOW = 250_000_000L;

  private int some = 1;

  /// Runs to ask for next, at most `left`.
  public int next(int left) {
    return StrictMath.min(some, left);
  }

  /// Says how long `times` of them took, to their end.
  ///
  /// @param nanos nanoseconds
  public void took(int times, long nanos) {
    if (nanos > SLOW) {
      long fit = (long) ((double) times * SLOW / nanos);
      some = (int) StrictMath.max(1, Long.highestOneBit(StrictMath.max(1, fit)));
    } else if (nanos < QUICK && times == some && some < 1 << 20) {
      some *= 2;
    }
  }
}
