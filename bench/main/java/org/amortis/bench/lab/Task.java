package org.amortis.bench.lab;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.Executable;
import org.amortis.engine.op.Op;
import org.amortis.engine.plan.Operations;
import org.amortis.engine.program.Program;
import org.amortis.engine.program.Trace;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Type;

/// A program with values for its inputs.
///
/// @param compared the results that the oracle decides about, the first ones: places of a maximum
///   that rounding can move are not among them
record Task(Program program, Map<String, double[]> inputs, int compared) {
  /// An input: its type and its elements, all exact in that type.
  record Operand(Type type, double[] values) {}

  /// One op with operands.
  static Task of(Op op, Operand... operands) {
    Trace t = new Trace("experiment");
    Map<String, double[]> inputs = new LinkedHashMap<>();
    List<Var> in = new ArrayList<>();
    for (Operand o : operands) {
      String label = "x" + in.size();
      inputs.put(label, o.values);
      in.add(t.data(label, o.type));
    }
    List<Var> out = t.apply(op, in);
    for (int i = 0; i < out.size(); i++) {
      t.output("y" + i, out.get(i));
    }
    return new Task(t.program(), inputs, out.size());
  }

  /// The same, the oracle deciding about the first `n` results only.
  Task comparing(int n) {
    return new Task(program, inputs, n);
  }

  /// Binds it with its inputs.
  Executable bind(Device device) {
    Executable e = device.bind(program);
    inputs.forEach((label, values) -> e.input(label).write(values, 0));
    return e;
  }

  /// Runs it once; all results.
  List<double[]> run(Device device) {
    try (Executable e = bind(device)) {
      e.run();
      return results(e);
    }
  }

  /// All results of the last run.
  List<double[]> results(Executable e) {
    List<double[]> results = new ArrayList<>();
    program.outputs().keySet().forEach(label -> results.add(e.output(label).doubles()));
    return results;
  }

  /// Type of a result.
  Type type(int result) {
    return program.type(List.copyOf(program.outputs().values()).get(result));
  }

  /// The type it computes in.
  DType real() {
    return program.nodes().stream()
        .flatMap(n -> n.types().stream())
        .map(Type::dtype)
        .reduce(DType.FLOAT32, (a, b) -> b == DType.FLOAT64 ? b : a);
  }

  /// Bytes of operands and results, each counted once.
  long bytes() {
    Set<Program.Value> results = new LinkedHashSet<>(program.outputs().values());
    long n = results.stream().mapToLong(v -> bytes(program.type(v))).sum();
    return n + program.inputs().values().stream().mapToLong(v -> bytes(v.types().getFirst())).sum();
  }

  private static long bytes(Type t) {
    return (long) t.size() * t.dtype().bytes();
  }

  /// Floating-point operations as [Operations] counts them.
  long operations() {
    return Operations.of(program);
  }
}
