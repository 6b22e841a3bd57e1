package org.amortis.engine.device.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.Stream;
import org.amortis.engine.device.cpu.scalar.ScalarMatMul32;
import org.amortis.engine.device.cpu.scalar.ScalarMatMul64;
import org.amortis.engine.device.cpu.vector.VectorMatMul32;
import org.amortis.engine.device.cpu.vector.VectorMatMul64;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("op")
class ConvolutionTest {
  private static final int BATCH = 3;

  static Stream<Conv2dShape> shapes() {
    return Stream.of(
        new Conv2dShape(16, 16, 1, 3, 3, 64, 1, 1),
        new Conv2dShape(13, 9, 3, 3, 3, 17, 1, 1),
        new Conv2dShape(7, 8, 5, 5, 3, 7, 2, 2),
        new Conv2dShape(1, 13, 3, 1, 4, 1, 3, 0),
        new Conv2dShape(3, 3, 2, 5, 5, 4, 1, 3),
        new Conv2dShape(15, 16, 1, 2, 2, 3, 2, 0));
  }

  private static double[] doubles(long size, int seed) {
    return new Random(seed).doubles(size, -1, 1).toArray();
  }

  private static float[] floats(double[] from) {
    float[] out = new float[from.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = (float) from[i];
    }
    return out;
  }

  /// What a forward pass and both gradients give, with dy = 1 + 0.1 y.
  private record Outcome(float[] y, float[] dx, float[] dw, float[] db) {}

