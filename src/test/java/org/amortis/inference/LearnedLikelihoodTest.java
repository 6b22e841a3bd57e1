package org.amortis.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Arrays;
import org.amortis.engine.Cancellation;
import org.amortis.engine.Progress;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.Executable;
import org.amortis.engine.device.cpu.CpuDevice;
import org.amortis.engine.program.Gradient;
import org.amortis.engine.program.Trace;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.Type;
import org.amortis.inference.likelihood.AmortizedLikelihood;
import org.amortis.inference.likelihood.LearnedLikelihood;
import org.amortis.inference.likelihood.LogLikelihood;
import org.amortis.inference.likelihood.NeuralLikelihood;
import org.amortis.inference.likelihood.ProfileLikelihood;
import org.amortis.inference.likelihood.Scaling;
import org.amortis.inference.likelihood.SyntheticLikelihood;
import org.amortis.inference.mcmc.Adaptation;
import org.amortis.inference.mcmc.Chains;
import org.amortis.inference.mcmc.Metropolis;
import org.amortis.inference.mcmc.MetropolisOptions;
import org.amortis.inference.mcmc.Start;
import org.amortis.inference.posterior.GridPosterior;
import org.amortis.nn.density.FlowDensity;
import org.amortis.nn.flow.Flows;
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
import org.junit.jupiter.api.io.TempDir;

/// Synthetic and neural likelihoods against the linear-Gaussian likelihood and posterior in closed
/// form.
///
/// The divergence of a trained density is the mean of exact minus learned log-density over pairs of
/// the model; with k parameters fitted to n pairs its expectation is about k / 2n, here below 0.02.
/// Its Monte Carlo error on 2,000 pairs is below 0.01; bounds are three times what was seen.
@Tag("inference")
class LearnedLikelihoodTest {
  private static final double HALF_LOG_2PI = 0.9189385332046727;

  /// Replicates `(m, d)` of a model's data sets as summaries.
  private static Observations replicates(LinearGaussian model, Observations z) {
    return new Observations(Shape.of(model.m(), model.a().length), z.values());
  }

  private static Dataset training(LinearGaussian model, int n) {
    Dataset d = model.training(model.prior(), n, 21);
    Column data = d.columns().get(2);
    Observations z = replicates(model, new Observations(data.sample(), data.values()));
    return Dataset.of(d.columns().get(1), new Column("summaries", z.sample(), z.values()));
  }

  private static Scaling scaling(LinearGaussian model, Dataset training) {
    float[] s = training.columns().get(1).values();
    double[] x = new double[s.length];
    for (int i = 0; i < x.length; i++) {
      x[i] = s[i];
    }
    return Scaling.of(x, model.a().length);
  }

  private static Trained fit(
      LearnedLikelihood model, Dataset training, int epochs, double rate, Device device) {
    LearningRate schedule = new LearningRate.WarmupCosine(rate, 0.05, 0);
    TrainingOptions options = new TrainingOptions(100, epochs, 0, schedule, 5, 0, 1);
    return Trainer.on(device)
        .fit("likelihood", model, Simulations.fixed(training), null, Augmentation.NONE, options);
  }

  private static double exact(LinearGaussian model, double[] u, Observations z, int f) {
    double sum = 0;
    for (int k = 0; k < model.width(); k++) {
      double e = z.values()[f * model.width() + k];
      for (int j = 0; j < model.p(); j++) {
        e -= model.a()[k % model.a().length][j] * u[f * model.p() + j];
      }
      sum -= 0.5 * e * e / (model.sd() * model.sd()) + HALF_LOG_2PI + StrictMath.log(model.sd());
    }
    return sum;
  }

  private static double divergence(LinearGaussian model, AmortizedLikelihood q) {
    double[] u = model.prior().sample(22, 0, 2_000);
    Observations z = model.simulate(u, 22);
    double[] found = q.logProb(u, replicates(model, z));
    double sum = 0;
    for (int f = 0; f < found.length; f++) {
      sum += (exact(model, u, z, f) - found[f]) / found.length;
    }
    return sum;
  }

  @Test
  void bindingFunctionsAreMeanAndCovariance() {
    LinearGaussian model = LinearGaussian.two();
    Dataset training = training(model, 20_000);
    SyntheticLikelihood likelihood =
        new SyntheticLikelihood(model.prior(), new Dense(8), scaling(model, training));
    try (Device device = new CpuDevice(1);
        AmortizedLikelihood q =
            new AmortizedLikelihood(
                likelihood, fit(likelihood, training, 5, 1e-2, device), device)) {
      assertThat(divergence(model, q)).as("divergence").isCloseTo(0, within(0.02));
      double[] theta = {0.5, -0.7, -1.2, 0.3};
      AmortizedLikelihood.Binding b = q.binding(theta);
      for (int i = 0; i < 2; i++) {
        for (int k = 0; k < 3; k++) {
          double mean = model.a()[k][0] * theta[2 * i] + model.a()[k][1] * theta[2 * i + 1];
          assertThat(b.mean()[3 * i + k]).isCloseTo(mean, within(0.1));
          for (int l = 0; l < 3; l++) {
            double covariance = k == l ? 1.44 : 0;
            assertThat(b.covariance()[(3 * i + k) * 3 + l]).isCloseTo(covariance, within(0.15));
          }
        }
      }
      // Draws have these moments: 20,000 of them, errors of 1.2 / sqrt(20,000) = 0.0085; five.
      double[] draws = q.simulate(Arrays.copyOf(theta, 2), 20_000, 5);
      double sum = 0;
      double product = 0;
      for (int i = 0; i < 20_000; i++) {
        sum += draws[3 * i] / 20_000;
        product += (draws[3 * i] - b.mean()[0]) * (draws[3 * i + 1] - b.mean()[1]) / 20_000;
      }
      assertThat(sum).isCloseTo(b.mean()[0], within(0.043));
      assertThat(product).isCloseTo(b.covariance()[1], within(0.052));
    }
  }

