package org.amortis.engine.device.cuda.emulator;

/// Memory that addresses point into: words, and for each of them who touched it last ([Marks]).
abstract class Region {
  final int[] words;
  final long[] writer;
  final long[] reader;

  Region(int words) {
    this.words = new int[words];
    this.writer = new long[words];
    this.reader = new long[words];
  }

  /// The word of an address.
  ///
  /// @throws PtxFault BOUNDS or ALIGNMENT
  abstract int word(Warp w, int lane, long address, int bytes);

  /// Whether a word with this mark of a writer holds nothing that a thread with this mark may read.
  abstract boolean unwritten(long writer, long now);

  /// Whether accesses with these marks, one of them writing, are not in order.
  boolean conflict(Warp w, long before, long now) {
    return Marks.sameLaunch(before, now)
        ? Marks.conflict(before, now)
        : w.group.beside(Marks.launch(before));
  }

  /// What it is, for messages.
  abstract String word(int i);

  /// Notes that a thread reads a word.
  ///
  /// @throws PtxFault UNWRITTEN or RACE
  void read(Warp w, int lane, int i) {
    long now = w.group.mark | w.thread(lane);
    long by = writer[i];
    if (by != now && by != Marks.BEFORE) {
      if (by == Marks.FLIGHT) {
        throw w.fault(PtxFault.Kind.RACE, lane, word(i) + " is read, a copy to it is not done");
      }
      if (unwritten(by, now)) {
        throw w.fault(PtxFault.Kind.UNWRITTEN, lane, word(i) + " was never written");
      }
      if (conflict(w, by, now)) {
        throw race(w, lane, i, "read here, written", by);
      }
    }
    reader[i] = Marks.read(reader[i], now);
  }

  /// Notes that a thread writes a word.
  ///
  /// @throws PtxFault RACE
  void write(Warp w, int lane, int i) {
    long now = w.group.mark | w.thread(lane);
    if (writer[i] == Marks.FLIGHT) {
      throw w.fault(PtxFault.Kind.RACE, lane, word(i) + " is written, a copy to it is not done");
    }
    if (conflict(w, writer[i], now)) {
      throw race(w, lane, i, "written here, written", writer[i]);
    }
    if (conflict(w, reader[i], now)) {
      throw race(w, lane, i, "written here, read", reader[i]);
    }
    writer[i] = now;
  }

  private PtxFault race(Warp w, int lane, int i, String what, long by) {
    return w.fault(
        PtxFault.Kind.RACE, lane, word(i) + " is " + what + " by " + Marks.text(by, w.group.mark));
  }

  static PtxFault misaligned(Warp w, int lane, String place, int bytes) {
    return w.fault(PtxFault.Kind.ALIGNMENT, lane, bytes + " bytes at " + place);
  }
}
