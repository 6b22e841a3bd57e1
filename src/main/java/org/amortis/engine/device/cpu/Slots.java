package org.amortis.engine.device.cpu;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.amortis.engine.program.Program;
import org.amortis.engine.shape.DType;

/// Values that may follow one another in the same memory within a phase.
///
/// All their launches divide the same number of rows and keep to them, so a thread writes its rows
/// of the second value after it has read its rows of the first; both have the same size, so the
/// rows of one thread lie in the same place. Without this a phase of many layers would hold every
/// activation at once.
final class Slots {
  /// Launches from `first` to `last`, rows of `items` each.
  private static final class Use {
    int first = -1;
    int last;
    int items = -1;
    boolean aligned = true;
  }

  /// What two values in one slot have in common.
  private record Kind(DType dtype, int size, int items) {}

  private final Program program;
  private final Function<Program.Value, Program.Value> root;
  private final Map<Program.Value, Use> uses = new HashMap<>();

  private Slots(Program program, Function<Program.Value, Program.Value> root) {
    this.program = program;
    this.root = root;
  }

  /// For each of `values`, the value whose memory it takes: itself, or an earlier one.
  static Map<Program.Value, Program.Value> of(
      Program program,
      List<List<Launch>> phases,
      Function<Program.Value, Program.Value> root,
      Set<Program.Value> kept,
      List<Program.Value> values) {
    Slots s = new Slots(program, root);
    int time = 0;
    for (List<Launch> phase : phases) {
      for (Launch l : phase) {
        for (Launch.Read r : l.reads) {
          s.touch(r.value(), l, r.aligned(), time);
        }
        for (Program.Value v : l.writes) {
          s.touch(v, l, true, time);
        }
        time++;
      }
    }
    return s.share(values, kept);
  }

  private void touch(Program.Value v, Launch l, boolean aligned, int time) {
    Program.Value to = root.apply(v);
    Use u = uses.computeIfAbsent(to, k -> new Use());
    boolean whole = program.type(v).size() == program.type(to).size();
    boolean first = u.first < 0;
    u.aligned &= aligned && whole && l.split == Launch.Split.ROWS && (first || u.items == l.items);
    u.items = l.items;
    u.first = first ? time : u.first;
    u.last = time;
  }

  private Map<Program.Value, Program.Value> share(
      List<Program.Value> values, Set<Program.Value> kept) {
    Map<Program.Value, Program.Value> slot = new HashMap<>();
    Map<Kind, List<Program.Value>> open = new HashMap<>();
    Map<Program.Value, Integer> busy = new HashMap<>();
    List<Program.Value> order = new ArrayList<>(new HashSet<>(values));
    order.sort(
        java.util.Comparator.comparingInt((Program.Value v) -> uses.get(v).first)
            .thenComparingInt(Program.Value::node)
            .thenComparingInt(Program.Value::output));
    for (Program.Value v : order) {
      Use u = uses.get(v);
      slot.put(v, v);
      if (!u.aligned || kept.contains(v)) {
        continue;
      }
      var type = program.type(v);
      Kind kind = new Kind(type.dtype(), type.size(), u.items);
      List<Program.Value> candidates = open.computeIfAbsent(kind, k -> new ArrayList<>());
      for (Program.Value c : candidates) {
        if (busy.get(c) < u.first) {
          slot.put(v, c);
          break;
        }
      }
      if (slot.get(v).equals(v)) {
        candidates.add(v);
      }
      busy.put(slot.get(v), u.last);
    }
    return slot;
  }
}