  @Test
  void flowOfThreeSummaries() {
    LinearGaussian model = LinearGaussian.two();
    Dataset training = training(model, 20_000);
    NeuralLikelihood likelihood =
        new NeuralLikelihood(
            model.prior(),
            (scope, x) -> x,
            new FlowDensity(Flows.affine(3, 3, 16)),
            scaling(model, training));
    try (Device device = new CpuDevice(1);
        AmortizedLikelihood q =
            new AmortizedLikelihood(
                likelihood, fit(likelihood, training, 5, 5e-3, device), device)) {
      assertThat(divergence(model, q)).as("divergence").isCloseTo(0, within(0.06));
    }
  }

  /// Grid and Markov chains on a learned likelihood of four replicates give the exact posterior.
  ///
  /// Tolerances in posterior standard deviations s: 0.1 for training; the chains add 4 x 500 draws
  /// of an effective size near 300 a data set, 0.06 each, five of them for the largest of 20.
  @Test
  void posteriorsByGridAndMarkovChains() {
    LinearGaussian model = LinearGaussian.one();
    Dataset training = training(model, 20_000);
    NeuralLikelihood likelihood =
        NeuralLikelihood.mixture(model.prior(), 3, scaling(model, training));
    try (Device device = new CpuDevice(1);
        AmortizedLikelihood q =
            new AmortizedLikelihood(
                likelihood, fit(likelihood, training, 6, 5e-3, device), device)) {
      assertThat(divergence(model, q)).as("divergence").isCloseTo(0, within(0.03));
      int fields = 20;
      double[] u = model.prior().sample(23, 0, fields);
      Observations z = model.simulate(u, 23);
      LogLikelihood log = q.of(replicates(model, z));
      GridPosterior grid =
          GridPosterior.of(
              model.prior(), log, new int[] {600}, device, Progress.NONE, Cancellation.create());
      MetropolisOptions o =
          new MetropolisOptions(
              1_000, 500, 2_000, 4, new Start.FromPrior(), 0.6, Adaptation.RobbinsMonro.standard());
      Chains chains =
          new Metropolis(device, Progress.NONE, Cancellation.create())
              .sample(model.prior(), log, o, 9);
      ProfileLikelihood.Interval profile;
      try (ProfileLikelihood p = new ProfileLikelihood(model.prior(), log, device)) {
        profile = p.interval(0, 0.9);
      }
      double s = model.posteriorSd(0);
      for (int f = 0; f < fields; f++) {
        double mean = model.posteriorMean(z, f)[0];
        // The mean of four data of unit noise, plus and minus 1.645 / 2.
        assertThat(profile.lower()[f]).isCloseTo(1.25 * mean - 0.822, within(0.12));
        assertThat(profile.upper()[f]).isCloseTo(1.25 * mean + 0.822, within(0.12));
        assertThat((grid.mean(f, 0) - mean) / s).as("grid %d", f).isCloseTo(0, within(0.1));
        double[] levels = grid.quantiles(f, 0, 0.16, 0.84);
        assertThat((levels[1] - levels[0]) / (2 * s)).isCloseTo(1, within(0.1));
        double draws =
            Arrays.stream(chains.theta(), f * 2_000, (f + 1) * 2_000).average().orElseThrow();
        assertThat((draws - mean) / s).as("chains %d", f).isCloseTo(0, within(0.4));
      }
    }
  }

