package org.amortis.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.amortis.engine.Cancellation;
import org.amortis.engine.Failure;
import org.amortis.engine.Progress;
import org.amortis.engine.device.Executable;
import org.amortis.engine.device.cpu.CpuDevice;
import org.amortis.engine.math.Special;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.Shape;
import org.amortis.inference.likelihood.LogLikelihood;
import org.amortis.inference.mcmc.Adaptation;
import org.amortis.inference.mcmc.Chains;
import org.amortis.inference.mcmc.Convergence;
import org.amortis.inference.mcmc.Metropolis;
import org.amortis.inference.mcmc.MetropolisOptions;
import org.amortis.inference.mcmc.Start;
import org.amortis.inference.posterior.GridPosterior;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Metropolis-Hastings and the grid against the linear-Gaussian posterior in closed form.
///
/// The verdict on a sampler: at level q the order statistic of rank `q (S + 1)` has probability q
/// below it on average, so the means over independent data sets of `F(x_q) - q`, and of the same
/// with the sign of the data's sum, must lie within three of their standard errors at each of five
/// levels. The signed one sees a pull towards or away from the prior, which cancels in the other.
@Tag("inference")
class MetropolisTest {
  private static final int FIELDS = 200;
  private static final double[] LEVELS = {0.05, 0.25, 0.5, 0.75, 0.95};
  private static final MetropolisOptions OPTIONS =
      new MetropolisOptions(
          3_300, 300, 999, 1, new Start.FromPrior(), 0.5, Adaptation.RobbinsMonro.standard());

  /// Distribution function of parameter 0 of a data set.
  private interface Cdf {
    double at(int f, double x);

    /// The side of the prior's centre where the posterior lies.
    default double side(int f) {
      return at(f, 0) < 0.5 ? 1 : -1;
    }
  }

  @Test
  void quantilesHaveNoBias() {
    LinearGaussian model = LinearGaussian.one();
    Observations z = data(model);
    Chains run = sample(model.prior(), model.likelihood(z), OPTIONS);
    assertThat(worst(run, closed(model, z))).isLessThan(3.0);
    assertThat(run.meanAcceptance()).isCloseTo(0.44, within(0.04));
    Convergence c = Convergence.of(run, 0, 0);
    assertThat(c.essBulk()).isGreaterThan(200);
  }

  @Test
  void twoParametersAndSeveralChains() {
    LinearGaussian model = LinearGaussian.two();
    Observations z = data(model);
    MetropolisOptions options =
        new MetropolisOptions(
            2_000, 500, 999, 3, new Start.At(0, 0), 0.8, new Adaptation.Bands(50, 1.1, 0.15, 0.4));
    Chains run = sample(model.prior(), model.likelihood(z), options);
    assertThat(worst(run, closed(model, z))).isLessThan(3.0);
    assertThat(run.meanAcceptance()).isBetween(0.15, 0.45);
    double rHat = 0;
    for (int f = 0; f < FIELDS; f++) {
      rHat += Convergence.of(run, f, 1).rHat() / FIELDS;
    }
    assertThat(rHat).isLessThan(1.03);
  }

  @Test
  void boundedAndPositivePriorsAgainstTheGrid() {
    LinearGaussian model = LinearGaussian.one();
    Observations z = data(model);
    for (Marginal marginal :
        new Marginal[] {
          new Marginal.Uniform("theta", -0.5, 0.6), new Marginal.LogNormal("theta", 0, 0.5)
        }) {
      Prior prior = Prior.of(marginal);
      GridPosterior grid = grid(prior, model.likelihood(z), 1_500);
      Chains run = sample(prior, model.likelihood(z), OPTIONS);
      assertThat(prior.firstOutside(run.theta())).isEqualTo(-1);
      assertThat(worst(run, (f, x) -> grid.cdf(f, 0, x))).as(marginal.toString()).isLessThan(3.0);
    }
  }

  @Test
  void aWrongAcceptanceRuleIsCaught() {
    LinearGaussian model = LinearGaussian.one();
    Observations z = data(model);
    LogLikelihood right = model.likelihood(z);
    Cdf exact = closed(model, z);
    // Each is the rule with one term wrong, written as a change of the log-likelihood.
    LogLikelihood withoutPrior = changed(right, t -> t.square().mul(0.5));
    LogLikelihood priorTwice = changed(right, t -> t.square().mul(-0.5));
    LogLikelihood shifted = changed(right, t -> t.mul(0.1));
    for (LogLikelihood wrong : new LogLikelihood[] {withoutPrior, priorTwice, shifted}) {
      assertThat(worst(sample(model.prior(), wrong, OPTIONS), exact)).isGreaterThan(4);
    }
  }

