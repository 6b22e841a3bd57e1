package org.amortis.studies.gp;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.amortis.engine.Cancellation;
import org.amortis.engine.Progress;
import org.amortis.engine.device.Device;
import org.amortis.engine.program.Program;
import org.amortis.inference.Observations;
import org.amortis.inference.posterior.AmortizedPosterior;
import org.amortis.nn.train.Trained;

/// Amortized posterior by forward Kullback-Leibler divergence.
record FklMethod() implements AmortizedMethod {
  @Override
  public String name() {
    return "fkl";
  }

  @Override
  public String label() {
    return "fKL";
  }

  @Override
  public String description() {
    return "forward Kullback-Leibler divergence, spline flow";
  }

  @Override
  public List<NetworkPart> parts() {
    return List.of(new UsualPart("fkl", Models.fkl(), Seeds.FKL));
  }

  @Override
  public Sampler sampler(List<Trained> networks, Budget budget, Device device) {
    return new OfPosterior(new AmortizedPosterior(Models.fkl(), networks.getFirst(), device));
  }

  @Override
  public MethodResult run(Run run) {
    MethodResult result = AmortizedMethod.super.run(run);
    GapReport.write(run, name(), Models.fkl(), result.networks().getFirst());
    return result;
  }

  @Override
  public Map<String, Program> programs(Budget budget, Device device) {
    Map<String, Program> programs = new LinkedHashMap<>();
    programs.put("one training step, batch 32", Explanation.training(Models.fkl(), budget));
    programs.put(
        "draws for one field",
        AmortizedPosterior.samplingProgram(
            Models.fkl(), Training.layout(Models.fkl()), GaussianProcess.FIELD, 1, budget.draws()));
    return programs;
  }

  /// Draws from an amortized posterior, which it closes in the end.
  record OfPosterior(AmortizedPosterior posterior) implements Sampler {
    @Override
    public double[] sample(
        Observations fields, int draws, long seed, Progress progress, Cancellation cancellation) {
      return posterior.sample(fields, draws, seed, progress, cancellation);
    }

    @Override
    public void close() {
      posterior.close();
    }
  }
}
