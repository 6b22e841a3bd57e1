package org.amortis.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.amortis.engine.Cancellation;
import org.amortis.engine.Failure;
import org.amortis.engine.Progress;
import org.amortis.engine.device.cpu.CpuDevice;
import org.amortis.engine.op.Activation;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.Shape;
import org.amortis.inference.mcmc.Adaptation;
import org.amortis.inference.mcmc.Chains;
import org.amortis.inference.mcmc.Metropolis;
import org.amortis.inference.mcmc.MetropolisOptions;
import org.amortis.inference.mcmc.Start;
import org.amortis.inference.posterior.AmortizedPosterior;
import org.amortis.inference.posterior.GridPosterior;
import org.amortis.inference.posterior.NeuralPosterior;
import org.amortis.inference.ratio.AmortizedRatio;
import org.amortis.inference.ratio.BalancedRatioLoss;
import org.amortis.inference.ratio.BinaryRatioLoss;
import org.amortis.inference.ratio.ConservativeRatioLoss;
import org.amortis.inference.ratio.ContrastiveRatioLoss;
import org.amortis.inference.ratio.ImportanceDraws;
import org.amortis.inference.ratio.IndependentContrastiveLoss;
import org.amortis.inference.ratio.NeuralRatio;
import org.amortis.inference.ratio.RatioHead;
import org.amortis.inference.ratio.RatioLoss;
import org.amortis.inference.variational.ParetoSmoothing;
import org.amortis.nn.density.GaussianDensity;
import org.amortis.nn.flow.Conditioner;
import org.amortis.nn.layer.Dense;
import org.amortis.nn.layer.Sequential;
import org.amortis.nn.train.Augmentation;
import org.amortis.nn.train.Dataset;
import org.amortis.nn.train.LearningRate;
import org.amortis.nn.train.Objective;
import org.amortis.nn.train.Simulations;
import org.amortis.nn.train.Trained;
import org.amortis.nn.train.Trainer;
import org.amortis.nn.train.TrainingOptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Learned ratios against the linear-Gaussian ratio in closed form: log posterior less log prior.
///
/// Errors are root mean squares over 400 fresh pairs of the joint law. A network of this size
/// trained on 12,800 pairs leaves 0.05 to 0.12, the constant log ratio 0 leaves 1.1; the bound 0.2
/// lies between.
@Tag("inference")
class NeuralRatioTest {
  private static final int PAIRS = 400;
  private static final double BOUND = 0.25;

  private static RatioHead head() {
    Sequential rest = Sequential.of(new Dense(32, Activation.RELU), new Dense(1));
    return new RatioHead(Sequential.of(), 32, Activation.RELU, rest);
  }

  static Trained train(Objective objective, Dataset data, int epochs, CpuDevice device) {
    LearningRate schedule = new LearningRate.WarmupCosine(6e-3, 0.05, 1e-5);
    TrainingOptions options = new TrainingOptions(32, epochs, 0, schedule, 5, 0, 1);
    return Trainer.on(device)
        .fit("ratio", objective, Simulations.fixed(data), null, Augmentation.NONE, options);
  }

  /// Root mean squared error of the log ratio; `level` says whether its mean over pairs counts.
  private static double error(
      RatioLoss loss, Objective trainedAs, NeuralRatio ratio, CpuDevice device, boolean level) {
    LinearGaussian model = LinearGaussian.one();
    Dataset data = model.training(model.prior(), 9_600, 21);
    Trained trained = train(trainedAs == null ? ratio : trainedAs, data, 6, device);
    try (AmortizedRatio r = new AmortizedRatio(ratio, trained, device)) {
      double[] theta = model.prior().sample(22, 0, PAIRS);
      Observations z = model.simulate(theta, 22);
      double[] found = r.logRatio(theta, z);
      double[] shifted = new double[PAIRS];
      // The same data at another theta: the difference is free of any function of Z.
      for (int i = 0; i < PAIRS; i++) {
        shifted[i] = theta[i] + (i % 2 == 0 ? 0.5 : -0.5);
      }
      double[] other = r.logRatio(shifted, z);
      double square = 0;
      for (int i = 0; i < PAIRS; i++) {
        double e = found[i] - exact(model, z, i, theta[i]);
        double d = other[i] - exact(model, z, i, shifted[i]);
        square += StrictMath.pow(level ? e : (e - d) / StrictMath.sqrt(2), 2) / PAIRS;
      }
      return StrictMath.sqrt(square);
    }
  }

  private static double exact(LinearGaussian model, Observations z, int i, double theta) {
    return model.logPosterior(z, i, theta) - model.prior().logDensity(new double[] {theta})[0];
  }

  private static double error(RatioLoss loss, boolean level) {
    LinearGaussian model = LinearGaussian.one();
    NeuralRatio ratio = new NeuralRatio(model.prior(), Sequential.of(), head(), loss);
    try (CpuDevice device = new CpuDevice(1)) {
      return error(loss, null, ratio, device, level);
    }
  }

