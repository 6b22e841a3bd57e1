package org.amortis.engine.device.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.cpu.CpuDevice;
import org.amortis.engine.device.opencl.OnOpenCl;
import org.amortis.engine.device.reference.ReferenceDevice;
import org.amortis.engine.op.Conv2d;
import org.amortis.engine.op.ConvPool;
import org.amortis.engine.op.MaxPool;
import org.amortis.engine.op.Op;
import org.amortis.engine.op.OpCase;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.Type;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Convolutions, pooling and their adjoints: the study's layers against the CPU, odd shapes against
/// the oracle, ties and NaN.
@OnOpenCl
class ConvolutionsTest {
  private static final Device FOUND = OnOpenCl.Shared.DEVICE;
  private static final Device REFERENCE = new ReferenceDevice();
  private static final DType F32 = DType.FLOAT32;
  private static final DType F64 = DType.FLOAT64;

  private static Type type(DType real, int... dims) {
    return new Type(real, Shape.of(dims));
  }

  private static double[] normal(long seed, Type t) {
    Random random = new Random(seed);
    double[] v = new double[t.size()];
    Arrays.setAll(v, i -> (float) random.nextGaussian());
    return v;
  }

  /// Small whole numbers: sums are exact in either type, and maxima tie often.
  private static double[] whole(long seed, Type t) {
    Random random = new Random(seed);
    double[] v = new double[t.size()];
    Arrays.setAll(v, i -> random.nextInt(-1, 3));
    return v;
  }

  private static List<double[]> run(Device d, Op op, List<Type> types, double[]... x) {
    OpCase c = new OpCase("", op, types, List.of(x), List.of());
    return OpCase.run(d, c.program(), c.values());
  }

  /// Runs on the device twice, to the same bytes.
  private static List<double[]> found(Op op, List<Type> types, double[]... x) {
    List<double[]> first = run(FOUND, op, types, x);
    List<double[]> second = run(FOUND, op, types, x);
    for (int i = 0; i < first.size(); i++) {
      assertThat(second.get(i)).as("%s again", op).isEqualTo(first.get(i));
    }
    return first;
  }

  /// Within what the op tests allow both devices together: 64 units in the last place of the
  /// largest value.
  private static void close(Op op, DType real, double[] found, double[] expected) {
    double top = Arrays.stream(expected).map(Math::abs).max().orElse(0);
    double most = 64 * top * (real == F32 ? 0x1p-23 : 0x1p-52);
    assertThat(found).hasSameSizeAs(expected);
    for (int i = 0; i < found.length; i++) {
      if (!(Math.abs(found[i] - expected[i]) <= most)) {
        throw new AssertionError(
            op + ": element " + i + " is " + found[i] + ", not " + expected[i] + " +- " + most);
      }
    }
  }

  private static void check(Device device, Op op, List<Type> types, double[]... x) {
    List<double[]> found = found(op, types, x);
    List<double[]> expected = run(device, op, types, x);
    for (int i = 0; i < found.size(); i++) {
      close(op, types.getFirst().dtype(), found.get(i), expected.get(i));
    }
  }

  private static void convolution(Device device, DType real, int[] s, int k, int o, Conv2d conv) {
    Type x = type(real, s);
    Type w = type(real, k, k, s[3], o);
    Type y = conv.infer(List.of(x, w)).getFirst();
    check(device, conv, List.of(x, w), normal(1, x), normal(2, w));
    Op images = new Conv2d.InputGradient(conv, s[1], s[2]);
    check(device, images, List.of(y, w), normal(3, y), normal(2, w));
    Op weights = new Conv2d.WeightGradient(conv, k, k);
    check(device, weights, List.of(x, y), normal(1, x), normal(3, y));
  }

  private static void pooledGradients(Device device, List<Type> types, double[] code) {
    Type x = types.get(0);
    Type w = types.get(1);
    Type d = new ConvPool().infer(types).getFirst();
    Op images = new ConvPool.InputGradient(x.shape().dim(1), x.shape().dim(2));
    check(device, images, List.of(d, d, w), normal(4, d), code, normal(2, w));
    Op weights = new ConvPool.WeightGradient(w.shape().dim(0));
    check(device, weights, List.of(x, d, d), normal(1, x), normal(4, d), code);
  }

  static Stream<Arguments> layers() {
    return Stream.of(Arguments.of(16, 1, 64), Arguments.of(8, 64, 128));
  }

