package org.amortis.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.amortis.engine.Cancellation;
import org.amortis.engine.Progress;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.cpu.CpuDevice;
import org.amortis.engine.math.Spline;
import org.amortis.inference.posterior.AmortizedPosterior;
import org.amortis.inference.posterior.NeuralPosterior;
import org.amortis.inference.variational.AmortizationGap;
import org.amortis.inference.variational.AmortizationGap.Verdict;
import org.amortis.inference.variational.ImportanceSampling;
import org.amortis.inference.variational.LocalPosterior;
import org.amortis.inference.variational.ParetoSmoothing;
import org.amortis.inference.variational.Refinement;
import org.amortis.inference.variational.ReverseKl;
import org.amortis.inference.variational.WeightedDraws;
import org.amortis.io.Json;
import org.amortis.nn.Network;
import org.amortis.nn.ParameterLayout;
import org.amortis.nn.density.ConditionalDensity;
import org.amortis.nn.density.FlowDensity;
import org.amortis.nn.density.GaussianDensity;
import org.amortis.nn.density.MixtureDensity;
import org.amortis.nn.flow.AffineCoupling;
import org.amortis.nn.flow.Composition;
import org.amortis.nn.flow.Conditioner;
import org.amortis.nn.flow.SplineCoupling;
import org.amortis.nn.layer.Dense;
import org.amortis.nn.train.Augmentation;
import org.amortis.nn.train.Column;
import org.amortis.nn.train.Dataset;
import org.amortis.nn.train.LearningRate;
import org.amortis.nn.train.Simulations;
import org.amortis.nn.train.Trained;
import org.amortis.nn.train.Trainer;
import org.amortis.nn.train.TrainingOptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Importance weights, refinement and the amortization-gap report against the linear-Gaussian
/// posterior in closed form.
@Tag("inference")
class RefinementTest {
  private static final int DRAWS = 2_000;

  private static Dataset data(Observations z) {
    return Dataset.of(new Column("data", z.sample(), z.values()));
  }

  /// A posterior whose network has not been trained.
  private static AmortizedPosterior fresh(LinearGaussian m, ConditionalDensity q, Device device) {
    NeuralPosterior model = new NeuralPosterior(m.prior(), (scope, z) -> z, q);
    ParameterLayout layout = model.layout(org.amortis.engine.shape.Shape.of(m.width()));
    return new AmortizedPosterior(model, layout, layout.initial(1), new double[0], device);
  }

  /// Draws from the prior, weighted: evidence, mean and standard deviation of the posterior. With
  /// ESS draws that count, the mean has an error of `1 / sqrt(ESS)` posterior standard deviations;
  /// the bounds are four of these. Where k-hat says that the weights are not reliable, nothing is
  /// asked of them.
  @Test
  void weightedDrawsOfThePriorBecomeThePosterior() {
    for (LinearGaussian m : List.of(LinearGaussian.one(), LinearGaussian.two())) {
      Observations z = m.simulate(m.prior().sample(3, 0, 40), 3);
      for (ConditionalDensity q :
          List.of(
              new GaussianDensity(m.p(), Conditioner.mlp()),
              new MixtureDensity(m.p(), 2, Conditioner.mlp()))) {
        try (Device device = new CpuDevice(1);
            AmortizedPosterior prior = fresh(m, q, device)) {
          WeightedDraws w =
              ImportanceSampling.on(device).sample(prior, data(z), m.batch(), DRAWS, 7);
          double evidence = 0;
          int reliable = 0;
          for (int i = 0; i < z.count(); i++) {
            assertThat(w.lowerBound(i)).isLessThan(w.logEvidence(i));
            if (w.k()[i] > ParetoSmoothing.threshold(DRAWS)) {
              continue;
            }
            reliable++;
            evidence += w.logEvidence(i) - m.logEvidence(z, i);
            double error = 4 / StrictMath.sqrt(w.ess(i));
            for (int j = 0; j < m.p(); j++) {
              double sd = m.posteriorSd(j);
              assertThat(w.mean(i, j)).isCloseTo(m.posteriorMean(z, i)[j], within(error * sd));
              assertThat(w.sd(i, j)).isCloseTo(sd, within(error * sd));
              double upper = w.quantiles(i, j, 0.95)[0];
              double exact = m.posteriorMean(z, i)[j] + 1.6448536 * sd;
              assertThat(upper).isCloseTo(exact, within(3 * error * sd));
            }
          }
          assertThat(reliable).isGreaterThan(30);
          assertThat(evidence / reliable).isCloseTo(0, within(0.05));
          double[] again = w.resample(500, 1);
          double mean = 0;
          for (int d = 0; d < 500; d++) {
            mean += again[d * m.p()] / 500;
          }
          // Systematic resampling adds next to nothing to the error of the weights.
          assertThat(mean).isCloseTo(w.mean(0, 0), within(0.1 * m.posteriorSd(0)));
        }
      }
    }
  }

