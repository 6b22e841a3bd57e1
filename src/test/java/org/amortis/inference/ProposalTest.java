package org.amortis.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.TreeMap;
import org.amortis.engine.Cancellation;
import org.amortis.engine.Failure;
import org.amortis.engine.Progress;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.Executable;
import org.amortis.engine.device.cpu.CpuDevice;
import org.amortis.engine.device.reference.ReferenceDevice;
import org.amortis.engine.math.RandomKey;
import org.amortis.engine.math.Streams;
import org.amortis.engine.op.Source;
import org.amortis.engine.program.Program;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.Shape;
import org.amortis.inference.likelihood.LogLikelihood;
import org.amortis.inference.mcmc.Adaptation;
import org.amortis.inference.mcmc.Chains;
import org.amortis.inference.mcmc.Metropolis;
import org.amortis.inference.mcmc.MetropolisOptions;
import org.amortis.inference.mcmc.Proposal;
import org.amortis.inference.mcmc.Start;
import org.amortis.inference.posterior.AmortizedPosterior;
import org.amortis.inference.posterior.GridPosterior;
import org.amortis.inference.posterior.NeuralPosterior;
import org.amortis.nn.ParameterLayout;
import org.amortis.nn.density.GaussianDensity;
import org.amortis.nn.flow.Conditioner;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The proposals on the unconstrained scale against the linear-Gaussian posterior in closed form.
///
/// The verdict on a sampler: of every chain one draw is kept, moved by the posterior mean of its
/// data set and divided by the factor of its covariance. The null says that these are independent
/// standard normal numbers; so the means, the mean squares and the mean product of their N values
/// have standard errors `1 / sqrt(N)`, `sqrt(2 / N)` and `1 / sqrt(N)`. None may be further from
/// its expectation than 4.5 of them, which happens to one in 147,000 under the null.
@Tag("inference")
class ProposalTest {
  private static final int FIELDS = 50;
  private static final int CHAINS = 40;
  private static final double BOUND = 4.5;

  /// One draw a chain after `steps` steps.
  private static MetropolisOptions options(
      Start start, int steps, int burnIn, double scale, Adaptation a, Proposal proposal) {
    return new MetropolisOptions(steps, burnIn, CHAINS, CHAINS, start, scale, a, proposal);
  }

  @Test
  void theAdaptedWalkFindsThePosterior() {
    for (LinearGaussian model : models()) {
      Observations z = data(model);
      Adaptation a = Adaptation.RobbinsMonro.walk(model.p());
      Chains run =
          sample(
              model, z, options(new Start.FromPrior(), 320, 200, 1, a, new Proposal.AdaptedWalk()));
      assertThat(worst(model, z, run)).isLessThan(BOUND);
      assertThat(run.meanAcceptance()).isCloseTo(model.p() == 1 ? 0.44 : 0.234, within(0.05));
    }
  }

  /// With the covariance of the posterior the best scale is near 2.38 / sqrt(p), whatever the
  /// correlation.
  @Test
  void theWalkLearnsTheCovariance() {
    LinearGaussian model = new LinearGaussian(new double[][] {{1, 0.98}, {0.3, 0.3}}, 0.1, 2);
    Observations z = data(model);
    MetropolisOptions o =
        options(
            new Start.FromPrior(),
            900,
            700,
            1,
            Adaptation.RobbinsMonro.walk(2),
            new Proposal.AdaptedWalk());
    Chains run = sample(model, z, o);
    assertThat(worst(model, z, run)).isLessThan(BOUND);
    double mean = 0;
    for (double s : run.scale()) {
      mean += s / run.scale().length;
    }
    assertThat(mean).isBetween(1.4, 3.4);
  }

  @Test
  void langevinFindsThePosterior() {
    for (LinearGaussian model : models()) {
      Observations z = data(model);
      MetropolisOptions o =
          options(
              new Start.FromPrior(),
              160,
              120,
              1,
              Adaptation.RobbinsMonro.langevin(),
              new Proposal.Langevin());
      Chains run = sample(model, z, o);
      assertThat(worst(model, z, run)).isLessThan(BOUND);
      assertThat(run.meanAcceptance()).isCloseTo(0.574, within(0.06));
    }
  }

