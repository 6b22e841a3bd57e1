package org.amortis.engine.device.cpu;

import java.util.ArrayList;
import java.util.List;
import org.amortis.engine.program.Print;
import org.amortis.engine.program.Program;

/// A launch whose work is one function.
final class Call extends Launch {
  /// Does items `[from, to)`.
  interface Body {
    void run(int from, int to, Worker w);
  }

  private final Body body;

  private Call(
      String name,
      Split split,
      int items,
      int elements,
      List<Read> reads,
      List<Program.Value> writes,
      Body body) {
    super(name, split, items, elements, reads, writes);
    this.body = body;
  }

  /// The launch of one node; `aligned` says for each operand whether row r reads row r only.
  static Call of(Program.Node n, Split split, int items, boolean[] aligned, Body body) {
    List<Read> reads = new ArrayList<>();
    for (int i = 0; i < n.in().size(); i++) {
      reads.add(new Read(n.in().get(i), i < aligned.length && aligned[i]));
    }
    List<Program.Value> writes = new ArrayList<>();
    for (int i = 0; i < n.types().size(); i++) {
      writes.add(new Program.Value(n.id(), i));
    }
    int elements = n.types().stream().mapToInt(t -> t.size()).sum();
    return new Call(Print.op(n.op()), split, items, elements, reads, writes, body);
  }

  /// A copy of a value into the memory of a state input.
  static Call update(String label, Program.Value from, Program.Value to, Ref source, Ref target) {
    return new Call(
        "update " + label,
        Split.SINGLE,
        1,
        source.size(),
        List.of(new Read(from, false)),
        List.of(to),
        (a, b, w) ->
            System.arraycopy(
                source.array(), source.at(), target.array(), target.at(), source.size()));
  }

  Call flops(long count) {
    count(count);
    return this;
  }

  @Override
  void run(int from, int to, Worker w) {
    body.run(from, to, w);
  }
}