  @Test
  void refinementTakesAnUntrainedPosteriorToTheExactOne() {
    LinearGaussian one = LinearGaussian.one();
    refined(one, new GaussianDensity(1, Conditioner.mlp()), 0.03);
    refined(LinearGaussian.two(), new GaussianDensity(2, Conditioner.mlp()), 0.03);
    ConditionalDensity flow =
        new FlowDensity(
            new Composition(
                List.of(
                    new AffineCoupling(Conditioner.mlp(), true),
                    new SplineCoupling(Spline.of(4, 4), Conditioner.mlp(8), true))));
    refined(one, flow, 0.03);
  }

  /// The bound reaches the log evidence, from which it is `KL(q || posterior)` away, and k-hat says
  /// that the weights are harmless.
  private static void refined(LinearGaussian m, ConditionalDensity family, double divergence) {
    Observations z = m.simulate(m.prior().sample(5, 0, 40), 5);
    try (Device device = new CpuDevice(1);
        AmortizedPosterior prior = fresh(m, family, device)) {
      LocalPosterior start = LocalPosterior.of(prior, data(z), device);
      LocalPosterior after =
          Refinement.standard()
              .refine(start, m.batch(), 1, device, Progress.NONE, Cancellation.create());
      ImportanceSampling sampling = ImportanceSampling.on(device);
      WeightedDraws was = sampling.sample(start, m.batch(), DRAWS, 7);
      WeightedDraws is = sampling.sample(after, m.batch(), DRAWS, 7);
      double before = 0;
      for (int i = 0; i < z.count(); i++) {
        double evidence = m.logEvidence(z, i);
        before += (evidence - was.lowerBound(i)) / z.count();
        assertThat(evidence - is.lowerBound(i)).isCloseTo(0, within(divergence));
        assertThat(is.logEvidence(i)).isCloseTo(evidence, within(0.01));
        assertThat(is.ess(i)).isGreaterThan(0.9 * DRAWS);
        for (int j = 0; j < m.p(); j++) {
          double sd = m.posteriorSd(j);
          // 2,000 draws: 0.022 standard deviations, times five.
          assertThat(is.mean(i, j)).isCloseTo(m.posteriorMean(z, i)[j], within(0.11 * sd));
        }
      }
      assertThat(before).isGreaterThan(1);
    }
  }

  /// A network trained where |u| < 1 says nothing of use about data from u = 6; inside that range
  /// it can be trusted. The refined posterior is right in both places.
  @Test
  void reportFlagsADataSetOutsideTheTrainingRange() {
    LinearGaussian m = LinearGaussian.one();
    // Saturated hidden units do not extrapolate.
    Network network =
        (scope, z) ->
            new Dense(4).apply(scope.child("1"), new Dense(16).apply(scope.child("0"), z).tanh());
    ConditionalDensity family = new GaussianDensity(1, Conditioner.mlp());
    ReverseKl objective = ReverseKl.of(m.prior(), network, family, m.batch(), 4);
    double[] narrow = m.prior().sample(21, 0, 6_400);
    for (int i = 0; i < narrow.length; i++) {
      narrow[i] = StrictMath.tanh(narrow[i]);
    }
    TrainingOptions options =
        new TrainingOptions(32, 6, 0, new LearningRate.WarmupCosine(1e-2, 0.05, 1e-5), 5, 0, 1);
    double[] u = {0.1, -0.5, 0.4, 0.7, -0.2, 0.3, 6};
    Observations z = m.simulate(u, 22);
    try (CpuDevice device = new CpuDevice(1)) {
      Trained trained =
          Trainer.on(device)
              .fit(
                  "narrow",
                  objective,
                  Simulations.fixed(data(m.simulate(narrow, 21))),
                  null,
                  Augmentation.NONE,
                  options);
      try (AmortizedPosterior q = new AmortizedPosterior(objective.posterior(), trained, device)) {
        AmortizationGap report = AmortizationGap.of(q, data(z), m.batch(), 5, device);
        for (int i = 0; i < u.length; i++) {
          AmortizationGap.Row row = report.rows().get(i);
          boolean outside = u[i] > 1;
          assertThat(row.verdict())
              .as("%s", row)
              .isEqualTo(outside ? Verdict.REFINE : Verdict.TRUST);
          assertThat(row.refinedBound()).isCloseTo(m.logEvidence(z, i), within(0.05));
          assertThat(row.gap()).isGreaterThanOrEqualTo(0);
          double mean = report.draws().mean(i, 0);
          assertThat(mean).isCloseTo(m.posteriorMean(z, i)[0], within(0.15 * m.posteriorSd(0)));
        }
        assertThat(report.rows().getLast().gap()).isGreaterThan(1);
        assertThat(report.table()).contains("6 trust, 1 refine, 0 do not trust");
        assertThat(report.json().get("refine")).contains(Json.of(1));
        assertThat(report.json().compact()).contains("\"verdict\":\"refine\"");
      }
    }
  }
}