  /// Proposals that are off by a third of a standard deviation and too wide by 40 %.
  @Test
  void independenceFindsThePosterior() {
    for (LinearGaussian model : models()) {
      Observations z = data(model);
      try (CpuDevice device = new CpuDevice(1);
          AmortizedPosterior q = wide(model, model.prior(), device)) {
        Start start = new Start.FromPosterior(q, z);
        Proposal proposal = new Proposal.Independence(q, z);
        Adaptation none = new Adaptation.None();
        Chains run = sample(model, z, options(start, 60, 0, 1, none, proposal));
        assertThat(worst(model, z, run)).isLessThan(BOUND);
        assertThat(run.meanAcceptance()).isBetween(0.4, 0.9);
        // The proposals themselves fail the same test.
        Chains raw = sample(model, z, options(start, 1, 0, 1, none, new Proposal.AdaptedWalk()));
        assertThat(worst(model, z, raw)).isGreaterThan(10);
        // As does an acceptance rule without q: the likelihood is multiplied by what it divides.
        LogLikelihood uncorrected =
            changed(model.likelihood(z), theta -> wideLogDensity(model, z, theta));
        Chains wrong = sample(model.prior(), uncorrected, options(start, 60, 0, 1, none, proposal));
        assertThat(worst(model, z, wrong)).isGreaterThan(7);
      }
    }
  }

  /// Chains that start from exact draws stay exact at once, however coarse their steps.
  @Test
  void thePosteriorIsStationary() {
    for (LinearGaussian model : models()) {
      Observations z = data(model);
      Start exact = new Start.Each(exactDraws(model, z));
      for (Proposal proposal :
          new Proposal[] {new Proposal.AdaptedWalk(), new Proposal.Langevin()}) {
        MetropolisOptions o = options(exact, 12, 0, 0.5, new Adaptation.None(), proposal);
        Chains run = sample(model, z, o);
        assertThat(run.meanAcceptance()).isBetween(0.3, 0.97);
        assertThat(worst(model, z, run)).as(proposal.toString()).isLessThan(BOUND);
      }
    }
  }

