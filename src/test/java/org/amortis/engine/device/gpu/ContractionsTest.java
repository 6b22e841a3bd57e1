package org.amortis.engine.device.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.amortis.engine.device.Buffer;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.Executable;
import org.amortis.engine.device.cpu.CpuDevice;
import org.amortis.engine.device.opencl.OnOpenCl;
import org.amortis.engine.op.Activation;
import org.amortis.engine.op.Dense;
import org.amortis.engine.op.MatMul;
import org.amortis.engine.op.Op;
import org.amortis.engine.op.Solve;
import org.amortis.engine.program.Trace;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.Type;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Products, factors and solves of sizes that take every kernel of their families, against the CPU.
@OnOpenCl
class ContractionsTest {
  private static final DType F32 = DType.FLOAT32;
  private static final DType F64 = DType.FLOAT64;

  /// Units in the last place of the largest value: what the op tests allow either device.
  private static final double PRODUCT = 2 * 32;

  private static final double FACTOR = 2 * 64;
  private static final double SOLUTION = 2 * 16;

  private static double[] run(Device device, Op op, List<Type> types, double[]... values) {
    Trace t = new Trace("contraction");
    var operands = new ArrayList<Var>();
    for (int i = 0; i < types.size(); i++) {
      operands.add(t.data("x" + i, types.get(i)));
    }
    t.output("y", t.apply(op, operands).getFirst());
    try (Executable e = device.bind(t.program())) {
      for (int i = 0; i < values.length; i++) {
        e.input("x" + i).write(values[i], 0);
      }
      e.run();
      Buffer y = e.output("y");
      return y.doubles();
    }
  }

  /// Runs an op on both devices; NaN belongs where NaN is.
  private static double[] compare(double ulps, Op op, List<Type> types, double[]... values) {
    double[] found = run(OnOpenCl.Shared.DEVICE, op, types, values);
    try (Device cpu = new CpuDevice(2)) {
      double[] expected = run(cpu, op, types, values);
      double top = Arrays.stream(expected).map(Math::abs).filter(v -> v >= 0).max().orElse(0);
      double most = ulps * top * (types.getFirst().dtype() == F32 ? 0x1p-23 : 0x1p-52);
      assertThat(found).hasSameSizeAs(expected);
      for (int i = 0; i < found.length; i++) {
        boolean close =
            Math.abs(found[i] - expected[i]) <= most
                || Double.isNaN(found[i]) && Double.isNaN(expected[i]);
        if (!close) {
          throw new AssertionError(
              "element " + i + " is " + found[i] + ", expected " + expected[i] + " +- " + most);
        }
      }
    }
    return found;
  }

  private static Type type(DType real, int... dims) {
    return new Type(real, Shape.of(dims));
  }

  private static double[] normal(long seed, Type t) {
    Random random = new Random(seed);
    double[] v = new double[t.size()];
    Arrays.setAll(v, i -> (float) random.nextGaussian());
    return v;
  }

  static Stream<Arguments> products() {
    return Stream.of(
        // batch, m, n, k, transposes: every tile, with edges.
        Arguments.of(F32, 0, 1152, 1152, 1024, false, true, MatMulTile.MEDIUM),
        Arguments.of(F32, 130, 120, 127, 9, false, false, MatMulTile.LARGE),
        Arguments.of(F64, 130, 120, 60, 9, true, true, MatMulTile.LARGE),
        Arguments.of(F64, 260, 60, 61, 19, true, false, MatMulTile.MEDIUM),
        Arguments.of(F32, 5, 33, 70, 45, true, false, MatMulTile.SMALL),
        Arguments.of(F32, 5, 33, 70, 45, true, true, MatMulTile.SMALL),
        Arguments.of(F64, 3, 45, 34, 31, false, true, MatMulTile.SMALL),
        Arguments.of(F32, 400, 60, 13, 21, true, false, MatMulTile.TALL),
        Arguments.of(F64, 400, 15, 60, 21, false, true, MatMulTile.WIDE),
        Arguments.of(F32, 100, 7, 5, 30, true, true, MatMulTile.ELEMENTS));
  }

