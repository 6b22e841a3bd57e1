package org.amortis.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.amortis.engine.device.cpu.CpuDevice;
import org.amortis.engine.math.Special;
import org.amortis.engine.op.Activation;
import org.amortis.inference.point.AmortizedEstimator;
import org.amortis.inference.point.NeuralBayesEstimator;
import org.amortis.nn.Network;
import org.amortis.nn.layer.Dense;
import org.amortis.nn.train.Augmentation;
import org.amortis.nn.train.LearningRate;
import org.amortis.nn.train.Simulations;
import org.amortis.nn.train.Trained;
import org.amortis.nn.train.Trainer;
import org.amortis.nn.train.TrainingOptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Neural Bayes estimators against the linear-Gaussian posterior's mean and quantiles.
///
/// Errors are in posterior standard deviations. Quantile regression at level q on 20,000 pairs has
/// an error of `sqrt(q (1 - q)) / phi(z_q) / sqrt(20,000)`, 0.015 at 5 %, times the leverage of the
/// data set, about `sqrt(7)` for six data; the bounds on root mean squares are two of these, plus
/// what the network leaves.
@Tag("inference")
class BayesEstimatorTest {
  private static final int FIELDS = 60;
  private static final double[] LEVELS = {0.05, 0.5, 0.95};

  @Test
  void normalPriors() {
    for (LinearGaussian model : new LinearGaussian[] {LinearGaussian.one(), LinearGaussian.two()}) {
      check(model, model.prior(), (scope, z) -> z, 0.08);
    }
  }

  /// Quantiles pass through the bijection; the mean of theta is not the image of the mean of u.
  @Test
  void uniformPrior() {
    Prior prior = Prior.of(new Marginal.Uniform("theta", 2, 5));
    check(LinearGaussian.one(), prior, new Dense(32, Activation.RELU), 0.15);
  }

  private static void check(LinearGaussian model, Prior prior, Network network, double bound) {
    NeuralBayesEstimator nbe = NeuralBayesEstimator.meanAndQuantiles(prior, network, LEVELS);
    LearningRate schedule = new LearningRate.WarmupCosine(1e-2, 0.05, 1e-5);
    TrainingOptions options = new TrainingOptions(100, 10, 0, schedule, 5, 0, 2);
    try (CpuDevice device = new CpuDevice(1)) {
      Trained trained =
          Trainer.on(device)
              .fit(
                  "nbe",
                  nbe,
                  Simulations.fixed(model.training(prior, 20_000, 31)),
                  null,
                  Augmentation.NONE,
                  options);
      Observations z = model.simulate(prior.toUnconstrained(prior.sample(32, 0, FIELDS)), 32);
      try (AmortizedEstimator estimator = new AmortizedEstimator(nbe, trained, device)) {
        compare(model, prior, z, estimator.estimate(z), bound);
      }
    }
  }

  private static void compare(
      LinearGaussian model, Prior prior, Observations z, double[] found, double bound) {
    int p = model.p();
    int targets = 1 + LEVELS.length;
    double[] bias = new double[targets];
    double[] square = new double[targets];
    for (int f = 0; f < FIELDS; f++) {
      for (int j = 0; j < p; j++) {
        Marginal marginal = prior.marginals().get(j);
        double mean = model.posteriorMean(z, f)[j];
        double s = model.posteriorSd(j);
        double previous = Double.NEGATIVE_INFINITY;
        for (int k = 0; k < targets; k++) {
          double estimate = found[(f * targets + k) * p + j];
          assertThat(marginal.contains(estimate)).isTrue();
          double q = k == 0 ? 0 : Special.normalQuantile(LEVELS[k - 1]);
          double exact =
              k == 0 ? mean(marginal, mean, s) : marginal.fromUnconstrained(mean + s * q);
          // In posterior standard deviations, on the scale of u.
          double error = (marginal.toUnconstrained(estimate) - marginal.toUnconstrained(exact)) / s;
          assertThat(error).as("target %d of field %d", k, f).isCloseTo(0, within(4 * bound));
          square[k] += error * error / (FIELDS * p);
          bias[k] += error / (FIELDS * p);
          if (k > 0) {
            assertThat(estimate).isGreaterThan(previous);
            previous = estimate;
          }
        }
      }
    }
    for (int k = 0; k < targets; k++) {
      assertThat(StrictMath.sqrt(square[k])).as("rms of target %d", k).isLessThan(bound);
      assertThat(bias[k]).as("mean of target %d", k).isCloseTo(0, within(bound / 2));
    }
  }

  /// Posterior mean of theta by 400 posterior quantiles of u.
  private static double mean(Marginal marginal, double mean, double s) {
    double sum = 0;
    for (int i = 0; i < 400; i++) {
      sum += marginal.fromUnconstrained(mean + s * Special.normalQuantile((i + 0.5) / 400)) / 400;
    }
    return sum;
  }
}