  @Test
  void boundedPriorsAgainstTheGrid() {
    LinearGaussian model = LinearGaussian.one();
    Observations z = data(model);
    for (Marginal marginal :
        new Marginal[] {
          new Marginal.Uniform("theta", -0.5, 0.6), new Marginal.LogNormal("theta", 0, 0.5)
        }) {
      Prior prior = Prior.of(marginal);
      GridPosterior grid;
      try (CpuDevice device = new CpuDevice(1)) {
        grid =
            GridPosterior.of(
                prior,
                model.likelihood(z),
                new int[] {1_500},
                device,
                Progress.NONE,
                Cancellation.create());
      }
      for (Proposal proposal :
          new Proposal[] {new Proposal.AdaptedWalk(), new Proposal.Langevin()}) {
        Adaptation a = Adaptation.RobbinsMonro.standard();
        Chains run =
            sample(
                prior,
                model.likelihood(z),
                options(new Start.FromPrior(), 260, 120, 1, a, proposal));
        assertThat(prior.firstOutside(run.theta())).isEqualTo(-1);
        // Under the null the distribution function at a draw is uniform.
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < FIELDS * CHAINS; i++) {
          double v = grid.cdf(i / CHAINS, 0, run.theta()[i]) - 0.5;
          sum += v / (FIELDS * CHAINS);
          squares += v * v / (FIELDS * CHAINS);
        }
        double n = FIELDS * CHAINS;
        assertThat(StrictMath.abs(sum) * StrictMath.sqrt(12 * n)).isLessThan(BOUND);
        assertThat(StrictMath.abs(squares - 1 / 12.0) * StrictMath.sqrt(180 * n)).isLessThan(BOUND);
      }
    }
  }

  @Test
  void chainsAreThoseOfTheOracleAndOfAnyNumberOfThreads() {
    LinearGaussian model = LinearGaussian.two();
    Observations z = data(model).rows(0, 7);
    try (CpuDevice cpu = new CpuDevice(1);
        CpuDevice two = new CpuDevice(2)) {
      Device oracle = new ReferenceDevice();
      Map<String, Chains> runs = new TreeMap<>();
      for (Device device : new Device[] {cpu, two, oracle}) {
        try (AmortizedPosterior q = wide(model, model.prior(), device)) {
          Proposal[] all = {
            new Proposal.AdaptedWalk(), new Proposal.Langevin(), new Proposal.Independence(q, z)
          };
          for (int i = 0; i < all.length; i++) {
            MetropolisOptions o =
                new MetropolisOptions(
                    40,
                    25,
                    15,
                    3,
                    new Start.FromPrior(),
                    0.8,
                    Adaptation.RobbinsMonro.walk(2),
                    all[i]);
            Chains run = sample(device, model.prior(), model.likelihood(z), o);
            Chains first = runs.putIfAbsent("" + i, run);
            if (first != null && device == two) {
              assertThat(run.theta()).isEqualTo(first.theta());
              assertThat(run.scale()).isEqualTo(first.scale());
            } else if (first != null) {
              // Proposals of networks are float32.
              double tolerance = i == 2 ? 1e-5 : 1e-9;
              assertThat(run.theta()).containsExactly(first.theta(), within(tolerance));
              assertThat(run.acceptance()).isEqualTo(first.acceptance());
            }
          }
        }
      }
    }
  }

  @Test
  void aStepNeedsNothingFromTheHost() {
    LinearGaussian model = LinearGaussian.two();
    for (Proposal proposal : new Proposal[] {new Proposal.AdaptedWalk(), new Proposal.Langevin()}) {
      MetropolisOptions o =
          options(new Start.FromPrior(), 20, 10, 1, new Adaptation.None(), proposal);
      Program p = Metropolis.program(model.prior(), model.likelihood(data(model)), o);
      assertThat(
              p.inputs().values().stream()
                  .map(n -> (Source.Input) n.op())
                  .filter(i -> i.role() == Source.Role.DATA)
                  .map(Source.Input::label))
          .containsExactly("means");
    }
  }

  @Test
  void mistakesAreNamed() {
    LinearGaussian model = LinearGaussian.one();
    Observations z = data(model);
    MetropolisOptions o =
        options(
            new Start.FromPrior(), 20, 10, 1, new Adaptation.None(), new Proposal.AdaptedWalk());
    float[] broken = z.values().clone();
    broken[9] = Float.NaN;
    assertThatThrownBy(() -> sample(model, new Observations(Shape.of(4), broken), o))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("data set 2");
    Start few = new Start.Each(new double[3]);
    assertThatThrownBy(
            () -> sample(model, z, options(few, 20, 10, 1, o.adaptation(), o.proposal())))
        .hasMessageContaining("first points hold 3 numbers, the chains need 2000");
    try (CpuDevice device = new CpuDevice(1);
        AmortizedPosterior q =
            wide(model, Prior.of(new Marginal.Uniform("theta0", 0, 1)), device)) {
      assertThatThrownBy(() -> sample(model, z, o.with(new Proposal.Independence(q, z))))
          .hasMessageContaining("posterior with the prior");
    }
    try (CpuDevice device = new CpuDevice(1);
        AmortizedPosterior q = wide(model, model.prior(), device)) {
      assertThatThrownBy(() -> sample(model, z, o.with(new Proposal.Independence(q, z.rows(0, 5)))))
          .hasMessageContaining("5 observations");
    }
  }

  private static LinearGaussian[] models() {
    return new LinearGaussian[] {LinearGaussian.one(), LinearGaussian.two()};
  }

  private static Observations data(LinearGaussian model) {
    return model.simulate(model.prior().sample(21, 0, FIELDS), 22);
  }

  private static Chains sample(LinearGaussian model, Observations z, MetropolisOptions o) {
    return sample(model.prior(), model.likelihood(z), o);
  }

  private static Chains sample(Prior prior, LogLikelihood likelihood, MetropolisOptions o) {
    try (CpuDevice device = new CpuDevice(1)) {
      return sample(device, prior, likelihood, o);
    }
  }

  private static Chains sample(
      Device device, Prior prior, LogLikelihood likelihood, MetropolisOptions o) {
    return new Metropolis(device, Progress.NONE, Cancellation.create())
        .sample(prior, likelihood, o, 5);
  }

  /// Lower factor of the posterior covariance: (0, 0), (1, 0), (1, 1).
  private static double[] factor(LinearGaussian model) {
    double[] v = model.covariance();
    double a = StrictMath.sqrt(v[0]);
    return model.p() == 1
        ? new double[] {a}
        : new double[] {a, v[1] / a, StrictMath.sqrt(v[3] - v[1] * v[1] / v[0])};
  }

  private static double[] exactDraws(LinearGaussian model, Observations z) {
    int p = model.p();
    double[] l = factor(model);
    double[] u = new double[FIELDS * CHAINS * p];
    Streams.normalInto(new RandomKey(8, 3), 0, 0, u.length, u, 0);
    for (int i = 0; i < FIELDS * CHAINS; i++) {
      double[] mean = model.posteriorMean(z, i / CHAINS);
      double first = u[i * p];
      u[i * p] = mean[0] + l[0] * first;
      if (p == 2) {
        u[i * p + 1] = mean[1] + l[1] * first + l[2] * u[i * p + 1];
      }
    }
    return u;
  }

  /// The largest distance of a statistic of the whitened draws from its expectation, in its
  /// standard errors.
  private static double worst(LinearGaussian model, Observations z, Chains run) {
    int p = model.p();
    int n = FIELDS * CHAINS;
    double[] l = factor(model);
    double[] sum = new double[5];
    for (int i = 0; i < n; i++) {
      double[] mean = model.posteriorMean(z, i / CHAINS);
      double a = (run.theta()[i * p] - mean[0]) / l[0];
      double b = p == 1 ? 0 : (run.theta()[i * p + 1] - mean[1] - l[1] * a) / l[2];
      sum[0] += a;
      sum[1] += (a * a - 1) / StrictMath.sqrt(2);
      sum[2] += b;
      sum[3] += p == 1 ? 0 : (b * b - 1) / StrictMath.sqrt(2);
      sum[4] += a * b;
    }
    double worst = 0;
    for (double s : sum) {
      worst = StrictMath.max(worst, StrictMath.abs(s) / StrictMath.sqrt(n));
    }
    return worst;
  }

  private static final double WIDER = 1.4;
  private static final double PULL = 0.8;

  /// A neural posterior that is not quite the posterior: its means are 0.8 of the right ones, its
  /// standard deviations 1.4 of the right ones, without correlation.
  private static AmortizedPosterior wide(LinearGaussian model, Prior prior, Device device) {
    int p = model.p();
    NeuralPosterior npe =
        new NeuralPosterior(prior, (scope, z) -> z, new GaussianDensity(p, Conditioner.mlp()));
    int width = model.width();
    ParameterLayout layout = npe.layout(Shape.of(width));
    double[] parameters = new double[layout.size()];
    int outputs = 2 * p + p * (p - 1) / 2;
    for (int k = 0; k < width; k++) {
      float[] unit = new float[width];
      unit[k] = 1;
      double[] mean = model.posteriorMean(new Observations(Shape.of(width), unit), 0);
      for (int j = 0; j < p; j++) {
        parameters[k * outputs + j] = PULL * mean[j];
      }
    }
    for (int j = 0; j < p; j++) {
      parameters[width * outputs + p + j] = -StrictMath.log(WIDER * model.posteriorSd(j));
    }
    return new AmortizedPosterior(npe, layout, parameters, new double[0], device);
  }

  /// The log-density of [#wide], up to a constant.
  private static Var wideLogDensity(LinearGaussian model, Observations z, Var theta) {
    int p = model.p();
    double[] mean = new double[theta.dim(0) * p];
    double[] precision = new double[p];
    for (int i = 0; i < mean.length; i++) {
      mean[i] = PULL * model.posteriorMean(z, i / p / CHAINS)[i % p];
      precision[i % p] = 1 / (WIDER * model.posteriorSd(i % p));
    }
    Var means = theta.trace().table(theta.type(), mean);
    Var scales = theta.trace().table(theta.type().with(Shape.of(p)), precision);
    return theta.sub(means).mul(scales).square().sum(1).mul(-0.5);
  }

  private static LogLikelihood changed(
      LogLikelihood right, java.util.function.UnaryOperator<Var> term) {
    return new LogLikelihood() {
      @Override
      public int count() {
        return right.count();
      }

      @Override
      public Var each(Var theta, int repeat) {
        return right.each(theta, repeat).add(term.apply(theta));
      }

      @Override
      public Var all(Var theta) {
        throw new UnsupportedOperationException();
      }

      @Override
      public void bind(Executable program) {
        right.bind(program);
      }
    };
  }
}
