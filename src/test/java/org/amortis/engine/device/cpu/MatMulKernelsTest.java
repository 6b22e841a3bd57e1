package org.amortis.engine.device.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.Stream;
import org.amortis.engine.device.cpu.scalar.ScalarMatMul32;
import org.amortis.engine.device.cpu.scalar.ScalarMatMul64;
import org.amortis.engine.device.cpu.vector.VectorMatMul32;
import org.amortis.engine.device.cpu.vector.VectorMatMul64;
import org.amortis.engine.op.Activation;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("op")
class MatMulKernelsTest {
  private static final int[][] SIZES = {
    {1, 1, 1},
    {13, 1, 13},
    {1, 13, 207},
    {13, 207, 13},
    {207, 13, 1},
    {207, 50, 50},
    {32, 64, 777},
    {200, 8, 64},
    {31, 23, 64},
    {29, 29, 29},
    {12, 32, 300},
    {17, 33, 400},
    {100, 160, 530},
    {3, 2100, 5},
    {5, 4, 0}
  };

  static Stream<Arguments> cases() {
    Stream.Builder<Arguments> out = Stream.builder();
    for (int[] s : SIZES) {
      for (int flags = 0; flags < 4; flags++) {
        out.add(Arguments.of(s[0], s[1], s[2], (flags & 1) != 0, (flags & 2) != 0));
      }
    }
    return out.build();
  }

