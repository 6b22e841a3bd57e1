package org.amortis.studies.gp;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.amortis.engine.Cancellation;
import org.amortis.engine.Progress;
import org.amortis.engine.device.Device;
import org.amortis.engine.program.Program;
import org.amortis.inference.Observations;
import org.amortis.inference.likelihood.AmortizedLikelihood;
import org.amortis.inference.likelihood.LogLikelihood;
import org.amortis.inference.likelihood.NeuralLikelihood;
import org.amortis.inference.likelihood.SyntheticLikelihood;
import org.amortis.inference.mcmc.Adaptation;
import org.amortis.inference.mcmc.Chains;
import org.amortis.inference.mcmc.Metropolis;
import org.amortis.inference.mcmc.MetropolisOptions;
import org.amortis.inference.mcmc.ResampledStart;
import org.amortis.inference.mcmc.Start;
import org.amortis.io.Json;
import org.amortis.nn.train.Trained;

/// Metropolis-Hastings with a learned likelihood of the learned summary: neural and synthetic
/// likelihood.
record ChainsMethod(String name, String label, String description, BindingPart binding)
    implements AmortizedMethod {
  private static final int CHAINS = 4;

  /// Draws from the prior among which first points are chosen.
  private static final int CANDIDATES = 256;

  /// A mixture of Gaussians for the summary.
  static ChainsMethod neural() {
    return new ChainsMethod(
        "nle",
        "NLE",
        "neural likelihood of a learned summary, Metropolis-Hastings",
        new BindingPart(
            "nle",
            new FieldSummary.Learned(),
            s -> NeuralLikelihood.mixture(GaussianProcess.PRIOR, 3, s),
            Seeds.NLE));
  }

  /// A Gaussian for the summary.
  static ChainsMethod synthetic() {
    return new ChainsMethod(
        "sl",
        "SL",
        "synthetic likelihood of a learned summary, Metropolis-Hastings",
        learnedBinding());
  }

  /// The binding function of the learned summary, shared by two methods.
  static BindingPart learnedBinding() {
    return new BindingPart(
        "binding",
        new FieldSummary.Learned(),
        s -> new SyntheticLikelihood(GaussianProcess.PRIOR, s),
        Seeds.BINDING);
  }

  @Override
  public boolean byDefault() {
    return false;
  }

  @Override
  public List<NetworkPart> parts() {
    List<NetworkPart> parts = new ArrayList<>(binding.summary().parts());
    parts.add(binding);
    return parts;
  }

  @Override
  public Sampler sampler(List<Trained> networks, Budget budget, Device device) {
    return new OfLikelihood(
        binding.summary(),
        networks.subList(0, networks.size() - 1),
        new AmortizedLikelihood(binding.likelihood(), networks.getLast(), device),
        budget,
        device);
  }

  /// Chains that adapt for a quarter of at most 2,000 steps, or longer where more draws are asked
  /// for.
  private static MetropolisOptions options(Budget budget, int draws, Start start) {
    int steps = StrictMath.min(2_000, budget.mcmc().steps());
    int burnIn = steps / 4;
    int each = (draws + CHAINS - 1) / CHAINS;
    return new MetropolisOptions(
        burnIn + StrictMath.max(steps - burnIn, each),
        burnIn,
        each * CHAINS,
        CHAINS,
        start,
        0.06,
        Adaptation.RobbinsMonro.standard());
  }

  @Override
  public Map<String, Program> programs(Budget budget, Device device) {
    Map<String, Program> programs = new LinkedHashMap<>();
    programs.put(
        "one training step of the summary, batch 32",
        Explanation.training(Models.summary(), budget));
    try (AmortizedLikelihood q = binding.untrained(device)) {
      int n = Explanation.FIELDS;
      LogLikelihood likelihood = q.of(new Observations(FieldSummary.SHAPE, new float[n]));
      programs.put(
          "one Metropolis-Hastings step, " + n + " fields, " + CHAINS + " chains each",
          Metropolis.program(
              GaussianProcess.PRIOR,
              likelihood,
              options(budget, budget.draws(), new Start.FromPrior())));
    }
    return programs;
  }

  /// Markov chains on a learned likelihood, which it closes in the end.
  private static final class OfLikelihood implements Sampler {
    private final FieldSummary summary;
    private final List<Trained> networks;
    private final AmortizedLikelihood likelihood;
    private final Budget budget;
    private final Device device;
    private Json.Obj facts = Json.Obj.empty();

    OfLikelihood(
        FieldSummary summary,
        List<Trained> networks,
        AmortizedLikelihood likelihood,
        Budget budget,
        Device device) {
      this.summary = summary;
      this.networks = networks;
      this.likelihood = likelihood;
      this.budget = budget;
      this.device = device;
    }

    @Override
    public double[] sample(
        Observations fields, int draws, long seed, Progress progress, Cancellation cancellation) {
      LogLikelihood of = likelihood.of(summary.of(fields, networks, device));
      Start start = ResampledStart.of(GaussianProcess.PRIOR, of, CHAINS, CANDIDATES, seed, device);
      MetropolisOptions o = options(budget, draws, start);
      Chains chains =
          new Metropolis(device, progress, cancellation).sample(GaussianProcess.PRIOR, of, o, seed);
      facts = Diagnostics.of(chains);
      if (o.draws() == draws) {
        return chains.theta();
      }
      double[] some = new double[fields.count() * draws];
      for (int i = 0; i < fields.count(); i++) {
        int from = i * o.draws();
        double[] kept = Arrays.copyOfRange(chains.theta(), from, from + draws);
        System.arraycopy(kept, 0, some, i * draws, draws);
      }
      return some;
    }

    @Override
    public Json.Obj facts() {
      return facts;
    }

    @Override
    public void close() {
      likelihood.close();
    }
  }
}