  @ParameterizedTest
  @MethodSource("products")
  void productsOfEveryTile(
      DType real, int batch, int m, int n, int k, boolean ta, boolean tb, MatMulTile tile) {
    int batches = Math.max(batch, 1);
    MatMulPlan plan = MatMulPlan.of(real, new MatMul.Extents(batches, m, n, k));
    assertThat(plan.tile()).isEqualTo(tile);
    Type a = ta ? type(real, batches, k, m) : type(real, batches, m, k);
    Type b = tb ? type(real, batches, n, k) : type(real, batches, k, n);
    if (batch == 0) {
      a = a.with(a.shape().without(0));
      b = b.with(b.shape().without(0));
    }
    compare(PRODUCT, new MatMul(ta, tb), List.of(a, b), normal(1, a), normal(2, b));
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT32", "FLOAT64"})
  void longSumsInParts(DType real) {
    assertThat(MatMulPlan.of(real, new MatMul.Extents(1, 300, 1, 5000)).parts()).isGreaterThan(1);
    Type a = type(real, 300, 5000);
    Type b = type(real, 5000, 1);
    compare(PRODUCT, new MatMul(false, false), List.of(a, b), normal(3, a), normal(4, b));
    Type bias = type(real, 1);
    List<Type> types = List.of(a, b, bias);
    double[] y =
        compare(
            PRODUCT,
            new Dense(Activation.leakyRelu(0.2)),
            types,
            normal(3, a),
            normal(4, b),
            normal(5, bias));
    assertThat(Arrays.stream(y).min().orElseThrow()).isNegative();
  }

  @Test
  void sumsOfNothingAreZeroBeforeTheBias() {
    List<Type> types = List.of(type(F32, 40, 0), type(F32, 0, 3), type(F32, 3));
    double[] bias = {-1, Double.NaN, 2};
    double[] y = compare(0, new Dense(Activation.RELU), types, new double[0], new double[0], bias);
    assertThat(Arrays.copyOf(y, 3)).containsExactly(0, Double.NaN, 2);
    List<Type> batch = List.of(type(F64, 3, 20, 0), type(F64, 3, 0, 40));
    assertThat(compare(0, new MatMul(false, false), batch, new double[0], new double[0]))
        .containsOnly(0);
  }

  @Test
  void nothingLeaksBetweenRows() {
    Type a = type(F32, 70, 33);
    Type b = type(F32, 33, 70);
    double[] x = normal(6, a);
    x[33 * 69 + 32] = Double.NaN;
    x[33] = Double.POSITIVE_INFINITY;
    double[] y =
        run(OnOpenCl.Shared.DEVICE, new MatMul(false, false), List.of(a, b), x, normal(7, b));
    for (int i = 0; i < y.length; i++) {
      int row = i / 70;
      assertThat(
              row == 69
                  ? Double.isNaN(y[i])
                  : row == 1 ? Double.isInfinite(y[i]) : Double.isFinite(y[i]))
          .isTrue();
    }
  }

  /// Definite matrices with NaN above the diagonal, where nobody may read.
  private static double[] definite(int batch, int n) {
    double[] a = normal(n, type(F64, batch, n, n));
    double[] g = a.clone();
    for (int i = 0; i < a.length; i++) {
      int row = i / n;
      int other = i / (n * n) * n + i % n;
      if (i % n > row % n) {
        a[i] = Double.NaN;
        continue;
      }
      double sum = row == other ? 1 : 0;
      for (int k = 0; k < n; k++) {
        sum += g[row * n + k] * g[other * n + k] / n;
      }
      a[i] = (float) sum;
    }
    return a;
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT32", "FLOAT64"})
  void factorsReadTheLowerTriangleOnly(DType real) {
    for (int[] e : new int[][] {{3, 256}, {2, 129}, {5, 32}, {4, 7}}) {
      int n = e[1];
      double[] l =
          compare(FACTOR, new Solve.Cholesky(), List.of(type(real, e[0], n, n)), definite(e[0], n));
      for (int i = 0; i < l.length; i++) {
        assertThat(i % n > i / n % n ? l[i] == 0 : Double.isFinite(l[i])).isTrue();
      }
    }
  }

  @Test
  void matricesThatAreNotDefiniteBecomeNaNAlone() {
    int n = 100;
    Type type = type(F32, 7, n, n);
    double[] a = definite(7, n);
    int size = n * n;
    a[size] = 0;
    a[2 * size + 50 * n + 50] = -1;
    a[3 * size + 99 * n + 3] = Double.NaN;
    a[5 * size + 99 * n + 99] = Double.NEGATIVE_INFINITY;
    double[] l = compare(FACTOR, new Solve.Cholesky(), List.of(type), a);
    for (int b = 0; b < 7; b++) {
      boolean bad = b == 1 || b == 2 || b == 3 || b == 5;
      assertThat(Arrays.stream(l, b * size, (b + 1) * size).allMatch(v -> bad == Double.isNaN(v)))
          .as("matrix %d", b)
          .isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT32", "FLOAT64"})
  void solvesOfFewAndManyColumns(DType real) {
    for (int[] e : new int[][] {{2, 100, 3}, {3, 65, 16}, {1, 256, 70}}) {
      int n = e[1];
      Type factor = type(real, e[0], n, n);
      Type right = type(real, e[0], n, e[2]);
      double[] l = normal(n, factor);
      for (int i = 0; i < l.length; i++) {
        int row = i / n % n;
        int column = i % n;
        // Rows small enough for well-conditioned factors; NaN where nobody may read.
        l[i] = row == column ? 2 : row < column ? Double.NaN : (float) (l[i] / n);
      }
      for (boolean transposed : new boolean[] {false, true}) {
        compare(
            SOLUTION,
            new Solve.TriangularSolve(transposed),
            List.of(factor, right),
            l,
            normal(5, right));
      }
    }
  }

  @Test
  void infinitePivotsAndZeroDiagonalsFollowTheDefinition() {
    int n = 70;
    Type square = type(F64, 2, n, n);
    double[] a = new double[square.size()];
    for (int i = 0; i < n; i++) {
      a[i * (n + 1)] = i == 40 ? Double.POSITIVE_INFINITY : 2 + i;
      a[n * n + i * n] = 0.05;
      a[n * n + i * (n + 1)] = 1;
    }
    same(new Solve.Cholesky(), List.of(square), a);
    Type right = type(F64, 2, n, 3);
    a[33 * (n + 1)] = 0;
    a[n * n] = -0.0;
    for (boolean transposed : new boolean[] {false, true}) {
      same(new Solve.TriangularSolve(transposed), List.of(square, right), a, normal(8, right));
    }
  }

  /// Compares with the meaning of an op: equal numbers up to rounding, and the same special ones.
  private static void same(Op op, List<Type> types, double[]... values) {
    double[] expected = op.evaluate(types, List.of(values)).getFirst();
    double[] found = run(OnOpenCl.Shared.DEVICE, op, types, values);
    for (int i = 0; i < found.length; i++) {
      if (Double.isFinite(expected[i])) {
        assertThat(found[i]).isCloseTo(expected[i], within(1e-13 + 1e-13 * Math.abs(expected[i])));
      } else {
        assertThat(found[i]).as("element %d", i).isEqualTo(Double.valueOf(expected[i]));
      }
    }
  }
}
