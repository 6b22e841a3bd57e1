package org.amortis.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.amortis.engine.device.cpu.CpuDevice;
import org.amortis.engine.op.Activation;
import org.amortis.engine.shape.Shape;
import org.amortis.inference.point.AmortizedEstimator;
import org.amortis.inference.point.NeuralBayesEstimator;
import org.amortis.inference.posterior.AmortizedPosterior;
import org.amortis.inference.posterior.NeuralPosterior;
import org.amortis.inference.ratio.AmortizedRatio;
import org.amortis.inference.ratio.BinaryRatioLoss;
import org.amortis.inference.ratio.NeuralRatio;
import org.amortis.inference.ratio.RatioHead;
import org.amortis.nn.Network;
import org.amortis.nn.density.GaussianDensity;
import org.amortis.nn.flow.Conditioner;
import org.amortis.nn.layer.DeepSet;
import org.amortis.nn.layer.Dense;
import org.amortis.nn.layer.Masked;
import org.amortis.nn.layer.PaddedSet;
import org.amortis.nn.layer.Sequential;
import org.amortis.nn.layer.SiteTransformer;
import org.amortis.nn.train.Augmentation;
import org.amortis.nn.train.Column;
import org.amortis.nn.train.Dataset;
import org.amortis.nn.train.LearningRate;
import org.amortis.nn.train.MissingAtRandom;
import org.amortis.nn.train.Objective;
import org.amortis.nn.train.RandomCount;
import org.amortis.nn.train.Simulations;
import org.amortis.nn.train.Trained;
import org.amortis.nn.train.Trainer;
import org.amortis.nn.train.TrainingOptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Estimators for data with gaps against posteriors in closed form.
@Tag("inference")
class GapsInTrainingTest {
  private static Trained train(
      CpuDevice device,
      Objective objective,
      Dataset data,
      Augmentation gaps,
      int epochs,
      double rate) {
    LearningRate schedule = new LearningRate.WarmupCosine(rate, 0.05, 1e-5);
    TrainingOptions options = new TrainingOptions(64, epochs, 0, schedule, 5, 0, 1);
    return Trainer.on(device).fit("gaps", objective, Simulations.fixed(data), null, gaps, options);
  }

  private static Network hidden(int width) {
    return new Dense(width, Activation.RELU);
  }

  /// One posterior for one to six replicates: with m of them its variance is `1 / (1 + m)`.
  @Test
  void posteriorsNarrowWithTheNumberOfReplicates() {
    int most = 6;
    LinearGaussian model = new LinearGaussian(new double[][] {{1}}, 1, most);
    Network summary =
        new PaddedSet(
            new DeepSet(
                Sequential.of(hidden(16)), Sequential.of(hidden(24)), DeepSet.Pooling.MEAN, true));
    NeuralPosterior npe =
        new NeuralPosterior(model.prior(), summary, new GaussianDensity(1, Conditioner.mlp()));
    Dataset flat = model.training(model.prior(), 12_800, 11);
    Dataset data =
        Dataset.of(
            flat.columns().get(0),
            new Column("data", Shape.of(most, 1), flat.columns().get(2).values()));
    try (CpuDevice device = new CpuDevice(1)) {
      Trained trained = train(device, npe, data, new RandomCount("data", 1), 10, 1e-2);
      try (AmortizedPosterior q = new AmortizedPosterior(npe, trained, device)) {
        int fields = 40;
        int draws = 500;
        double[] u = model.prior().sample(12, 0, fields);
        float[] z = model.simulate(u, 12).values();
        for (int m = 1; m <= most; m++) {
          float[] first = z.clone();
          double[] sums = new double[fields];
          for (int i = 0; i < first.length; i++) {
            if (i % most >= m) {
              first[i] = Float.NaN;
            } else {
              sums[i / most] += first[i];
            }
          }
          double[] theta = q.sample(new Observations(Shape.of(most, 1), first), draws, 3);
          double sd = 1 / StrictMath.sqrt(1 + m);
          double square = 0;
          double bias = 0;
          for (int f = 0; f < fields; f++) {
            double mean = 0;
            double squares = 0;
            for (int d = 0; d < draws; d++) {
              mean += theta[f * draws + d] / draws;
              squares += theta[f * draws + d] * theta[f * draws + d] / draws;
            }
            square += (squares - mean * mean) / fields;
            bias += StrictMath.abs(mean - sums[f] / (1 + m)) / fields;
          }
          assertThat(StrictMath.sqrt(square) / sd).as("sd, m = %d", m).isCloseTo(1, within(0.08));
          assertThat(bias / sd).as("mean, m = %d", m).isLessThan(0.15);
        }
      }
    }
  }