  @ParameterizedTest
  @MethodSource("layers")
  void theLayersOfTheStudyMeetTheCpu(int extent, int channels, int filters) {
    List<Type> types =
        List.of(
            type(F32, 32, extent, extent, channels),
            type(F32, 3, 3, channels, filters),
            type(F32, filters));
    double[][] x = {normal(1, types.get(0)), normal(2, types.get(1)), normal(3, types.get(2))};
    try (Device cpu = new CpuDevice(2)) {
      List<double[]> expected = run(cpu, new ConvPool(), types, x);
      List<double[]> found = found(new ConvPool(), types, x);
      close(new ConvPool(), F32, found.get(0), expected.get(0));
      // Where two places are within rounding, either may win.
      double[] code = expected.get(1);
      long other = 0;
      for (int i = 0; i < code.length; i++) {
        other += found.get(1)[i] != code[i] ? 1 : 0;
      }
      assertThat(other).isLessThan(code.length / 10_000 + 1);
      pooledGradients(cpu, types, code);
      convolution(cpu, F32, types.get(0).shape().dims(), 3, filters, new Conv2d(1, 1));
    }
  }

  static Stream<Arguments> shapes() {
    return Stream.of(
        // images, kernel, filters, stride, pad
        Arguments.of(F32, new int[] {3, 11, 10, 20}, 5, 70, 3, 2),
        Arguments.of(F32, new int[] {1, 13, 9, 1}, 5, 1, 1, 2),
        Arguments.of(F64, new int[] {2, 7, 21, 3}, 1, 33, 2, 0),
        Arguments.of(F32, new int[] {5, 4, 6, 7}, 4, 18, 1, 0),
        Arguments.of(F64, new int[] {1, 3, 3, 48}, 3, 1, 1, 3));
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void oddConvolutionsMeetTheOracle(DType real, int[] x, int k, int o, int stride, int pad) {
    convolution(REFERENCE, real, x, k, o, new Conv2d(stride, pad));
  }

  static Stream<Arguments> pooled() {
    return Stream.of(
        Arguments.of(F32, new int[] {2, 6, 4, 12}, 5, 3),
        Arguments.of(F64, new int[] {2, 6, 4, 12}, 5, 3),
        Arguments.of(F32, new int[] {3, 2, 10, 1}, 7, 1),
        Arguments.of(F64, new int[] {1, 8, 2, 40}, 3, 17),
        Arguments.of(F32, new int[] {7, 4, 4, 5}, 1, 80));
  }

  @ParameterizedTest
  @MethodSource("pooled")
  void pooledConvolutionsChooseTheFirstOfEqualPlaces(DType real, int[] s, int k, int o) {
    List<Type> types = List.of(type(real, s), type(real, k, k, s[3], o), type(real, o));
    double[][] x = {whole(1, types.get(0)), whole(2, types.get(1)), whole(3, types.get(2))};
    List<double[]> expected = run(REFERENCE, new ConvPool(), types, x);
    List<double[]> found = found(new ConvPool(), types, x);
    assertThat(found.get(0)).isEqualTo(expected.get(0));
    assertThat(found.get(1)).isEqualTo(expected.get(1)).contains(0);
    pooledGradients(REFERENCE, types, expected.get(1));
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"FLOAT32", "FLOAT64"})
  void nanIsTheLargestOfAWindow(DType real) {
    List<Type> types = List.of(type(real, 2, 8, 6, 2), type(real, 3, 3, 2, 3), type(real, 3));
    double[][] x = {whole(1, types.get(0)), whole(2, types.get(1)), whole(3, types.get(2))};
    x[0][7] = Double.NaN;
    x[0][150] = Double.NaN;
    List<double[]> expected = run(REFERENCE, new ConvPool(), types, x);
    List<double[]> found = found(new ConvPool(), types, x);
    assertThat(found.get(0)).isEqualTo(expected.get(0)).contains(Double.NaN);
    assertThat(found.get(1)).isEqualTo(expected.get(1));
    // A window whose ReLU is off passes nothing on, not even an adjoint of NaN.
    Type d = new ConvPool().infer(types).getFirst();
    double[] off = new double[d.size()];
    Arrays.fill(off, ConvPool.OFF);
    double[] dy = new double[d.size()];
    Arrays.fill(dy, Double.NaN);
    for (double[] g :
        run(FOUND, new ConvPool.WeightGradient(3), List.of(types.get(0), d, d), x[0], dy, off)) {
      assertThat(g).containsOnly(0);
    }
    Op images = new ConvPool.InputGradient(8, 6);
    assertThat(run(FOUND, images, List.of(d, d, types.get(1)), dy, off, x[1]).getFirst())
        .containsOnly(0);
  }

