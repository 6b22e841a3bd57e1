package org.amortis.inference;

import static org.assertj.core.api.Assertions.assertThat;

import org.amortis.engine.Cancellation;
import org.amortis.engine.Progress;
import org.amortis.engine.device.cpu.CpuDevice;
import org.amortis.engine.math.Spline;
import org.amortis.engine.op.Activation;
import org.amortis.inference.mcmc.Adaptation;
import org.amortis.inference.mcmc.Chains;
import org.amortis.inference.mcmc.Metropolis;
import org.amortis.inference.mcmc.MetropolisOptions;
import org.amortis.inference.mcmc.Start;
import org.amortis.inference.posterior.AmortizedPosterior;
import org.amortis.inference.posterior.NeuralPosterior;
import org.amortis.nn.density.FlowDensity;
import org.amortis.nn.flow.Composition;
import org.amortis.nn.flow.Conditioner;
import org.amortis.nn.flow.SplineCoupling;
import org.amortis.nn.layer.Dense;
import org.amortis.nn.layer.Sequential;
import org.amortis.nn.train.Augmentation;
import org.amortis.nn.train.Dataset;
import org.amortis.nn.train.Simulations;
import org.amortis.nn.train.Trained;
import org.amortis.nn.train.Trainer;
import org.amortis.nn.train.TrainingOptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Chains, training and draws are the same bytes with one thread and with two.
@Tag("inference")
class SameBytesTest {
  private record Run(double[] parameters, double[] draws, double[] logProb) {}

  @Test
  void chains() {
    Chains one = chains(1, 400);
    Chains two = chains(2, 400);
    assertThat(two.theta()).containsExactly(one.theta());
    assertThat(two.scale()).containsExactly(one.scale());
    assertThat(chains(1, 400).theta()).containsExactly(one.theta());
  }

  @Test
  void trainingAndDraws() {
    Run one = train(1);
    Run two = train(2);
    assertThat(two.parameters()).containsExactly(one.parameters());
    assertThat(two.draws()).containsExactly(one.draws());
    assertThat(two.logProb()).containsExactly(one.logProb());
  }

  private static Chains chains(int threads, int fields) {
    LinearGaussian model = LinearGaussian.two();
    Observations z = model.simulate(model.prior().sample(41, 0, fields), 42);
    MetropolisOptions options =
        new MetropolisOptions(
            200, 50, 100, 2, new Start.FromPrior(), 0.5, Adaptation.RobbinsMonro.standard());
    try (CpuDevice device = new CpuDevice(threads)) {
      return new Metropolis(device, Progress.NONE, Cancellation.create())
          .sample(model.prior(), model.likelihood(z), options, 7);
    }
  }

  private static Run train(int threads) {
    LinearGaussian model = LinearGaussian.two();
    Prior prior = model.prior();
    NeuralPosterior npe =
        new NeuralPosterior(
            prior,
            Sequential.of(new Dense(96, Activation.RELU), new Dense(17, Activation.RELU)),
            new FlowDensity(
                new Composition(
                    SplineCoupling.alternating(2, Spline.of(5, 4), Conditioner.mlp(64)))));
    Dataset data = model.training(prior, 6_400, 43);
    TrainingOptions options =
        new TrainingOptions(256, 3, 0, TrainingOptions.of(1, 1).learningRate(), 5, 0.01, 9);
    try (CpuDevice device = new CpuDevice(threads)) {
      Trained trained =
          Trainer.on(device)
              .fit("npe", npe, Simulations.fixed(data), data, Augmentation.NONE, options);
      double[] theta = prior.sample(44, 0, 70);
      Observations z = model.simulate(theta, 44);
      try (AmortizedPosterior q = new AmortizedPosterior(npe, trained, device)) {
        return new Run(trained.parameters(), q.sample(z, 300, 5), q.logProb(theta, z));
      }
    }
  }
}
