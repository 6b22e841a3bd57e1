package org.amortis.engine.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class NelderMeadTest {
  @Test
  void findsTheMinimumOfTestFunctions() {
    NelderMead.Minimum rosenbrock =
        NelderMead.minimise(
            x -> 100 * sq(x[1] - x[0] * x[0]) + sq(1 - x[0]),
            new double[] {-1.2, 1},
            0.5,
            1e-14,
            500);
    assertThat(rosenbrock.point()[0]).isEqualTo(1, within(1e-5));
    assertThat(rosenbrock.point()[1]).isEqualTo(1, within(1e-5));
    assertThat(rosenbrock.evaluations()).isLessThan(400);
    NelderMead.Minimum powell =
        NelderMead.minimise(
            x ->
                sq(x[0] + 10 * x[1])
                    + 5 * sq(x[2] - x[3])
                    + sq(sq(x[1] - 2 * x[2]))
                    + 10 * sq(sq(x[0] - x[3])),
            new double[] {3, -1, 0, 1},
            1,
            1e-16,
            2000);
    assertThat(powell.value()).isLessThan(1e-8);
    assertThat(
            NelderMead.minimise(x -> Math.abs(x[0] - 2), new double[] {9}, 1, 1e-9, 500).point()[0])
        .isEqualTo(2, within(1e-8));
  }

  @Test
  void flatDirectionsAndNanEndTheSearch() {
    NelderMead.Minimum flat =
        NelderMead.minimise(x -> Math.max(x[0], -3), new double[] {1, 1}, 0.5, 1e-10, 1000);
    assertThat(flat.value()).isEqualTo(-3);
    NelderMead.Minimum edge =
        NelderMead.minimise(x -> x[0] < 0 ? Double.NaN : x[0], new double[] {1}, 0.5, 1e-12, 500);
    assertThat(edge.value()).isEqualTo(0, within(1e-9));
    assertThat(NelderMead.minimise(x -> x[0], new double[] {0}, 1, 1e-9, 100).evaluations())
        .isLessThan(210);
  }

  private static double sq(double x) {
    return x * x;
  }
}
