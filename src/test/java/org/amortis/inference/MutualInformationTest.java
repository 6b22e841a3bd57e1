package org.amortis.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import org.amortis.engine.Cancellation;
import org.amortis.engine.Progress;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.cpu.CpuDevice;
import org.amortis.engine.math.RandomKey;
import org.amortis.engine.math.Streams;
import org.amortis.inference.posterior.NeuralPosterior;
import org.amortis.inference.summary.AmortizedSummary;
import org.amortis.inference.summary.Critic;
import org.amortis.inference.summary.DonskerVaradhan;
import org.amortis.inference.summary.InfoNce;
import org.amortis.inference.summary.Information;
import org.amortis.inference.summary.InformationBySize;
import org.amortis.inference.summary.JensenShannon;
import org.amortis.inference.summary.JoinedNetworks;
import org.amortis.inference.summary.MutualInformation;
import org.amortis.nn.Network;
import org.amortis.nn.density.GaussianDensity;
import org.amortis.nn.flow.Conditioner;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Neural summaries of the linear-Gaussian model, whose information is known: `-1/2 log(1 - rho^2)`
/// for one parameter, rho the correlation of parameter and sufficient statistic.
///
/// Null: the estimate's expectation is the information less what the critic leaves, at most 0.04
/// nats here. Refused beyond three of the estimate's own standard errors more: 0.3 % a side.
@Tag("inference")
class MutualInformationTest {
  private static final int HELD = 1_000;
  private static final double LEFT = 0.04;

  /// Four replicates of unit noise: rho^2 = 4 / 5.
  private static final double EXACT = -0.5 * StrictMath.log(1 - 0.8);

  static List<MutualInformation> objectives() {
    Network s = new Dense(1);
    Critic critic = new Critic(List.of(32, 32));
    return List.of(
        new DonskerVaradhan(s, critic), new JensenShannon(s, critic), new InfoNce(s, critic, 16));
  }

  private static TrainingOptions options(int epochs) {
    LearningRate schedule = new LearningRate.WarmupCosine(5e-3, 0.05, 0);
    return new TrainingOptions(100, epochs, 0, schedule, 5, 0, 1);
  }

  private static Trained fit(Device device, MutualInformation o, Dataset training) {
    return Trainer.on(device)
        .fit("mi", o, Simulations.fixed(training), null, Augmentation.NONE, options(8));
  }

  private static double refusal(Information i) {
    return 3 * i.standardError() + LEFT;
  }

  @ParameterizedTest
  @MethodSource("objectives")
  void jointlyGaussian(MutualInformation objective) {
    LinearGaussian model = LinearGaussian.one();
    try (Device device = new CpuDevice(1)) {
      Trained trained = fit(device, objective, model.training(model.prior(), 10_000, 41));
      double[] u = model.prior().sample(42, 0, HELD);
      Observations z = model.simulate(u, 42);
      Information i = Information.heldOut(objective, trained, z, u, device);
      assertThat(i.standardError()).isBetween(0.005, 0.05);
      assertThat(i.nats()).isCloseTo(EXACT, within(refusal(i)));
      try (AmortizedSummary summary = new AmortizedSummary(objective, trained, device)) {
        assertThat(correlation(summary.apply(z), sums(z))).as("sufficient").isGreaterThan(0.98);
      }
    }
  }

  /// The planted bug: each data set stands beside another one's parameters.
  @Test
  void shuffledPairsHoldNoInformation() {
    LinearGaussian model = LinearGaussian.one();
    MutualInformation objective = objectives().get(1);
    try (Device device = new CpuDevice(1)) {
      Trained trained = fit(device, objective, shuffled(model.training(model.prior(), 10_000, 41)));
      double[] u = model.prior().sample(42, 0, HELD);
      Information i = Information.heldOut(objective, trained, model.simulate(u, 42), u, device);
      assertThat(EXACT - i.nats()).as("caught by jointlyGaussian").isGreaterThan(refusal(i));
      assertThat(i.nats()).isLessThan(0.02);
    }
  }

  private static Dataset shuffled(Dataset d) {
    Column u = d.columns().getFirst();
    int[] order = Streams.permutation(new RandomKey(5, 6), 0, u.count());
    float[] other = new float[u.count()];
    for (int i = 0; i < other.length; i++) {
      other[i] = u.values()[order[i]];
    }
    return Dataset.of(new Column("u", u.sample(), other), d.columns().get(2));
  }

