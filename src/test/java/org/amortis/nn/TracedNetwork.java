package org.amortis.nn;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.Executable;
import org.amortis.engine.program.Gradient;
import org.amortis.engine.program.Trace;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.Type;

/// A network traced in float64 on given inputs, run again and again with any parameters.
public final class TracedNetwork implements AutoCloseable {
  /// What is traced: named results from named inputs.
  public interface Body {
    Map<String, Var> apply(Scope scope, Map<String, Var> in);
  }

  private final ParameterLayout layout;
  private final Executable program;

  private TracedNetwork(ParameterLayout layout, Executable program) {
    this.layout = layout;
    this.program = program;
  }

  /// Traces a body; if `gradient` is named, that scalar's gradient is offered as `d.parameters` and
  /// `d.INPUT`.
  public static TracedNetwork of(
      Device device, boolean training, Map<String, Shape> inputs, String gradient, Body body) {
    return of(device, training, layout(inputs, body), inputs, gradient, body);
  }

  /// The layout of a body.
  public static ParameterLayout layout(Map<String, Shape> inputs, Body body) {
    return ParameterLayout.of(
        scope -> body.apply(scope, inputs(scope.trace(), scope.dtype(), inputs)));
  }

  /// Traces a body with the layout of another.
  public static TracedNetwork of(
      Device device,
      boolean training,
      ParameterLayout layout,
      Map<String, Shape> inputs,
      String gradient,
      Body body) {
    Trace t = new Trace("network");
    Var key = t.data("key", Type.i32(3));
    Scope scope =
        training
            ? Scope.training(t, DType.FLOAT64, layout, key)
            : Scope.evaluating(t, DType.FLOAT64, layout);
    Map<String, Var> in = inputs(t, DType.FLOAT64, inputs);
    Map<String, Var> out = body.apply(scope, in);
    scope.finish();
    out.forEach(t::output);
    if (gradient != null) {
      Map<String, Var> wrt = new LinkedHashMap<>();
      wrt.put("parameters", scope.parameters());
      wrt.putAll(in);
      List<Var> all = Gradient.of(out.get(gradient), List.copyOf(wrt.values()));
      int i = 0;
      for (String name : wrt.keySet()) {
        t.output("d." + name, all.get(i++));
      }
    }
    return new TracedNetwork(layout, device.bind(t.program()));
  }

  private static Map<String, Var> inputs(Trace t, DType dtype, Map<String, Shape> shapes) {
    Map<String, Var> in = new LinkedHashMap<>();
    shapes.forEach((name, shape) -> in.put(name, t.data("in." + name, new Type(dtype, shape))));
    return in;
  }

  public ParameterLayout layout() {
    return layout;
  }

  /// Writes an input, `parameters`, `statistics` or `key`; ignored when the program does not need
  /// it.
  public TracedNetwork set(String name, double... values) {
    String label = program.program().inputs().containsKey("in." + name) ? "in." + name : name;
    if (program.program().inputs().containsKey(label)) {
      program.input(label).write(values, 0);
    }
    return this;
  }

  public TracedNetwork run() {
    program.run();
    return this;
  }

  public double[] get(String output) {
    return program.output(output).doubles();
  }

  /// Statistics after the last run.
  public double[] statistics() {
    return program.input("statistics").doubles();
  }

  /// The first values plus normal noise.
  public double[] randomParameters(long seed, double sd) {
    double[] p = layout.initial(seed);
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < p.length; i++) {
      p[i] += sd * random.nextGaussian();
    }
    return p;
  }

  @Override
  public void close() {
    program.close();
  }
}
