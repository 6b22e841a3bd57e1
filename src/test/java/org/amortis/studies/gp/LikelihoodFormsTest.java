package org.amortis.studies.gp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.amortis.engine.Cancellation;
import org.amortis.engine.Progress;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.Executable;
import org.amortis.engine.device.cpu.CpuDevice;
import org.amortis.engine.program.Gradient;
import org.amortis.engine.program.Trace;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Type;
import org.amortis.inference.likelihood.BatchLikelihood;
import org.amortis.inference.likelihood.ChebyshevLikelihood;
import org.amortis.inference.likelihood.GaussianProcessLikelihood;
import org.amortis.inference.likelihood.LogLikelihood;
import org.amortis.nn.train.Column;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The three forms of the likelihood are one function.
@Tag("study")
class LikelihoodFormsTest {
  private static final int FIELDS = 12;

  private static double[] values(LogLikelihood likelihood, double[] theta, Device device) {
    Trace t = new Trace("each");
    t.output("value", likelihood.each(t.data("theta", Type.f64(FIELDS, 1)), 1));
    try (Executable e = device.bind(t.program())) {
      likelihood.bind(e);
      e.input("theta").write(theta, 0);
      e.run();
      return e.output("value").doubles();
    }
  }

  @Test
  void latticeAndChebyshevEqualTheDenseLikelihood() {
    try (Device device = new CpuDevice(1)) {
      GaussianProcess.Pairs pairs =
          GaussianProcess.simulate(FIELDS, 11, device, Progress.NONE, Cancellation.create());
      LogLikelihood dense =
          GaussianProcess.likelihood(pairs.fields(), GaussianProcess.Form.DENSE, device);
      LogLikelihood lattice =
          GaussianProcess.likelihood(pairs.fields(), GaussianProcess.Form.LATTICE, device);
      LogLikelihood chebyshev =
          GaussianProcess.likelihood(pairs.fields(), GaussianProcess.Form.CHEBYSHEV, device);
      // From where the matrix is the identity to the prior's end, across the panels' border.
      double[] grid = {
        1e-5, 1e-3, 0.00149, 0.00151, 0.003, 0.00499, 0.00501, 0.01, 0.03, 0.07, 0.1, 0.2, 0.35,
        0.5, 0.5999
      };
      for (int g = 0; g < grid.length; g++) {
        double[] theta = new double[FIELDS];
        for (int i = 0; i < FIELDS; i++) {
          theta[i] = grid[(g + i) % grid.length];
        }
        double[] exact = values(dense, theta, device);
        double[] blocks = values(lattice, theta, device);
        double[] series = values(chebyshev, theta, device);
        for (int i = 0; i < FIELDS; i++) {
          assertThat(blocks[i]).as("lattice at %s", theta[i]).isCloseTo(exact[i], within(1e-8));
          assertThat(series[i]).as("series at %s", theta[i]).isCloseTo(exact[i], within(1e-8));
        }
      }
    }
  }

  /// The likelihoods of a batch read float32 columns; their values and slopes agree with each other
  /// and with central differences, and stay finite where theta is next to nothing.
  @Test
  void likelihoodsOfABatchAgreeInValueAndSlope() {
    double[] grid = {1e-300, 1e-5, 0.0016, 0.003, 0.01, 0.03, 0.1, 0.2, 0.35, 0.5999};
    try (Device device = new CpuDevice(1)) {
      GaussianProcess.Pairs pairs =
          GaussianProcess.simulate(FIELDS, 11, device, Progress.NONE, Cancellation.create());
      double[] theta = new double[FIELDS * grid.length];
      double[] up = new double[theta.length];
      for (int i = 0; i < theta.length; i++) {
        theta[i] = grid[i % grid.length];
        up[i] = theta[i] * 1.0001;
      }
      GaussianProcessLikelihood lattice = GaussianProcess.lattice(pairs.fields());
      ChebyshevLikelihood chebyshev = GaussianProcess.chebyshev(pairs.fields(), device);
      double[][] exact = slopes(lattice.batch(), lattice.columns(), theta, device);
      double[][] moved = slopes(lattice.batch(), lattice.columns(), up, device);
      double[][] series = slopes(chebyshev.batch(), chebyshev.columns(), theta, device);
      for (int i = 0; i < theta.length; i++) {
        assertThat(exact[0][i]).isCloseTo(series[0][i], within(2e-5 * StrictMath.abs(exact[0][i])));
        // Slopes with respect to log theta.
        double slope = exact[1][i] * theta[i];
        double difference = (moved[0][i] - exact[0][i]) / StrictMath.log(1.0001);
        double tolerance = 0.01 + 1e-3 * StrictMath.abs(slope);
        assertThat(slope).as("lattice at %s", theta[i]).isCloseTo(difference, within(tolerance));
        assertThat(series[1][i] * theta[i])
            .as("series at %s", theta[i])
            .isCloseTo(slope, within(tolerance));
      }
    }
  }

  private static double[][] slopes(
      BatchLikelihood likelihood, List<Column> columns, double[] theta, Device device) {
    Trace t = new Trace("batch");
    Map<String, Var> batch = new java.util.LinkedHashMap<>();
    for (Column c : columns) {
      batch.put(c.name(), t.data(c.name(), new Type(DType.FLOAT32, c.sample().times(FIELDS))));
    }
    Var at = t.data("theta", Type.f64(theta.length, 1));
    Var value = likelihood.of(at, batch, theta.length / FIELDS);
    t.output("value", value);
    t.output("slope", Gradient.of(value.sum(), List.of(at)).getFirst());
    try (Executable e = device.bind(t.program())) {
      for (Column c : columns) {
        e.input(c.name()).write(c.values(), 0);
      }
      e.input("theta").write(theta, 0);
      e.run();
      return new double[][] {e.output("value").doubles(), e.output("slope").doubles()};
    }
  }

  @Test
  void simulatedFieldsDependOnSeedAndIndexAlone() {
    try (Device one = new CpuDevice(1);
        Device three = new CpuDevice(3)) {
      float[] few =
          GaussianProcess.simulate(70, 5, one, Progress.NONE, Cancellation.create())
              .fields()
              .values();
      float[] more =
          GaussianProcess.simulate(90, 5, three, Progress.NONE, Cancellation.create())
              .fields()
              .values();
      assertThat(java.util.Arrays.copyOf(more, few.length)).isEqualTo(few);
    }
  }

  @Test
  void fieldsHaveTheModelsCovariance() {
    int n = 4000;
    double theta = 0.3;
    double[] all = new double[n];
    java.util.Arrays.fill(all, theta);
    try (Device device = new CpuDevice(2)) {
      float[] z = GaussianProcess.fields(all, 9, device, Progress.NONE, Cancellation.create());
      // Null: E[z_a z_b] = exp(-h / theta). The mean of n products has standard error below sqrt(2
      // / n) = 0.023;
      // five of them for three pairs and two variances: false alarm below 1e-5.
      int[][] pairs = {{0, 0}, {255, 255}, {0, 1}, {17, 34}, {100, 108}};
      double[] distance = {0, 0, 1.0 / 15, StrictMath.sqrt(2) / 15, 8.0 / 15};
      for (int k = 0; k < pairs.length; k++) {
        double sum = 0;
        for (int i = 0; i < n; i++) {
          sum += (double) z[i * 256 + pairs[k][0]] * z[i * 256 + pairs[k][1]];
        }
        assertThat(sum / n)
            .as("pair %s", (Object) pairs[k])
            .isCloseTo(StrictMath.exp(-distance[k] / theta), within(5 * 0.023));
      }
    }
  }
}
