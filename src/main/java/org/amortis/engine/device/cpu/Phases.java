package org.amortis.engine.device.cpu;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.amortis.engine.program.Program;

/// Puts launches into phases: a new phase, and so a barrier, begins only where a thread would read
/// what another one has written, or write what another one may still read, since the last barrier.
final class Phases {
  /// Memory touched in the present phase.
  private record Touch(
      Program.Value root, int offset, int size, Launch by, boolean aligned, boolean written) {}

  private Phases() {}

  static List<List<Launch>> of(
      List<Launch> launches,
      Function<Program.Value, Program.Value> root,
      ToIntFunction<Program.Value> offset,
      ToIntFunction<Program.Value> size) {
    List<List<Launch>> phases = new ArrayList<>();
    List<Launch> phase = new ArrayList<>();
    List<Touch> touched = new ArrayList<>();
    for (Launch l : launches) {
      List<Touch> mine = new ArrayList<>();
      for (Launch.Read r : l.reads) {
        Program.Value v = r.value();
        int at = offset.applyAsInt(v);
        mine.add(new Touch(root.apply(v), at, size.applyAsInt(v), l, r.aligned(), false));
      }
      for (Program.Value v : l.writes) {
        int at = offset.applyAsInt(v);
        mine.add(new Touch(root.apply(v), at, size.applyAsInt(v), l, true, true));
      }
      if (mine.stream().anyMatch(m -> touched.stream().anyMatch(t -> clash(t, m)))) {
        phases.add(phase);
        phase = new ArrayList<>();
        touched.clear();
      }
      phase.add(l);
      touched.addAll(mine);
    }
    if (!phase.isEmpty()) {
      phases.add(phase);
    }
    return phases;
  }

  private static boolean clash(Touch a, Touch b) {
    if (!a.written && !b.written || !a.root.equals(b.root)) {
      return false;
    }
    if (a.by.split == Launch.Split.SINGLE && b.by.split == Launch.Split.SINGLE) {
      return false;
    }
    if (a.written && b.written && a.offset != b.offset) {
      // Parts of one concatenation: each launch writes its own.
      return false;
    }
    boolean sameRows =
        a.by.split == Launch.Split.ROWS
            && b.by.split == Launch.Split.ROWS
            && a.by.items == b.by.items
            && a.aligned
            && b.aligned
            && a.offset == b.offset
            && a.size == b.size;
    return !sameRows;
  }
}
