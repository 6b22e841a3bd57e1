package org.amortis.engine.device.cuda.emulator;

import java.util.Arrays;

/// Memory of the threads of a warp, each its own.
final class LocalMemory extends Region {
  private final int bytes;

  LocalMemory(Code code) {
    super(code.localBytes / 4 * Warp.LANES);
    bytes = code.localBytes;
  }

  void forget() {
    Arrays.fill(writer, Marks.NOBODY);
  }

  @Override
  int word(Warp w, int lane, long address, int size) {
    if ((address & size - 1) != 0) {
      throw misaligned(w, lane, "local address " + address, size);
    }
    if (address < 0 || address + size > bytes) {
      throw w.fault(
          PtxFault.Kind.BOUNDS, lane, size + " bytes at local address " + address + " of " + bytes);
    }
    return bytes / 4 * lane + (int) (address >> 2);
  }

  @Override
  boolean unwritten(long writer, long now) {
    return writer == Marks.NOBODY;
  }

  @Override
  void read(Warp w, int lane, int i) {
    if (writer[i] == Marks.NOBODY) {
      throw w.fault(PtxFault.Kind.UNWRITTEN, lane, word(i) + " was never written");
    }
  }

  @Override
  void write(Warp w, int lane, int i) {
    writer[i] = Marks.BEFORE;
  }

  @Override
  String word(int i) {
    return "local address " + 4 * i % bytes;
  }
}
