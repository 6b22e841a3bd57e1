package org.amortis.validation.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Arrays;
import org.amortis.inference.diagnose.FieldScores;
import org.amortis.inference.diagnose.Scores;
import org.amortis.inference.posterior.GridPosterior;
import org.amortis.io.Npz;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/// Scores equal their definitions as NumPy and SciPy evaluate them.
class ScoresGoldenTest {
  private static final Offset<Double> ROUNDING = within(2e-14);
  private static final Npz GOLDEN =
      Npz.read(Path.of(System.getProperty("basedir", "."), "golden", "ops", "score.npz"));

  @Test
  void fairCrpsOfDraws() {
    double[] truth = golden("crps__truth");
    double[] found = Scores.ofDraws(golden("crps__x"), truth).crps();
    near(found, golden("crps__crps_fair"), ROUNDING);
    // The V-statistic of the same draws is another number: the test tells them apart.
    double[] biased = golden("crps__crps");
    assertThat(StrictMath.abs(found[0] - biased[0])).isGreaterThan(1e-3);
  }

  @Test
  void intervalScore() {
    FieldScores s = Scores.ofDraws(golden("interval_90__x"), golden("interval_90__truth"));
    near(s.interval(), golden("interval_90__score"), within(1e-12));
    assertThat(s.covered()).containsExactly(golden("interval_90__covered"));
  }

  @Test
  void quantiles() {
    double[] x = golden("quantile__x");
    double[] levels = golden("quantile__levels");
    double[] y = golden("quantile__y");
    for (int i = 0; i < 6; i++) {
      double[] row = Arrays.copyOfRange(x, 40 * i, 40 * i + 40);
      Arrays.sort(row);
      for (int k = 0; k < levels.length; k++) {
        double q = Scores.quantile(row, levels[k]);
        assertThat(q).isCloseTo(y[i * levels.length + k], ROUNDING);
        assertThat(q).isBetween(row[0], row[39]);
      }
    }
  }

  @Test
  void crpsOfGaussianOnGrid() {
    double[] mean = golden("crps_gaussian__mean");
    double[] sd = golden("crps_gaussian__sd");
    double[] truth = golden("crps_gaussian__truth");
    int cells = 6_000;
    double[] axis = new double[cells];
    double[] log = new double[mean.length * cells];
    for (int i = 0; i < log.length; i++) {
      int k = i % cells;
      axis[k] = -18 + 36 * (k + 0.5) / cells;
      double w = (axis[k] - mean[i / cells]) / sd[i / cells];
      log[i] = -w * w / 2 - StrictMath.log(sd[i / cells] * StrictMath.sqrt(2 * StrictMath.PI));
    }
    GridPosterior grid = new GridPosterior(new double[][] {axis}, log, mean.length);
    near(Scores.ofGrid(grid, truth, 0).crps(), golden("crps_gaussian__crps"), within(1e-5));
  }

  private static void near(double[] found, double[] golden, Offset<Double> tolerance) {
    assertThat(found).hasSameSizeAs(golden);
    for (int i = 0; i < golden.length; i++) {
      assertThat(found[i]).isCloseTo(golden[i], tolerance);
    }
  }

  private static double[] golden(String name) {
    return GOLDEN.array(name).toDoubles();
  }
}