  @Test
  void binaryCrossEntropyFindsTheRatio() {
    assertThat(error(new BinaryRatioLoss(), true)).isLessThan(BOUND);
  }

  @Test
  void contrastiveLossFindsTheRatioUpToAFunctionOfTheData() {
    assertThat(error(new ContrastiveRatioLoss(), false)).isLessThan(BOUND);
    assertThat(error(new ContrastiveRatioLoss(8), false)).isLessThan(BOUND);
  }

  @Test
  void contrastiveLossWithIndependentClassFindsTheRatio() {
    assertThat(error(new IndependentContrastiveLoss(6, 1), true)).isLessThan(BOUND);
    assertThat(error(new IndependentContrastiveLoss(0, 10), true)).isLessThan(BOUND);
  }

  @Test
  void penaltiesLeaveTheRatioWhereItIs() {
    assertThat(error(new BalancedRatioLoss(new BinaryRatioLoss(), 20), true))
        .isLessThan(1.5 * BOUND);
    assertThat(error(new ConservativeRatioLoss(new BinaryRatioLoss()), true))
        .isLessThan(1.5 * BOUND);
  }

  /// Planted bug: the parameters of a batch are shuffled before the "joint" pairs are formed.
  @Test
  void shuffledPairsAreCaught() {
    LinearGaussian model = LinearGaussian.one();
    RatioLoss loss = new BinaryRatioLoss();
    NeuralRatio ratio = new NeuralRatio(model.prior(), Sequential.of(), head(), loss);
    Objective shuffled =
        (scope, batch) -> {
          Map<String, Var> columns = new LinkedHashMap<>(batch);
          Var u = batch.get("u");
          int b = u.dim(0);
          columns.put("u", u.slice(0, 1, b).concat(u.slice(0, 0, 1), 0));
          return ratio.losses(scope, columns);
        };
    try (CpuDevice device = new CpuDevice(1)) {
      assertThat(error(loss, shuffled, ratio, device, true)).isGreaterThan(4 * BOUND);
    }
  }

  /// One network, the ratios of both parameters together and of each alone.
  @Test
  void marginalRatios() {
    LinearGaussian model = LinearGaussian.two();
    NeuralRatio ratio =
        new NeuralRatio(
            model.prior(),
            new Dense(32, Activation.RELU),
            head(),
            new BinaryRatioLoss(),
            List.of(List.of(0, 1), List.of(0), List.of(1)));
    double[] theta = model.prior().sample(32, 0, PAIRS);
    Observations z = model.simulate(theta, 32);
    try (CpuDevice device = new CpuDevice(1)) {
      Trained trained = train(ratio, model.training(model.prior(), 9_600, 31), 8, device);
      try (AmortizedRatio both = new AmortizedRatio(ratio, trained, device)) {
        double[] found = both.logRatio(theta, z);
        double square = 0;
        for (int i = 0; i < PAIRS; i++) {
          double e =
              model.logPosterior(z, i, theta[2 * i], theta[2 * i + 1])
                  - model.prior().logDensity(new double[] {theta[2 * i], theta[2 * i + 1]})[0];
          square += StrictMath.pow(found[i] - e, 2) / PAIRS;
        }
        assertThat(StrictMath.sqrt(square)).isLessThan(0.3);
        for (int j = 0; j < 2; j++) {
          try (AmortizedRatio one = both.marginal(j)) {
            marginal(model, one, theta, z, j);
          }
        }
        assertThatThrownBy(() -> both.marginal(1, 0)).hasMessageContaining("[0, 1]");
      }
    }
  }

  private static void marginal(
      LinearGaussian model, AmortizedRatio one, double[] theta, Observations z, int j) {
    double[] own = new double[PAIRS];
    for (int i = 0; i < PAIRS; i++) {
      own[i] = theta[2 * i + j];
    }
    double[] found = one.logRatio(own, z);
    double s = model.posteriorSd(j);
    double square = 0;
    for (int i = 0; i < PAIRS; i++) {
      double e = (own[i] - model.posteriorMean(z, i)[j]) / s;
      double exact = -0.5 * e * e - StrictMath.log(s) + 0.5 * own[i] * own[i];
      square += StrictMath.pow(found[i] - exact, 2) / PAIRS;
    }
    assertThat(StrictMath.sqrt(square)).as("marginal %d", j).isLessThan(BOUND);
  }

