package org.amortis.inference.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import org.amortis.engine.Failure;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.cpu.CpuDevice;
import org.amortis.engine.math.RandomKey;
import org.amortis.engine.math.Streams;
import org.amortis.engine.op.Activation;
import org.amortis.engine.shape.Shape;
import org.amortis.inference.Observations;
import org.amortis.inference.diagnose.ModelCalibration;
import org.amortis.nn.Network;
import org.amortis.nn.layer.DeepSet;
import org.amortis.nn.layer.Dense;
import org.amortis.nn.layer.PaddedSet;
import org.amortis.nn.layer.Sequential;
import org.amortis.nn.train.Augmentation;
import org.amortis.nn.train.Dataset;
import org.amortis.nn.train.LearningRate;
import org.amortis.nn.train.Simulations;
import org.amortis.nn.train.Trained;
import org.amortis.nn.train.Trainer;
import org.amortis.nn.train.TrainingOptions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Three models of five numbers with evidence in closed form: `narrow`, N(0, 1) each; `wide`, N(0,
/// 2) each; `shared`, u + e_j with u and e_j standard normal.
///
/// The calibration check is run at level 0.01: it rejects exact probabilities once in a hundred
/// seeds, and every planted mistake here.
@Tag("inference")
class ModelComparisonTest {
  private static final int M = 5;
  private static final int TEST = 4_000;
  private static final SimulatedModels MODELS =
      new SimulatedModels(
          Shape.of(M, 1),
          List.of(
              new SimulatedModels.Model("narrow", 0.5, (n, seed) -> normal(n, seed, 1, 0)),
              new SimulatedModels.Model(
                  "wide", 0.3, (n, seed) -> normal(n, seed, StrictMath.sqrt(2), 0)),
              new SimulatedModels.Model("shared", 0.2, (n, seed) -> normal(n, seed, 1, 1))));
  private static final Network NETWORK =
      new PaddedSet(
          new DeepSet(
              Sequential.of(new Dense(24, Activation.RELU)),
              Sequential.of(new Dense(32, Activation.RELU), new Dense(16, Activation.RELU))));
  private static final ModelComparison COMPARISON = ModelComparison.of(MODELS, NETWORK);

  private static Device device;
  private static Trained trained;
  private static AmortizedComparison found;
  private static Observations observed;
  private static int[] truth;

  private static float[] normal(int n, long seed, double sd, double shared) {
    double[] e = new double[n * (M + 1)];
    Streams.normalInto(new RandomKey(seed, 3), 0, 0, e.length, e, 0);
    float[] z = new float[n * M];
    for (int i = 0; i < z.length; i++) {
      z[i] = (float) (sd * e[i / M * (M + 1) + i % M] + shared * e[i / M * (M + 1) + M]);
    }
    return z;
  }

  @BeforeAll
  static void train() {
    device = new CpuDevice(1);
    LearningRate schedule = new LearningRate.WarmupCosine(1e-2, 0.05, 1e-5);
    trained =
        Trainer.on(device)
            .fit(
                "models",
                COMPARISON,
                Simulations.fresh(epoch -> MODELS.simulate(12_800, 50 + epoch)),
                null,
                Augmentation.NONE,
                new TrainingOptions(128, 12, 0, schedule, 5, 0, 1));
    found = new AmortizedComparison(COMPARISON, trained, device);
    Dataset test = MODELS.simulate(TEST, 7);
    observed = new Observations(Shape.of(M, 1), test.columns().get(1).values());
    truth = new int[TEST];
    for (int i = 0; i < TEST; i++) {
      truth[i] = (int) test.columns().getFirst().values()[i];
    }
  }

  @AfterAll
  static void close() {
    found.close();
    device.close();
  }

  /// Log evidence of each model, up to a shared constant.
  private static double[] evidence() {
    double[] log = new double[TEST * 3];
    for (int i = 0; i < TEST; i++) {
      double sum = 0;
      double squares = 0;
      for (int j = 0; j < M; j++) {
        double z = observed.values()[i * M + j];
        sum += z;
        squares += z * z;
      }
      log[3 * i] = -0.5 * squares;
      log[3 * i + 1] = -0.25 * squares - 0.5 * M * StrictMath.log(2);
      log[3 * i + 2] = -0.5 * (squares - sum * sum / (1 + M)) - 0.5 * StrictMath.log(1 + M);
    }
    return log;
  }

  private static double[] exact(double... prior) {
    double[] p = evidence();
    for (int i = 0; i < p.length; i += 3) {
      double total = 0;
      for (int k = 0; k < 3; k++) {
        p[i + k] = prior[k] * StrictMath.exp(p[i + k]);
        total += p[i + k];
      }
      for (int k = 0; k < 3; k++) {
        p[i + k] /= total;
      }
    }
    return p;
  }

  private static double distance(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += StrictMath.abs(a[i] - b[i]) / a.length;
    }
    return sum;
  }

  @Test
  void probabilitiesAreThoseOfTheClosedForm() {
    assertThat(distance(found.probabilities(observed), exact(0.5, 0.3, 0.2))).isLessThan(0.02);
    // The order of the models matters.
    assertThat(distance(found.probabilities(observed), exact(0.3, 0.5, 0.2))).isGreaterThan(0.05);
  }

  @Test
  void anotherPriorNeedsNoTraining() {
    double[] p = found.probabilities(observed, 0.1, 0.1, 0.8);
    assertThat(distance(p, exact(0.1, 0.1, 0.8))).isLessThan(0.025);
    double[] two = found.probabilities(observed, 0.5, 0.5, 0);
    assertThat(two[2]).isZero();
    assertThat(two[0] + two[1]).isCloseTo(1, within(1e-12));
  }

  @Test
  void bayesFactorsAreThoseOfTheClosedForm() {
    double[] log = found.logBayesFactor(observed, "wide", "narrow");
    double[] exact = evidence();
    double error = 0;
    int count = 0;
    for (int i = 0; i < TEST; i++) {
      double factor = exact[3 * i + 1] - exact[3 * i];
      if (StrictMath.abs(factor) < 3) {
        error += StrictMath.abs(log[i] - factor);
        count++;
      }
    }
    assertThat(count).isGreaterThan(TEST / 2);
    assertThat(error / count).isLessThan(0.15);
    assertThatThrownBy(() -> found.logBayesFactor(observed, "wide", "other"))
        .hasMessageContaining("no model other");
  }

  @Test
  void theCheckPassesExactProbabilitiesAndCatchesMistakes() {
    assertThat(ModelCalibration.of(exact(0.5, 0.3, 0.2), truth, 10).calibrated(0.01)).isTrue();
    // The prior forgotten.
    assertThat(ModelCalibration.of(exact(1, 1, 1), truth, 10).calibrated(0.01)).isFalse();
    // Two models exchanged.
    assertThat(ModelCalibration.of(exact(0.5, 0.2, 0.3), truth, 10).calibrated(0.01)).isFalse();
    // Evidence counted twice.
    double[] sure = exact(0.5, 0.3, 0.2);
    for (int i = 0; i < sure.length; i += 3) {
      double total = 0;
      for (int k = i; k < i + 3; k++) {
        sure[k] = StrictMath.pow(sure[k], 1.3);
        total += sure[k];
      }
      for (int k = i; k < i + 3; k++) {
        sure[k] /= total;
      }
    }
    ModelCalibration check = ModelCalibration.of(sure, truth, 10);
    assertThat(check.calibrated(0.01)).isFalse();
    assertThat(check.scoreZ()).isGreaterThan(3);
    assertThat(check.table(COMPARISON.models())).contains("shared: calibration error", "log score");
  }

  /// The network's own error is small beside that of 1,000 data sets.
  @Test
  void theNetworkIsCalibrated() {
    double[] p = found.probabilities(observed.rows(0, 1_000));
    ModelCalibration check = ModelCalibration.of(p, java.util.Arrays.copyOf(truth, 1_000), 10);
    assertThat(check.calibrated(0.01)).as(check.table(COMPARISON.models())).isTrue();
  }

  /// A network whose logits are twice too far apart has the temperature 2.
  @Test
  void theTemperatureIsFound() {
    try (AmortizedComparison own = found.calibrated(observed, truth)) {
      assertThat(own.temperature()).isCloseTo(1, within(0.12));
      try (AmortizedComparison sure =
              new AmortizedComparison(
                  COMPARISON,
                  trained.layout(),
                  trained.parameters(),
                  trained.statistics(),
                  0.5,
                  device);
          AmortizedComparison again = sure.calibrated(observed, truth)) {
        double[] p = sure.probabilities(observed);
        assertThat(ModelCalibration.of(p, truth, 10).calibrated(0.01)).isFalse();
        assertThat(again.temperature()).isCloseTo(own.temperature(), within(1e-4));
      }
    }
  }

  @Test
  void filesHoldEverything(@TempDir Path folder) {
    Path file = folder.resolve("models.safetensors");
    try (AmortizedComparison warm =
        new AmortizedComparison(
            COMPARISON,
            trained.layout(),
            trained.parameters(),
            trained.statistics(),
            1.25,
            device)) {
      warm.save(file);
      Observations some = observed.rows(0, 9);
      try (AmortizedComparison read =
          AmortizedComparison.load(file, COMPARISON, Shape.of(M, 1), device)) {
        assertThat(read.temperature()).isEqualTo(1.25);
        assertThat(read.probabilities(some)).isEqualTo(warm.probabilities(some));
      }
    }
    ModelComparison other =
        new ModelComparison(COMPARISON.models(), List.of(0.4, 0.3, 0.3), NETWORK);
    assertThatThrownBy(() -> AmortizedComparison.load(file, other, Shape.of(M, 1), device))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("another architecture");
  }

  @Test
  void mistakesAreNamed() {
    assertThatThrownBy(() -> new ModelComparison(List.of("a", "b"), List.of(0.5, 0.6), NETWORK))
        .hasMessageContaining("sum to 1");
    SimulatedModels wrong =
        new SimulatedModels(
            Shape.of(2), List.of(new SimulatedModels.Model("short", 1, (n, seed) -> new float[n])));
    assertThatThrownBy(() -> wrong.simulate(3, 1))
        .hasMessageContaining("short made 3 values, 3 data sets of (2,) hold 6");
    assertThatThrownBy(() -> found.probabilities(observed, 1, 1))
        .hasMessageContaining("2 prior probabilities for 3 models");
  }

  /// Shares of the models are binomial: within 4.5 standard errors.
  @Test
  void modelsAreDrawnByTheirProbabilities() {
    double[] share = new double[3];
    for (int k : truth) {
      share[k] += 1.0 / TEST;
    }
    for (int k = 0; k < 3; k++) {
      double p = COMPARISON.prior().get(k);
      double error = StrictMath.sqrt(p * (1 - p) / TEST);
      assertThat(share[k]).isCloseTo(p, within(4.5 * error));
    }
  }
}
