package org.amortis.engine.device.reference;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.amortis.engine.device.Buffer;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.Executable;
import org.amortis.engine.op.Source;
import org.amortis.engine.program.Print;
import org.amortis.engine.program.Program;
import org.amortis.engine.shape.Type;

/// Interprets programs with the ops' own meaning: double arithmetic, one thread, no plan.
public final class ReferenceDevice implements Device {
  @Override
  public String name() {
    return "reference";
  }

  @Override
  public String describe() {
    return "reference: double arithmetic, one thread, the oracle";
  }

  @Override
  public Buffer allocate(Type type) {
    return new HostBuffer(type);
  }

  @Override
  public Executable bind(Program program) {
    return new Interpreter(program);
  }

  @Override
  public void close() {}

  /// A program with the values of its last run.
  private static final class Interpreter implements Executable {
    private final Program program;
    private final Map<String, HostBuffer> inputs = new HashMap<>();
    private final Map<String, HostBuffer> outputs = new HashMap<>();

    Interpreter(Program program) {
      this.program = program;
      program.inputs().forEach((k, n) -> inputs.put(k, new HostBuffer(n.types().getFirst())));
      program.outputs().forEach((k, v) -> outputs.put(k, new HostBuffer(program.type(v))));
    }

    @Override
    public Program program() {
      return program;
    }

    private static HostBuffer find(Map<String, HostBuffer> from, String label, String kind) {
      HostBuffer b = from.get(label);
      if (b == null) {
        throw new IllegalArgumentException(
            "no " + kind + " " + label + "; there are " + from.keySet().stream().sorted().toList());
      }
      return b;
    }

    @Override
    public Buffer input(String label) {
      return find(inputs, label, "input");
    }

    @Override
    public Buffer output(String label) {
      return find(outputs, label, "output");
    }

    @Override
    public void attach(String label, Buffer buffer) {
      HostBuffer old = find(inputs, label, "input");
      if (!(buffer instanceof HostBuffer b) || !b.type().equals(old.type())) {
        throw new IllegalArgumentException(
            "input "
                + label
                + " needs a reference buffer of "
                + old.type()
                + ", found "
                + buffer.type());
      }
      inputs.put(label, b);
    }

    @Override
    public void run() {
      double[][][] values = new double[program.nodes().size()][][];
      for (Program.Node n : program.nodes()) {
        if (n.op() instanceof Source.Input in) {
          values[n.id()] = new double[][] {inputs.get(in.label()).values};
        } else {
          List<double[]> operands = n.in().stream().map(v -> values[v.node()][v.output()]).toList();
          List<double[]> results = n.op().evaluate(program.operandTypes(n), operands);
          values[n.id()] = results.toArray(double[][]::new);
        }
      }
      program.outputs().forEach((k, v) -> outputs.get(k).write(values[v.node()][v.output()], 0));
      Map<String, double[]> next = new HashMap<>();
      program.updates().forEach((k, v) -> next.put(k, values[v.node()][v.output()].clone()));
      next.forEach((k, v) -> inputs.get(k).write(v, 0));
    }

    @Override
    public String explain() {
      StringBuilder s = new StringBuilder();
      for (Program.Node n : program.nodes()) {
        s.append(n.id())
            .append(' ')
            .append(Print.op(n.op()))
            .append(' ')
            .append(n.types())
            .append('\n');
      }
      return s.toString();
    }

    @Override
    public void close() {}
  }
}
