package org.amortis.engine.device.cuda;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.amortis.engine.device.cuda.EmulatedCalls.Node;
import org.amortis.engine.device.cuda.emulator.Machine;

/// A graph of launches, executable or not: its parts run in a random order of those that its edges
/// allow, and race where no edge is between them.
final class EmulatedGraph {
  /// A launch, or another graph, and the parts it waits for; compared by identity.
  static final class Part {
    final Node launch;
    final EmulatedGraph graph;
    final List<Part> after;

    Part(Node launch, EmulatedGraph graph, List<Part> after) {
      this.launch = launch;
      this.graph = graph;
      this.after = after;
    }
  }

  final List<Part> parts;

  EmulatedGraph(List<Part> parts) {
    this.parts = parts;
  }

  /// Launches one after the other.
  static EmulatedGraph chain(List<Node> launches) {
    List<Part> parts = new ArrayList<>();
    launches.forEach(
        n -> parts.add(new Part(n, null, parts.isEmpty() ? List.of() : List.of(parts.getLast()))));
    return new EmulatedGraph(parts);
  }

  /// Launches in it.
  int size() {
    return parts.stream().mapToInt(p -> p.graph == null ? 1 : p.graph.size()).sum();
  }

  /// A run of a graph.
  static final class Run {
    private final EmulatedCalls calls;
    private final Machine machine;
    private final SplittableRandom order;

    /// Launches that ran before one that was added earlier.
    int overtaken;

    Run(EmulatedCalls calls, Machine machine, SplittableRandom order) {
      this.calls = calls;
      this.machine = machine;
      this.order = order;
    }

    /// Runs a graph and everything in it.
    void all(EmulatedGraph g) {
      machine.beginGraph(g.size());
      parts(g, new BitSet());
      machine.endGraph();
    }

    /// Runs the parts, late ones early.
    ///
    /// @param before launches that all parts wait for
    /// @return those, and its own
    private BitSet parts(EmulatedGraph g, BitSet before) {
      List<Part> left = new ArrayList<>(g.parts);
      Map<Part, BitSet> done = new HashMap<>();
      BitSet all = (BitSet) before.clone();
      while (!left.isEmpty()) {
        List<Part> ready = left.stream().filter(p -> done.keySet().containsAll(p.after)).toList();
        boolean last = order.nextInt(3) > 0;
        Part next = last ? ready.getLast() : ready.get(order.nextInt(ready.size()));
        overtaken += next == left.getFirst() ? 0 : 1;
        left.remove(next);
        BitSet waited = (BitSet) before.clone();
        next.after.forEach(p -> waited.or(done.get(p)));
        if (next.graph == null) {
          machine.after(waited);
          int number = machine.launched();
          calls.run(next.launch);
          waited.set(number);
          done.put(next, waited);
        } else {
          done.put(next, parts(next.graph, waited));
        }
        all.or(done.get(next));
      }
      return all;
    }
  }
}