  @Test
  void dataWithoutAPosteriorAreNamed() {
    LinearGaussian model = LinearGaussian.one();
    float[] values = data(model).values().clone();
    values[9] = Float.NaN;
    LogLikelihood likelihood = model.likelihood(new Observations(Shape.of(4), values));
    assertThatThrownBy(() -> sample(model.prior(), likelihood, OPTIONS))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("data set 2");
    assertThatThrownBy(() -> grid(model.prior(), likelihood, 50))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("data set 2");
  }

  @Test
  void gridEqualsClosedForm() {
    LinearGaussian model = LinearGaussian.one();
    Observations z = data(model);
    GridPosterior grid = grid(model.prior(), model.likelihood(z), 3_000);
    double s = model.posteriorSd(0);
    for (int f = 0; f < FIELDS; f++) {
      double mean = model.posteriorMean(z, f)[0];
      assertThat(grid.mean(f, 0)).isCloseTo(mean, within(1e-9));
      double[] q = grid.quantiles(f, 0, LEVELS);
      for (int i = 0; i < LEVELS.length; i++) {
        double exact = mean + s * Special.normalQuantile(LEVELS[i]);
        assertThat(q[i]).isCloseTo(exact, within(1e-5));
        assertThat(grid.cdf(f, 0, q[i])).isCloseTo(LEVELS[i], within(1e-12));
      }
      double density = model.logPosterior(z, f, grid.axes()[0][1_600]);
      assertThat(grid.logDensity()[f * 3_000 + 1_600]).isCloseTo(density, within(1e-9));
    }
  }

  @Test
  void gridOfTwoParametersEqualsClosedForm() {
    LinearGaussian model = LinearGaussian.two();
    Observations z = data(model).rows(0, 5);
    GridPosterior grid = grid(model.prior(), model.likelihood(z), 160, 150);
    for (int f = 0; f < z.count(); f++) {
      for (int j = 0; j < 2; j++) {
        double mean = model.posteriorMean(z, f)[j];
        assertThat(grid.mean(f, j)).isCloseTo(mean, within(1e-8));
        double upper = mean + model.posteriorSd(j) * Special.normalQuantile(0.95);
        assertThat(grid.quantiles(f, j, 0.95)[0]).isCloseTo(upper, within(2e-3));
      }
    }
  }

  private static Observations data(LinearGaussian model) {
    return model.simulate(model.prior().sample(21, 0, FIELDS), 22);
  }

  private static Cdf closed(LinearGaussian model, Observations z) {
    double s = model.posteriorSd(0);
    return (f, x) -> Special.normalCdf((x - model.posteriorMean(z, f)[0]) / s);
  }

  private static Chains sample(Prior prior, LogLikelihood likelihood, MetropolisOptions options) {
    try (CpuDevice device = new CpuDevice(1)) {
      return new Metropolis(device, Progress.NONE, Cancellation.create())
          .sample(prior, likelihood, options, 5);
    }
  }

  private static GridPosterior grid(Prior prior, LogLikelihood likelihood, int... cells) {
    try (CpuDevice device = new CpuDevice(1)) {
      return GridPosterior.of(
          prior, likelihood, cells, device, Progress.NONE, Cancellation.create());
    }
  }

  /// The largest distance of a mean of `F(x_q) - q`, plain or signed, from zero in its standard
  /// errors.
  private static double worst(Chains run, Cdf cdf) {
    int s = run.draws();
    int p = run.parameters();
    int n = LEVELS.length;
    double[] sum = new double[2 * n];
    double[] squares = new double[2 * n];
    double[] x = new double[s];
    for (int f = 0; f < FIELDS; f++) {
      for (int d = 0; d < s; d++) {
        x[d] = run.theta()[(f * s + d) * p];
      }
      Arrays.sort(x);
      double side = cdf.side(f);
      for (int i = 0; i < 2 * n; i++) {
        int rank = (int) StrictMath.rint(LEVELS[i % n] * (s + 1));
        double bias = (cdf.at(f, x[rank - 1]) - LEVELS[i % n]) * (i < n ? 1 : side);
        sum[i] += bias / FIELDS;
        squares[i] += bias * bias / FIELDS;
      }
    }
    double worst = 0;
    for (int i = 0; i < 2 * n; i++) {
      double error = StrictMath.sqrt((squares[i] - sum[i] * sum[i]) / FIELDS);
      worst = StrictMath.max(worst, StrictMath.abs(sum[i]) / error);
    }
    return worst;
  }

  /// A likelihood with a term of theta added to its logarithm.
  private static LogLikelihood changed(LogLikelihood right, UnaryOperator<Var> term) {
    return new LogLikelihood() {
      @Override
      public int count() {
        return right.count();
      }

      @Override
      public Var each(Var theta, int repeat) {
        return right.each(theta, repeat).add(term.apply(theta).reshape(theta.dim(0)));
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