  /// Grid, chains and resampling from one ratio, under the prior of training and another one:
  /// conjugate posteriors in closed form. Errors in posterior standard deviations.
  @Test
  void posteriorsUnderTheOldAndANewPrior() {
    LinearGaussian model = LinearGaussian.one();
    NeuralRatio ratio =
        new NeuralRatio(model.prior(), Sequential.of(), head(), new BinaryRatioLoss());
    double[] theta = model.prior().sample(42, 0, 20);
    Observations z = model.simulate(theta, 42);
    try (CpuDevice device = new CpuDevice(1)) {
      Trained trained = train(ratio, model.training(model.prior(), 9_600, 41), 6, device);
      try (AmortizedRatio r = new AmortizedRatio(ratio, trained, device)) {
        Prior narrow = Prior.of(new Marginal.Normal("theta0", 0.4, 0.5));
        GridPosterior old = r.grid(z, 400);
        GridPosterior other =
            r.grid(z, narrow, new int[] {400}, Progress.NONE, Cancellation.create());
        MetropolisOptions o =
            new MetropolisOptions(
                1_500,
                500,
                1_000,
                4,
                new Start.FromPrior(),
                0.6,
                Adaptation.RobbinsMonro.standard());
        Chains chains =
            new Metropolis(device, Progress.NONE, Cancellation.create())
                .sample(narrow, r.of(z), o, 7);
        ImportanceDraws draws = ImportanceDraws.fromPrior(r, narrow, z, 4_000, 1_000, 8);
        ImportanceDraws corrected = corrected(model, r, narrow, z, device);
        double[] grid = other.draws(1_000);
        double bias = 0;
        for (int f = 0; f < z.count(); f++) {
          double s = model.posteriorSd(0);
          assertThat((old.mean(f, 0) - model.posteriorMean(z, f)[0]) / s)
              .isCloseTo(0, within(0.35));
          // Precision 4 of the likelihood at its mean, precision 4 of the new prior at 0.4.
          double top = model.posteriorMean(z, f)[0] * 5 / 4;
          double mean = (4 * top + 4 * 0.4) / 8;
          double sd = StrictMath.sqrt(1 / 8.0);
          double error = (other.mean(f, 0) - mean) / sd;
          assertThat(error).isCloseTo(0, within(0.35));
          bias += error / z.count();
          double found = other.mean(f, 0);
          assertThat(mean(grid, f, 1_000)).isCloseTo(found, within(0.02 * sd));
          assertThat(mean(chains.theta(), f, 1_000)).isCloseTo(found, within(0.35 * sd));
          assertThat(mean(draws.theta(), f, 1_000)).isCloseTo(found, within(0.15 * sd));
          assertThat(draws.effective()[f]).isBetween(300.0, 4_000.0);
          assertThat(draws.k()[f]).isLessThan(ParetoSmoothing.threshold(4_000));
          assertThat(mean(corrected.theta(), f, 1_000)).isCloseTo(found, within(0.2 * sd));
          assertThat(corrected.effective()[f]).isGreaterThan(200);
        }
        assertThat(bias).isCloseTo(0, within(0.1));
        Prior shifted = Prior.of(new Marginal.Uniform("theta0", -9, 9));
        r.requireInside(shifted);
      }
    }
  }

  /// Draws from an amortized posterior under the old prior, corrected by the ratio and the new one.
  private static ImportanceDraws corrected(
      LinearGaussian model, AmortizedRatio r, Prior narrow, Observations z, CpuDevice device) {
    NeuralPosterior rough =
        new NeuralPosterior(
            model.prior(), Sequential.of(), new GaussianDensity(1, Conditioner.mlp()));
    Trained trained = train(rough, model.training(model.prior(), 3_200, 43), 3, device);
    try (AmortizedPosterior q = new AmortizedPosterior(rough, trained, device)) {
      return ImportanceDraws.fromProposal(r, narrow, q, z, 2_000, 1_000, 9);
    }
  }

  @Test
  void aPriorOutsideTheTrainedOneIsRefused() {
    Prior box = Prior.of(new Marginal.Uniform("a", 0, 1));
    NeuralRatio ratio = new NeuralRatio(box, Sequential.of(), head(), new BinaryRatioLoss());
    var layout = ratio.layout(Shape.of(2));
    try (CpuDevice device = new CpuDevice(1);
        AmortizedRatio r =
            new AmortizedRatio(ratio, layout, layout.initial(1), new double[0], device)) {
      r.requireInside(Prior.of(new Marginal.Uniform("a", 0.2, 0.9)));
      assertThatThrownBy(() -> r.requireInside(Prior.of(new Marginal.Uniform("a", 0.2, 1.1))))
          .isInstanceOf(Failure.class)
          .hasMessageContaining("reaches outside");
      assertThatThrownBy(() -> r.requireInside(Prior.of(new Marginal.Normal("a", 0.5, 0.01))))
          .isInstanceOf(Failure.class);
    }
  }

  private static double mean(double[] draws, int f, int n) {
    double sum = 0;
    for (int d = 0; d < n; d++) {
      sum += draws[f * n + d] / n;
    }
    return sum;
  }
}
