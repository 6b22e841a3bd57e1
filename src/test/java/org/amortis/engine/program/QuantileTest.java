package org.amortis.engine.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.Executable;
import org.amortis.engine.device.cpu.CpuDevice;
import org.amortis.engine.device.reference.ReferenceDevice;
import org.amortis.engine.op.Sort;
import org.amortis.engine.shape.ShapeException;
import org.amortis.engine.shape.Type;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Sorted rows and the quantiles read from them.
@Tag("pure")
class QuantileTest {
  private static double[] run(Device device, Program p, double[] x) {
    try (device;
        Executable e = device.bind(p)) {
      e.input("x").write(x, 0);
      e.run();
      return e.output("y").doubles();
    }
  }

  private static Program quantile(double level, int... dims) {
    Trace t = new Trace("quantile");
    t.output("y", t.data("x", Type.f64(dims)).quantile(level));
    return t.program();
  }

  @Test
  void linearBetweenOrderStatistics() {
    double[] x = {4, 1, 3, 2, 10, 40, 30, 20};
    assertThat(run(new CpuDevice(1), quantile(0.4, 2, 4), x))
        .containsExactly(new double[] {2.2, 22}, within(1e-12));
    assertThat(run(new CpuDevice(1), quantile(0, 2, 4), x)).containsExactly(1, 10);
    assertThat(run(new CpuDevice(1), quantile(1, 2, 4), x)).containsExactly(4, 40);
    assertThat(run(new CpuDevice(1), quantile(0.3, 1), new double[] {7})).containsExactly(7);
    assertThat(run(new CpuDevice(2), quantile(1.0 / 3, 2, 2, 2), x))
        .containsExactly(new double[] {2, 2 + 1.0 / 3, 20, 70.0 / 3}, within(1e-12));
  }

  @Test
  void halfOfManyNormalsLiesBelowTheirMedian() {
    SplittableRandom random = new SplittableRandom(5);
    double[] x = IntStream.range(0, 4 * 1001).mapToDouble(i -> random.nextGaussian()).toArray();
    double[] median = run(new CpuDevice(2), quantile(0.5, 4, 1001), x);
    assertThat(median).isEqualTo(run(new ReferenceDevice(), quantile(0.5, 4, 1001), x));
    for (int row = 0; row < 4; row++) {
      int at = row;
      long below = IntStream.range(0, 1001).filter(i -> x[at * 1001 + i] < median[at]).count();
      assertThat(below).isEqualTo(500);
    }
  }

  @Test
  void zerosAndNaNHaveTheirPlaces() {
    Trace t = new Trace("sort");
    t.output("y", t.one(new Sort(), t.data("x", Type.f32(9))));
    double inf = Double.POSITIVE_INFINITY;
    double[] x = {0, inf, Double.NaN, -0.0, 1, -inf, 0, Double.NaN, -0.0};
    double[] expected = {-inf, -0.0, -0.0, 0, 0, 1, inf, Double.NaN, Double.NaN};
    for (Device d : List.of(new ReferenceDevice(), new CpuDevice(1))) {
      double[] y = run(d, t.program(), x);
      for (int i = 0; i < y.length; i++) {
        assertThat(Double.compare(y[i], expected[i])).as("%s, place %d", d, i).isZero();
      }
    }
  }

  @Test
  void levelsAndRowsThatDoNotExistAreRefused() {
    assertThatThrownBy(() -> quantile(1.5, 4)).hasMessage("no quantile at level 1.5");
    assertThatThrownBy(() -> quantile(Double.NaN, 4)).hasMessageContaining("no quantile");
    assertThatThrownBy(() -> quantile(0.5, 3, 0))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("[quantile] needs (..., n) with n > 0");
  }
}
