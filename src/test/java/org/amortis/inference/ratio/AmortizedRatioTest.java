package org.amortis.inference.ratio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Map;
import org.amortis.engine.Failure;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.Executable;
import org.amortis.engine.device.cpu.CpuDevice;
import org.amortis.engine.op.Activation;
import org.amortis.engine.program.Gradient;
import org.amortis.engine.program.Trace;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.Type;
import org.amortis.inference.Marginal;
import org.amortis.inference.Observations;
import org.amortis.inference.Prior;
import org.amortis.inference.posterior.GridPosterior;
import org.amortis.nn.ParameterLayout;
import org.amortis.nn.layer.Dense;
import org.amortis.nn.layer.Sequential;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a trained ratio offers, on a network with arbitrary parameters: laws that hold for any of
/// them.
@Tag("inference")
class AmortizedRatioTest {
  private static final Prior PRIOR =
      Prior.of(new Marginal.Uniform("a", 2, 5), new Marginal.Normal("b", 0, 2));
  private static final Shape SAMPLE = Shape.of(4);

  private static NeuralRatio model(int width) {
    return new NeuralRatio(
        PRIOR,
        new Dense(7, Activation.RELU),
        new RatioHead(
            new Dense(5, Activation.RELU),
            width,
            Activation.leakyRelu(0.01),
            Sequential.of(new Dense(9, Activation.RELU), new Dense(1))),
        new BinaryRatioLoss());
  }

