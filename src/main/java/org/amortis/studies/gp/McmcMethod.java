package org.amortis.studies.gp;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.amortis.engine.device.Device;
import org.amortis.engine.program.Program;
import org.amortis.inference.Observations;
import org.amortis.inference.likelihood.LogLikelihood;
import org.amortis.inference.mcmc.Chains;
import org.amortis.inference.mcmc.Metropolis;

/// Metropolis-Hastings with the exact likelihood.
record McmcMethod() implements Method {
  @Override
  public String name() {
    return "mcmc";
  }

  @Override
  public String label() {
    return "MCMC";
  }

  @Override
  public String description() {
    return "Metropolis-Hastings with the exact likelihood";
  }

  @Override
  public MethodResult run(Run run) {
    int draws = run.budget.mcmc().draws();
    if (!run.files.has("draws_mcmc.npy")) {
      long started = System.nanoTime();
      Chains chains = chains(run, run.test.fields(), Seeds.MCMC);
      double seconds = (System.nanoTime() - started) * 1e-9;
      run.files.record(
          "mcmc", Diagnostics.of(chains).with("seconds_per_field", seconds / run.test.count()));
      run.files.write("draws_mcmc.npy", chains.theta(), run.test.count(), draws);
    }
    if (!run.files.has("micro_mcmc.npy")) {
      Chains chains = chains(run, run.micro, Seeds.MICRO_MCMC);
      run.files.write("micro_mcmc.npy", chains.theta(), run.micro.count(), draws);
    }
    return new MethodResult(
        "mcmc",
        run.files.read("draws_mcmc.npy"),
        null,
        run.files.read("micro_mcmc.npy"),
        null,
        List.of());
  }

  private static Chains chains(Run run, Observations fields, Seeds part) {
    LogLikelihood likelihood =
        GaussianProcess.likelihood(fields, GaussianProcess.Form.CHEBYSHEV, run.device);
    return new Metropolis(run.device, run.progress(), run.cancellation())
        .sample(GaussianProcess.PRIOR, likelihood, run.budget.mcmc(), run.seed(part));
  }

  @Override
  public Map<String, Program> programs(Budget budget, Device device) {
    Map<String, Program> programs = new LinkedHashMap<>();
    for (GaussianProcess.Form form : GaussianProcess.Form.values()) {
      programs.put(
          "one Metropolis-Hastings step, "
              + Explanation.FIELDS
              + " fields, "
              + form.name().toLowerCase(Locale.ROOT),
          Metropolis.program(
              GaussianProcess.PRIOR,
              GaussianProcess.likelihood(Explanation.zeros(Explanation.FIELDS), form, device),
              budget.mcmc()));
    }
    return programs;
  }
}
