package org.amortis.engine.device.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.Stream;
import org.amortis.engine.device.cpu.scalar.ScalarConvPool32;
import org.amortis.engine.device.cpu.scalar.ScalarConvPool64;
import org.amortis.engine.device.cpu.vector.VectorConvPool32;
import org.amortis.engine.device.cpu.vector.VectorConvPool64;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("op")
class ConvPoolKernelsTest {
  private static final int BATCH = 4;

  static Stream<ConvPoolShape> shapes() {
    return Stream.of(
        new ConvPoolShape(16, 16, 1, 3, 64),
        new ConvPoolShape(8, 8, 64, 3, 128),
        new ConvPoolShape(2, 2, 1, 3, 1),
        new ConvPoolShape(5, 7, 1, 3, 17),
        new ConvPoolShape(7, 6, 3, 3, 7),
        new ConvPoolShape(6, 10, 5, 3, 70),
        new ConvPoolShape(5, 5, 17, 3, 1),
        new ConvPoolShape(6, 4, 23, 5, 33),
        new ConvPoolShape(4, 6, 1, 5, 8),
        new ConvPoolShape(4, 4, 40, 1, 20));
  }

  /// Inputs, outputs and gradients of one block, with offsets into longer arrays.
  private static final class Case {
    final ConvPoolShape s;
    final float[] x;
    final float[] w;
    final float[] b;
    final float[] dy;
    final float[] y;
    final float[] code;
    final float[] dx;
    final float[] dw;
    final float[] db;

    Case(ConvPoolShape s) {
      this.s = s;
      Random random = new Random(s.hashCode());
      x = draw(random, 3 + BATCH * s.inputSize());
      w = draw(random, 5 + s.patch() * s.filters());
      b = draw(random, 2 + s.filters());
      dy = draw(random, 4 + BATCH * s.outputSize());
      y = new float[1 + BATCH * s.outputSize()];
      code = new float[2 + BATCH * s.outputSize()];
      dx = new float[3 + BATCH * s.inputSize()];
      dw = new float[5 + s.patch() * s.filters()];
      db = new float[6 + s.filters()];
    }

    private static float[] draw(Random random, int size) {
      float[] out = new float[size];
      for (int i = 0; i < size; i++) {
        out[i] = (float) random.nextGaussian();
      }
      return out;
    }

    Case run(ConvPoolKernels32 kernels, int parts) {
      for (int i = 0; i < parts; i++) {
        int from = BATCH * i / parts;
        int to = BATCH * (i + 1) / parts;
        kernels.forward(s, x, 3, w, 5, b, 2, y, 1, code, 2, from, to, new Scratch32());
      }
      for (int i = 0; i < parts; i++) {
        int from = BATCH * i / parts;
        int to = BATCH * (i + 1) / parts;
        Scratch32 scratch = new Scratch32();
        kernels.inputGradient(s, dy, 4, code, 2, w, 5, dx, 3, from, to, scratch);
        int first = s.filters() * i / parts;
        int last = s.filters() * (i + 1) / parts;
        kernels.weightGradient(s, BATCH, x, 3, dy, 4, code, 2, dw, 5, db, 6, first, last, scratch);
      }
      return this;
    }

