package org.amortis.studies.gp;

import java.io.PrintStream;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.Executable;
import org.amortis.engine.plan.Operations;
import org.amortis.engine.program.Program;
import org.amortis.inference.Observations;
import org.amortis.nn.train.Objective;
import org.amortis.nn.train.Trainer;
import org.amortis.nn.train.TrainingOptions;

/// The programs behind each method, where their tensors lie and what they cost.
final class Explanation {
  /// Number of fields in the programs that evaluate likelihoods.
  static final int FIELDS = 8;

  private Explanation() {}

  static void print(String method, Budget budget, Device device, PrintStream out) {
    for (Map.Entry<String, Program> e : programs(method, budget, device).entrySet()) {
      out.println("== " + e.getKey());
      out.print(e.getValue());
      out.println("floating-point operations a run: " + Operations.of(e.getValue()));
      try (Executable bound = device.bind(e.getValue())) {
        out.print(bound.explain());
      }
      out.println();
    }
  }

  private static Map<String, Program> programs(String method, Budget budget, Device device) {
    Map<String, Program> programs = new LinkedHashMap<>();
    programs.put("simulate 64 fields", GaussianProcess.simulator());
    programs.putAll(Methods.of(method).programs(budget, device));
    return programs;
  }

  /// One training step of a network of the study; the pairs only give it its shapes.
  static Program training(Objective objective, Budget budget) {
    double[] theta = new double[64];
    Arrays.fill(theta, 0.1);
    return Trainer.program(
        objective,
        Training.dataset(new GaussianProcess.Pairs(theta, zeros(theta.length))),
        Training.symmetries(),
        TrainingOptions.of(budget.epochs(), 1));
  }

  /// Fields that only give programs their shapes.
  static Observations zeros(int fields) {
    return new Observations(
        GaussianProcess.FIELD, new float[fields * GaussianProcess.FIELD.size()]);
  }
}
