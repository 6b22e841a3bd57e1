package org.amortis.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DensityTest {
  private static double[] midpoints(double lower, double upper, int n) {
    double[] at = new double[n];
    Arrays.setAll(at, i -> lower + (i + 0.5) * (upper - lower) / n);
    return at;
  }

  private static double integral(double[] density, double range) {
    return Arrays.stream(density).sum() * range / density.length;
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.002, 0.02, 0.1, 0.3, 2})
  void integratesToOneHoweverCloseToTheEdges(double sd) {
    SplittableRandom random = new SplittableRandom(11);
    for (double centre : new double[] {0.0, 0.1, 0.55, 0.6}) {
      double[] draws = new double[500];
      Arrays.setAll(draws, i -> Math.clamp(centre + sd * random.nextGaussian(), 0.0, 0.6));
      double[] p = Density.reflected(draws, 0, 0.6, midpoints(0, 0.6, 6_000));
      assertThat(integral(p, 0.6)).isCloseTo(1, within(1e-5));
    }
  }

  @Test
  void isFlatForUniformDraws() {
    double[] draws = midpoints(0, 0.6, 2_000);
    double[] p = Density.reflected(draws, 0, 0.6, new double[] {0, 0.01, 0.3, 0.59, 0.6});
    for (double value : p) {
      assertThat(value).isCloseTo(1 / 0.6, within(1e-3));
    }
  }

  @Test
  void isTheKernelItselfForOneDraw() {
    // Equal draws have no spread: the bandwidth is a thousandth of the range.
    double h = 1e-3;
    double[] p = Density.reflected(new double[] {0.5}, 0, 1, new double[] {0.5, 0.5 + h, 0.6});
    assertThat(p[0]).isCloseTo(0.3989422804 / h, within(1e-6));
    assertThat(p[1]).isCloseTo(0.2419707245 / h, within(1e-6));
    assertThat(p[2]).isZero();
  }

  @Test
  void isZeroOutsideThePrior() {
    double[] p = Density.reflected(new double[] {0.1, 0.2}, 0, 0.6, new double[] {-0.01, 0.61});
    assertThat(p).containsExactly(0, 0);
  }

  @Test
  void bandwidthIsSilvermans() {
    // 1, 2, ..., 9: sd 2.7386, IQR 4 / 1.34 = 2.9851, n^(-1/5) = 0.64439
    double[] draws = {9, 1, 8, 2, 7, 3, 6, 4, 5};
    assertThat(Density.bandwidth(draws)).isCloseTo(0.9 * 2.7386128 * 0.6443940, within(1e-6));
    assertThat(Density.bandwidth(new double[] {2, 2, 2})).isZero();
  }

  @Test
  void normalisesAGridEvenWhereTheLikelihoodIsTiny() {
    double[] grid = midpoints(0, 0.6, 1_200);
    double[] log = new double[1_200];
    Arrays.setAll(log, i -> -2_000 - 0.5 * Math.pow((grid[i] - 0.2) / 0.03, 2));
    log[1_199] = Double.NEGATIVE_INFINITY;
    double[] p = Density.normalised(grid, log);
    assertThat(integral(p, 0.6)).isCloseTo(1, within(1e-12));
    assertThat(p[399]).isCloseTo(0.39894228 / 0.03, within(1e-2));
    assertThat(p[1_199]).isZero();
  }

  @Test
  void refusesDrawsOutsideThePrior() {
    assertThatThrownBy(() -> Density.reflected(new double[] {0.61}, 0, 0.6, new double[1]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0.61");
    assertThatThrownBy(() -> Density.reflected(new double[] {Double.NaN}, 0, 1, new double[1]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Density.reflected(new double[0], 0, 1, new double[1]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Density.reflected(new double[1], 1, 0, new double[1]))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
