package org.amortis.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.amortis.engine.Cancellation;
import org.amortis.engine.Progress;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.cpu.CpuDevice;
import org.amortis.engine.math.RandomKey;
import org.amortis.engine.math.Streams;
import org.amortis.engine.op.Activation;
import org.amortis.engine.op.GramStructure;
import org.amortis.engine.shape.Shape;
import org.amortis.inference.likelihood.GaussianProcessLikelihood;
import org.amortis.inference.likelihood.LogLikelihood;
import org.amortis.inference.likelihood.StationaryCovariance;
import org.amortis.inference.mcmc.Adaptation;
import org.amortis.inference.mcmc.Chains;
import org.amortis.inference.mcmc.Metropolis;
import org.amortis.inference.mcmc.MetropolisOptions;
import org.amortis.inference.mcmc.Proposal;
import org.amortis.inference.mcmc.Start;
import org.amortis.inference.posterior.GridPosterior;
import org.amortis.inference.ratio.AmortizedRatio;
import org.amortis.inference.ratio.BinaryRatioLoss;
import org.amortis.inference.ratio.NeuralRatio;
import org.amortis.inference.ratio.RatioHead;
import org.amortis.nn.ParameterLayout;
import org.amortis.nn.layer.Activate;
import org.amortis.nn.layer.Dense;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Adapted walks and Langevin chains on likelihoods that the proposals know nothing of: a Gaussian
/// process and a ratio given by a network, against the same posterior on a grid.
///
/// Under the null the grid's distribution function at the last points of N chains is uniform: its
/// mean has the standard error `1 / sqrt(12 N)`, its variance about 1/2 `1 / sqrt(180 N)`. Neither
/// may be further off than 4.5 of them, which happens to one in 147,000.
@Tag("inference")
class ChainsOnModelsTest {
  private static final int FIELDS = 12;
  private static final int CHAINS = 60;

  private static MetropolisOptions options(Proposal proposal) {
    boolean langevin = proposal instanceof Proposal.Langevin;
    return new MetropolisOptions(
        130,
        90,
        CHAINS,
        CHAINS,
        new Start.FromPrior(),
        langevin ? 0.7 : 1,
        langevin ? Adaptation.RobbinsMonro.langevin() : Adaptation.RobbinsMonro.walk(1),
        proposal);
  }

  private static double worst(GridPosterior grid, Chains run) {
    int n = FIELDS * CHAINS;
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < n; i++) {
      double v = grid.cdf(i / CHAINS, 0, run.theta()[i]) - 0.5;
      sum += v / n;
      squares += v * v / n;
    }
    return StrictMath.max(
        StrictMath.abs(sum) * StrictMath.sqrt(12.0 * n),
        StrictMath.abs(squares - 1 / 12.0) * StrictMath.sqrt(180.0 * n));
  }

  private static void check(Device device, Prior prior, LogLikelihood likelihood) {
    GridPosterior grid =
        GridPosterior.of(
            prior, likelihood, new int[] {600}, device, Progress.NONE, Cancellation.create());
    for (Proposal proposal : new Proposal[] {new Proposal.AdaptedWalk(), new Proposal.Langevin()}) {
      Chains run =
          new Metropolis(device, Progress.NONE, Cancellation.create())
              .sample(prior, likelihood, options(proposal), 5);
      assertThat(prior.firstOutside(run.theta())).isEqualTo(-1);
      assertThat(worst(grid, run)).as(proposal.toString()).isLessThan(4.5);
    }
  }

  @Test
  void aGaussianProcess() {
    int side = 6;
    GramStructure lattice = GramStructure.squareLattice(side);
    double[] z = new double[FIELDS * lattice.order()];
    Streams.normalInto(new RandomKey(3, 1), 0, 0, z.length, z, 0);
    try (CpuDevice device = new CpuDevice(1)) {
      LogLikelihood likelihood =
          new GaussianProcessLikelihood(
              lattice, GramStructure.latticeDistances(side), StationaryCovariance.exponential(), z);
      check(device, Prior.of(new Marginal.Uniform("range", 0, 1)), likelihood);
    }
  }

  /// Any network defines a posterior, a trained one or not.
  @Test
  void aRatio() {
    Prior prior = Prior.of(new Marginal.Uniform("theta", -1, 2));
    try (CpuDevice device = new CpuDevice(1);
        AmortizedRatio ratio = ratio(prior, device)) {
      check(device, prior, ratio.of(data()));
    }
  }

  private static Observations data() {
    double[] normal = new double[FIELDS * 3];
    Streams.normalInto(new RandomKey(9, 1), 0, 0, normal.length, normal, 0);
    float[] z = new float[normal.length];
    for (int i = 0; i < z.length; i++) {
      z[i] = (float) normal[i];
    }
    return new Observations(Shape.of(3), z);
  }

  private static AmortizedRatio ratio(Prior prior, Device device) {
    NeuralRatio ratio =
        new NeuralRatio(
            prior,
            new Dense(6, Activation.RELU),
            new RatioHead(new Activate(Activate.Kind.TANH), 12, Activation.RELU, new Dense(1)),
            new BinaryRatioLoss());
    ParameterLayout layout = ratio.layout(Shape.of(3));
    double[] parameters = layout.initial(4);
    Arrays.setAll(parameters, i -> 1.5 * parameters[i]);
    return new AmortizedRatio(ratio, layout, parameters, new double[0], device);
  }
}
