package org.amortis.studies.gp;

import java.io.PrintStream;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.Devices;
import org.amortis.engine.device.Executable;
import org.amortis.engine.plan.Operations;
import org.amortis.engine.program.Program;
import org.amortis.inference.Observations;
import org.amortis.inference.mcmc.Metropolis;
import org.amortis.inference.posterior.AmortizedPosterior;
import org.amortis.inference.posterior.GridPosterior;
import org.amortis.nn.train.LatticeSymmetry;
import org.amortis.nn.train.Objective;
import org.amortis.nn.train.Trainer;
import org.amortis.nn.train.TrainingOptions;

/// The programs behind each method, where their tensors lie and what they cost.
final class Explanation {
  private static final int FIELDS = 8;

  private Explanation() {}

  static void print(String method, Budget budget, PrintStream out) {
    try (Device device = Devices.open("cpu", Runtime.getRuntime().availableProcessors())) {
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
  }

  private static Map<String, Program> programs(String method, Budget budget, Device device) {
    Map<String, Program> programs = new LinkedHashMap<>();
    programs.put("simulate 64 fields", GaussianProcess.simulator());
    switch (method) {
      case "exact" ->
          programs.put(
              "log-likelihood of " + FIELDS + " fields at " + GridPosterior.CHUNK + " grid points",
              GridPosterior.program(
                  GaussianProcess.PRIOR,
                  GaussianProcess.likelihood(zeros(FIELDS), GaussianProcess.Form.LATTICE, device),
                  GridPosterior.CHUNK));
      case "mcmc" -> chains(programs, budget, device);
      case "nbe" -> programs.put("one training step, batch 32", training(Models.nbe(), budget));
      default -> {
        programs.put("one training step, batch 32", training(Models.fkl(), budget));
        programs.put(
            "draws for one field",
            AmortizedPosterior.samplingProgram(
                Models.fkl(),
                Training.layout(Models.fkl()),
                GaussianProcess.FIELD,
                1,
                budget.draws()));
      }
    }
    return programs;
  }

  private static void chains(Map<String, Program> programs, Budget budget, Device device) {
    for (GaussianProcess.Form form : GaussianProcess.Form.values()) {
      programs.put(
          "one Metropolis-Hastings step, "
              + FIELDS
              + " fields, "
              + form.name().toLowerCase(Locale.ROOT),
          Metropolis.program(
              GaussianProcess.PRIOR,
              GaussianProcess.likelihood(zeros(FIELDS), form, device),
              budget.mcmc()));
    }
  }

  /// One training step of a network of the study; the pairs only give it its shapes.
  static Program training(Objective objective, Budget budget) {
    double[] theta = new double[64];
    Arrays.fill(theta, 0.1);
    return Trainer.program(
        objective,
        Training.dataset(new GaussianProcess.Pairs(theta, zeros(theta.length))),
        new LatticeSymmetry("data", GaussianProcess.SIDE, true),
        TrainingOptions.of(budget.epochs(), 1));
  }

  /// Fields that only give programs their shapes.
  static Observations zeros(int fields) {
    return new Observations(
        GaussianProcess.FIELD, new float[fields * GaussianProcess.FIELD.size()]);
  }
}
