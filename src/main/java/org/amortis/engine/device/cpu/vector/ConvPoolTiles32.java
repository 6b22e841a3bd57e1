package org.amortis.engine.device.cpu.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.amortis.engine.device.cpu.ConvPoolKernels32;

/// Register tiles of the fused convolution and pool.
///
/// A tile is one or two pool windows by two vectors of filters: the positions of a window, in scan
/// order, one after the other. `a` is the bordered image with rows of `as` and pixels of `step`;
/// `w` holds the weights of the two vectors step by step. The products of a position are summed in
/// the order of `w`, from 0.
final class ConvPoolTiles32 {
  private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
  private static final int L = S.length();

  private ConvPoolTiles32() {}

  static void tile8(
      int rows, int run, float[] a, int a0, int as, int step, float[] w, int w0, float[] c) {
    FloatVector r0x = FloatVector.zero(S);
    FloatVector r0y = FloatVector.zero(S);
    FloatVector r1x = FloatVector.zero(S);
    FloatVector r1y = FloatVector.zero(S);
    FloatVector r2x = FloatVector.zero(S);
    FloatVector r2y = FloatVector.zero(S);
    FloatVector r3x = FloatVector.zero(S);
    FloatVector r3y = FloatVector.zero(S);
    FloatVector r4x = FloatVector.zero(S);
    FloatVector r4y = FloatVector.zero(S);
    FloatVector r5x = FloatVector.zero(S);
    FloatVector r5y = FloatVector.zero(S);
    FloatVector r6x = FloatVector.zero(S);
    FloatVector r6y = FloatVector.zero(S);
    FloatVector r7x = FloatVector.zero(S);
    FloatVector r7y = FloatVector.zero(S);
    int q = w0;
    for (int r = 0; r < rows; r++) {
      int u0 = a0 + r * as;
      int u1 = u0 + step;
      int u2 = u1 + step;
      int u3 = u2 + step;
      int v0 = u0 + as;
      int v1 = u1 + as;
      int v2 = u2 + as;
      int v3 = u3 + as;
      for (int t = 0; t < run; t++, q += 2 * L) {
        FloatVector x = FloatVector.fromArray(S, w, q);
        FloatVector y = FloatVector.fromArray(S, w, q + L);
        FloatVector s0 = FloatVector.broadcast(S, a[u0 + t]);
        r0x = s0.fma(x, r0x);
        r0y = s0.fma(y, r0y);
        FloatVector s1 = FloatVector.broadcast(S, a[u1 + t]);
        r1x = s1.fma(x, r1x);
        r1y = s1.fma(y, r1y);
        FloatVector s2 = FloatVector.broadcast(S, a[v0 + t]);
        r2x = s2.fma(x, r2x);
        r2y = s2.fma(y, r2y);
        FloatVector s3 = FloatVector.broadcast(S, a[v1 + t]);
        r3x = s3.fma(x, r3x);
        r3y = s3.fma(y, r3y);
        FloatVector s4 = FloatVector.broadcast(S, a[u2 + t]);
        r4x = s4.fma(x, r4x);
        r4y = s4.fma(y, r4y);
        FloatVector s5 = FloatVector.broadcast(S, a[u3 + t]);
        r5x = s5.fma(x, r5x);
        r5y = s5.fma(y, r5y);
        FloatVector s6 = FloatVector.broadcast(S, a[v2 + t]);
        r6x = s6.fma(x, r6x);
        r6y = s6.fma(y, r6y);
        FloatVector s7 = FloatVector.broadcast(S, a[v3 + t]);
        r7x = s7.fma(x, r7x);
        r7y = s7.fma(y, r7y);
      }
    }
    r0x.intoArray(c, 0);
    r0y.intoArray(c, L);
    r1x.intoArray(c, 2 * L);
    r1y.intoArray(c, 3 * L);
    r2x.intoArray(c, 4 * L);
    r2y.intoArray(c, 5 * L);
    r3x.intoArray(c, 6 * L);
    r3y.intoArray(c, 7 * L);
    r4x.intoArray(c, 8 * L);
    r4y.intoArray(c, 9 * L);
    r5x.intoArray(c, 10 * L);
    r5y.intoArray(c, 11 * L);
    r6x.intoArray(c, 12 * L);
    r6y.intoArray(c, 13 * L);
    r7x.intoArray(c, 14 * L);
    r7y.intoArray(c, 15 * L);
  }