  private static double[] sums(Observations z) {
    double[] sums = new double[z.count()];
    for (int k = 0; k < z.values().length; k++) {
      sums[k / z.sample().size()] += z.values()[k];
    }
    return sums;
  }

  private static double correlation(double[] x, double[] y) {
    double sx = 0;
    double sy = 0;
    double xx = 0;
    double xy = 0;
    double yy = 0;
    int n = x.length;
    for (int i = 0; i < n; i++) {
      sx += x[i] / n;
      sy += y[i] / n;
      xx += x[i] * x[i] / n;
      xy += x[i] * y[i] / n;
      yy += y[i] * y[i] / n;
    }
    return StrictMath.abs(xy - sx * sy) / StrictMath.sqrt((xx - sx * sx) * (yy - sy * sy));
  }

  /// Two parameters seen through three data: two summaries are sufficient, one is not.
  @Test
  void asManySummariesAsAreNeeded() {
    LinearGaussian model = LinearGaussian.two();
    Critic critic = new Critic(List.of(32, 32));
    try (Device device = new CpuDevice(1)) {
      double[] u = model.prior().sample(44, 0, HELD);
      InformationBySize report =
          InformationBySize.measure(
              d -> new InfoNce(new Dense(d), critic, 8),
              new int[] {1, 2, 3},
              model.training(model.prior(), 10_000, 43),
              Augmentation.NONE,
              options(5),
              model.simulate(u, 44),
              u,
              device,
              Progress.NONE,
              Cancellation.create());
      assertThat(report.enough()).as(report.table()).isEqualTo(2);
      // log |I + m A'A / sd^2| / 2, the posterior's covariance is its inverse.
      double[] v = model.covariance();
      double exact = -0.5 * StrictMath.log(v[0] * v[3] - v[1] * v[2]);
      InformationBySize.Row two = report.rows().get(1);
      assertThat(two.nats()).isCloseTo(exact, within(3 * two.standardError() + 0.1));
      assertThat(report.rows().getFirst().nats()).isLessThan(exact - 0.3);
      assertThat(report.table()).contains("2 summaries are enough");
    }
  }

  /// Learned features beside a hand-crafted statistic, in a summary and in a posterior.
  @Test
  void joinedWithHandCraftedStatistics(@TempDir Path folder) {
    LinearGaussian model = LinearGaussian.one();
    Network mean = (scope, z) -> z.sum(1).mul(0.25).reshape(z.dim(0), 1);
    Network joined = JoinedNetworks.of(new Dense(2), mean);
    MutualInformation objective = new JensenShannon(joined, Critic.published());
    double[] u = model.prior().sample(45, 0, 5);
    Observations z = model.simulate(u, 45);
    Path file = folder.resolve("summary.safetensors");
    try (Device device = new CpuDevice(1)) {
      Dataset few = model.training(model.prior(), 200, 46);
      Trained trained =
          Trainer.on(device)
              .fit("mi", objective, Simulations.fixed(few), null, Augmentation.NONE, options(1));
      try (AmortizedSummary s = new AmortizedSummary(objective, trained, device)) {
        double[] values = s.apply(z);
        double[] sums = sums(z);
        for (int i = 0; i < 5; i++) {
          assertThat(values[3 * i + 2]).isCloseTo(sums[i] / 4, within(1e-6));
        }
        s.save(file);
        try (AmortizedSummary back =
            AmortizedSummary.load(file, objective, model.prior(), z.sample(), device)) {
          assertThat(back.apply(z)).isEqualTo(values);
        }
      }
      NeuralPosterior npe =
          new NeuralPosterior(model.prior(), joined, new GaussianDensity(1, Conditioner.mlp()));
      Trained posterior =
          Trainer.on(device)
              .fit("npe", npe, Simulations.fixed(few), null, Augmentation.NONE, options(1));
      try (AmortizedSummary s = new AmortizedSummary(npe, posterior, device)) {
        assertThat(s.apply(z)).hasSize(15);
      }
    }
  }

  @Test
  void aBatchNeedsOtherParameters() {
    LinearGaussian model = LinearGaussian.one();
    InfoNce nce = new InfoNce(new Dense(1), Critic.published(), 8);
    Dataset seven = model.training(model.prior(), 7, 1);
    assertThatThrownBy(() -> Trainer.program(nce, seven, Augmentation.NONE, few()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("7 other parameters");
  }

  private static TrainingOptions few() {
    return new TrainingOptions(7, 1, 0, new LearningRate.Constant(1e-3), 5, 0, 1);
  }
}