  private static AmortizedRatio ratio(Device device) {
    NeuralRatio m = model(11);
    ParameterLayout layout = m.layout(SAMPLE);
    double[] parameters = layout.initial(3);
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] += 0.2 * StrictMath.sin(1 + i);
    }
    return new AmortizedRatio(m, layout, parameters, new double[0], device);
  }

  private static Observations data(int n) {
    float[] z = new float[n * 4];
    for (int i = 0; i < z.length; i++) {
      z[i] = (float) StrictMath.cos(i);
    }
    return new Observations(SAMPLE, z);
  }

  /// One pass over all pairs gives the bits that each pair gives by itself.
  @Test
  void allPairsEqualPairwiseEvaluation() {
    int n = 37;
    try (Device device = new CpuDevice(2);
        AmortizedRatio r = ratio(device)) {
      double[] theta = PRIOR.sample(5, 0, n);
      Observations z = data(n);
      double[] all = r.logRatios(theta, z);
      for (int i = 0; i < n; i++) {
        float[] repeated = new float[n * 4];
        for (int j = 0; j < n; j++) {
          System.arraycopy(z.values(), 4 * i, repeated, 4 * j, 4);
        }
        double[] row = r.logRatio(theta, new Observations(SAMPLE, repeated));
        for (int j = 0; j < n; j++) {
          assertThat((float) all[i * n + j]).as("pair %d %d", i, j).isEqualTo((float) row[j]);
        }
      }
    }
  }

  /// The rotated matrix has the diagonal first and then the following columns.
  @Test
  void rotationBringsTheDiagonalFirst() {
    int b = 5;
    Trace t = new Trace("rotated");
    t.output("r", RatioLoss.rotated(t.data("x", Type.f32(b, b))));
    try (Device device = new CpuDevice(1);
        Executable e = device.bind(t.program())) {
      float[] x = new float[b * b];
      for (int i = 0; i < x.length; i++) {
        x[i] = i;
      }
      e.input("x").write(x);
      e.run();
      float[] r = e.output("r").floats();
      for (int i = 0; i < b; i++) {
        for (int d = 0; d < b; d++) {
          assertThat(r[i * b + d]).isEqualTo(x[i * b + (i + d) % b]);
        }
      }
    }
  }

  /// With one contrast and even odds the contrastive loss with an independent class is the binary
  /// one, in the mean over groups: half of it, plus log 2 of the class probabilities left out.
  @Test
  void oneContrastIsTheBinaryLoss() {
    int b = 6;
    Trace t = new Trace("losses");
    Var x = t.data("x", Type.f32(b, b));
    t.output("binary", new BinaryRatioLoss().of(x).mean());
    t.output("contrast", new IndependentContrastiveLoss(1, 1).of(x).mean());
    try (Device device = new CpuDevice(1);
        Executable e = device.bind(t.program())) {
      float[] v = new float[b * b];
      for (int i = 0; i < v.length; i++) {
        v[i] = (float) (2 * StrictMath.sin(3 * i));
      }
      e.input("x").write(v);
      e.run();
      assertThat(2 * e.output("contrast").doubles()[0])
          .isCloseTo(e.output("binary").doubles()[0], within(1e-5));
    }
  }

  /// The likelihood of a batch agrees with that of fixed data and can be differentiated.
  @Test
  void batchLikelihoodAgreesAndDifferentiates() {
    int n = 3;
    int repeat = 4;
    try (Device device = new CpuDevice(1);
        AmortizedRatio r = ratio(device)) {
      double[] theta = PRIOR.sample(6, 0, n * repeat);
      Observations z = data(n);
      Trace t = new Trace("batch");
      Var at = t.data("theta", Type.f64(n * repeat, 2));
      Var data = t.data("data", Type.f32(n, 4));
      Var log = r.batch().of(at, Map.of("data", data), repeat);
      t.output("log", log);
      t.output("each", r.of(z).each(at, repeat));
      t.output("gradient", Gradient.of(log.sum(), java.util.List.of(at)).getFirst());
      try (Executable e = device.bind(t.program())) {
        r.of(z).bind(e);
        e.input("data").write(z.values());
        e.input("theta").write(theta);
        e.run();
        double[] found = e.output("log").doubles();
        assertThat(found).containsExactly(e.output("each").doubles());
        double[] all = r.logRatios(theta, z);
        double[] gradient = e.output("gradient").doubles();
        for (int i = 0; i < n * repeat; i++) {
          assertThat(found[i]).isCloseTo(all[i / repeat * n * repeat + i], within(1e-6));
        }
        double[] moved = theta.clone();
        double h = 1e-3;
        moved[1] += h;
        e.input("theta").write(moved);
        e.run();
        double slope = (e.output("log").doubles()[0] - found[0]) / h;
        assertThat(slope).isCloseTo(gradient[1], within(0.02));
      }
    }
  }

  /// Draws of two parameters have the grid's moments.
  @Test
  void gridDrawsFollowTheGrid() {
    try (Device device = new CpuDevice(1);
        AmortizedRatio r = ratio(device)) {
      GridPosterior grid = r.grid(data(3), 60, 80);
      int n = 4_096;
      double[] draws = grid.draws(n);
      assertThat(PRIOR.firstOutside(draws)).isEqualTo(-1);
      for (int f = 0; f < 3; f++) {
        double[] mean = new double[2];
        double product = 0;
        for (int d = 0; d < n; d++) {
          double a = draws[(f * n + d) * 2];
          double b = draws[(f * n + d) * 2 + 1];
          mean[0] += a / n;
          mean[1] += b / n;
          product += a * b / n;
        }
        double exact = 0;
        for (int k = 0; k < 60 * 80; k++) {
          double w = StrictMath.exp(grid.logDensity()[f * 60 * 80 + k]);
          exact += w * grid.axes()[0][k / 80] * grid.axes()[1][k % 80];
        }
        exact *= (grid.axes()[0][1] - grid.axes()[0][0]) * (grid.axes()[1][1] - grid.axes()[1][0]);
        assertThat(mean[0]).isCloseTo(grid.mean(f, 0), within(0.01));
        assertThat(mean[1]).isCloseTo(grid.mean(f, 1), within(0.01));
        assertThat(product).isCloseTo(exact, within(0.03));
      }
    }
  }

  @Test
  void savedAndLoadedRatiosAgree(@TempDir Path folder) {
    Path file = folder.resolve("ratio.safetensors");
    try (Device device = new CpuDevice(1);
        AmortizedRatio r = ratio(device)) {
      r.save(file);
      double[] theta = PRIOR.sample(7, 0, 10);
      try (AmortizedRatio again = AmortizedRatio.load(file, model(11), SAMPLE, device)) {
        assertThat(again.logRatio(theta, data(10))).containsExactly(r.logRatio(theta, data(10)));
      }
      assertThatThrownBy(() -> AmortizedRatio.load(file, model(12), SAMPLE, device))
          .isInstanceOf(Failure.class)
          .hasMessageContaining("architecture");
    }
  }
}
