package org.amortis.validation.nn;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.Executable;
import org.amortis.engine.program.Gradient;
import org.amortis.engine.program.Trace;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.Type;
import org.amortis.io.Npz;
import org.amortis.nn.ParameterLayout;
import org.amortis.nn.Scope;

/// One case of a golden file, and networks traced on its inputs.
final class Golden {
  /// Named results, of which `loss` is differentiated.
  interface Body {
    Map<String, Var> apply(Scope scope, Map<String, Var> in);
  }

  /// Results by name; gradients under `d.` and the name of the input or parameter; statistics after
  /// the run.
  record Result(Map<String, double[]> values) {
    double[] get(String name) {
      assertThat(values).containsKey(name);
      return values.get(name);
    }
  }

  private final Npz file;
  private final String name;

  Golden(String file, String name) {
    this.file = Npz.read(Path.of("golden/ops", file + ".npz"));
    this.name = name;
  }

  double[] array(String role) {
    return file.array(name + "__" + role).toDoubles();
  }

  boolean has(String role) {
    return file.has(name + "__" + role);
  }

  int[] shape(String role) {
    return file.array(name + "__" + role).shape();
  }

  /// Runs a network in float32 or float64.
  ///
  /// @param inputs roles that are inputs
  /// @param roles the role of each parameter or statistic
  Result run(
      Device device,
      DType dtype,
      boolean training,
      List<String> inputs,
      Map<String, String> roles,
      Body body) {
    ParameterLayout layout =
        ParameterLayout.of(s -> body.apply(s, inputs(s.trace(), s.dtype(), inputs)));
    Trace t = new Trace("golden");
    Scope scope =
        training
            ? Scope.training(t, dtype, layout, t.data("key", Type.i32(3)))
            : Scope.evaluating(t, dtype, layout);
    Map<String, Var> in = inputs(t, dtype, inputs);
    Map<String, Var> out = body.apply(scope, in);
    scope.finish();
    out.forEach(t::output);
    Map<String, Var> wrt = new LinkedHashMap<>(in);
    if (layout.size() > 0) {
      wrt.put("parameters", scope.parameters());
    }
    List<Var> d = Gradient.of(out.get("loss"), List.copyOf(wrt.values()));
    int i = 0;
    for (String n : wrt.keySet()) {
      t.output("d." + n, d.get(i++));
    }
    try (Executable e = device.bind(t.program())) {
      in.keySet().forEach(n -> e.input("in." + n).write(array(n), 0));
      write(e, "parameters", layout.entries(), roles);
      write(e, "statistics", layout.statistics(), roles);
      e.run();
      Map<String, double[]> values = new LinkedHashMap<>();
      e.program().outputs().keySet().forEach(n -> values.put(n, e.output(n).doubles()));
      if (layout.size() > 0) {
        split(values, "d.", values.get("d.parameters"), layout.entries());
      }
      if (layout.statisticsSize() > 0) {
        split(values, "", e.input("statistics").doubles(), layout.statistics());
      }
      return new Result(values);
    }
  }

  private Map<String, Var> inputs(Trace t, DType dtype, List<String> roles) {
    Map<String, Var> in = new LinkedHashMap<>();
    for (String role : roles) {
      in.put(role, t.data("in." + role, new Type(dtype, Shape.of(shape(role)))));
    }
    return in;
  }

  private void write(
      Executable e, String label, List<ParameterLayout.Entry> entries, Map<String, String> roles) {
    if (!e.program().inputs().containsKey(label)) {
      return;
    }
    double[] all = new double[e.input(label).type().size()];
    for (ParameterLayout.Entry entry : entries) {
      assertThat(roles).containsKey(entry.name());
      String role = roles.get(entry.name());
      // "zero" stands for a parameter that the peer's case does not have.
      double[] v = role.equals("zero") ? new double[entry.shape().size()] : array(role);
      assertThat(v).as(role).hasSize(entry.shape().size());
      System.arraycopy(v, 0, all, entry.offset(), v.length);
    }
    e.input(label).write(all, 0);
  }

  private static void split(
      Map<String, double[]> into,
      String prefix,
      double[] flat,
      List<ParameterLayout.Entry> entries) {
    for (ParameterLayout.Entry e : entries) {
      int to = e.offset() + e.shape().size();
      into.put(prefix + e.name(), Arrays.copyOfRange(flat, e.offset(), to));
    }
  }

  /// Fails when a value is further from its golden role than `tolerance` times the role's largest
  /// value (at least 1).
  void agrees(double[] actual, String role, double tolerance) {
    double[] expected = array(role);
    assertThat(actual).as(name + " " + role).hasSize(expected.length);
    double largest = Arrays.stream(expected).map(Math::abs).max().orElse(0);
    for (int i = 0; i < expected.length; i++) {
      assertThat(Math.abs(actual[i] - expected[i]))
          .as("%s %s[%d]: %s, expected %s", name, role, i, actual[i], expected[i])
          .isLessThanOrEqualTo(tolerance * Math.max(1, largest));
    }
  }
}
