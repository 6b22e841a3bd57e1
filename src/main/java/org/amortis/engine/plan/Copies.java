package org.amortis.engine.plan;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.amortis.engine.op.Move;
import org.amortis.engine.program.Program;

/// Gives results that are parts of an updated state memory of their own: Program -> Program.
///
/// All updates take effect at once, after the last node: an output that is the state itself shows
/// the value before the run, and two states may be exchanged. Without a copy the first write would
/// be seen by the others.
public final class Copies {
  private Copies() {}

  /// The same program with a copy, as a repetition to the same shape, wherever one is needed.
  public static Program of(Program p) {
    Aliases aliases = Aliases.of(p);
    Map<String, Program.Node> inputs = p.inputs();
    Set<Program.Value> updated =
        p.updates().keySet().stream()
            .map(k -> new Program.Value(inputs.get(k).id(), 0))
            .collect(Collectors.toSet());
    List<Program.Node> nodes = new ArrayList<>(p.nodes());
    Map<String, Program.Value> outputs = new LinkedHashMap<>(p.outputs());
    Map<String, Program.Value> updates = new LinkedHashMap<>(p.updates());
    outputs.replaceAll((k, v) -> updated.contains(aliases.of(v).root()) ? copy(p, nodes, v) : v);
    updates.replaceAll((k, v) -> {
      Program.Value root = aliases.of(v).root();
      boolean itself = root.node() == inputs.get(k).id();
      return updated.contains(root) && !itself ? copy(p, nodes, v) : v;
    });
    return new Program(p.name(), nodes, outputs, updates);
  }

  private static Program.Value copy(Program p, List<Program.Node> nodes, Program.Value v) {
    var type = p.type(v);
    int id = nodes.size();
    nodes.add(
        new Program.Node(
            id, new Move.Broadcast(type.shape()), List.of(v), List.of(type), "update"));
    return new Program.Value(id, 0);
  }
}
