package org.amortis.studies.gp;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.amortis.engine.Cancellation;
import org.amortis.engine.Progress;
import org.amortis.engine.device.Device;
import org.amortis.engine.program.Program;
import org.amortis.inference.Observations;
import org.amortis.inference.likelihood.AmortizedLikelihood;
import org.amortis.inference.likelihood.SyntheticLikelihood;
import org.amortis.inference.posterior.AmortizedPosterior;
import org.amortis.nn.train.Trained;

/// Amortized posteriors by reverse Kullback-Leibler divergence with a synthetic likelihood: of the
/// hand-crafted and of the learned summary.
record SummaryPosteriorMethod(
    String name, String label, String description, SummaryPosteriorPart posterior)
    implements AmortizedMethod, SummaryMethod {

  /// With the hand-crafted summary.
  static SummaryPosteriorMethod handCrafted() {
    BindingPart binding =
        new BindingPart(
            "rkl2-binding",
            new FieldSummary.Neighbours(),
            s -> new SyntheticLikelihood(GaussianProcess.PRIOR, s),
            Seeds.RKL2_BINDING);
    return new SummaryPosteriorMethod(
        "rkl2",
        "rKL2",
        "reverse Kullback-Leibler divergence, synthetic likelihood of the hand-crafted summary",
        new SummaryPosteriorPart("rkl2", binding, Seeds.RKL2));
  }

  /// With the summary learned by mutual information.
  static SummaryPosteriorMethod learned() {
    return new SummaryPosteriorMethod(
        "rkl3",
        "rKL3",
        "reverse Kullback-Leibler divergence, synthetic likelihood of a learned summary",
        new SummaryPosteriorPart("rkl3", ChainsMethod.learnedBinding(), Seeds.RKL3));
  }

  private FieldSummary summary() {
    return posterior.binding().summary();
  }

  @Override
  public List<NetworkPart> parts() {
    List<NetworkPart> parts = new ArrayList<>(summary().parts());
    parts.add(posterior.binding());
    parts.add(posterior);
    return parts;
  }

  @Override
  public Sampler sampler(List<Trained> networks, Budget budget, Device device) {
    AmortizedPosterior q =
        new AmortizedPosterior(posterior.posterior(), networks.getLast(), device);
    return new OfSummary(summary(), networks, device, q);
  }

  @Override
  public double[] summaries(Observations fields, List<Trained> networks, Device device) {
    float[] s = summary().of(fields, networks, device).values();
    double[] wide = new double[s.length];
    for (int i = 0; i < s.length; i++) {
      wide[i] = s[i];
    }
    return wide;
  }

  @Override
  public Binding binding(double[] theta, List<Trained> networks, Device device) {
    Trained trained = networks.get(networks.size() - 2);
    try (AmortizedLikelihood likelihood =
        new AmortizedLikelihood(posterior.binding().likelihood(), trained, device)) {
      AmortizedLikelihood.Binding b = likelihood.binding(theta);
      double[] deviation = b.covariance().clone();
      for (int i = 0; i < deviation.length; i++) {
        deviation[i] = StrictMath.sqrt(deviation[i]);
      }
      return new Binding(b.mean(), deviation);
    }
  }

  @Override
  public Map<String, Program> programs(Budget budget, Device device) {
    Map<String, Program> programs = new LinkedHashMap<>();
    if (!summary().parts().isEmpty()) {
      programs.put(
          "one training step of the summary, batch 32",
          Explanation.training(Models.summary(), budget));
    }
    programs.put("one training step, batch " + BindingPart.BATCH, posterior.step(device));
    programs.put(
        "draws for one summary",
        AmortizedPosterior.samplingProgram(
            posterior.posterior(), posterior.layout(), FieldSummary.SHAPE, 1, budget.draws()));
    return programs;
  }

  /// Draws from an amortized posterior of the fields' summaries, which it closes in the end.
  private record OfSummary(
      FieldSummary summary, List<Trained> networks, Device device, AmortizedPosterior posterior)
      implements Sampler {
    @Override
    public double[] sample(
        Observations fields, int draws, long seed, Progress progress, Cancellation cancellation) {
      Observations s = summary.of(fields, networks, device);
      return posterior.sample(s, draws, seed, progress, cancellation);
    }

    @Override
    public void close() {
      posterior.close();
    }
  }
}
