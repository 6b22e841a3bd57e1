package org.amortis.engine.device.cuda.emulator;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Memory of a device: allocations far apart, so that an address beyond one is in none.
///
/// Addresses are multiples of 256 and of no higher power of two.
public final class Memory {
  /// What memory holds that nobody wrote: a NaN in float32 and in float64, and a large integer.
  static final int POISON = 0x7ff7_dead;

  private static final long FIRST = 0x7100L << 32 | 0x300;

  /// Bytes of an allocation that a launch may touch.
  public record Part(Allocation memory, long from, long to, boolean writes) {}

  /// A piece of device memory.
  public static final class Allocation extends Region {
    final long base;
    private final List<Part> parts = new ArrayList<>();
    private boolean watched;
    private int used;
    private boolean freed;

    private Allocation(long base, int bytes) {
      super((bytes + 3) / 4);
      this.base = base;
      fresh(bytes);
    }

    /// Its address.
    public long base() {
      return base;
    }

    /// Its extent in bytes.
    public int bytes() {
      return 4 * words.length;
    }

    /// Forgets the content; only the first bytes may be used from now on.
    public void fresh(long bytes) {
      used = (int) (bytes + 3) / 4;
      Arrays.fill(words, POISON);
      Arrays.fill(writer, Marks.NOBODY);
      Arrays.fill(reader, Marks.NOBODY);
    }

    private int inside(long from, long bytes) {
      if (freed || from < 0 || bytes < 0 || from + bytes > 4L * used || (from | bytes) % 4 != 0) {
        throw new PtxFault(
            PtxFault.Kind.BOUNDS,
            "host access to %d bytes at %d of %s%d"
                .formatted(bytes, from, freed ? "freed " : "", 4L * used));
      }
      return (int) (from / 4);
    }

    /// Fills words with a pattern.
    public void fill(long from, int pattern, long n) {
      int i = inside(from, 4 * n);
      Arrays.fill(words, i, i + (int) n, pattern);
      Arrays.fill(writer, i, i + (int) n, Marks.BEFORE);
    }

    /// Copies from the start of a host buffer.
    public void write(long from, ByteBuffer host, int bytes) {
      int i = inside(from, bytes);
      host.duplicate()
          .clear()
          .order(ByteOrder.nativeOrder())
          .asIntBuffer()
          .get(words, i, bytes / 4);
      Arrays.fill(writer, i, i + bytes / 4, Marks.BEFORE);
    }

    /// Copies to the start of a host buffer.
    public void read(long from, ByteBuffer host, int bytes) {
      int i = inside(from, bytes);
      host.duplicate()
          .clear()
          .order(ByteOrder.nativeOrder())
          .asIntBuffer()
          .put(words, i, bytes / 4);
    }

    @Override
    int word(Warp w, int lane, long address, int bytes) {
      if ((address & bytes - 1) != 0) {
        throw misaligned(w, lane, (address - base) + " of an allocation", bytes);
      }
      long i = address - base >> 2;
      if (i < 0 || i + bytes / 4 > used || freed) {
        throw w.fault(
            PtxFault.Kind.BOUNDS,
            lane,
            freed
                ? "memory that was freed"
                : bytes + " bytes at " + (address - base) + " of an allocation of " + 4L * used);
      }
      return (int) i;
    }

    @Override
    boolean unwritten(long writer, long now) {
      return writer == Marks.NOBODY;
    }

    @Override
    void read(Warp w, int lane, int i) {
      if (watched && !declared(i, false)) {
        throw outside(w, lane, i, "read");
      }
      super.read(w, lane, i);
    }

    @Override
    void write(Warp w, int lane, int i) {
      if (watched && !declared(i, true)) {
        throw outside(w, lane, i, "written");
      }
      super.write(w, lane, i);
    }

    private boolean declared(int i, boolean writes) {
      for (Part p : parts) {
        if (4L * i >= p.from && 4L * i < p.to && (p.writes || !writes)) {
          return true;
        }
      }
      return false;
    }

    private PtxFault outside(Warp w, int lane, int i, String how) {
      return w.fault(
          PtxFault.Kind.BOUNDS,
          lane,
          word(i) + " is " + how + ", which the launch does not declare: " + parts);
    }

    @Override
    String word(int i) {
      return "word " + i + " of an allocation of " + used;
    }

    private void age() {
      for (int i = 0; i < words.length; i++) {
        writer[i] = writer[i] == Marks.NOBODY ? Marks.NOBODY : Marks.BEFORE;
        reader[i] = Marks.NOBODY;
      }
    }

    @Override
    public String toString() {
      return "0x" + Long.toHexString(base);
    }
  }

  private final List<Allocation> all = new ArrayList<>();

  /// Memory that nobody has written.
  public Allocation allocate(int bytes) {
    Allocation a = new Allocation(FIRST + ((long) all.size() << 32), bytes);
    all.add(a);
    return a;
  }

  /// Gives memory back; its addresses are never used again.
  public void free(Allocation a) {
    int i = (int) (a.base - FIRST >>> 32);
    a.freed = true;
    all.set(i, new Allocation(a.base, 0));
    all.get(i).freed = true;
  }

  /// The allocation an address points into.
  Allocation at(Warp w, int lane, long address) {
    long i = (address >>> 32) - (FIRST >>> 32);
    if (i < 0 || i >= all.size()) {
      throw w.fault(
          PtxFault.Kind.BOUNDS, lane, "0x" + Long.toHexString(address) + " is in no allocation");
    }
    return all.get((int) i);
  }

  /// From now on launches may touch these parts only; `null` for all memory.
  void watch(List<Part> parts) {
    for (Allocation a : all) {
      a.watched = parts != null;
      a.parts.clear();
    }
    if (parts != null) {
      parts.forEach(p -> p.memory.parts.add(p));
    }
  }

  /// Makes all marks older than any launch.
  void age() {
    all.forEach(Allocation::age);
  }
}
