package org.amortis.engine.device.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.opencl.OnOpenCl;
import org.amortis.engine.math.Spline;
import org.amortis.engine.op.AffineCoupling;
import org.amortis.engine.op.Op;
import org.amortis.engine.op.OpCase;
import org.amortis.engine.op.RationalQuadratic;
import org.amortis.engine.program.Trace;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.Type;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Laws of the bijections on a device.
@OnOpenCl
class FlowKernelsTest {
  private static final Device DEVICE = OnOpenCl.Shared.DEVICE;

  private static double[] normal(int n, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] x = new double[n];
    Arrays.setAll(x, i -> random.nextGaussian());
    return x;
  }

  /// Rows of parameters that serve one element, few, or many each; one bin, and so many that a
  /// group has few items.
  @ParameterizedTest
  @CsvSource({"300, 300, 8", "300, 100, 5", "4000, 2, 10", "3, 1, 4", "40, 40, 1", "20, 20, 40"})
  void theInverseSplineUndoesTheSpline(int elements, int rows, int bins) {
    Spline spline = Spline.of(bins, 3);
    Trace t = new Trace("there and back");
    Var x = t.data("x0", Type.f64(elements));
    Var raw = t.data("x1", Type.f64(rows, spline.parameters()));
    List<Var> there = t.apply(new RationalQuadratic(spline, false), List.of(x, raw));
    List<Var> back = t.apply(new RationalQuadratic(spline, true), List.of(there.get(0), raw));
    t.output("moved", there.get(0));
    t.output("x", back.get(0));
    t.output("ladj", there.get(1).add(back.get(1)));
    double[] in = new SplittableRandom(elements).doubles(elements, -3.5, 3.5).toArray();
    List<double[]> found =
        OpCase.run(DEVICE, t.program(), List.of(in, normal(rows * spline.parameters(), bins)));
    assertThat(found.get(1)).containsExactly(in, within(1e-9));
    assertThat(found.get(2)).containsExactly(new double[elements], within(1e-8));
    if (bins > 1) {
      assertThat(found.get(0)).isNotEqualTo(in);
    }
  }

  /// A row that serves many elements has the sum of the gradients of as many copies of it.
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void gradientsOfASharedRowAreSums(boolean inverse) {
    RationalQuadratic map = new RationalQuadratic(Spline.of(7, 2), inverse);
    Op gradient = new RationalQuadratic.Gradient(map);
    int n = 1500;
    int p = map.spline().parameters();
    Trace t = new Trace("shared");
    Var x = t.data("x0", Type.f64(2 * n));
    Var raw = t.data("x1", Type.f64(2, p));
    Var dy = t.data("x2", Type.f64(2 * n));
    Var dladj = t.data("x3", Type.f64(2 * n));
    List<Var> shared = t.apply(gradient, List.of(x, raw, dy, dladj));
    Var copies = raw.reshape(2, 1, p).broadcast(2, n, p).reshape(2 * n, p);
    List<Var> own = t.apply(gradient, List.of(x, copies, dy, dladj));
    t.output("dx", shared.get(0));
    t.output("own dx", own.get(0));
    t.output("draw", shared.get(1));
    t.output("own draw", own.get(1).reshape(2, n, p).sum(1));
    List<double[]> in =
        List.of(normal(2 * n, 1), normal(2 * p, 2), normal(2 * n, 3), normal(2 * n, 4));
    List<double[]> found = OpCase.run(DEVICE, t.program(), in);
    assertThat(found.get(0)).containsExactly(found.get(1), within(1e-9));
    assertThat(found.get(2)).containsExactly(found.get(3), within(1e-7));
    assertThat(Arrays.stream(found.get(2)).map(StrictMath::abs).max().orElse(0)).isGreaterThan(1);
    assertThat(OpCase.run(DEVICE, t.program(), in)).usingRecursiveComparison().isEqualTo(found);
  }

  @Test
  void aSplineWithoutElementsLeavesItsParametersAlone() {
    RationalQuadratic map = new RationalQuadratic(Spline.of(4, 2), false);
    Trace t = new Trace("empty");
    Var none = t.data("x0", Type.f32(0));
    Var raw = t.data("x1", Type.f32(3, 11));
    List<Var> d = t.apply(new RationalQuadratic.Gradient(map), List.of(none, raw, none, none));
    t.output("draw", d.get(1));
    double[] found =
        OpCase.run(DEVICE, t.program(), List.of(new double[0], normal(33, 1))).getFirst();
    assertThat(found).containsOnly(0).hasSize(33);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 100})
  void theInverseCouplingUndoesTheCoupling(int d) {
    int rows = 77;
    Trace t = new Trace("there and back");
    Var x = t.data("x0", Type.f64(rows, d));
    Var raw = t.data("x1", Type.f64(rows, 2 * d));
    List<Var> there = t.apply(new AffineCoupling(1.9, false), List.of(x, raw));
    List<Var> back = t.apply(new AffineCoupling(1.9, true), List.of(there.get(0), raw));
    t.output("x", back.get(0));
    t.output("ladj", there.get(1).add(back.get(1)));
    t.output("there", there.get(1));
    double[] in = normal(rows * d, d);
    List<double[]> found = OpCase.run(DEVICE, t.program(), List.of(in, normal(2 * rows * d, 9)));
    assertThat(found.get(0)).containsExactly(in, within(1e-13));
    assertThat(found.get(1)).containsOnly(0);
    assertThat(Arrays.stream(found.get(2)).filter(v -> v != 0).count()).isEqualTo(rows);
  }
}