  @Test
  void sumsOverNoImagesAreZero() {
    Type x = type(F32, 0, 4, 4, 2);
    Type y = type(F32, 0, 4, 4, 3);
    Type d = type(F32, 0, 2, 2, 3);
    double[] none = {};
    Op dense = new Conv2d.WeightGradient(new Conv2d(1, 1), 3, 3);
    assertThat(found(dense, List.of(x, y), none, none).getFirst()).hasSize(54).containsOnly(0);
    List<double[]> pooled =
        found(new ConvPool.WeightGradient(3), List.of(x, d, d), none, none, none);
    assertThat(pooled.get(0)).hasSize(54).containsOnly(0);
    assertThat(pooled.get(1)).hasSize(3).containsOnly(0);
  }

  static Stream<Arguments> pools() {
    return Stream.of(
        Arguments.of(F32, new int[] {3, 9, 13, 5}, 2),
        Arguments.of(F64, new int[] {2, 10, 7, 1}, 3),
        Arguments.of(F32, new int[] {1, 5, 5, 207}, 5),
        Arguments.of(F32, new int[] {13, 3, 4, 2}, 1));
  }

  @ParameterizedTest
  @MethodSource("pools")
  void poolingIsExact(DType real, int[] s, int size) {
    Type x = type(real, s);
    double[] v = whole(5, x);
    v[1] = Double.NaN;
    v[v.length / 2] = Double.NaN;
    v[v.length / 3] = Double.POSITIVE_INFINITY;
    v[v.length / 4] = Double.NEGATIVE_INFINITY;
    MaxPool pool = new MaxPool(size);
    List<double[]> expected = run(REFERENCE, pool, List.of(x), v);
    List<double[]> found = found(pool, List.of(x), v);
    assertThat(found.get(0)).isEqualTo(expected.get(0));
    assertThat(found.get(1)).isEqualTo(expected.get(1));
    Type d = pool.infer(List.of(x)).getFirst();
    Op gradient = new MaxPool.InputGradient(size, s[1], s[2]);
    List<Type> types = List.of(d, Type.i32(d.shape().dims()));
    double[] dy = normal(6, d);
    assertThat(found(gradient, types, dy, expected.get(1)).getFirst())
        .isEqualTo(run(REFERENCE, gradient, types, dy, expected.get(1)).getFirst());
  }

  @Test
  void partsFollowFromShapesAndCoverThem() {
    for (int pixels : new int[] {1, 15, 16, 207, 2048, 8192, 100_000}) {
      for (int groups : new int[] {1, 10, 1000}) {
        ConvLowering.Parts p = ConvLowering.Parts.of(pixels, groups);
        assertThat((long) p.count() * p.share()).isGreaterThanOrEqualTo(pixels);
        assertThat((p.count() - 1) * p.share()).isLessThan(pixels);
      }
    }
    assertThat(ConvPoolLowering.parts(128, 64, 128)).isEqualTo(new ConvLowering.Parts(8, 16));
    assertThat(ConvPoolLowering.parts(256, 1, 64)).isEqualTo(new ConvLowering.Parts(64, 4));
    assertThat(ConvPoolLowering.divisor(48, 32)).isEqualTo(16);
    assertThat(ConvPoolLowering.divisor(7, 32)).isEqualTo(1);
    assertThat(new ConvLowering.Product(65, 130, 3).grid())
        .isEqualTo(Grid.groups(3 * 5, 3, 1).of(64, 1, 1));
    assertThat(new ConvLowering.Product(64 * 1000, 65, 1).grid())
        .isEqualTo(Grid.groups(2000, 1, 1).of(64, 1, 1));
    assertThat(new ConvLowering.Product(129, 1, 1).grid())
        .isEqualTo(Grid.groups(3, 1, 1).of(64, 1, 1));
  }

  @Test
  void zerosOfTheBorderAreMultipliedEverywhereButInTheOracle() {
    for (int channels : new int[] {1, 16}) {
      List<Type> types = List.of(type(F32, 1, 4, 4, channels), type(F32, 3, 3, channels, 16));
      double[] x = new double[types.get(0).size()];
      double[] w = new double[types.get(1).size()];
      Arrays.fill(x, 1);
      Arrays.fill(w, 1);
      // Its first place lies outside the image for the corner, and inside for the next pixel.
      w[0] = Double.POSITIVE_INFINITY;
      Conv2d op = new Conv2d(1, 1);
      double[] y = found(op, types, x, w).getFirst();
      assertThat(y[0]).isNaN();
      assertThat(y[(4 + 1) * 16]).isInfinite();
      assertThat(y[1]).isEqualTo(4 * channels);
      try (Device cpu = new CpuDevice(1)) {
        assertThat(y).isEqualTo(run(cpu, op, types, x, w).getFirst());
      }
      assertThat(run(REFERENCE, op, types, x, w).getFirst()[0]).isEqualTo(4 * channels);
    }
  }
}
