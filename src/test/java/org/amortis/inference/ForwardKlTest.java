package org.amortis.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.amortis.engine.device.cpu.CpuDevice;
import org.amortis.engine.math.Spline;
import org.amortis.inference.posterior.AmortizedPosterior;
import org.amortis.inference.posterior.NeuralPosterior;
import org.amortis.nn.density.ConditionalDensity;
import org.amortis.nn.density.FlowDensity;
import org.amortis.nn.density.GaussianDensity;
import org.amortis.nn.density.MixtureDensity;
import org.amortis.nn.flow.Composition;
import org.amortis.nn.flow.Conditioner;
import org.amortis.nn.flow.SplineCoupling;
import org.amortis.nn.train.Augmentation;
import org.amortis.nn.train.LearningRate;
import org.amortis.nn.train.Simulations;
import org.amortis.nn.train.Trained;
import org.amortis.nn.train.Trainer;
import org.amortis.nn.train.TrainingOptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Posteriors by forward KL against the linear-Gaussian posterior in closed form.
///
/// Tolerances are in units of the posterior's standard deviation s. With 2,000 draws the mean has a
/// Monte Carlo error of 0.022 s and the standard deviation one of 1.6 %; the bounds are five of
/// these plus what training leaves.
@Tag("inference")
class ForwardKlTest {
  private static final int FIELDS = 40;
  private static final int DRAWS = 2_000;
  private static final double LOG_HALF_WIDTH = 0.5;

  @Test
  void gaussianOfOneParameter() {
    LinearGaussian model = LinearGaussian.one();
    check(model, model.prior(), new GaussianDensity(1, Conditioner.mlp()), 8, 1e-2, 0.06);
  }

  @Test
  void gaussianOfTwoParameters() {
    LinearGaussian model = LinearGaussian.two();
    check(model, model.prior(), new GaussianDensity(2, Conditioner.mlp()), 8, 1e-2, 0.08);
  }

  /// The density in natural units has the Jacobian of the prior's bijection.
  @Test
  void gaussianBehindLogNormalAndUniformPriors() {
    Prior prior =
        Prior.of(new Marginal.LogNormal("scale", 0.5, 0.7), new Marginal.Uniform("shape", -1, 3));
    check(LinearGaussian.two(), prior, new GaussianDensity(2, Conditioner.mlp()), 8, 1e-2, 0.08);
  }

  @Test
  void mixtureOfOneParameter() {
    LinearGaussian model = LinearGaussian.one();
    ConditionalDensity q = new MixtureDensity(1, 3, Conditioner.mlp(32));
    check(model, model.prior(), q, 8, 5e-3, 0.15);
  }

  @Test
  void splineFlowOfOneParameter() {
    LinearGaussian model = LinearGaussian.one();
    ConditionalDensity q =
        new FlowDensity(new SplineCoupling(Spline.of(8, 4), Conditioner.mlp(32), true));
    check(model, model.prior(), q, 8, 5e-3, 0.15);
  }

  @Test
  void splineFlowOfTwoParameters() {
    LinearGaussian model = LinearGaussian.two();
    ConditionalDensity q =
        new FlowDensity(
            new Composition(SplineCoupling.alternating(4, Spline.of(6, 5), Conditioner.mlp(32))));
    check(model, model.prior(), q, 8, 5e-3, 0.2);
  }

  private static void check(
      LinearGaussian model,
      Prior prior,
      ConditionalDensity density,
      int epochs,
      double rate,
      double training) {
    NeuralPosterior npe = new NeuralPosterior(prior, (scope, z) -> z, density);
    LearningRate schedule = new LearningRate.WarmupCosine(rate, 0.05, 1e-5);
    TrainingOptions options = new TrainingOptions(100, epochs, 0, schedule, 5, 0, 1);
    try (CpuDevice device = new CpuDevice(1)) {
      Trained trained =
          Trainer.on(device)
              .fit(
                  "npe",
                  npe,
                  Simulations.fixed(model.training(prior, 20_000, 11)),
                  null,
                  Augmentation.NONE,
                  options);
      try (AmortizedPosterior q = new AmortizedPosterior(npe, trained, device)) {
        double[] theta = prior.sample(12, 0, FIELDS);
        double[] u = prior.toUnconstrained(theta);
        Observations z = model.simulate(u, 12);
        moments(model, prior, q.sample(z, DRAWS, 3), z, training);
        densities(model, prior, q.logProb(theta, z), theta, u, z, training);
      }
    }
  }

  private static void moments(
      LinearGaussian model, Prior prior, double[] draws, Observations z, double training) {
    int p = model.p();
    assertThat(prior.firstOutside(draws)).isEqualTo(-1);
    double[] u = prior.toUnconstrained(draws);
    double bias = 0;
    double ratio = 0;
    for (int f = 0; f < FIELDS; f++) {
      for (int j = 0; j < p; j++) {
        double mean = 0;
        double square = 0;
        for (int d = 0; d < DRAWS; d++) {
          double x = u[(f * DRAWS + d) * p + j];
          mean += x / DRAWS;
          square += x * x / DRAWS;
        }
        double s = model.posteriorSd(j);
        double error = (mean - model.posteriorMean(z, f)[j]) / s;
        double relative = StrictMath.sqrt(square - mean * mean) / s;
        assertThat(error).as("mean of field %d", f).isCloseTo(0, within(0.11 + 2 * training));
        assertThat(relative).as("sd of field %d", f).isCloseTo(1, within(0.08 + 2 * training));
        bias += error / (FIELDS * p);
        ratio += relative / (FIELDS * p);
      }
    }
    assertThat(bias).as("mean error").isCloseTo(0, within(0.02 + training / 2));
    assertThat(ratio).as("mean ratio of sd").isCloseTo(1, within(0.01 + training / 2));
  }

  private static void densities(
      LinearGaussian model,
      Prior prior,
      double[] found,
      double[] theta,
      double[] u,
      Observations z,
      double training) {
    int p = model.p();
    double divergence = 0;
    for (int f = 0; f < FIELDS; f++) {
      double exact = model.logPosterior(z, f, java.util.Arrays.copyOfRange(u, f * p, f * p + p));
      for (int j = 0; j < p; j++) {
        double h = 1e-6;
        Marginal marginal = prior.marginals().get(j);
        double slope =
            marginal.toUnconstrained(theta[f * p + j] + h)
                - marginal.toUnconstrained(theta[f * p + j] - h);
        exact += StrictMath.log(slope / (2 * h));
      }
      assertThat(found[f])
          .as("log-density of field %d", f)
          .isCloseTo(exact, within(LOG_HALF_WIDTH));
      divergence += (exact - found[f]) / FIELDS;
    }
    assertThat(divergence).as("KL divergence").isCloseTo(0, within(training));
  }
}
