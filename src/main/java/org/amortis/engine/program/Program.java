package org.amortis.engine.program;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.amortis.engine.op.Op;
import org.amortis.engine.op.Source;
import org.amortis.engine.shape.Type;

/// A straight-line computation: nodes in an order in which each uses only results of earlier ones.
///
/// Programs are immutable values; `toString` prints them, [Verify] checks them.
///
/// @param name what the program is called in messages
/// @param nodes the operations
/// @param outputs results by name, in the order they were declared
/// @param updates new values of state inputs, by the input's label, written back after the last
///   node
public record Program(
    String name, List<Node> nodes, Map<String, Value> outputs, Map<String, Value> updates) {

  /// One operation and its operands; its index in the program is its identity.
  ///
  /// @param id its index
  /// @param op the operation
  /// @param in operands, results of earlier nodes
  /// @param types of its results
  /// @param site the line of user code that asked for it, for error messages
  public record Node(int id, Op op, List<Value> in, List<Type> types, String site) {}

  /// One result of one node.
  public record Value(int node, int output) {}

  /// Copies lists and maps; [Verify] checks the rest.
  public Program {
    nodes = List.copyOf(nodes);
    outputs = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
    updates = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(updates));
  }

  /// Element type and shape of a value.
  public Type type(Value v) {
    return nodes.get(v.node).types.get(v.output);
  }

  /// Operand types of a node.
  public List<Type> operandTypes(Node node) {
    return node.in.stream().map(this::type).toList();
  }

  /// The inputs with their nodes, by label, in order of declaration.
  public Map<String, Node> inputs() {
    Map<String, Node> inputs = new LinkedHashMap<>();
    for (Node n : nodes) {
      if (n.op instanceof Source.Input i) {
        inputs.put(i.label(), n);
      }
    }
    return inputs;
  }

  /// For each node, how many nodes read one of its results, outputs and updates included.
  public int[] uses() {
    int[] uses = new int[nodes.size()];
    for (Node n : nodes) {
      n.in.forEach(v -> uses[v.node]++);
    }
    outputs.values().forEach(v -> uses[v.node]++);
    updates.values().forEach(v -> uses[v.node]++);
    return uses;
  }

  /// The same results without the nodes that nothing needs; inputs stay.
  public Program pruned() {
    boolean[] live = new boolean[nodes.size()];
    outputs.values().forEach(v -> live[v.node] = true);
    updates.values().forEach(v -> live[v.node] = true);
    for (int i = nodes.size() - 1; i >= 0; i--) {
      if (live[i] || nodes.get(i).op instanceof Source.Input) {
        live[i] = true;
        nodes.get(i).in.forEach(v -> live[v.node] = true);
      }
    }
    int[] renumbered = new int[nodes.size()];
    List<Node> kept = new ArrayList<>();
    for (Node n : nodes) {
      if (live[n.id]) {
        renumbered[n.id] = kept.size();
        List<Value> in = n.in.stream().map(v -> new Value(renumbered[v.node], v.output)).toList();
        kept.add(new Node(kept.size(), n.op, in, n.types, n.site));
      }
    }
    Map<String, Value> outs = new LinkedHashMap<>();
    outputs.forEach((k, v) -> outs.put(k, new Value(renumbered[v.node], v.output)));
    Map<String, Value> ups = new LinkedHashMap<>();
    updates.forEach((k, v) -> ups.put(k, new Value(renumbered[v.node], v.output)));
    return new Program(name, kept, outs, ups);
  }

  @Override
  public String toString() {
    return Print.of(this);
  }
}
