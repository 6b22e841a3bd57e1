package org.amortis.validation.gp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.amortis.engine.Cancellation;
import org.amortis.engine.Progress;
import org.amortis.engine.device.Executable;
import org.amortis.engine.device.cpu.CpuDevice;
import org.amortis.engine.program.Trace;
import org.amortis.engine.shape.Type;
import org.amortis.inference.Observations;
import org.amortis.inference.likelihood.LogLikelihood;
import org.amortis.inference.mcmc.Adaptation;
import org.amortis.inference.mcmc.Chains;
import org.amortis.inference.mcmc.Metropolis;
import org.amortis.inference.mcmc.MetropolisOptions;
import org.amortis.inference.mcmc.Start;
import org.amortis.inference.posterior.GridPosterior;
import org.amortis.io.Npz;
import org.amortis.studies.gp.GaussianProcess;
import org.junit.jupiter.api.Test;

/// Likelihood, exact posterior and Markov chains of the Gaussian process against NumPy and SciPy on
/// 200 stored fields.
class ExactPosteriorGoldenTest {
  private static final Path FOLDER = Path.of(System.getProperty("basedir", "."), "golden", "gp");
  private static final Observations FIELDS =
      new Observations(
          GaussianProcess.FIELD, Npz.read(FOLDER.resolve("gp_fields.npz")).array("z").toFloats());
  private static final double[] POINTS = {0.05, 0.1, 0.2, 0.3, 0.5};
  private static final int COUNT = 200;

  /// The stored values have ten digits: an error of 5e-8 at most.
  @Test
  void logLikelihoodsInEveryForm() throws IOException {
    double[][] golden = golden();
    for (GaussianProcess.Form form : GaussianProcess.Form.values()) {
      try (CpuDevice device = new CpuDevice(1)) {
        LogLikelihood likelihood = GaussianProcess.likelihood(FIELDS, form, device);
        Trace t = new Trace("likelihoods");
        t.output("values", likelihood.each(t.data("theta", Type.f64(COUNT * 5, 1)), 5));
        double[] theta = new double[COUNT * 5];
        Arrays.setAll(theta, i -> POINTS[i % 5]);
        try (Executable e = device.bind(t.program())) {
          likelihood.bind(e);
          e.input("theta").write(theta, 0);
          e.run();
          double[] found = e.output("values").doubles();
          for (int i = 0; i < found.length; i++) {
            double exact = golden[i / 5][6 + i % 5];
            double tolerance = 6e-10 * StrictMath.max(100, StrictMath.abs(exact));
            assertThat(found[i])
                .as("%s, field %d", form, i / 5)
                .isCloseTo(exact, within(tolerance));
          }
        }
      }
    }
  }

  /// The stored values have seven digits.
  @Test
  void exactPosterior() throws IOException {
    double[][] golden = golden();
    GridPosterior grid = grid();
    for (int f = 0; f < COUNT; f++) {
      double[] q = grid.quantiles(f, 0, 0.05, 0.5, 0.95);
      double[] found = {grid.mean(f, 0), q[0], q[1], q[2]};
      for (int k = 0; k < 4; k++) {
        double exact = golden[f][2 + k];
        assertThat(found[k]).as("field %d", f).isCloseTo(exact, within(6e-7 * exact));
      }
    }
  }

  /// Null: the order statistic of rank `q (S + 1)` has probability q below it on average; three
  /// levels within three standard errors. Draws 1 % too large are seen.
  @Test
  void chainsFollowTheExactPosterior() {
    GridPosterior grid = grid();
    Chains run = chains();
    assertThat(GaussianProcess.PRIOR.firstOutside(run.theta())).isEqualTo(-1);
    assertThat(run.meanAcceptance()).isBetween(0.38, 0.5);
    assertThat(bias(run, grid, 1)).isLessThan(3.0);
    assertThat(bias(run, grid, 1.01)).isGreaterThan(4.0);
  }

  /// The largest mean over fields of `F(x_q) - q`, in its standard errors.
  private static double bias(Chains run, GridPosterior grid, double scale) {
    double worst = 0;
    int s = run.draws();
    for (double level : new double[] {0.1, 0.5, 0.9}) {
      double sum = 0;
      double squares = 0;
      for (int f = 0; f < COUNT; f++) {
        double[] x = Arrays.copyOfRange(run.theta(), f * s, (f + 1) * s);
        Arrays.sort(x);
        int rank = (int) StrictMath.rint(level * (s + 1));
        double b = grid.cdf(f, 0, scale * x[rank - 1]) - level;
        sum += b / COUNT;
        squares += b * b / COUNT;
      }
      double error = StrictMath.sqrt((squares - sum * sum) / COUNT);
      worst = StrictMath.max(worst, StrictMath.abs(sum) / error);
    }
    return worst;
  }

  private static Chains chains() {
    MetropolisOptions options =
        new MetropolisOptions(
            3_000, 500, 499, 1, new Start.FromPrior(), 0.06, Adaptation.RobbinsMonro.standard());
    try (CpuDevice device = new CpuDevice(1)) {
      LogLikelihood likelihood =
          GaussianProcess.likelihood(FIELDS, GaussianProcess.Form.CHEBYSHEV, device);
      return new Metropolis(device, Progress.NONE, Cancellation.create())
          .sample(GaussianProcess.PRIOR, likelihood, options, 3);
    }
  }

  private static GridPosterior grid() {
    try (CpuDevice device = new CpuDevice(1)) {
      return GridPosterior.of(
          GaussianProcess.PRIOR,
          GaussianProcess.likelihood(FIELDS, GaussianProcess.Form.LATTICE, device),
          new int[] {1_200},
          device,
          Progress.NONE,
          Cancellation.create());
    }
  }

  private static double[][] golden() throws IOException {
    List<String> lines = Files.readAllLines(FOLDER.resolve("gp_exact.csv"));
    return lines.stream()
        .skip(1)
        .map(line -> Arrays.stream(line.split(",")).mapToDouble(Double::parseDouble).toArray())
        .toArray(double[][]::new);
  }
}
