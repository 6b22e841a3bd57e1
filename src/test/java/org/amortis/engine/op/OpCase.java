package org.amortis.engine.op;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.Executable;
import org.amortis.engine.program.Gradient;
import org.amortis.engine.program.Program;
import org.amortis.engine.program.Trace;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.Type;

/// One op with operands to try it on.
///
/// @param label what is special about the operands
/// @param types operand types; for an input, the input's own
/// @param values operand values, all representable in float32
/// @param wrt operands whose gradient is checked at these values; empty where the op has none or
///   the values lie on kinks
public record OpCase(
    String label, Op op, List<Type> types, List<double[]> values, List<Integer> wrt) {

  /// The op alone: inputs `x0`, `x1`, ..., outputs `y0`, `y1`, ....
  public Program program() {
    Trace t = new Trace("case");
    List<Var> out = t.apply(op, operands(t));
    for (int i = 0; i < out.size(); i++) {
      t.output("y" + i, out.get(i));
    }
    return t.program();
  }

  /// Outputs `loss`, a fixed weighted sum of the differentiable results, and `d_x0`, ... for the
  /// operands of `wrt`.
  public Program gradient() {
    Trace t = new Trace("gradient");
    List<Var> x = operands(t);
    Var loss = loss(t, t.apply(op, x));
    t.output("loss", loss);
    List<Var> d = Gradient.of(loss, wrt.stream().map(x::get).toList());
    for (int i = 0; i < d.size(); i++) {
      t.output("d_x" + wrt.get(i), d.get(i));
    }
    return t.program();
  }

  private Var loss(Trace t, List<Var> out) {
    // The second results of pooling are places, not values.
    boolean places = op instanceof ConvPool || op instanceof MaxPool;
    Var loss = null;
    for (Var y : places ? out.subList(0, 1) : out) {
      double[] weight = new Values(label + "weight").normal(y.type().size());
      Var part = y.mul(t.table(y.type(), weight)).sum();
      loss = loss == null ? part : loss.add(part);
    }
    return loss;
  }

  private List<Var> operands(Trace t) {
    if (op instanceof Source) {
      return List.of();
    }
    return IntStream.range(0, types.size()).mapToObj(i -> t.data("x" + i, types.get(i))).toList();
  }

  /// Runs a program of this case on the given operands; all outputs in order of declaration.
  public static List<double[]> run(Device device, Program p, List<double[]> values) {
    try (Executable e = device.bind(p)) {
      for (int i = 0; i < values.size(); i++) {
        if (p.inputs().containsKey("x" + i)) {
          e.input("x" + i).write(values.get(i), 0);
        }
      }
      e.run();
      List<double[]> out = new ArrayList<>();
      p.outputs().keySet().forEach(k -> out.add(e.output(k).doubles()));
      return out;
    }
  }

  @Override
  public String toString() {
    return op.name().toLowerCase(java.util.Locale.ROOT) + " " + types + " " + label;
  }

  /// Copies of the operands moved by `step` times a direction.
  List<double[]> moved(List<double[]> direction, double step) {
    List<double[]> out = new ArrayList<>(values);
    for (int i = 0; i < wrt.size(); i++) {
      double[] x = values.get(wrt.get(i));
      double[] d = direction.get(i);
      double[] v = new double[x.length];
      Arrays.setAll(v, k -> x[k] + step * d[k]);
      out.set(wrt.get(i), v);
    }
    return out;
  }
}
