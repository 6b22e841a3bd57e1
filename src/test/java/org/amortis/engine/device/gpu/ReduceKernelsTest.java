package org.amortis.engine.device.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.cpu.CpuDevice;
import org.amortis.engine.device.opencl.OnOpenCl;
import org.amortis.engine.device.reference.ReferenceDevice;
import org.amortis.engine.op.OpCase;
import org.amortis.engine.op.Reduce;
import org.amortis.engine.program.Program;
import org.amortis.engine.program.Trace;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.Type;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Reductions large enough for several groups a line, and for several lines a group.
@OnOpenCl
class ReduceKernelsTest {
  private static final Device DEVICE = OnOpenCl.Shared.DEVICE;

  /// A shape, and the axis that goes.
  record Line(DType dtype, Reduce.Kind kind, int axis, List<Integer> dims) {
    Type type() {
      return new Type(dtype, Shape.of(dims.stream().mapToInt(i -> i).toArray()));
    }

    Program program() {
      return new OpCase("", new Reduce(kind, axis), List.of(type()), List.of(), List.of())
          .program();
    }

    double[] values() {
      SplittableRandom random = new SplittableRandom(toString().hashCode());
      double[] x = new double[type().size()];
      Arrays.setAll(x, i -> (float) random.nextDouble(0.5, 1.5));
      return x;
    }
  }

  static List<Line> lines() {
    return Stream.of(DType.FLOAT32, DType.FLOAT64)
        .flatMap(d -> Stream.of(Reduce.Kind.values()).flatMap(k -> lines(d, k)))
        .toList();
  }

  private static Stream<Line> lines(DType d, Reduce.Kind k) {
    return Stream.of(
        new Line(d, k, 0, List.of(1_000_000)),
        new Line(d, k, 0, List.of(200, 5000)),
        new Line(d, k, 1, List.of(200, 5000)),
        new Line(d, k, 0, List.of(5000, 200)),
        new Line(d, k, 1, List.of(5000, 200)),
        new Line(d, k, 1, List.of(3, 40_000, 5)));
  }

  @ParameterizedTest
  @MethodSource("lines")
  void agreeWithCpuAndOracle(Line line) {
    Program p = line.program();
    List<double[]> x = List.of(line.values());
    double[] found = OpCase.run(DEVICE, p, x).getFirst();
    assertThat(OpCase.run(DEVICE, p, x).getFirst()).isEqualTo(found);
    double[] cpu;
    try (Device d = new CpuDevice(2)) {
      cpu = OpCase.run(d, p, x).getFirst();
    }
    double[] exact = OpCase.run(new ReferenceDevice(), p, x).getFirst();
    double unit = line.dtype == DType.FLOAT32 ? 0x1p-23 : 0x1p-52;
    // The trees have some twenty levels. In float64 the oracle, which adds one by one, is the less
    // exact of the two.
    double allowed = line.dtype == DType.FLOAT32 ? 16 : 400;
    for (int i = 0; i < exact.length; i++) {
      assertThat(found[i]).isCloseTo(exact[i], within(allowed * unit * exact[i]));
      assertThat(found[i]).isCloseTo(cpu[i], within(400 * unit * exact[i]));
    }
  }

  @Test
  void oneNaNAmongAMillionIsSeen() {
    double[] x = new double[1_000_000];
    x[777_777] = Double.NaN;
    x[3] = Double.POSITIVE_INFINITY;
    for (Reduce.Kind kind : Reduce.Kind.values()) {
      Program p = new Line(DType.FLOAT32, kind, 0, List.of(1_000_000)).program();
      assertThat(OpCase.run(DEVICE, p, List.of(x)).getFirst()).containsExactly(Double.NaN);
    }
    x[777_777] = Double.NEGATIVE_INFINITY;
    Program p = new Line(DType.FLOAT32, Reduce.Kind.LOG_SUM_EXP, 0, List.of(1_000_000)).program();
    assertThat(OpCase.run(DEVICE, p, List.of(x)).getFirst())
        .containsExactly(Double.POSITIVE_INFINITY);
    Arrays.fill(x, Double.NEGATIVE_INFINITY);
    assertThat(OpCase.run(DEVICE, p, List.of(x)).getFirst())
        .containsExactly(Double.NEGATIVE_INFINITY);
  }

  /// The sum of the squares of what two inputs make, with the squares themselves as a result or
  /// not.
  private static Program squares(DType real, int n, boolean kept) {
    Trace t = new Trace("squares");
    Var x = t.data("x0", new Type(real, Shape.of(n)));
    Var square = x.concat(t.data("x1", new Type(real, Shape.of(3))), 0).square();
    t.output("sum", square.sum(0));
    if (kept) {
      t.output("squares", square);
    }
    return t.program();
  }

  @ParameterizedTest
  @ValueSource(ints = {1500, 2046, 60_922, 700_001})
  void squaresOnTheWayGiveTheBytesOfSquaresFirst(int n) {
    for (DType real : List.of(DType.FLOAT32, DType.FLOAT64)) {
      double[] x = new Line(real, Reduce.Kind.SUM, 0, List.of(n)).values();
      double[] three = {-0.5, 1e-30, 7};
      List<double[]> first = OpCase.run(DEVICE, squares(real, n, true), List.of(x, three));
      assertThat(first.get(1)[n]).isEqualTo(0.25);
      assertThat(OpCase.run(DEVICE, squares(real, n, false), List.of(x, three)).getFirst())
          .isEqualTo(first.getFirst());
    }
  }

  @Test
  void softmaxOfLongRowsSumsToOne() {
    Trace t = new Trace("softmax");
    Var y = t.data("x0", Type.f64(3, 70_001)).softmax();
    t.output("y", y);
    t.output("sum", y.sum(1));
    SplittableRandom random = new SplittableRandom(8);
    double[] x = random.doubles(3 * 70_001, -5, 5).toArray();
    List<double[]> found = OpCase.run(DEVICE, t.program(), List.of(x));
    List<double[]> exact = OpCase.run(new ReferenceDevice(), t.program(), List.of(x));
    assertThat(found.get(1)).containsExactly(new double[] {1, 1, 1}, within(1e-14));
    for (int i = 0; i < x.length; i++) {
      assertThat(found.get(0)[i]).isCloseTo(exact.get(0)[i], within(1e-13 * exact.get(0)[i]));
    }
  }
}