  /// Posterior means when any of four measurements of different precision may be missing: the
  /// precisions of those present add up.
  @Test
  void estimatesUseWhatIsPresent() {
    double[][] a = {{2}, {1}, {0.5}, {-1}};
    LinearGaussian model = new LinearGaussian(a, 1, 1);
    NeuralBayesEstimator nbe =
        new NeuralBayesEstimator(
            model.prior(),
            new Masked(Sequential.of(hidden(32), hidden(32))),
            List.of(new NeuralBayesEstimator.Target.Mean()));
    Dataset data = model.training(model.prior(), 12_800, 13);
    try (CpuDevice device = new CpuDevice(1)) {
      Trained trained = train(device, nbe, data, new MissingAtRandom("data", 0.2, 0.8), 10, 5e-3);
      try (AmortizedEstimator g = new AmortizedEstimator(nbe, trained, device)) {
        int fields = 400;
        float[] z = model.simulate(model.prior().sample(14, 0, fields), 14).values();
        MissingAtRandom gaps = new MissingAtRandom("data", 0.2, 0.8);
        float[] seen = gaps.hide(new Column("data", Shape.of(4), z), 15).values();
        double[] found = g.estimate(new Observations(Shape.of(4), seen));
        double error = 0;
        double ignoring = 0;
        for (int f = 0; f < fields; f++) {
          double precision = 1;
          double sum = 0;
          double full = 0;
          for (int j = 0; j < 4; j++) {
            full += a[j][0] * z[f * 4 + j] / 7.25;
            if (!Float.isNaN(seen[f * 4 + j])) {
              precision += a[j][0] * a[j][0];
              sum += a[j][0] * seen[f * 4 + j];
            }
          }
          error += StrictMath.pow(found[f] - sum / precision, 2) / fields;
          // An estimator that took zeros for measurements would return this.
          ignoring += StrictMath.pow(sum / 7.25 - sum / precision, 2) / fields;
        }
        assertThat(StrictMath.sqrt(error)).isLessThan(0.1);
        assertThat(StrictMath.sqrt(ignoring)).isGreaterThan(0.25);
      }
    }
  }

  /// A Gaussian process at 6 to 14 random sites: length scale with a log-normal prior. What the
  /// data tell, the mean of log posterior less log prior at the truth, is known from the exact
  /// posterior on a grid; the network must find most of it.
  @Test
  void sitesOfAGaussianProcess() {
    Prior prior = Prior.of(new Marginal.LogNormal("length", -1.5, 1));
    Network summary = Sequential.of(new SiteTransformer(2, 16, 4, 1, false), hidden(16));
    NeuralPosterior npe =
        new NeuralPosterior(prior, summary, new GaussianDensity(1, Conditioner.mlp()));
    int n = 4_800;
    try (CpuDevice device = new CpuDevice(1)) {
      Trained trained = train(device, npe, SiteFields.of(prior, n, 16), Augmentation.NONE, 8, 8e-3);
      Dataset test = SiteFields.of(prior, 400, 17);
      double[] u = SiteFields.unconstrained(prior, 400, 17);
      try (AmortizedPosterior q = new AmortizedPosterior(npe, trained, device)) {
        Observations z =
            new Observations(Shape.of(SiteFields.MOST, 3), test.columns().get(1).values());
        double exact = 0;
        for (int i = 0; i < u.length; i++) {
          exact += SiteFields.gain(z, i, u[i]) / u.length;
        }
        assertThat(gain(q, prior, u, z) / exact).isBetween(0.55, 1.1);
        // The same values at each other's sites tell nothing of the kind.
        Observations elsewhere = SiteFields.exchanged(z);
        assertThat(gain(q, prior, u, elsewhere) / exact).isLessThan(0.2);
      }
    }
  }

  /// A summary that knows of gaps is a network like any other: for ratios, too.
  @Test
  void ratiosOfDataWithGaps() {
    LinearGaussian model = LinearGaussian.one();
    NeuralRatio ratio =
        new NeuralRatio(
            model.prior(),
            new Masked(hidden(8)),
            new RatioHead(hidden(8), 8, Activation.RELU, new Dense(1)),
            new BinaryRatioLoss());
    Dataset data = model.training(model.prior(), 640, 18);
    Augmentation gaps = new MissingAtRandom("data", 0.1, 0.6).then(new RandomCount("data", 3));
    try (CpuDevice device = new CpuDevice(1)) {
      Trained trained = train(device, ratio, data, gaps, 1, 1e-3);
      try (AmortizedRatio r = new AmortizedRatio(ratio, trained, device)) {
        float[] z = {0.5f, Float.NaN, -1, Float.NaN};
        assertThat(r.logRatio(new double[] {0.3}, new Observations(Shape.of(4), z))[0]).isFinite();
      }
    }
  }

  /// Mean of log posterior less log prior.
  private static double gain(AmortizedPosterior q, Prior prior, double[] u, Observations z) {
    double[] theta = prior.fromUnconstrained(u);
    double[] after = q.logProb(theta, z);
    double[] before = prior.logDensity(theta);
    double sum = 0;
    for (int i = 0; i < u.length; i++) {
      sum += (after[i] - before[i]) / u.length;
    }
    return sum;
  }
}
