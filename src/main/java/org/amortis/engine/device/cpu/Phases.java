package org.amortis.engine.device.cpu;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.amortis.engine.program.Program;

/// Puts launches into phases: a new phase, and so a barrier, begins only where a thread would read
/// what another one has written, or write what another one may still read, since the last barrier.
///
/// A launch may be moved before others that it does not depend on. So all layers of a backward
/// pass, which keep to the rows of their thread, run in one phase, and the weight gradients, which
/// sum over all rows, in the next.
final class Phases {
  /// Elements `[from, to)` of the memory of `root` that a launch reads or writes.
  private record Touch(Program.Value root, int from, int to, boolean aligned, boolean written) {
    boolean meets(Touch other) {
      return (written || other.written)
          && from < other.to
          && other.from < to
          && root.equals(other.root);
    }
  }

  private final List<Launch> launches;
  private final List<List<Touch>> touches = new ArrayList<>();
  private final List<List<Integer>> earlier = new ArrayList<>();

  private Phases(List<Launch> launches) {
    this.launches = launches;
  }

  /// The phases of launches that are given in an order that respects their dependencies.
  ///
  /// @param root value whose memory a value lies in
  /// @param offset first element of a value in that memory
  /// @param size number of elements of a value
  static List<List<Launch>> of(
      List<Launch> launches,
      Function<Program.Value, Program.Value> root,
      ToIntFunction<Program.Value> offset,
      ToIntFunction<Program.Value> size) {
    Phases p = new Phases(launches);
    for (Launch l : launches) {
      List<Touch> mine = new ArrayList<>();
      for (Launch.Read r : l.reads) {
        int at = offset.applyAsInt(r.value());
        int end = at + size.applyAsInt(r.value());
        mine.add(new Touch(root.apply(r.value()), at, end, r.aligned(), false));
      }
      for (Program.Value v : l.writes) {
        int at = offset.applyAsInt(v);
        mine.add(new Touch(root.apply(v), at, at + size.applyAsInt(v), true, true));
      }
      List<Integer> before = new ArrayList<>();
      for (int i = 0; i < p.touches.size(); i++) {
        if (meet(p.touches.get(i), mine)) {
          before.add(i);
        }
      }
      p.touches.add(mine);
      p.earlier.add(before);
    }
    return p.schedule();
  }

  private static boolean meet(List<Touch> a, List<Touch> b) {
    for (Touch t : a) {
      for (Touch u : b) {
        if (t.meets(u)) {
          return true;
        }
      }
    }
    return false;
  }

  private List<List<Launch>> schedule() {
    int[] phaseOf = new int[launches.size()];
    java.util.Arrays.fill(phaseOf, -1);
    List<List<Launch>> phases = new ArrayList<>();
    for (int left = launches.size(); left > 0; ) {
      List<Launch> phase = new ArrayList<>();
      for (int i = 0; i < launches.size(); i++) {
        if (phaseOf[i] < 0 && fits(i, phases.size(), phaseOf)) {
          phaseOf[i] = phases.size();
          phase.add(launches.get(i));
        }
      }
      left -= phase.size();
      phases.add(phase);
    }
    return phases;
  }

  /// Whether all that launch `i` depends on is done before the phase, or in it by the same thread.
  private boolean fits(int i, int phase, int[] phaseOf) {
    for (int j : earlier.get(i)) {
      if (phaseOf[j] < 0 || phaseOf[j] == phase && !sameThread(j, i)) {
        return false;
      }
    }
    return true;
  }

  private boolean sameThread(int i, int j) {
    Launch a = launches.get(i);
    Launch b = launches.get(j);
    if (a.split == Launch.Split.SINGLE && b.split == Launch.Split.SINGLE) {
      return true;
    }
    if (a.split != Launch.Split.ROWS || b.split != Launch.Split.ROWS || a.items != b.items) {
      return false;
    }
    for (Touch t : touches.get(i)) {
      for (Touch u : touches.get(j)) {
        boolean sameRows = t.aligned && u.aligned && t.from == u.from && t.to == u.to;
        if (t.meets(u) && !sameRows) {
          return false;
        }
      }
    }
    return true;
  }
}
