package org.amortis.studies.gp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.amortis.engine.Cancellation;
import org.amortis.engine.Progress;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.Executable;
import org.amortis.engine.device.cpu.CpuDevice;
import org.amortis.engine.program.Trace;
import org.amortis.engine.shape.Type;
import org.amortis.inference.likelihood.LogLikelihood;
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
