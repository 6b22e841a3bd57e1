package org.amortis.engine.device.gpu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.amortis.engine.op.Binary;
import org.amortis.engine.op.LeakyRelu;
import org.amortis.engine.op.Move;
import org.amortis.engine.op.Op;
import org.amortis.engine.op.Select;
import org.amortis.engine.op.Source;
import org.amortis.engine.op.Unary;
import org.amortis.engine.plan.Expansion;
import org.amortis.engine.plan.Fusion;
import org.amortis.engine.program.Program;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.Type;

/// Turns a group of pointwise nodes into the instructions of one launch of `pointwise_run`.
///
/// Registers are assigned in order and freed at the last use. A group that reads and writes more
/// values than the kernel has parameters is cut in two.
final class PointwiseLowering {
  /// Buffers of the kernel.
  private static final int MEMORIES = 12;

  private static final int[] REGISTERS = {8, 16, 32, 64};

  private final Emit emit;
  private final Function<Program.Value, Place> place;
  private final List<Program.Node> nodes;
  private final Set<Integer> stored;
  private final DType real;
  private final Shape shape;
  private final List<Integer> code = new ArrayList<>();
  private final List<Integer> repeats = new ArrayList<>();
  private final List<Double> constants = new ArrayList<>();
  private final List<Place> memories = new ArrayList<>();
  private final Set<Integer> written = new HashSet<>();
  private final Map<Program.Value, Integer> register = new HashMap<>();
  private final Map<Program.Value, Integer> lastUse = new HashMap<>();
  private final List<Integer> free = new ArrayList<>();
  private int registers;

  private PointwiseLowering(
      Emit emit,
      List<Program.Node> nodes,
      Set<Integer> stored,
      Function<Program.Value, Place> place) {
    this.emit = emit;
    this.place = place;
    this.nodes = nodes;
    this.stored = stored;
    Type t = nodes.getFirst().types().getFirst();
    real = t.dtype();
    shape = t.shape();
  }

  /// Emits a group of float nodes of one shape.
  ///
  /// @param stored nodes whose results others need in memory
  static void lower(Emit emit, Fusion.Step step, Set<Integer> stored) {
    lower(emit, step.nodes(), stored);
  }

  private static void lower(Emit emit, List<Program.Node> nodes, Set<Integer> stored) {
    if (nodes.getFirst().types().getFirst().size() == 0) {
      return;
    }
    if (distinct(emit, nodes, stored) > MEMORIES && nodes.size() > 1) {
      List<Program.Node> first = nodes.subList(0, nodes.size() / 2);
      List<Program.Node> second = nodes.subList(nodes.size() / 2, nodes.size());
      Set<Integer> all = new HashSet<>(stored);
      Set<Integer> early = new HashSet<>();
      first.forEach(n -> early.add(n.id()));
      for (Program.Node n : second) {
        n.in().stream().map(Program.Value::node).filter(early::contains).forEach(all::add);
      }
      lower(emit, first, all);
      lower(emit, second, all);
      return;
    }
    new PointwiseLowering(emit, nodes, stored, emit::place).launch();
  }

  /// A group as instructions.
  ///
  /// @param code instructions, their memories numbered as in `memories`
  /// @param repeats tables of repeated operands
  /// @param registers of an item
  record Group(int[] code, int[] repeats, double[] constants, List<Place> memories, int registers) {
    int instructions() {
      return code.length / PointwiseCode.LENGTH;
    }
  }

  /// The instructions of a group, the last node's result the last of them.
  static Group compile(Emit emit, List<Program.Node> nodes, Set<Integer> stored) {
    return compile(emit, nodes, stored, emit::place);
  }

  /// The same with values in other memory.
  static Group compile(
      Emit emit,
      List<Program.Node> nodes,
      Set<Integer> stored,
      Function<Program.Value, Place> place) {
    PointwiseLowering p = new PointwiseLowering(emit, nodes, stored, place);
    p.compile();
    return new Group(
        ints(p.code),
        ints(p.repeats),
        p.constants.stream().mapToDouble(d -> d).toArray(),
        List.copyOf(p.memories),
        p.registers);
  }

  private static int[] ints(List<Integer> values) {
    return values.stream().mapToInt(i -> i).toArray();
  }

  /// Values in memory that a group reads or writes.
  private static int distinct(Emit emit, List<Program.Node> nodes, Set<Integer> stored) {
    Set<Integer> own = new HashSet<>();
    nodes.forEach(n -> own.add(n.id()));
    Set<Place> found = new HashSet<>();
    for (Program.Node n : nodes) {
      for (Program.Value v : n.in()) {
        if (!own.contains(v.node()) && constant(emit.program(), v) == null) {
          found.add(emit.place(v));
        }
      }
      if (stored.contains(n.id())) {
        found.add(emit.place(new Program.Value(n.id(), 0)));
      }
    }
    return found.size();
  }

