package org.amortis.engine.device.cpu;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.amortis.engine.op.Move;
import org.amortis.engine.op.Pointwise;
import org.amortis.engine.plan.Expansion;
import org.amortis.engine.plan.Fusion;
import org.amortis.engine.program.Print;
import org.amortis.engine.program.Program;
import org.amortis.engine.shape.Shape;

/// Turns a group of pointwise nodes into a [Loop32]: assigns tile registers and decides what goes
/// to memory.
final class LoopLowering32 {
  private final Program program;
  private final List<Program.Node> nodes;
  private final Function<Program.Value, Ref> refs;
  private final Set<Integer> members = new HashSet<>();
  private final Map<Integer, Integer> lastUse = new HashMap<>();
  private final Map<Integer, Loop32.Operand> results = new HashMap<>();
  private final List<Integer> free = new ArrayList<>();
  private final Map<Program.Value, Boolean> reads = new LinkedHashMap<>();
  private int slots;

  private LoopLowering32(
      Program program, List<Program.Node> nodes, Function<Program.Value, Ref> refs) {
    this.program = program;
    this.nodes = nodes;
    this.refs = refs;
  }

  static Launch of(
      Program program, Fusion.Step step, Function<Program.Value, Ref> refs, Set<Integer> stored) {
    return new LoopLowering32(program, step.nodes(), refs).build(stored);
  }

  private Launch build(Set<Integer> stored) {
    for (Program.Node n : nodes) {
      members.add(n.id());
    }
    for (int at = 0; at < nodes.size(); at++) {
      for (Program.Value v : nodes.get(at).in()) {
        lastUse.put(v.node(), at);
      }
    }
    Shape shape = nodes.getFirst().types().getFirst().shape();
    int rows = Fusion.rows(shape);
    List<Loop32.Instruction> code = new ArrayList<>();
    List<Program.Value> writes = new ArrayList<>();
    StringBuilder name = new StringBuilder("loop");
    for (int at = 0; at < nodes.size(); at++) {
      Program.Node n = nodes.get(at);
      List<Integer> borrowed = new ArrayList<>();
      List<Loop32.Operand> in = new ArrayList<>();
      for (Program.Value v : n.in()) {
        in.add(operand(v, shape, rows, borrowed));
      }
      boolean keep = stored.contains(n.id());
      // A register read for the last time here may take the result: kernels allow x == y.
      for (Program.Value v : n.in()) {
        Loop32.Operand o = results.get(v.node());
        if (o != null
            && o.kind() == Loop32.Kind.TILE
            && lastUse.get(v.node()) == at
            && !free.contains(o.slot())) {
          free.add(o.slot());
        }
      }
      Program.Value result = new Program.Value(n.id(), 0);
      Loop32.Operand out;
      if (keep) {
        out = new Loop32.Operand(Loop32.Kind.MEMORY, refs.apply(result), -1, null);
        writes.add(result);
      } else {
        out = new Loop32.Operand(Loop32.Kind.TILE, null, slot(), null);
      }
      free.addAll(borrowed);
      results.put(n.id(), out);
      Pointwise op = n.op() instanceof Move.Broadcast ? null : (Pointwise) n.op();
      code.add(new Loop32.Instruction(op, List.copyOf(in), out));
      name.append(' ').append(Print.op(n.op()));
    }
    List<Launch.Read> read = new ArrayList<>();
    reads.forEach((v, aligned) -> read.add(new Launch.Read(v, aligned)));
    int size = shape.size();
    return new Loop32(
        name.toString(), code, rows, rows == 0 ? 0 : size / rows, slots + 1, read, writes);
  }

  private int slot() {
    return free.isEmpty() ? slots++ : free.removeLast();
  }

  private Loop32.Operand operand(Program.Value v, Shape shape, int rows, List<Integer> borrowed) {
    if (members.contains(v.node())) {
      return results.get(v.node());
    }
    Shape from = program.type(v).shape();
    boolean aligned = from.rank() == shape.rank() && Fusion.rows(from) == rows;
    reads.merge(v, aligned, Boolean::logicalAnd);
    Expansion e = Expansion.of(from, shape);
    if (from.equals(shape) || e.contiguous() && from.size() == shape.size()) {
      return new Loop32.Operand(Loop32.Kind.MEMORY, refs.apply(v), -1, null);
    }
    int slot = slot();
    borrowed.add(slot);
    Loop32.Kind kind = e.scalar() ? Loop32.Kind.SCALAR : Loop32.Kind.EXPANDED;
    return new Loop32.Operand(kind, refs.apply(v), slot, e);
  }
}
