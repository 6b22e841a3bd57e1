package org.amortis.validation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.Executable;
import org.amortis.engine.device.cpu.CpuDevice;
import org.amortis.engine.device.reference.ReferenceDevice;
import org.amortis.engine.program.Gradient;
import org.amortis.engine.program.Program;
import org.amortis.engine.program.Trace;
import org.amortis.engine.program.Var;
import org.amortis.engine.program.Verify;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.Type;
import org.amortis.io.NpyArray;
import org.amortis.io.Npz;

/// A case of validation/golden/ops, met by a traced program on the oracle in float64 and on cpu in
/// both precisions.
///
/// Outputs of the program are named after the golden's roles. Where `dROLE` of every output is
/// there, the loss `sum of dROLE ROLE` is differentiated, and the gradient of input X compared with
/// the golden's dX.
final class GoldenCase {
  private final Npz file;
  private final String name;
  private double exact = 1e-12;
  private double single = 2e-5;

  GoldenCase(String file, String name) {
    this.file = read(file);
    this.name = name;
  }

  static Npz read(String file) {
    String folder = System.getProperty("amortis.golden", "golden");
    return Npz.read(Path.of(folder, "ops", file + ".npz"));
  }

  /// Largest error in float64 and in float32, relative to the largest value of an array.
  GoldenCase within(double exact, double single) {
    this.exact = exact;
    this.single = single;
    return this;
  }

  boolean has(String role) {
    return file.has(name + "__" + role);
  }

  double[] values(String role) {
    NpyArray a = file.array(name + "__" + role);
    double[] v = new double[a.size()];
    for (int i = 0; i < v.length; i++) {
      v[i] = a.value(i);
    }
    return v;
  }

  int[] shape(String role) {
    return file.array(name + "__" + role).shape();
  }

  private static boolean whole(String role) {
    return role.equals("index") || role.equals("label");
  }

  /// Traces a program of the inputs and compares every output and gradient that the golden holds.
  void meets(List<String> inputs, Function<Map<String, Var>, Map<String, Var>> network) {
    for (DType f : List.of(DType.FLOAT64, DType.FLOAT32)) {
      Program p = Verify.check(program(inputs, network, f));
      assertThat(p.outputs()).isNotEmpty();
      try (Device cpu = new CpuDevice(2);
          Device reference = new ReferenceDevice()) {
        compare(cpu, p, inputs, f == DType.FLOAT64 ? exact : single);
        if (f == DType.FLOAT64) {
          compare(reference, p, inputs, exact);
        }
      }
    }
  }

  private Program program(
      List<String> inputs, Function<Map<String, Var>, Map<String, Var>> network, DType f) {
    Trace t = new Trace(name);
    Map<String, Var> in = new LinkedHashMap<>();
    for (String role : inputs) {
      Type type = new Type(whole(role) ? DType.INT32 : f, Shape.of(shape(role)));
      in.put(role, t.data(role, type));
    }
    Map<String, Var> out = network.apply(in);
    out.forEach(t::output);
    if (out.keySet().stream().allMatch(role -> role.equals("loss") || has("d" + role))) {
      gradients(t, in, out);
    }
    return t.program();
  }

  private void gradients(Trace t, Map<String, Var> in, Map<String, Var> out) {
    List<String> wrt = in.keySet().stream().filter(role -> has("d" + role)).toList();
    Var loss = null;
    for (Map.Entry<String, Var> e : out.entrySet()) {
      Var y = e.getValue();
      Var part = y.sum();
      if (!e.getKey().equals("loss")) {
        part = y.mul(t.table(y.type(), values("d" + e.getKey()))).sum();
      }
      loss = loss == null ? part : loss.add(part);
    }
    List<Var> d = Gradient.of(loss, wrt.stream().map(in::get).toList());
    for (int i = 0; i < d.size(); i++) {
      t.output("d" + wrt.get(i), d.get(i));
    }
  }

  private void compare(Device device, Program p, List<String> inputs, double tolerance) {
    try (Executable e = device.bind(p)) {
      for (String role : inputs) {
        e.input(role).write(values(role), 0);
      }
      e.run();
      for (String role : p.outputs().keySet()) {
        String what = name + " " + role + " on " + device.describe();
        close(what, e.output(role).doubles(), values(role), tolerance);
      }
    }
  }

  /// Every element within `tolerance` times the largest finite one; infinities and NaN the same.
  static void close(String what, double[] found, double[] expected, double tolerance) {
    double top = 0;
    for (double v : expected) {
      top = Double.isFinite(v) ? Math.max(top, Math.abs(v)) : top;
    }
    assertThat(found).as(what).hasSameSizeAs(expected);
    List<String> wrong = new ArrayList<>();
    for (int i = 0; i < found.length; i++) {
      boolean same = Double.compare(found[i], expected[i]) == 0;
      if (!same && !(Math.abs(found[i] - expected[i]) <= tolerance * top)) {
        wrong.add(i + ": " + found[i] + " for " + expected[i]);
      }
    }
    assertThat(wrong).as("%s, largest %s", what, top).isEmpty();
  }
}
