package org.amortis.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.amortis.engine.Cancellation;
import org.amortis.engine.Progress;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.cpu.CpuDevice;
import org.amortis.engine.device.opencl.OnOpenCl;
import org.amortis.engine.math.RandomKey;
import org.amortis.engine.math.Streams;
import org.amortis.engine.op.GramStructure;
import org.amortis.engine.op.Source;
import org.amortis.engine.program.Program;
import org.amortis.inference.likelihood.GaussianProcessLikelihood;
import org.amortis.inference.likelihood.LogLikelihood;
import org.amortis.inference.likelihood.StationaryCovariance;
import org.amortis.inference.mcmc.Adaptation;
import org.amortis.inference.mcmc.Chains;
import org.amortis.inference.mcmc.Metropolis;
import org.amortis.inference.mcmc.MetropolisOptions;
import org.amortis.inference.mcmc.Proposal;
import org.amortis.inference.mcmc.Start;
import org.junit.jupiter.api.Test;

/// Metropolis-Hastings on a GPU device: the chains of the cpu device, and the posterior in closed
/// form.
@OnOpenCl
class MetropolisDeviceTest {
  private static final Device GPU = OnOpenCl.Shared.DEVICE;

  private static Chains sample(
      Device device, Prior prior, LogLikelihood likelihood, MetropolisOptions options) {
    return new Metropolis(device, Progress.NONE, Cancellation.create())
        .sample(prior, likelihood, options, 5);
  }

  /// Draws are equal integers and accepting is a comparison, so chains part only where rounding
  /// turns one: not within so few steps.
  private static Chains agree(Prior prior, LogLikelihood likelihood, MetropolisOptions options) {
    try (CpuDevice cpu = new CpuDevice(1)) {
      Chains expected = sample(cpu, prior, likelihood, options);
      Chains found = sample(GPU, prior, likelihood, options);
      assertThat(found.theta()).containsExactly(expected.theta(), within(1e-9));
      assertThat(found.scale()).containsExactly(expected.scale(), within(1e-9));
      assertThat(found.acceptance()).isEqualTo(expected.acceptance());
      assertThat(sample(GPU, prior, likelihood, options).theta()).isEqualTo(found.theta());
      return found;
    }
  }

  @Test
  void chainsAreThoseOfTheCpu() {
    LinearGaussian model = LinearGaussian.two();
    Observations z = model.simulate(model.prior().sample(21, 0, 13), 22);
    for (Adaptation a :
        new Adaptation[] {
          Adaptation.RobbinsMonro.standard(),
          new Adaptation.Bands(10, 1.1, 0.15, 0.4),
          new Adaptation.None()
        }) {
      agree(
          model.prior(),
          model.likelihood(z),
          new MetropolisOptions(90, 40, 15, 3, new Start.FromPrior(), 0.7, a));
    }
  }

  @Test
  void proposalsOnTheUnconstrainedScale() {
    LinearGaussian model = LinearGaussian.two();
    Observations z = model.simulate(model.prior().sample(21, 0, 13), 22);
    for (Proposal proposal : new Proposal[] {new Proposal.AdaptedWalk(), new Proposal.Langevin()}) {
      MetropolisOptions options =
          new MetropolisOptions(
              60, 30, 15, 3, new Start.FromPrior(), 0.7, Adaptation.RobbinsMonro.walk(2));
      agree(model.prior(), model.likelihood(z), options.with(proposal));
    }
  }

  @Test
  void bothSidesOfABoundedPriorAreKept() {
    LinearGaussian model = LinearGaussian.one();
    Observations z = model.simulate(model.prior().sample(21, 0, 40), 22);
    Prior prior = Prior.of(new Marginal.Uniform("theta", -0.5, 0.6));
    MetropolisOptions options =
        new MetropolisOptions(
            120, 50, 70, 1, new Start.FromPrior(), 0.8, Adaptation.RobbinsMonro.standard());
    Chains run = agree(prior, model.likelihood(z), options);
    assertThat(prior.firstOutside(run.theta())).isEqualTo(-1);
    assertThat(run.meanAcceptance()).isBetween(0.2, 0.7);
  }

