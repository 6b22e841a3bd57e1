package org.amortis.engine.device.cuda.emulator;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// Copies from device to shared memory that a warp's threads have begun (`cp.async`).
///
/// Nobody may touch the words that a copy goes to until its thread has waited for it, and no other
/// thread before a barrier behind that. A copy is done as late as it may be: when it is waited for.
final class AsyncCopies {
  /// Words from one memory to another; those from `given` on become 0.
  private record Copy(Region from, int source, int to, int words, int given) {}

  private final List<Deque<List<Copy>>> sets = new ArrayList<>();

  AsyncCopies() {
    for (int l = 0; l < Warp.LANES; l++) {
      sets.add(new ArrayDeque<>());
    }
  }

  /// Forgets what was begun.
  void reset(SharedMemory shared) {
    for (Deque<List<Copy>> of : sets) {
      for (List<Copy> set : of) {
        set.forEach(c -> shared.forget(c.to, c.words));
      }
      of.clear();
      of.add(new ArrayList<>());
    }
  }

  private void begin(Warp w, int lane, Copy c) {
    for (int i = 0; i < c.given; i++) {
      c.from.read(w, lane, c.source + i);
    }
    for (int i = 0; i < c.words; i++) {
      w.group.shared.write(w, lane, c.to + i);
      w.group.shared.writer[c.to + i] = Marks.FLIGHT;
    }
    sets.get(lane).getLast().add(c);
  }

  private void end(Warp w, int lane, Copy c) {
    SharedMemory shared = w.group.shared;
    for (int i = 0; i < c.words; i++) {
      if (i < c.given) {
        c.from.read(w, lane, c.source + i);
      }
      shared.words[c.to + i] = i < c.given ? c.from.words[c.source + i] : 0;
      shared.writer[c.to + i] = w.group.mark | w.thread(lane);
    }
  }

  /// `cp.async.ca.shared.global` and `cp.async.cg.shared.global`.
  static final class Begin extends Step {
    private final Access.Address to;
    private final Access.Address from;
    private final int bytes;
    private final int given;

    /// Copies `bytes`, of which as many are read as the row `given` of 32 bits says.
    Begin(Access.Address to, Access.Address from, int bytes, int given) {
      this.to = to;
      this.from = from;
      this.bytes = bytes;
      this.given = given;
    }

    @Override
    void run(Warp w) {
      Counters counters = w.group.counters();
      if (counters != null) {
        counters.access(w, Access.Space.GLOBAL, from, bytes, true);
        counters.access(w, Access.Space.SHARED, to, bytes, false);
      }
      for (int m = w.mask; m != 0; m &= m - 1) {
        int l = Integer.numberOfTrailingZeros(m);
        int n = w.r[given + l];
        if (n < 0 || n > bytes || n % 4 != 0) {
          throw w.fault(PtxFault.Kind.BOUNDS, l, n + " of " + bytes + " bytes are read");
        }
        int i = w.group.shared.word(w, l, to.of(w, l), bytes);
        Region source = null;
        int at = 0;
        if (n > 0) {
          long address = from.of(w, l);
          source = w.group.memory().at(w, l, address);
          at = source.word(w, l, address, n == bytes ? bytes : 4);
          source.word(w, l, address + n - 4, 4);
        }
        w.copies().begin(w, l, new Copy(source, at, i, bytes / 4, n / 4));
      }
    }
  }

  /// `cp.async.commit_group`: copies since the last one are a set.
  static final class Commit extends Step {
    @Override
    void run(Warp w) {
      for (int m = w.mask; m != 0; m &= m - 1) {
        w.copies().sets.get(Integer.numberOfTrailingZeros(m)).add(new ArrayList<>());
      }
    }
  }

  /// `cp.async.wait_group`: all sets but the last `open` are there.
  static final class Wait extends Step {
    private final int open;

    /// Waits until at most so many sets are open; for -1, for copies that are in no set, too.
    Wait(int open) {
      this.open = open;
    }

    @Override
    void run(Warp w) {
      for (int m = w.mask; m != 0; m &= m - 1) {
        int l = Integer.numberOfTrailingZeros(m);
        Deque<List<Copy>> of = w.copies().sets.get(l);
        while (of.size() > open + 1) {
          of.removeFirst().forEach(c -> w.copies().end(w, l, c));
        }
        if (of.isEmpty()) {
          of.add(new ArrayList<>());
        }
      }
    }
  }
}