  static void tile4(
      int rows, int run, float[] a, int a0, int as, int step, float[] w, int w0, float[] c) {
    FloatVector r0x = FloatVector.zero(S);
    FloatVector r0y = FloatVector.zero(S);
    FloatVector r1x = FloatVector.zero(S);
    FloatVector r1y = FloatVector.zero(S);
    FloatVector r2x = FloatVector.zero(S);
    FloatVector r2y = FloatVector.zero(S);
    FloatVector r3x = FloatVector.zero(S);
    FloatVector r3y = FloatVector.zero(S);
    int q = w0;
    for (int r = 0; r < rows; r++) {
      int u0 = a0 + r * as;
      int u1 = u0 + step;
      int v0 = u0 + as;
      int v1 = u1 + as;
      for (int t = 0; t < run; t++, q += 2 * L) {
        FloatVector x = FloatVector.fromArray(S, w, q);
        FloatVector y = FloatVector.fromArray(S, w, q + L);
        FloatVector s0 = FloatVector.broadcast(S, a[u0 + t]);
        r0x = s0.fma(x, r0x);
        r0y = s0.fma(y, r0y);
        FloatVector s1 = FloatVector.broadcast(S, a[u1 + t]);
        r1x = s1.fma(x, r1x);
        r1y = s1.fma(y, r1y);
        FloatVector s2 = FloatVector.broadcast(S, a[v0 + t]);
        r2x = s2.fma(x, r2x);
        r2y = s2.fma(y, r2y);
        FloatVector s3 = FloatVector.broadcast(S, a[v1 + t]);
        r3x = s3.fma(x, r3x);
        r3y = s3.fma(y, r3y);
      }
    }
    r0x.intoArray(c, 0);
    r0y.intoArray(c, L);
    r1x.intoArray(c, 2 * L);
    r1y.intoArray(c, 3 * L);
    r2x.intoArray(c, 4 * L);
    r2y.intoArray(c, 5 * L);
    r3x.intoArray(c, 6 * L);
    r3y.intoArray(c, 7 * L);
  }

  /// Reduces one window of a tile, four positions of two vectors, to its maximum and code.
  static void pool(
      float[] tile, int at, float[] b, int b0, float[] y, int y0, float[] code, int c0, int width) {
    for (int j = 0; j < width; j += L) {
      VectorMask<Float> lanes = S.indexInRange(j, width);
      FloatVector best = FloatVector.fromArray(S, tile, at + j);
      FloatVector second = FloatVector.fromArray(S, tile, at + 2 * L + j);
      FloatVector third = FloatVector.fromArray(S, tile, at + 4 * L + j);
      FloatVector fourth = FloatVector.fromArray(S, tile, at + 6 * L + j);
      FloatVector arg = FloatVector.zero(S);
      VectorMask<Float> more =
          second.compare(VectorOperators.GT, best).or(second.test(VectorOperators.IS_NAN));
      best = best.blend(second, more);
      arg = arg.blend(1f, more);
      more = third.compare(VectorOperators.GT, best).or(third.test(VectorOperators.IS_NAN));
      best = best.blend(third, more);
      arg = arg.blend(2f, more);
      more = fourth.compare(VectorOperators.GT, best).or(fourth.test(VectorOperators.IS_NAN));
      best = best.blend(fourth, more);
      arg = arg.blend(3f, more);
      best = best.add(FloatVector.fromArray(S, b, b0 + j, lanes));
      VectorMask<Float> off = best.compare(VectorOperators.LE, 0f);
      best.blend(0f, off).intoArray(y, y0 + j, lanes);
      arg.blend(ConvPoolKernels32.OFF, off).intoArray(code, c0 + j, lanes);
    }
  }