  private static Outcome run(
      Convolution32 conv, Conv2dShape s, float[] x, float[] w, float[] b, int parts) {
    float[] y = new float[BATCH * s.outputSize()];
    float[] dx = new float[BATCH * s.inputSize()];
    float[] dw = new float[s.patch() * s.filters()];
    float[] db = new float[s.filters()];
    Scratch32 scratch = new Scratch32();
    for (int i = 0; i < parts; i++) {
      conv.forward(
          s,
          x,
          0,
          w,
          0,
          Epilogue32.bias(b, 0),
          y,
          0,
          BATCH * i / parts,
          BATCH * (i + 1) / parts,
          scratch);
    }
    float[] dy = new float[y.length];
    for (int i = 0; i < y.length; i++) {
      dy[i] = 1f + 0.1f * y[i];
    }
    for (int i = 0; i < parts; i++) {
      conv.inputGradient(
          s, dy, 0, w, 0, dx, 0, BATCH * i / parts, BATCH * (i + 1) / parts, scratch);
      int first = s.filters() * i / parts;
      int last = s.filters() * (i + 1) / parts;
      conv.weightGradient(s, BATCH, x, 0, dy, 0, dw, 0, db, 0, first, last, scratch);
    }
    return new Outcome(y, dx, dw, db);
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void agreesWithSumsInDoublePrecision(Conv2dShape s) {
    float[] x = floats(doubles((long) BATCH * s.inputSize(), 1));
    float[] w = floats(doubles((long) s.patch() * s.filters(), 2));
    float[] b = floats(doubles(s.filters(), 3));
    Outcome got = run(new Convolution32(new VectorMatMul32()), s, x, w, b, 1);
    double[] dx = new double[got.dx.length];
    double[] dw = new double[got.dw.length];
    double[] db = new double[got.db.length];
    for (int out = 0; out < got.y.length; out++) {
      int f = out % s.filters();
      int p = out / s.filters() % (s.outHeight() * s.outWidth());
      int n = out / s.outputSize();
      double sum = b[f];
      double dy = 1f + 0.1f * got.y[out];
      db[f] += dy;
      for (int i = 0; i < s.patch(); i++) {
        int tap = i / s.channels();
        int row = p / s.outWidth() * s.stride() - s.padding() + tap / s.kernelWidth();
        int col = p % s.outWidth() * s.stride() - s.padding() + tap % s.kernelWidth();
        if (row >= 0 && row < s.height() && col >= 0 && col < s.width()) {
          int in = ((n * s.height() + row) * s.width() + col) * s.channels() + i % s.channels();
          sum += (double) x[in] * w[i * s.filters() + f];
          dx[in] += dy * w[i * s.filters() + f];
          dw[i * s.filters() + f] += dy * x[in];
        }
      }
      assertThat((double) got.y[out]).isCloseTo(sum, within(1e-6 * (s.patch() + 4)));
    }
    close(got.dx, dx);
    close(got.dw, dw);
    close(got.db, db);
  }

  private static void close(float[] actual, double[] expected) {
    double scale = 1;
    for (double v : expected) {
      scale = Math.max(scale, Math.abs(v));
    }
    for (int i = 0; i < actual.length; i++) {
      assertThat((double) actual[i]).isCloseTo(expected[i], within(1e-5 * scale));
    }
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void bitsDependNeitherOnTheSplitNorOnTheImplementation(Conv2dShape s) {
    float[] x = floats(doubles((long) BATCH * s.inputSize(), 1));
    float[] w = floats(doubles((long) s.patch() * s.filters(), 2));
    float[] b = floats(doubles(s.filters(), 3));
    Outcome one = run(new Convolution32(new VectorMatMul32()), s, x, w, b, 1);
    for (Outcome other :
        new Outcome[] {
          run(new Convolution32(new VectorMatMul32()), s, x, w, b, 2),
          run(new Convolution32(new VectorMatMul32()), s, x, w, b, 3),
          run(new Convolution32(new ScalarMatMul32()), s, x, w, b, 1)
        }) {
      assertThat(other.y).isEqualTo(one.y);
      assertThat(other.dx).isEqualTo(one.dx);
      assertThat(other.dw).isEqualTo(one.dw);
      assertThat(other.db).isEqualTo(one.db);
    }
  }

  @Test
  void float64TwinIsTheSameOnBothImplementations() {
    Conv2dShape s = new Conv2dShape(9, 7, 3, 3, 3, 11, 2, 1);
    double[] x = doubles((long) BATCH * s.inputSize(), 1);
    double[] w = doubles((long) s.patch() * s.filters(), 2);
    double[][] y = new double[2][BATCH * s.outputSize()];
    new Convolution64(new VectorMatMul64())
        .forward(s, x, 0, w, 0, Epilogue64.PLAIN, y[0], 0, 0, BATCH, new Scratch64());
    new Convolution64(new ScalarMatMul64())
        .forward(s, x, 0, w, 0, Epilogue64.PLAIN, y[1], 0, 0, BATCH, new Scratch64());
    assertThat(y[1]).isEqualTo(y[0]);
    double corner = 0;
    for (int f = 0; f < 1; f++) {
      for (int i = 4 * 3; i < s.patch(); i++) {
        int tap = i / 3;
        if (tap % 3 > 0) {
          corner += x[((tap / 3 - 1) * 7 + tap % 3 - 1) * 3 + i % 3] * w[i * 11];
        }
      }
    }
    assertThat(y[0][0]).isCloseTo(corner, within(1e-12));
  }

  @Test
  void maxPoolKeepsTheFirstMaximumAndSendsTheGradientThere() {
    float[] x = {1, 5, 2, 2, 0, 5, 3, Float.NaN, 9, 1, 1, 1, 1, 1, 1, 1, 7, 7, 7, 7};
    float[] y = new float[4];
    int[] argmax = new int[4];
    Convolution32 conv = new Convolution32(new ScalarMatMul32());
    conv.maxPool(5, 4, 1, 2, x, 0, y, 0, argmax, 0, 0, 1);
    assertThat(y).containsExactly(5f, Float.NaN, 9f, 1f);
    assertThat(argmax).containsExactly(1, 7, 8, 10);
    float[] dx = new float[20];
    conv.maxPoolGradient(5, 4, 1, 2, new float[] {1, 2, 3, 4}, 0, argmax, 0, dx, 0, 0, 1);
    assertThat(dx).containsExactly(0, 1, 0, 0, 0, 0, 0, 2, 3, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  }
}
