package org.amortis.engine.device.cuda.emulator;

/// Who touched a word of memory last, as 64 bits: launch (14), group (20), barriers passed (19),
/// thread (11).
///
/// Two accesses of one launch, one of them writing, are in order when they are by the same thread,
/// or by threads of one group with a barrier between. A word has a mark of its last writer and one
/// of its last reader; several readers between two barriers, or of several groups, leave a mark
/// that says so.
final class Marks {
  /// Nobody wrote.
  static final long NOBODY = 0;

  /// Written before all launches that count.
  static final long BEFORE = 1L << 50;

  /// A copy to the word was begun and not waited for.
  static final long FLIGHT = -1;

  /// The first number of a launch, and the last before marks are made anew.
  static final long FIRST = 2;

  static final long LAST = (1 << 14) - 2;

  static final int MOST_GROUPS = (1 << 20) - 2;
  private static final int GROUP = 30;
  private static final int PASSED = 11;
  private static final long THREAD = (1 << PASSED) - 1;
  private static final long SEVERAL_GROUPS = ((1L << 20) - 1) << GROUP;

  private Marks() {}

  /// The mark of a group's thread 0.
  static long of(long launch, int group, int passed) {
    if (passed >= 1 << 19) {
      throw new PtxFault(PtxFault.Kind.LAUNCH, "more than 2^19 barriers in a launch");
    }
    return launch << 50 | (long) group << GROUP | (long) passed << PASSED;
  }

  static long launch(long mark) {
    return mark >>> 50;
  }

  static boolean sameLaunch(long a, long b) {
    return (a ^ b) >>> 50 == 0;
  }

  static boolean sameGroup(long a, long b) {
    return (a ^ b) >>> GROUP == 0;
  }

  /// Whether an access marked `before` of the same memory conflicts with one marked `now`.
  static boolean conflict(long before, long now) {
    long d = before ^ now;
    return d != 0 && d >>> 50 == 0 && (d >>> GROUP != 0 || d >>> PASSED == 0);
  }

  /// The mark of readers after one more.
  static long read(long before, long now) {
    long d = before ^ now;
    if (d >>> 50 != 0) {
      return now;
    }
    if (d >>> GROUP != 0) {
      return before | SEVERAL_GROUPS;
    }
    return d >>> PASSED == 0 && d != 0 ? before | THREAD : now;
  }

  /// For messages.
  static String text(long mark, long now) {
    if (!sameLaunch(mark, now)) {
      return "another launch of the graph, for which this one does not wait";
    }
    long group = mark >>> GROUP & (1 << 20) - 1;
    long thread = mark & THREAD;
    return (group == SEVERAL_GROUPS >>> GROUP ? "several blocks" : "block " + group)
        + (thread == THREAD ? ", several threads" : ", thread " + thread)
        + " after barrier "
        + (mark >>> PASSED & (1 << 19) - 1)
        + ", no barrier between";
  }
}
