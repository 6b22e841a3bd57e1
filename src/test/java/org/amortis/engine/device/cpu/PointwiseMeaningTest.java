package org.amortis.engine.device.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.amortis.engine.device.cpu.scalar.ScalarPointwise32;
import org.amortis.engine.device.cpu.vector.VectorPointwise32;
import org.amortis.engine.math.RandomKey;
import org.amortis.engine.math.Streams;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Each pointwise kernel means what its name says, against plain double arithmetic.
class PointwiseMeaningTest {
  private static final int N = 77;

  private interface Unary {
    void run(float[] x, int xo, float[] y, int yo, int n);
  }

  private interface Binary {
    void run(float[] a, int ao, float[] b, int bo, float[] y, int yo, int n);
  }

  private interface Right {
    void run(float[] a, int ao, float b, float[] y, int yo, int n);
  }

  private interface Left {
    void run(float a, float[] b, int bo, float[] y, int yo, int n);
  }

  static Stream<PointwiseKernels32> kernels() {
    return Stream.of(new ScalarPointwise32(), new VectorPointwise32());
  }

  private static float[] normals(int stream) {
    float[] x = new float[N];
    Streams.normalInto(new RandomKey(3, stream), 0, 0, N, x, 0);
    x[5] = 0;
    x[6] = -0.0f;
    x[7] = 2;
    x[8] = -3;
    return x;
  }

  private static void check(Unary kernel, DoubleUnaryOperator meaning) {
    float[] x = normals(1);
    float[] y = new float[N];
    kernel.run(x, 0, y, 0, N);
    for (int i = 0; i < N; i++) {
      assertThat(y[i])
          .as("f(%s)", x[i])
          .isEqualTo(Float.valueOf((float) meaning.applyAsDouble(x[i])));
    }
  }

  private static void check(Binary kernel, Right right, Left left, DoubleBinaryOperator meaning) {
    float[] a = normals(1);
    float[] b = normals(2);
    b[9] = a[9];
    float[] y = new float[N];
    kernel.run(a, 0, b, 0, y, 0, N);
    for (int i = 0; i < N; i++) {
      assertThat(y[i])
          .as("f(%s, %s)", a[i], b[i])
          .isEqualTo(Float.valueOf((float) meaning.applyAsDouble(a[i], b[i])));
    }
    right.run(a, 0, 2f, y, 0, N);
    for (int i = 0; i < N; i++) {
      assertThat(y[i])
          .as("f(%s, 2)", a[i])
          .isEqualTo(Float.valueOf((float) meaning.applyAsDouble(a[i], 2)));
    }
    left.run(2f, a, 0, y, 0, N);
    for (int i = 0; i < N; i++) {
      assertThat(y[i])
          .as("f(2, %s)", a[i])
          .isEqualTo(Float.valueOf((float) meaning.applyAsDouble(2, a[i])));
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void unary(PointwiseKernels32 k) {
    check(k::neg, x -> -x);
    check(k::abs, Math::abs);
    check(k::sign, Math::signum);
    check(k::floor, Math::floor);
    check(k::square, x -> x * x);
    check(k::reciprocal, x -> 1 / x);
    check(k::relu, x -> x > 0 ? x : 0);
    check((x, xo, y, yo, n) -> k.leakyRelu(0.25f, x, xo, y, yo, n), x -> x < 0 ? 0.25 * x : x);
    check(k::copy, x -> x);
    check(k::sqrt, Math::sqrt);
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void binary(PointwiseKernels32 k) {
    check(k::add, k::add, k::add, (a, b) -> a + b);
    check(k::sub, k::sub, k::sub, (a, b) -> a - b);
    check(k::mul, k::mul, k::mul, (a, b) -> a * b);
    check(k::div, k::div, k::div, (a, b) -> a / b);
    check(k::max, k::max, k::max, Math::max);
    check(k::min, k::min, k::min, Math::min);
    check(k::less, k::less, k::less, (a, b) -> a < b ? 1 : 0);
    check(k::lessEqual, k::lessEqual, k::lessEqual, (a, b) -> a <= b ? 1 : 0);
    check(k::equal, k::equal, k::equal, (a, b) -> a == b ? 1 : 0);
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void fused(PointwiseKernels32 k) {
    float[] a = normals(1);
    float[] b = normals(2);
    float[] c = normals(3);
    float[] y = new float[N];
    k.multiplyAdd(a, 0, b, 0, c, 0, y, 0, N);
    float[] z = c.clone();
    k.axpy(-0.3f, a, 0, z, 0, N);
    float[] chosen = new float[N];
    float[] condition = new float[N];
    k.less(a, 0, 0f, condition, 0, N);
    k.select(condition, 0, b, 0, c, 0, chosen, 0, N);
    float[] filled = new float[N];
    k.fill(3f, filled, 10, 20);
    for (int i = 0; i < N; i++) {
      assertThat(y[i]).isEqualTo((float) ((double) a[i] * b[i] + c[i]));
      assertThat(z[i]).isEqualTo((float) ((double) -0.3f * a[i] + c[i]));
      assertThat(chosen[i]).isEqualTo(a[i] < 0 ? b[i] : c[i]);
      assertThat(filled[i]).isEqualTo(i >= 10 && i < 30 ? 3f : 0f);
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void adamFollowsItsFormulaOverTenSteps(PointwiseKernels32 k) {
    float[] p = normals(1);
    float[] m = new float[N];
    float[] v = new float[N];
    double[] dp = new double[N];
    double[] dm = new double[N];
    double[] dv = new double[N];
    for (int i = 0; i < N; i++) {
      dp[i] = p[i];
    }
    double lr = 0.01;
    for (int t = 1; t <= 10; t++) {
      float[] g = normals(10 + t);
      double c1 = 1 - StrictMath.pow(0.9, t);
      double c2 = 1 - StrictMath.pow(0.999, t);
      AdamStep32 step =
          new AdamStep32((float) lr, 0.9f, 0.999f, 1e-8f, (float) c1, (float) c2, 0.5f, 0.1f);
      k.adam(step, p, 0, g, 0, m, 0, v, 0, N);
      for (int i = 0; i < N; i++) {
        double gi = 0.5 * g[i];
        dm[i] = 0.9 * dm[i] + 0.1 * gi;
        dv[i] = 0.999 * dv[i] + 0.001 * gi * gi;
        double update = gi == 0 && dm[i] == 0 ? 0 : dm[i] / c1 / (Math.sqrt(dv[i] / c2) + 1e-8);
        dp[i] -= lr * 0.1 * dp[i] + lr * update;
        assertThat((double) p[i]).isBetween(dp[i] - 2e-6, dp[i] + 2e-6);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void rangesOutsideAnArrayAreRefused(PointwiseKernels32 k) {
    float[] x = new float[40];
    assertThatThrownBy(() -> k.exp(x, 1, new float[64], 0, 40))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> k.add(x, 0, x, 0, new float[39], 0, 40))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }
}
