package org.amortis.engine.math;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class QuantilesTest {
  @Test
  void linearBetweenOrderStatistics() {
    double[] x = {1, 2, 4, 8};
    assertThat(Quantiles.ofSorted(x, 0)).isEqualTo(1);
    assertThat(Quantiles.ofSorted(x, 0.5)).isEqualTo(3);
    assertThat(Quantiles.ofSorted(x, 0.75)).isEqualTo(5);
    assertThat(Quantiles.ofSorted(x, 1)).isEqualTo(8);
    assertThat(Quantiles.ofSorted(new double[] {7}, 0.3)).isEqualTo(7);
  }

  /// Rounding must not carry a quantile out of its two order statistics, where it could lie outside
  /// the prior.
  @Test
  void neverOutsideItsNeighbours() {
    double low = Math.nextDown(0.6);
    double[] x = {0.1, low, low, low};
    Arrays.sort(x);
    for (int i = 0; i <= 1000; i++) {
      assertThat(Quantiles.ofSorted(x, i / 1000.0)).isBetween(0.1, low);
    }
  }
}
