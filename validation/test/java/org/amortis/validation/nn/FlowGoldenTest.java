package org.amortis.validation.nn;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.cpu.CpuDevice;
import org.amortis.engine.device.reference.ReferenceDevice;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.DType;
import org.amortis.nn.density.FlowDensity;
import org.amortis.nn.flow.Bijection;
import org.amortis.nn.flow.Flows;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Neural spline flows arranged as sbi's give nflows' latents, log-densities and gradients.
@Tag("flow")
class FlowGoldenTest {
  record Case(String name, Bijection flow, Map<String, String> roles) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Case> cases() {
    return Stream.of(
        new Case("two", Flows.nsf(2, 2, 2, 6, 5, 3), residual()),
        new Case("three", Flows.nsf(3, 2, 2, 4, 4, 3), residual()),
        new Case("one", Flows.nsf(1, 3, 2, 6, 5, 3), perceptron()));
  }

  /// Names of two couplings and two linear maps.
  private static Map<String, String> residual() {
    Map<String, String> roles = new HashMap<>();
    for (int i = 0; i < 2; i++) {
      String ours = 2 * i + ".";
      String step = "step" + i + "_";
      layer(roles, ours + "in", step + "initial");
      for (int b = 0; b < 2; b++) {
        layer(roles, ours + "block" + b + ".first", step + "block" + b + "_linear0");
        layer(roles, ours + "block" + b + ".second", step + "block" + b + "_linear1");
        layer(roles, ours + "block" + b + ".gate", step + "block" + b + "_context");
      }
      layer(roles, ours + "out", step + "final");
      String lu = 2 * i + 1 + ".";
      roles.put(lu + "bias", step + "lu_bias");
      roles.put(lu + "lower", step + "lu_lower_entries");
      roles.put(lu + "upper", step + "lu_upper_entries");
      roles.put(lu + "diagonal", step + "lu_unconstrained_upper_diag");
    }
    return roles;
  }

  private static Map<String, String> perceptron() {
    Map<String, String> roles = new HashMap<>();
    for (int i = 0; i < 2; i++) {
      layer(roles, i + ".hidden.0", "step" + i + "_first");
      layer(roles, i + ".hidden.1", "step" + i + "_second");
      layer(roles, i + ".out", "step" + i + "_final");
    }
    return roles;
  }

  private static void layer(Map<String, String> roles, String ours, String theirs) {
    roles.put(ours + ".weight", theirs + "_weight");
    roles.put(ours + ".bias", theirs + "_bias");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void agreesWithNflows(Case c) {
    try (Device reference = new ReferenceDevice();
        Device cpu = new CpuDevice(2)) {
      check(c, reference, DType.FLOAT64, 1e-11);
      check(c, cpu, DType.FLOAT64, 1e-11);
      check(c, cpu, DType.FLOAT32, 3e-4);
    }
  }

  private static void check(Case c, Device device, DType dtype, double tolerance) {
    Golden g = new Golden("flow", c.name);
    Golden.Result r =
        g.run(
            device,
            dtype,
            false,
            List.of("theta", "data"),
            c.roles,
            (scope, in) -> {
              // Traced once: the density declares the parameters, the latents are its forward
              // map's.
              Bijection.Mapped m = c.flow.forward(scope, in.get("theta"), in.get("data"));
              Bijection once =
                  new Bijection() {
                    @Override
                    public Mapped forward(org.amortis.nn.Scope s, Var x, Var context) {
                      return m;
                    }

                    @Override
                    public Mapped inverse(org.amortis.nn.Scope s, Var latent, Var context) {
                      throw new UnsupportedOperationException();
                    }
                  };
              Var log = new FlowDensity(once).logProb(scope, in.get("theta"), in.get("data"));
              return Map.of(
                  "latent", m.value(), "ladj", m.ladj(), "log_prob", log, "loss", log.mean());
            });
    g.agrees(r.get("latent"), "latent", tolerance);
    g.agrees(r.get("ladj"), "ladj", tolerance);
    g.agrees(r.get("log_prob"), "log_prob", tolerance);
    c.roles.forEach((name, role) -> g.agrees(r.get("d." + name), "d_" + role, tolerance));
  }
}