    void sameBits(Case other) {
      assertThat(y).isEqualTo(other.y);
      assertThat(code).isEqualTo(other.code);
      assertThat(dx).isEqualTo(other.dx);
      assertThat(dw).isEqualTo(other.dw);
      assertThat(db).isEqualTo(other.db);
    }
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void bitsDependNeitherOnTheSplitNorOnTheImplementation(ConvPoolShape shape) {
    Case one = new Case(shape).run(new VectorConvPool32(), 1);
    new Case(shape).run(new VectorConvPool32(), 2).sameBits(one);
    new Case(shape).run(new VectorConvPool32(), 3).sameBits(one);
    new Case(shape).run(new ScalarConvPool32(), 1).sameBits(one);
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void agreesWithConvolutionPoolAndReluInDoublePrecision(ConvPoolShape s) {
    Case c = new Case(s).run(new VectorConvPool32(), 1);
    double[] dx = new double[c.dx.length];
    double[] dw = new double[c.dw.length];
    double[] db = new double[c.db.length];
    int half = s.kernel() / 2;
    for (int n = 0; n < BATCH; n++) {
      for (int p = 0; p < s.windows(); p++) {
        for (int f = 0; f < s.filters(); f++) {
          double best = Double.NEGATIVE_INFINITY;
          int where = 0;
          for (int q = 0; q < 4; q++) {
            double sum = 0;
            for (int i = 0; i < s.patch(); i++) {
              int at = at(s, n, p, q, i, half);
              sum += at < 0 ? 0 : (double) c.x[3 + at] * c.w[5 + i * s.filters() + f];
            }
            where = sum > best ? q : where;
            best = Math.max(best, sum);
          }
          int out = (n * s.windows() + p) * s.filters() + f;
          double value = Math.max(0, best + c.b[2 + f]);
          assertThat((double) c.y[1 + out]).isCloseTo(value, within(2e-6 * s.patch() + 1e-5));
          assertThat(c.code[2 + out]).isEqualTo(value > 0 ? where : 4);
          if (value > 0) {
            double g = c.dy[4 + out];
            db[6 + f] += g;
            for (int i = 0; i < s.patch(); i++) {
              int at = at(s, n, p, where, i, half);
              if (at >= 0) {
                dx[3 + at] += g * c.w[5 + i * s.filters() + f];
                dw[5 + i * s.filters() + f] += g * c.x[3 + at];
              }
            }
          }
        }
      }
    }
    close(c.dx, dx);
    close(c.dw, dw);
    close(c.db, db);
  }

  private static int at(ConvPoolShape s, int n, int p, int q, int i, int half) {
    int tap = i / s.channels();
    int row = p / s.outWidth() * 2 + q / 2 + tap / s.kernel() - half;
    int col = p % s.outWidth() * 2 + q % 2 + tap % s.kernel() - half;
    boolean inside = row >= 0 && row < s.height() && col >= 0 && col < s.width();
    return inside
        ? ((n * s.height() + row) * s.width() + col) * s.channels() + i % s.channels()
        : -1;
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

  @Test
  void tiesGoToTheFirstPositionAndDeadWindowsPassNothing() {
    ConvPoolShape s = new ConvPoolShape(4, 4, 1, 1, 2);
    for (ConvPoolKernels32 kernels :
        new ConvPoolKernels32[] {new VectorConvPool32(), new ScalarConvPool32()}) {
      float[] x = new float[16];
      java.util.Arrays.fill(x, 1f);
      float[] y = new float[8];
      float[] code = new float[8];
      kernels.forward(
          s,
          x,
          0,
          new float[] {1f, -1f},
          0,
          new float[] {0f, 1f},
          0,
          y,
          0,
          code,
          0,
          0,
          1,
          new Scratch32());
      assertThat(y).containsExactly(1, 0, 1, 0, 1, 0, 1, 0);
      assertThat(code).containsExactly(0, 4, 0, 4, 0, 4, 0, 4);
    }
  }

  @Test
  void notANumberWinsTheMaximumAndPassesTheRelu() {
    ConvPoolShape s = new ConvPoolShape(4, 4, 1, 3, 20);
    for (ConvPoolKernels32 kernels :
        new ConvPoolKernels32[] {new VectorConvPool32(), new ScalarConvPool32()}) {
      float[] x = new float[16];
      x[0] = Float.NaN;
      float[] w = new float[9 * 20];
      java.util.Arrays.fill(w, 1f);
      float[] y = new float[80];
      float[] code = new float[80];
      kernels.forward(s, x, 0, w, 0, new float[20], 0, y, 0, code, 0, 0, 1, new Scratch32());
      assertThat(y[19]).isNaN();
      assertThat(code[19]).isLessThan(4);
      assertThat(y[20]).isZero();
    }
  }

  @Test
  void float64AgreesWithItsScalarTwin() {
    ConvPoolShape s = new ConvPoolShape(6, 8, 11, 3, 19);
    Random random = new Random(3);
    double[] x = random.doubles(2L * s.inputSize(), -1, 1).toArray();
    double[] w = random.doubles((long) s.patch() * s.filters(), -1, 1).toArray();
    double[] b = random.doubles(s.filters(), -1, 1).toArray();
    double[][] dw = new double[2][s.patch() * s.filters()];
    double[][] dx = new double[2][2 * s.inputSize()];
    double[][] y = new double[2][2 * s.outputSize()];
    ConvPoolKernels64[] both = {new VectorConvPool64(), new ScalarConvPool64()};
    for (int i = 0; i < 2; i++) {
      double[] code = new double[2 * s.outputSize()];
      Scratch64 scratch = new Scratch64();
      both[i].forward(s, x, 0, w, 0, b, 0, y[i], 0, code, 0, 0, 2, scratch);
      both[i].inputGradient(s, y[i], 0, code, 0, w, 0, dx[i], 0, 0, 2, scratch);
      double[] db = new double[s.filters()];
      both[i].weightGradient(
          s, 2, x, 0, y[i], 0, code, 0, dw[i], 0, db, 0, 0, s.filters(), scratch);
    }
    assertThat(y[1]).isEqualTo(y[0]);
    assertThat(dx[1]).isEqualTo(dx[0]);
    assertThat(dw[1]).isEqualTo(dw[0]);
  }
}