  /// One product with operands inside larger arrays, all row distances wider than the rows.
  private record Problem(
      boolean transA,
      boolean transB,
      int m,
      int n,
      int k,
      int lda,
      int ldb,
      int ldc,
      float[] a,
      float[] b,
      float[] c,
      float[] bias) {
    static Problem of(int m, int n, int k, boolean transA, boolean transB) {
      int lda = (transA ? m : k) + 3;
      int ldb = (transB ? k : n) + 5;
      int ldc = n + 2;
      Random random = new Random(31L * m + 7L * n + k);
      return new Problem(
          transA,
          transB,
          m,
          n,
          k,
          lda,
          ldb,
          ldc,
          draw(random, 7 + lda * (transA ? k : m)),
          draw(random, 7 + ldb * (transB ? n : k)),
          draw(random, 7 + ldc * m),
          draw(random, 2 + n));
    }

    private static float[] draw(Random random, int size) {
      float[] out = new float[size];
      for (int i = 0; i < size; i++) {
        out[i] = (float) random.nextGaussian();
      }
      return out;
    }

    double left(int i, int p) {
      return a[7 + (transA ? p * lda + i : i * lda + p)];
    }

    double right(int p, int j) {
      return b[7 + (transB ? j * ldb + p : p * ldb + j)];
    }

    float[] run(MatMulKernels32 kernels, Epilogue32 epilogue, int rowParts, int colParts) {
      float[] out = c.clone();
      for (int r = 0; r < rowParts; r++) {
        for (int s = 0; s < colParts; s++) {
          kernels.multiply(
              transA,
              transB,
              m,
              n,
              k,
              a,
              7,
              lda,
              b,
              7,
              ldb,
              out,
              7,
              ldc,
              epilogue,
              m * r / rowParts,
              m * (r + 1) / rowParts,
              n * s / colParts,
              n * (s + 1) / colParts,
              new Scratch32());
        }
      }
      return out;
    }

    Epilogue32 epilogue(Activation.Kind activation, boolean accumulate) {
      return new Epilogue32(bias, 2, activation, 0.2f, accumulate);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void agreesWithSumsInDoublePrecision(int m, int n, int k, boolean transA, boolean transB) {
    Problem problem = Problem.of(m, n, k, transA, transB);
    float[] plain = problem.run(new VectorMatMul32(), Epilogue32.PLAIN, 1, 1);
    float[] leaky =
        problem.run(new VectorMatMul32(), problem.epilogue(Activation.Kind.LEAKY_RELU, true), 1, 1);
    double worst = 0;
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        double sum = 0;
        double size = 1e-6;
        for (int p = 0; p < k; p++) {
          double term = problem.left(i, p) * problem.right(p, j);
          sum += term;
          size += Math.abs(term);
        }
        int at = 7 + i * problem.ldc() + j;
        worst = Math.max(worst, Math.abs(plain[at] - sum) / size);
        double all = sum + problem.c()[at] + problem.bias()[2 + j];
        double bent = all < 0 ? 0.2f * all : all;
        worst = Math.max(worst, Math.abs(leaky[at] - bent) / (size + 10));
      }
    }
    assertThat(worst).isLessThan(1e-6);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void bitsDependNeitherOnTheSplitNorOnTheImplementation(
      int m, int n, int k, boolean transA, boolean transB) {
    Problem problem = Problem.of(m, n, k, transA, transB);
    for (Epilogue32 epilogue :
        new Epilogue32[] {
          Epilogue32.PLAIN,
          Epilogue32.ACCUMULATE,
          problem.epilogue(Activation.Kind.RELU, false),
          problem.epilogue(Activation.Kind.LEAKY_RELU, true)
        }) {
      float[] one = problem.run(new VectorMatMul32(), epilogue, 1, 1);
      assertThat(problem.run(new VectorMatMul32(), epilogue, 2, 1)).isEqualTo(one);
      assertThat(problem.run(new VectorMatMul32(), epilogue, 3, 2)).isEqualTo(one);
      assertThat(problem.run(new VectorMatMul32(), epilogue, 1, 3)).isEqualTo(one);
      assertThat(problem.run(new ScalarMatMul32(), epilogue, 1, 1)).isEqualTo(one);
    }
  }

  @Test
  void notANumberAndInfinityReachExactlyTheirRowsAndColumns() {
    int size = 37;
    for (MatMulKernels32 kernels :
        new MatMulKernels32[] {new VectorMatMul32(), new ScalarMatMul32()}) {
      float[] a = new float[size * size];
      float[] b = new float[size * size];
      java.util.Arrays.fill(a, 1f);
      java.util.Arrays.fill(b, 1f);
      a[5 * size + 3] = Float.NaN;
      b[4 * size + 35] = Float.POSITIVE_INFINITY;
      float[] c = new float[size * size];
      Epilogue32 relu = new Epilogue32(null, 0, Activation.Kind.RELU, 0f, false);
      kernels.multiply(
          false,
          false,
          size,
          size,
          size,
          a,
          0,
          size,
          b,
          0,
          size,
          c,
          0,
          size,
          relu,
          0,
          size,
          0,
          size,
          new Scratch32());
      for (int i = 0; i < size; i++) {
        for (int j = 0; j < size; j++) {
          float expected = i == 5 ? Float.NaN : j == 35 ? Float.POSITIVE_INFINITY : size;
          assertThat(Float.compare(c[i * size + j], expected)).isZero();
        }
      }
    }
  }

  @Test
  void float64AgreesToRoundingAndWithItsScalarTwin() {
    int m = 61;
    int n = 45;
    int k = 431;
    Random random = new Random(5);
    double[] a = random.doubles(m * k, -1, 1).toArray();
    double[] b = random.doubles(k * n, -1, 1).toArray();
    double[] c = new double[m * n];
    double[] d = new double[m * n];
    new VectorMatMul64()
        .multiply(
            false,
            true,
            m,
            n,
            k,
            a,
            0,
            k,
            b,
            0,
            k,
            c,
            0,
            n,
            Epilogue64.PLAIN,
            0,
            m,
            0,
            n,
            new Scratch64());
    new ScalarMatMul64()
        .multiply(
            false,
            true,
            m,
            n,
            k,
            a,
            0,
            k,
            b,
            0,
            k,
            d,
            0,
            n,
            Epilogue64.PLAIN,
            0,
            m,
            0,
            n,
            new Scratch64());
    assertThat(d).isEqualTo(c);
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        double sum = 0;
        for (int p = 0; p < k; p++) {
          sum += a[i * k + p] * b[j * k + p];
        }
        assertThat(c[i * n + j]).isCloseTo(sum, within(1e-12));
      }
    }
  }
}