  /// Laws for any parameters: replicates sum, masked ones do not count, and every way to ask gives
  /// the same numbers.
  @Test
  void replicatesSum() {
    LinearGaussian two = LinearGaussian.two();
    for (LearnedLikelihood model : families(two.prior())) {
      try (Device device = new CpuDevice(1);
          AmortizedLikelihood q = arbitrary(model, device)) {
        double[] theta = {0.2, -0.4, 1.1, 0.6, -0.3, 0.9};
        float[] z = {
          1, 0.5f, -0.2f, 0.3f, 2, -1, 0, 0.1f, 0.7f, -0.6f, 1.2f, 0.4f, 0, 1, 2, 3, 1, 0
        };
        Observations pairs = new Observations(Shape.of(2, 3), z);
        double[] together = q.logProb(theta, pairs);
        double[] twice = new double[12];
        for (int i = 0; i < 12; i++) {
          twice[i] = theta[i / 4 * 2 + i % 2];
        }
        double[] each = q.logProb(twice, new Observations(Shape.of(3), z));
        for (int f = 0; f < 3; f++) {
          assertThat(together[f]).isCloseTo(each[2 * f] + each[2 * f + 1], within(1e-4));
        }
        float[] broken = z.clone();
        Arrays.fill(broken, 3, 6, Float.NaN);
        LogLikelihood masked =
            q.of(new Observations(Shape.of(2, 3), broken), new float[] {1, 0, 1, 1, 1, 1});
        double[] grid = all(masked, theta, 3, device);
        double[] own = own(masked, theta, device);
        assertThat(own[0]).isCloseTo(each[0], within(1e-4));
        for (int f = 0; f < 3; f++) {
          assertThat(grid[f * 3 + f]).isCloseTo(own[f], within(1e-4));
        }
        assertThat(own[1]).isCloseTo(together[1], within(1e-4));
        slopes(q, theta, pairs, device);
      }
    }
  }

  private static LearnedLikelihood[] families(Prior prior) {
    Scaling scaling = Scaling.of(new double[] {1, 2, 3, -1, 0, 5}, 3);
    return new LearnedLikelihood[] {
      new SyntheticLikelihood(prior, scaling),
      NeuralLikelihood.mixture(prior, 3, scaling),
      new NeuralLikelihood(
          prior, new Dense(4), new FlowDensity(Flows.spline(3, 2, 6, 4, 3)), scaling)
    };
  }

  private static AmortizedLikelihood arbitrary(LearnedLikelihood model, Device device) {
    double[] parameters = model.layout().initial(3);
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] += 0.1 * StrictMath.sin(1 + i);
    }
    return new AmortizedLikelihood(
        model, model.layout(), parameters, model.layout().initialStatistics(3), device);
  }

  private static double[] all(LogLikelihood l, double[] theta, int points, Device device) {
    Trace t = new Trace("all");
    t.output("log", l.all(t.data("theta", Type.f64(points, 2))));
    try (Executable e = device.bind(t.program())) {
      l.bind(e);
      e.input("theta").write(theta, 0);
      e.run();
      return e.output("log").doubles();
    }
  }

  private static double[] own(LogLikelihood l, double[] theta, Device device) {
    Trace t = new Trace("each");
    t.output("log", l.each(t.data("theta", Type.f64(6, 2)), 2));
    double[] repeated = new double[12];
    for (int i = 0; i < 12; i++) {
      repeated[i] = theta[i / 4 * 2 + i % 2];
    }
    try (Executable e = device.bind(t.program())) {
      l.bind(e);
      e.input("theta").write(repeated, 0);
      e.run();
      double[] both = e.output("log").doubles();
      return new double[] {both[0], both[3], both[4]};
    }
  }

  /// The likelihood of a batch is differentiable in theta: central differences in float32.
  private static void slopes(AmortizedLikelihood q, double[] theta, Observations z, Device device) {
    Trace t = new Trace("batch");
    Var points = t.data("theta", Type.f64(3, 2));
    Var summaries = t.data("column", Type.f32(3, 2, 3));
    Var log = q.batch().of(points, java.util.Map.of("summaries", summaries), 1);
    t.output("log", log);
    t.output("slope", Gradient.of(log.sum(), java.util.List.of(points)).getFirst());
    try (Executable e = device.bind(t.program())) {
      e.input("column").write(z.values(), 0);
      e.input("theta").write(theta, 0);
      e.run();
      double[] slope = e.output("slope").doubles();
      for (int i = 0; i < theta.length; i++) {
        double h = 0.02;
        double difference = 0;
        for (int sign = -1; sign <= 1; sign += 2) {
          double[] moved = theta.clone();
          moved[i] += sign * h;
          difference += sign * q.logProb(moved, z)[i / 2] / (2 * h);
        }
        assertThat(slope[i]).isCloseTo(difference, within(0.02 + 0.02 * StrictMath.abs(slope[i])));
      }
    }
  }

  /// A file brings its own moments of the summaries, and another architecture is refused.
  @Test
  void savedLikelihoodsComeBack(@TempDir Path folder) {
    Prior prior = LinearGaussian.two().prior();
    Path file = folder.resolve("likelihood.safetensors");
    try (Device device = new CpuDevice(1);
        AmortizedLikelihood q = arbitrary(families(prior)[0], device)) {
      q.save(file);
      double[] theta = {0.2, -0.4};
      Observations z = new Observations(Shape.of(3), new float[] {1, 2, 3});
      try (AmortizedLikelihood r =
          AmortizedLikelihood.load(file, new SyntheticLikelihood(prior, Scaling.none(3)), device)) {
        assertThat(r.logProb(theta, z)).isEqualTo(q.logProb(theta, z));
      }
      assertThatThrownBy(() ->
              AmortizedLikelihood.load(
                  file, NeuralLikelihood.mixture(prior, 2, Scaling.none(3)), device))
          .hasMessageContaining("another architecture");
    }
  }
}
