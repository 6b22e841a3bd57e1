package org.amortis.engine.program;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.amortis.engine.op.Graph;
import org.amortis.engine.op.Op;
import org.amortis.engine.op.Source;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.ShapeException;
import org.amortis.engine.shape.Type;

/// Records the ops that Java code applies to [Var]s as a [Program].
///
/// Equal ops on equal operands are recorded once. A trace belongs to one thread.
public final class Trace extends Graph<Var> {
  private record Key(Op op, List<Program.Value> in) {}

  private final String name;
  private final List<Program.Node> nodes = new ArrayList<>();
  private final Map<Key, List<Var>> seen = new HashMap<>();
  private final Map<String, Program.Value> outputs = new LinkedHashMap<>();
  private final Map<String, Program.Value> updates = new LinkedHashMap<>();

  /// An empty trace of a program called `name`.
  public Trace(String name) {
    this.name = name;
  }

  /// A trace that starts with the nodes, outputs and updates of a program.
  static Trace of(Program p) {
    Trace t = new Trace(p.name());
    for (Program.Node n : p.nodes()) {
      t.record(n.op(), n.in(), n.types(), n.site());
    }
    t.outputs.putAll(p.outputs());
    t.updates.putAll(p.updates());
    return t;
  }

  /// A tensor that the caller writes before each run.
  public Var data(String label, Type type) {
    return one(new Source.Input(label, type, Source.Role.DATA));
  }

  /// A tensor that lives on the device from run to run, see [#update].
  public Var state(String label, Type type) {
    return one(new Source.Input(label, type, Source.Role.STATE));
  }

  /// Scalar constant.
  public Var scalar(double value, DType dtype) {
    return one(new Source.Constant(value, dtype));
  }

  /// Constant float64 or float32 tensor.
  public Var constant(DType dtype, Shape shape, double... values) {
    return table(new Type(dtype, shape), values);
  }

  /// Declares a result.
  ///
  /// @throws IllegalArgumentException for a second one of that label, or a value of another trace
  public void output(String label, Var v) {
    if (outputs.putIfAbsent(label, own(v).value()) != null) {
      throw new IllegalArgumentException("program " + name + " has two outputs called " + label);
    }
  }

  /// Declares the new value of a state input, written back when the program has run.
  ///
  /// @throws IllegalArgumentException for anything but a state input
  /// @throws ShapeException for a value of another type
  public void update(Var state, Var next) {
    Program.Node n = nodes.get(own(state).value().node());
    if (!(n.op() instanceof Source.Input in) || in.role() != Source.Role.STATE) {
      throw new IllegalArgumentException("update needs a state input, found " + Print.op(n.op()));
    }
    if (!type(next).equals(in.type())) {
      throw new ShapeException("update", in.label() + " is " + in.type() + ", found " + type(next));
    }
    updates.put(in.label(), own(next).value());
  }

  /// The program recorded so far, without nodes that nothing needs.
  public Program program() {
    return new Program(name, nodes, outputs, updates).pruned();
  }

  @Override
  public List<Var> apply(Op op, List<Var> in) {
    List<Program.Value> operands = new ArrayList<>(in.size());
    List<Type> types = new ArrayList<>(in.size());
    for (Var v : in) {
      operands.add(own(v).value());
      types.add(v.type());
    }
    Key key = new Key(op, operands);
    List<Var> known = seen.get(key);
    if (known != null) {
      return known;
    }
    try {
      return record(op, List.copyOf(operands), op.infer(types), site());
    } catch (ShapeException e) {
      throw e.at(site());
    }
  }

  private List<Var> record(Op op, List<Program.Value> in, List<Type> types, String site) {
    int id = nodes.size();
    nodes.add(new Program.Node(id, op, in, types, site));
    List<Var> results = new ArrayList<>();
    for (int i = 0; i < types.size(); i++) {
      results.add(new Var(this, new Program.Value(id, i), types.get(i)));
    }
    List<Var> fixed = List.copyOf(results);
    seen.put(new Key(op, in), fixed);
    return fixed;
  }

  /// Handle of a value recorded in this trace.
  Var var(Program.Value v) {
    return new Var(this, v, nodes.get(v.node()).types().get(v.output()));
  }

  List<Program.Node> nodes() {
    return nodes;
  }

  Map<String, Program.Value> outputs() {
    return outputs;
  }

  private Var own(Var v) {
    if (v.trace() != this) {
      throw new IllegalArgumentException(
          "a value of program " + v.trace().name + " used in " + name);
    }
    return v;
  }

  @Override
  public Type type(Var v) {
    return v.type();
  }

  /// The first caller outside the engine.
  private static String site() {
    return StackWalker.getInstance()
        .walk(frames ->
            frames
                .filter(f -> !f.getClassName().startsWith("org.amortis.engine."))
                .findFirst()
                .map(f -> f.getFileName() + ":" + f.getLineNumber())
                .orElse("engine"));
  }
}
