package org.amortis.engine.device.cuda.emulator;

/// Memory that the threads of a group share.
final class SharedMemory extends Region {
  private final boolean[] owned;

  SharedMemory(Code code) {
    super(code.sharedOwned.length);
    owned = code.sharedOwned;
  }

  @Override
  int word(Warp w, int lane, long address, int bytes) {
    if ((address & bytes - 1) != 0) {
      throw misaligned(w, lane, "shared address " + address, bytes);
    }
    int i = (int) (address >> 2);
    if (address < 0
        || address + bytes > 4L * words.length
        || !owned[i]
        || !owned[i + bytes / 4 - 1]) {
      throw w.fault(
          PtxFault.Kind.BOUNDS,
          lane,
          bytes + " bytes at shared address " + address + ", which is in no variable");
    }
    return i;
  }

  /// Takes copies back that were never waited for.
  void forget(int from, int n) {
    java.util.Arrays.fill(writer, from, from + n, Marks.NOBODY);
  }

  /// A new group finds nothing of the one before.
  @Override
  boolean unwritten(long writer, long now) {
    return !Marks.sameGroup(writer, now);
  }

  @Override
  boolean conflict(Warp w, long before, long now) {
    return Marks.sameGroup(before, now) && Marks.conflict(before, now);
  }

  @Override
  String word(int i) {
    return "shared address " + 4 * i;
  }
}
