package org.amortis.engine.device.cuda.emulator;

/// A load or a store: for each lane an address, and there one, two or four elements in a row.
abstract class Access extends Step {
  /// What stands between a register and an element in memory.
  enum Form {
    /// 32 bits.
    WORD,
    /// 64 bits.
    DOUBLE_WORD,
    /// 32 bits of memory, 64 of a register, whose upper half is the sign.
    SIGNED,
    /// 32 bits of memory, 64 of a register, whose upper half is 0.
    UNSIGNED
  }

  /// Where memory lies.
  enum Space {
    GLOBAL,
    SHARED,
    LOCAL,
    /// What the address says: shared and local memory have windows in it.
    GENERIC
  }

  /// Where the windows of shared and local memory begin.
  static final long SHARED_WINDOW = 0x7e00L << 32;

  static final long LOCAL_WINDOW = 0x7f00L << 32;

  /// An address: a row of 32 or of 64 bits, and what is added.
  record Address(boolean wide, int row, long offset) {
    long of(Warp w, int lane) {
      return (wide ? w.q[row + lane] : w.r[row + lane] & 0xffff_ffffL) + offset;
    }
  }

  final Space space;
  final Address address;
  final Form form;
  final int[] rows;
  final int bytes;

  Access(Space space, Address address, Form form, int[] rows) {
    this.space = space;
    this.address = address;
    this.form = form;
    this.rows = rows;
    this.bytes = rows.length * (form == Form.DOUBLE_WORD ? 8 : 4);
  }

  @Override
  final void run(Warp w) {
    Counters counters = w.group.counters();
    if (counters != null) {
      counters.access(w, space, address, bytes, this instanceof Load);
    }
    switch (space) {
      case SHARED -> run(w, w.group.shared);
      case LOCAL -> run(w, w.local);
      case GLOBAL -> runGlobal(w);
      case GENERIC -> runGeneric(w);
    }
  }

  private void runGeneric(Warp w) {
    for (int m = w.mask; m != 0; m &= m - 1) {
      int l = Integer.numberOfTrailingZeros(m);
      long at = address.of(w, l);
      Region region =
          at >>> 40 == SHARED_WINDOW >>> 40
              ? w.group.shared
              : at >>> 40 == LOCAL_WINDOW >>> 40 ? w.local : w.group.memory().at(w, l, at);
      long window = region == w.group.shared ? SHARED_WINDOW : region == w.local ? LOCAL_WINDOW : 0;
      move(w, l, region, region.word(w, l, at - window, bytes));
    }
  }

  private void run(Warp w, Region region) {
    for (int m = w.mask; m != 0; m &= m - 1) {
      int l = Integer.numberOfTrailingZeros(m);
      move(w, l, region, region.word(w, l, address.of(w, l), bytes));
    }
  }

  private void runGlobal(Warp w) {
    Memory memory = w.group.memory();
    Region region = null;
    long known = -1;
    for (int m = w.mask; m != 0; m &= m - 1) {
      int l = Integer.numberOfTrailingZeros(m);
      long at = address.of(w, l);
      if (at >>> 32 != known) {
        region = memory.at(w, l, at);
        known = at >>> 32;
      }
      move(w, l, region, region.word(w, l, at, bytes));
    }
  }

  /// Moves a lane's elements from or to the words from `i` on.
  abstract void move(Warp w, int lane, Region region, int i);

  /// From memory to registers.
  static final class Load extends Access {
    Load(Space space, Address address, Form form, int[] rows) {
      super(space, address, form, rows);
    }

    @Override
    void move(Warp w, int lane, Region m, int i) {
      for (int row : rows) {
        m.read(w, lane, i);
        int low = m.words[i++];
        switch (form) {
          case WORD -> w.r[row + lane] = low;
          case SIGNED -> w.q[row + lane] = low;
          case UNSIGNED -> w.q[row + lane] = low & 0xffff_ffffL;
          case DOUBLE_WORD -> {
            m.read(w, lane, i);
            w.q[row + lane] = low & 0xffff_ffffL | (long) m.words[i++] << 32;
          }
        }
      }
    }
  }

  /// From registers to memory.
  static final class Store extends Access {
    Store(Space space, Address address, Form form, int[] rows) {
      super(space, address, form, rows);
    }

    @Override
    void move(Warp w, int lane, Region m, int i) {
      for (int row : rows) {
        m.write(w, lane, i);
        if (form == Form.WORD) {
          m.words[i++] = w.r[row + lane];
        } else {
          long value = w.q[row + lane];
          m.words[i++] = (int) value;
          if (form == Form.DOUBLE_WORD) {
            m.write(w, lane, i);
            m.words[i++] = (int) (value >>> 32);
          }
        }
      }
    }
  }
}
