package org.amortis.studies.gp;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.amortis.engine.device.Device;
import org.amortis.engine.program.Program;
import org.amortis.inference.posterior.AmortizedPosterior;
import org.amortis.inference.posterior.NeuralPosterior;
import org.amortis.inference.variational.PriorTerm;
import org.amortis.nn.density.ConditionalDensity;
import org.amortis.nn.train.Trained;
import org.amortis.nn.train.Trainer;
import org.amortis.nn.train.TrainingOptions;

/// Amortized posteriors by reverse Kullback-Leibler divergence with the exact likelihood: with a
/// spline family, with the review's Gaussian family, and with that and the review's loss, which
/// leaves the prior out.
record Rkl1Method(
    String name, String label, String description, boolean byDefault, ReverseKlPart part)
    implements AmortizedMethod {

  /// The family of the forward method.
  static Rkl1Method spline() {
    ConditionalDensity density = Models.fkl().density();
    return new Rkl1Method(
        "rkl1",
        "rKL1",
        "reverse Kullback-Leibler divergence, exact likelihood, spline flow",
        true,
        new ReverseKlPart("rkl1", density, PriorTerm.KEPT, Seeds.RKL1));
  }

  /// The published family: Gaussian in logit(theta / 0.6).
  static Rkl1Method gaussian() {
    return new Rkl1Method(
        "rkl1-gaussian",
        "rKL1 Gaussian",
        "reverse Kullback-Leibler divergence, exact likelihood, the published Gaussian family",
        false,
        new ReverseKlPart(
            "rkl1-gaussian", Models.logisticGaussian(), PriorTerm.KEPT, Seeds.RKL1_GAUSSIAN));
  }

  /// The published family and the published loss.
  static Rkl1Method published() {
    return new Rkl1Method(
        "rkl1-published",
        "rKL1 as published",
        "the published Gaussian family and loss, which leaves the prior term out",
        false,
        new ReverseKlPart(
            "rkl1-published",
            Models.logisticGaussian(),
            PriorTerm.FLAT_ON_LOGISTIC_SCALE,
            Seeds.RKL1_PUBLISHED));
  }

  @Override
  public List<NetworkPart> parts() {
    return List.of(part);
  }

  @Override
  public Sampler sampler(List<Trained> networks, Budget budget, Device device) {
    return new FklMethod.OfPosterior(
        new AmortizedPosterior(part.posterior(), networks.getFirst(), device));
  }

  @Override
  public MethodResult run(Run run) {
    MethodResult result = AmortizedMethod.super.run(run);
    GapReport.write(run, name, part.posterior(), result.networks().getFirst());
    return result;
  }

  @Override
  public Map<String, Program> programs(Budget budget, Device device) {
    Map<String, Program> programs = new LinkedHashMap<>();
    NeuralPosterior posterior = part.posterior();
    TrainingOptions options = TrainingOptions.of(budget.epochs(), 1);
    programs.put(
        "one training step, batch 32",
        Trainer.program(
            part.objective(), ReverseKlPart.shapes(64), Training.symmetries(), options));
    programs.put(
        "draws for one field",
        AmortizedPosterior.samplingProgram(
            posterior, part.layout(), GaussianProcess.FIELD, 1, budget.draws()));
    return programs;
  }
}
