package org.amortis.engine.device.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.cpu.CpuDevice;
import org.amortis.engine.device.opencl.OnOpenCl;
import org.amortis.engine.op.OpCase;
import org.amortis.engine.op.Sort;
import org.amortis.engine.program.Program;
import org.amortis.engine.program.Trace;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.Type;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Sorting of rows that fit a group, and of rows that do not.
@OnOpenCl
class SortKernelsTest {
  private static final Device DEVICE = OnOpenCl.Shared.DEVICE;
  private static final double[] SPECIAL = {
    Double.NaN, 0, -0.0, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 0x1p-149, -0x1p-149
  };

  private static double[] onCpu(Program p, double[] x) {
    try (Device d = new CpuDevice(1)) {
      return OpCase.run(d, p, List.of(x)).getFirst();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 1000, 2048, 2049, 5000, 20_000})
  void theSameBitsAsOnCpu(int n) {
    int rows = n < 100 ? 70 : 3;
    SplittableRandom random = new SplittableRandom(n);
    double[] distinct = new double[rows * n];
    double[] ties = new double[rows * n];
    for (int i = 0; i < distinct.length; i++) {
      distinct[i] = (float) random.nextGaussian();
      ties[i] = random.nextInt(4) == 0 ? SPECIAL[random.nextInt(7)] : random.nextInt(-5, 6);
    }
    for (DType dtype : List.of(DType.FLOAT32, DType.FLOAT64)) {
      Type t = new Type(dtype, Shape.of(rows, n));
      Program p = new OpCase("", new Sort(), List.of(t), List.of(), List.of()).program();
      for (double[] x : List.of(distinct, ties)) {
        double[] found = OpCase.run(DEVICE, p, List.of(x)).getFirst();
        double[] expected = onCpu(p, x);
        for (int i = 0; i < x.length; i++) {
          assertThat(Double.compare(found[i], expected[i]))
              .as("%s, place %d: %s, not %s", t, i, found[i], expected[i])
              .isZero();
        }
      }
    }
  }

  @Test
  void quantilesOfDraws() {
    Trace t = new Trace("quantiles");
    var x = t.data("x0", Type.f64(4, 3, 2500));
    t.output("low", x.quantile(0.05));
    t.output("high", x.quantile(0.95));
    double[] draws = new SplittableRandom(3).doubles(4 * 3 * 2500).toArray();
    List<double[]> found = OpCase.run(DEVICE, t.program(), List.of(draws));
    assertThat(found.get(0)).isEqualTo(onCpu(t.program(), draws));
    for (int i = 0; i < 12; i++) {
      assertThat(found.get(0)[i]).isBetween(0.03, 0.07);
      assertThat(found.get(1)[i]).isBetween(0.93, 0.97);
    }
  }
}
