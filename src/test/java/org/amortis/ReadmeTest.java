package org.amortis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.Devices;
import org.amortis.engine.device.cpu.CpuDevice;
import org.amortis.engine.math.Spline;
import org.amortis.engine.op.Activation;
import org.amortis.engine.shape.Shape;
import org.amortis.inference.Marginal;
import org.amortis.inference.Observations;
import org.amortis.inference.Prior;
import org.amortis.inference.posterior.AmortizedPosterior;
import org.amortis.inference.posterior.NeuralPosterior;
import org.amortis.nn.ParameterLayout;
import org.amortis.nn.density.FlowDensity;
import org.amortis.nn.flow.Conditioner;
import org.amortis.nn.flow.SplineCoupling;
import org.amortis.nn.layer.Dense;
import org.amortis.nn.train.Augmentation;
import org.amortis.nn.train.Column;
import org.amortis.nn.train.Dataset;
import org.amortis.nn.train.Simulations;
import org.amortis.nn.train.Trained;
import org.amortis.nn.train.Trainer;
import org.amortis.nn.train.TrainingOptions;
import org.amortis.studies.gp.GaussianProcess;
import org.amortis.studies.gp.Models;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The examples of README.md: the same texts, and they do what they say.
@Tag("study")
class ReadmeTest {
  // README begins
  /// Decay at rate theta, seen with noise at 16 times: any Java can be a simulator.
  static Observations simulate(double[] theta, long seed) {
    var random = new SplittableRandom(seed);
    float[] z = new float[16 * theta.length];
    for (int i = 0; i < z.length; i++) {
      double mean = Math.exp(-theta[i / 16] * (i % 16) / 8.0);
      z[i] = (float) (mean + 0.1 * random.nextGaussian());
    }
    return new Observations(Shape.of(16), z);
  }

  static double[] posteriorDraws(Observations observed) {
    var prior = Prior.of(new Marginal.Uniform("rate", 0, 3));
    double[] theta = prior.sample(1, 0, 4_000);
    double[] u = prior.toUnconstrained(theta);
    float[] unconstrained = new float[u.length];
    for (int i = 0; i < u.length; i++) {
      unconstrained[i] = (float) u[i];
    }
    var pairs =
        Dataset.of(
            new Column("u", Shape.of(1), unconstrained),
            new Column("data", Shape.of(16), simulate(theta, 2).values()));
    var summary = new Dense(32, Activation.RELU);
    var flow = new SplineCoupling(Spline.of(8, 4), Conditioner.mlp(32), true);
    var posterior = new NeuralPosterior(prior, summary, new FlowDensity(flow));
    try (Device device = Devices.open("auto", 2)) {
      Trained trained =
          Trainer.on(device)
              .fit(
                  "decay",
                  posterior,
                  Simulations.fixed(pairs),
                  null,
                  Augmentation.NONE,
                  TrainingOptions.of(10, 1));
      try (var fitted = new AmortizedPosterior(posterior, trained, device)) {
        return fitted.sample(observed, 1_000, 3); // (data sets, 1000, parameters)
      }
    }
  }

  // README ends

  // README begins
  static double[] studyDraws(Path network, float[] fields) {
    try (Device device = Devices.open("auto", 2);
        var posterior =
            AmortizedPosterior.load(network, Models.fkl(), GaussianProcess.FIELD, device)) {
      var observed = new Observations(GaussianProcess.FIELD, fields); // n fields of 16 x 16
      return posterior.sample(observed, 1_000, 3); // (n, 1000)
    }
  }

  // README ends

  @Test
  void aSavedNetworkIsLoaded(@TempDir Path folder) {
    NeuralPosterior posterior = Models.fkl();
    ParameterLayout layout = posterior.layout(GaussianProcess.FIELD);
    Path file = folder.resolve("fkl.safetensors");
    try (Device device = new CpuDevice(1);
        var first =
            new AmortizedPosterior(posterior, layout, layout.initial(1), new double[0], device)) {
      first.save(file);
    }
    double[] draws = studyDraws(file, new float[2 * 256]);
    assertThat(draws).hasSize(2_000);
    for (double x : draws) {
      assertThat(x).isStrictlyBetween(0.0, GaussianProcess.UPPER);
    }
  }

  @Test
  void theExampleRecoversTheRate() {
    double[] rates = {0.4, 1.0, 1.8};
    double[] draws = posteriorDraws(simulate(rates, 7));
    assertThat(draws).hasSize(3_000);
    for (int i = 0; i < rates.length; i++) {
      double mean = 0;
      double square = 0;
      for (int d = 0; d < 1_000; d++) {
        double x = draws[1_000 * i + d];
        assertThat(x).isStrictlyBetween(0.0, 3.0);
        mean += x / 1_000;
        square += x * x / 1_000;
      }
      double sd = Math.sqrt(square - mean * mean);
      assertThat(sd).as("sd at rate %s", rates[i]).isBetween(0.01, 0.4);
      assertThat(Math.abs(mean - rates[i])).as("error at rate %s", rates[i]).isLessThan(4 * sd);
    }
  }

  @Test
  void theReadmeShowsTheseExamples() throws IOException {
    Path root = Path.of("").toAbsolutePath();
    root = Files.exists(root.resolve("README.md")) ? root : root.getParent();
    String[] source =
        Files.readString(root.resolve("src/test/java/org/amortis/ReadmeTest.java"))
            .split("// README begins\n");
    String[] readme = Files.readString(root.resolve("README.md")).split("```java\n");
    assertThat(readme).hasSameSizeAs(source);
    for (int i = 1; i < readme.length; i++) {
      assertThat(dense(readme[i].split("```")[0]))
          .isEqualTo(dense(source[i].split("// README ends")[0]));
    }
  }

  private static String dense(String text) {
    return text.replaceAll("\\s+", " ").strip();
  }
}