  @Test
  void chainsOfALatticeLikelihoodAreThoseOfTheCpu() {
    int side = 16;
    GramStructure lattice = GramStructure.squareLattice(side);
    double[] z = new double[7 * lattice.order()];
    Streams.normalInto(new RandomKey(3, 1), 0, 0, z.length, z, 0);
    LogLikelihood likelihood =
        new GaussianProcessLikelihood(
            lattice, GramStructure.latticeDistances(side), StationaryCovariance.exponential(), z);
    agree(
        Prior.of(new Marginal.Uniform("range", 0, 1)),
        likelihood,
        new MetropolisOptions(
            24, 12, 6, 2, new Start.At(0.3), 0.1, Adaptation.RobbinsMonro.standard()));
  }

  /// Means over 2,000 chains, each within five of its standard errors of the closed form.
  @Test
  void thousandsOfChainsFindThePosterior() {
    LinearGaussian model = LinearGaussian.two();
    int fields = 10;
    int chains = 200;
    Observations z = model.simulate(model.prior().sample(21, 0, fields), 22);
    MetropolisOptions options =
        new MetropolisOptions(
            260,
            200,
            2 * chains,
            chains,
            new Start.FromPrior(),
            0.8,
            new Adaptation.RobbinsMonro(0.35, 2, 0.6));
    Chains run = sample(GPU, model.prior(), model.likelihood(z), options);
    assertThat(run.meanAcceptance()).isCloseTo(0.35, within(0.05));
    double squares = 0;
    for (int f = 0; f < fields; f++) {
      double[] exact = model.posteriorMean(z, f);
      for (int j = 0; j < 2; j++) {
        double sum = 0;
        for (int c = 0; c < chains; c++) {
          // The last draw of every chain: independent of each other.
          sum += run.theta()[((f * chains + c) * 2 + 1) * 2 + j];
        }
        double error = model.posteriorSd(j) / StrictMath.sqrt(chains);
        double distance = (sum / chains - exact[j]) / error;
        assertThat(distance).as("data set %d, parameter %d", f, j).isBetween(-5.0, 5.0);
        squares += distance * distance;
      }
    }
    // A chi-square variable of 20 degrees of freedom, nearly.
    assertThat(squares).isBetween(5.0, 50.0);
  }

  @Test
  void aStepNeedsNothingFromTheHost() {
    LinearGaussian model = LinearGaussian.one();
    Observations z = model.simulate(model.prior().sample(21, 0, 3), 22);
    MetropolisOptions options =
        new MetropolisOptions(
            90, 40, 10, 1, new Start.FromPrior(), 0.7, Adaptation.RobbinsMonro.standard());
    Program p = Metropolis.program(model.prior(), model.likelihood(z), options);
    assertThat(p.updates().keySet())
        .containsExactlyInAnyOrder(
            "theta", "log_density", "scale", "accepted", "window", "kept", "key");
    assertThat(
            p.inputs().entrySet().stream()
                .filter(e -> ((Source.Input) e.getValue().op()).role() == Source.Role.DATA)
                .map(e -> e.getKey()))
        .doesNotContain("gain", "seed", "step");
    assertThat(GPU.bind(p).explain()).contains("mh_propose", "mh_accept", "mh_keep");
  }

  @Test
  void aRunStopsWhenItIsAsked() {
    LinearGaussian model = LinearGaussian.one();
    Observations z = model.simulate(model.prior().sample(21, 0, 3), 22);
    Cancellation cancellation = Cancellation.create();
    long[] seen = new long[1];
    Progress stopping =
        new Progress() {
          @Override
          public void start(String what, long total) {}

          @Override
          public void advance(long done) {
            seen[0] = done;
            cancellation.request();
          }

          @Override
          public void note(String text) {}

          @Override
          public void done() {}
        };
    MetropolisOptions options =
        new MetropolisOptions(
            1_000_000, 0, 10, 1, new Start.FromPrior(), 0.7, new Adaptation.None());
    assertThatThrownBy(() ->
            new Metropolis(GPU, stopping, cancellation)
                .sample(model.prior(), model.likelihood(z), options, 5))
        .isInstanceOf(Cancellation.Cancelled.class);
    assertThat(seen[0]).isBetween(1L, 1_000L);
  }
}