  /// Computes one image with one channel and a 3 x 3 kernel for one vector of filters.
  ///
  /// `a` is the bordered image with rows of `as`; `w` holds nine vectors of weights and one of
  /// biases; outputs lie `ys` apart.
  static void first(
      int height,
      int width,
      float[] a,
      int as,
      float[] w,
      int w0,
      float[] y,
      int y0,
      float[] code,
      int c0,
      int ys) {
    FloatVector k0 = FloatVector.fromArray(S, w, w0 + 0 * L);
    FloatVector k1 = FloatVector.fromArray(S, w, w0 + 1 * L);
    FloatVector k2 = FloatVector.fromArray(S, w, w0 + 2 * L);
    FloatVector k3 = FloatVector.fromArray(S, w, w0 + 3 * L);
    FloatVector k4 = FloatVector.fromArray(S, w, w0 + 4 * L);
    FloatVector k5 = FloatVector.fromArray(S, w, w0 + 5 * L);
    FloatVector k6 = FloatVector.fromArray(S, w, w0 + 6 * L);
    FloatVector k7 = FloatVector.fromArray(S, w, w0 + 7 * L);
    FloatVector k8 = FloatVector.fromArray(S, w, w0 + 8 * L);
    FloatVector bias = FloatVector.fromArray(S, w, w0 + 9 * L);
    FloatVector zero = FloatVector.zero(S);
    for (int row = 0, at = 0; row < height; row++) {
      int u0 = 2 * row * as;
      int u1 = u0 + as;
      int u2 = u1 + as;
      int u3 = u2 + as;
      for (int col = 0; col < width; col++, at += ys) {
        int t = 2 * col;
        FloatVector x00 = FloatVector.broadcast(S, a[u0 + t]);
        FloatVector x01 = FloatVector.broadcast(S, a[u0 + t + 1]);
        FloatVector x02 = FloatVector.broadcast(S, a[u0 + t + 2]);
        FloatVector x03 = FloatVector.broadcast(S, a[u0 + t + 3]);
        FloatVector x10 = FloatVector.broadcast(S, a[u1 + t]);
        FloatVector x11 = FloatVector.broadcast(S, a[u1 + t + 1]);
        FloatVector x12 = FloatVector.broadcast(S, a[u1 + t + 2]);
        FloatVector x13 = FloatVector.broadcast(S, a[u1 + t + 3]);
        FloatVector x20 = FloatVector.broadcast(S, a[u2 + t]);
        FloatVector x21 = FloatVector.broadcast(S, a[u2 + t + 1]);
        FloatVector x22 = FloatVector.broadcast(S, a[u2 + t + 2]);
        FloatVector x23 = FloatVector.broadcast(S, a[u2 + t + 3]);
        FloatVector x30 = FloatVector.broadcast(S, a[u3 + t]);
        FloatVector x31 = FloatVector.broadcast(S, a[u3 + t + 1]);
        FloatVector x32 = FloatVector.broadcast(S, a[u3 + t + 2]);
        FloatVector x33 = FloatVector.broadcast(S, a[u3 + t + 3]);
        FloatVector best = x00.fma(k0, zero);
        best = x01.fma(k1, best);
        best = x02.fma(k2, best);
        best = x10.fma(k3, best);
        best = x11.fma(k4, best);
        best = x12.fma(k5, best);
        best = x20.fma(k6, best);
        best = x21.fma(k7, best);
        best = x22.fma(k8, best);
        FloatVector second = x01.fma(k0, zero);
        second = x02.fma(k1, second);
        second = x03.fma(k2, second);
        second = x11.fma(k3, second);
        second = x12.fma(k4, second);
        second = x13.fma(k5, second);
        second = x21.fma(k6, second);
        second = x22.fma(k7, second);
        second = x23.fma(k8, second);
        FloatVector third = x10.fma(k0, zero);
        third = x11.fma(k1, third);
        third = x12.fma(k2, third);
        third = x20.fma(k3, third);
        third = x21.fma(k4, third);
        third = x22.fma(k5, third);
        third = x30.fma(k6, third);
        third = x31.fma(k7, third);
        third = x32.fma(k8, third);
        FloatVector fourth = x11.fma(k0, zero);
        fourth = x12.fma(k1, fourth);
        fourth = x13.fma(k2, fourth);
        fourth = x21.fma(k3, fourth);
        fourth = x22.fma(k4, fourth);
        fourth = x23.fma(k5, fourth);
        fourth = x31.fma(k6, fourth);
        fourth = x32.fma(k7, fourth);
        fourth = x33.fma(k8, fourth);
        FloatVector arg = FloatVector.zero(S);
        VectorMask<Float> more =
            second.compare(VectorOperators.GT, best).or(second.test(VectorOperators.IS_NAN));
        best = best.blend(second, more);
        arg = arg.blend(1f, more);
        more = third.compare(VectorOperators.GT, best).or(third.test(VectorOperators.IS_NAN));
        best = best.blend(third, more);
        arg = arg.blend(2f, more);
        more = fourth.compare(VectorOperators.GT, best).or(fourth.test(VectorOperators.IS_NAN));
        best = best.blend(fourth, more);
        arg = arg.blend(3f, more);
        best = best.add(bias);
        VectorMask<Float> off = best.compare(VectorOperators.LE, 0f);
        best.blend(0f, off).intoArray(y, y0 + at);
        arg.blend(ConvPoolKernels32.OFF, off).intoArray(code, c0 + at);
      }
    }
  }
}