  private static Double constant(Program p, Program.Value v) {
    return p.nodes().get(v.node()).op() instanceof Source.Constant c ? (Double) c.value() : null;
  }

  private void compile() {
    for (int at = 0; at < nodes.size(); at++) {
      for (Program.Value v : nodes.get(at).in()) {
        lastUse.put(v, at);
      }
    }
    for (int at = 0; at < nodes.size(); at++) {
      Program.Node n = nodes.get(at);
      int[] in = new int[3];
      for (int i = 0; i < n.in().size(); i++) {
        in[i] = load(n.in().get(i));
      }
      Program.Value result = new Program.Value(n.id(), 0);
      int out = take();
      instruct(n.op(), out, in);
      register.put(result, out);
      if (stored.contains(n.id())) {
        int to = slot(place.apply(result));
        written.add(to);
        add(PointwiseCode.STORE, out, to, 0, 0);
      }
      for (Program.Value v : n.in()) {
        if (lastUse.get(v) == at && register.containsKey(v)) {
          free.add(register.remove(v));
        }
      }
      if (!lastUse.containsKey(result)) {
        free.add(register.remove(result));
      }
    }
  }

  private void launch() {
    compile();
    int size = -1;
    for (int r : REGISTERS) {
      if (size < 0 && r >= registers) {
        size = r;
      }
    }
    if (size < 0) {
      throw new IllegalStateException("a pointwise group needs " + registers + " registers");
    }
    Object[] arguments = new Object[MEMORIES + 4];
    int instructions = code.size() / PointwiseCode.LENGTH;
    code.addAll(repeats);
    // Repeats stand behind the instructions; their places were counted from there.
    arguments[0] = emit.table(ints(code));
    arguments[1] =
        emit.table(
            constants.isEmpty()
                ? new double[] {0}
                : constants.stream().mapToDouble(d -> d).toArray(),
            real);
    arguments[2] = instructions;
    arguments[3] = shape.size();
    for (int i = 0; i < MEMORIES; i++) {
      int m = StrictMath.min(i, memories.size() - 1);
      arguments[4 + i] = written.contains(m) ? memories.get(m) : memories.get(m).readOnly();
    }
    emit.launch(nodes, kernel(real, size), Grid.items(shape.size()), arguments);
  }

  private static Kernel kernel(DType real, int registers) {
    return Kernel.of("pointwise_run", real).define("REGISTERS", registers);
  }

  /// Every kernel of a group.
  static List<Kernel> variants(DType real) {
    return Arrays.stream(REGISTERS).mapToObj(r -> kernel(real, r)).toList();
  }

  private void add(int what, int out, int a, int b, int c) {
    code.addAll(List.of(what, out, a, b, c));
  }

  private int take() {
    return free.isEmpty() ? registers++ : free.removeLast();
  }

  /// The parameter that brings a value's memory.
  private int slot(Place p) {
    int known = memories.indexOf(p);
    if (known >= 0) {
      memories.set(known, memories.get(known).or(p));
      return known;
    }
    memories.add(p);
    return memories.size() - 1;
  }

  private int load(Program.Value v) {
    Integer known = register.get(v);
    if (known != null) {
      return known;
    }
    int out = take();
    register.put(v, out);
    Double constant = constant(emit.program(), v);
    if (constant != null) {
      constants.add(constant);
      add(PointwiseCode.CONSTANT, out, constants.size() - 1, 0, 0);
      return out;
    }
    Place p = place.apply(v);
    Expansion r = Expansion.of(emit.program().type(v).shape(), shape);
    if (r.contiguous()) {
      add(PointwiseCode.LOAD, out, slot(p), 1, 0);
    } else if (r.scalar()) {
      add(PointwiseCode.LOAD, out, slot(p), 0, 0);
    } else {
      add(PointwiseCode.LOAD_REPEATED, out, slot(p), repeats.size(), 0);
      repeats.addAll(r.words());
    }
    return out;
  }

  private void instruct(Op op, int out, int[] in) {
    switch (op) {
      case Move.Broadcast b -> add(PointwiseCode.COPY, out, in[0], 0, 0);
      case Unary u -> add(PointwiseCode.of(u), out, in[0], 0, 0);
      case Binary b -> add(PointwiseCode.of(b), out, in[0], in[1], 0);
      case Select s -> add(PointwiseCode.SELECT, out, in[0], in[1], in[2]);
      case LeakyRelu r -> {
        constants.add(r.slope());
        add(PointwiseCode.LEAKY_RELU, out, in[0], constants.size() - 1, 0);
      }
      default -> throw new IllegalStateException(op.name() + " is no part of a group");
    }
  }
}
