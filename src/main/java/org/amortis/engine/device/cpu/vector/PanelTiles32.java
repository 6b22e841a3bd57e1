package org.amortis.engine.device.cpu.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// Register tiles of a matrix product whose left factor lies transposed: the rows of one step stand
/// side by side.
///
/// `c[i, j] = fma(a[p, i], b[p, j], c[i, j])` for p = 0, 1, ..., k - 1, from `d[i, j]` on. `as` is
/// the distance between steps of `a`: the tile height when `a` is a packed panel, the row length
/// when it is a stored matrix read transposed.
final class PanelTiles32 {
  private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
  private static final int L = S.length();

  private PanelTiles32() {}

  static void panel12x2(
      int k,
      float[] a,
      int a0,
      int as,
      float[] b,
      int b0,
      int bs,
      float[] d,
      int d0,
      int ds,
      float[] c,
      int c0,
      int cs) {
    FloatVector r0x = FloatVector.fromArray(S, d, d0);
    FloatVector r0y = FloatVector.fromArray(S, d, d0 + L);
    FloatVector r1x = FloatVector.fromArray(S, d, d0 + ds);
    FloatVector r1y = FloatVector.fromArray(S, d, d0 + ds + L);
    FloatVector r2x = FloatVector.fromArray(S, d, d0 + 2 * ds);
    FloatVector r2y = FloatVector.fromArray(S, d, d0 + 2 * ds + L);
    FloatVector r3x = FloatVector.fromArray(S, d, d0 + 3 * ds);
    FloatVector r3y = FloatVector.fromArray(S, d, d0 + 3 * ds + L);
    FloatVector r4x = FloatVector.fromArray(S, d, d0 + 4 * ds);
    FloatVector r4y = FloatVector.fromArray(S, d, d0 + 4 * ds + L);
    FloatVector r5x = FloatVector.fromArray(S, d, d0 + 5 * ds);
    FloatVector r5y = FloatVector.fromArray(S, d, d0 + 5 * ds + L);
    FloatVector r6x = FloatVector.fromArray(S, d, d0 + 6 * ds);
    FloatVector r6y = FloatVector.fromArray(S, d, d0 + 6 * ds + L);
    FloatVector r7x = FloatVector.fromArray(S, d, d0 + 7 * ds);
    FloatVector r7y = FloatVector.fromArray(S, d, d0 + 7 * ds + L);
    FloatVector r8x = FloatVector.fromArray(S, d, d0 + 8 * ds);
    FloatVector r8y = FloatVector.fromArray(S, d, d0 + 8 * ds + L);
    FloatVector r9x = FloatVector.fromArray(S, d, d0 + 9 * ds);
    FloatVector r9y = FloatVector.fromArray(S, d, d0 + 9 * ds + L);
    FloatVector r10x = FloatVector.fromArray(S, d, d0 + 10 * ds);
    FloatVector r10y = FloatVector.fromArray(S, d, d0 + 10 * ds + L);
    FloatVector r11x = FloatVector.fromArray(S, d, d0 + 11 * ds);
    FloatVector r11y = FloatVector.fromArray(S, d, d0 + 11 * ds + L);
    for (int p = 0, q = b0, t = a0; p < k; p++, q += bs, t += as) {
      FloatVector x = FloatVector.fromArray(S, b, q);
      FloatVector y = FloatVector.fromArray(S, b, q + L);
      FloatVector s0 = FloatVector.broadcast(S, a[t]);
      r0x = s0.fma(x, r0x);
      r0y = s0.fma(y, r0y);
      FloatVector s1 = FloatVector.broadcast(S, a[t + 1]);
      r1x = s1.fma(x, r1x);
      r1y = s1.fma(y, r1y);
      FloatVector s2 = FloatVector.broadcast(S, a[t + 2]);
      r2x = s2.fma(x, r2x);
      r2y = s2.fma(y, r2y);
      FloatVector s3 = FloatVector.broadcast(S, a[t + 3]);
      r3x = s3.fma(x, r3x);
      r3y = s3.fma(y, r3y);
      FloatVector s4 = FloatVector.broadcast(S, a[t + 4]);
      r4x = s4.fma(x, r4x);
      r4y = s4.fma(y, r4y);
      FloatVector s5 = FloatVector.broadcast(S, a[t + 5]);
      r5x = s5.fma(x, r5x);
      r5y = s5.fma(y, r5y);
      FloatVector s6 = FloatVector.broadcast(S, a[t + 6]);
      r6x = s6.fma(x, r6x);
      r6y = s6.fma(y, r6y);
      FloatVector s7 = FloatVector.broadcast(S, a[t + 7]);
      r7x = s7.fma(x, r7x);
      r7y = s7.fma(y, r7y);
      FloatVector s8 = FloatVector.broadcast(S, a[t + 8]);
      r8x = s8.fma(x, r8x);
      r8y = s8.fma(y, r8y);
      FloatVector s9 = FloatVector.broadcast(S, a[t + 9]);
      r9x = s9.fma(x, r9x);
      r9y = s9.fma(y, r9y);
      FloatVector s10 = FloatVector.broadcast(S, a[t + 10]);
      r10x = s10.fma(x, r10x);
      r10y = s10.fma(y, r10y);
      FloatVector s11 = FloatVector.broadcast(S, a[t + 11]);
      r11x = s11.fma(x, r11x);
      r11y = s11.fma(y, r11y);
    }
    r0x.intoArray(c, c0);
    r0y.intoArray(c, c0 + L);
    r1x.intoArray(c, c0 + cs);
    r1y.intoArray(c, c0 + cs + L);
    r2x.intoArray(c, c0 + 2 * cs);
    r2y.intoArray(c, c0 + 2 * cs + L);
    r3x.intoArray(c, c0 + 3 * cs);
    r3y.intoArray(c, c0 + 3 * cs + L);
    r4x.intoArray(c, c0 + 4 * cs);
    r4y.intoArray(c, c0 + 4 * cs + L);
    r5x.intoArray(c, c0 + 5 * cs);
    r5y.intoArray(c, c0 + 5 * cs + L);
    r6x.intoArray(c, c0 + 6 * cs);
    r6y.intoArray(c, c0 + 6 * cs + L);
    r7x.intoArray(c, c0 + 7 * cs);
    r7y.intoArray(c, c0 + 7 * cs + L);
    r8x.intoArray(c, c0 + 8 * cs);
    r8y.intoArray(c, c0 + 8 * cs + L);
    r9x.intoArray(c, c0 + 9 * cs);
    r9y.intoArray(c, c0 + 9 * cs + L);
    r10x.intoArray(c, c0 + 10 * cs);
    r10y.intoArray(c, c0 + 10 * cs + L);
    r11x.intoArray(c, c0 + 11 * cs);
    r11y.intoArray(c, c0 + 11 * cs + L);
  }

  static void panel12x1(
      int k,
      float[] a,
      int a0,
      int as,
      float[] b,
      int b0,
      int bs,
      float[] d,
      int d0,
      int ds,
      float[] c,
      int c0,
      int cs) {
    FloatVector r0x = FloatVector.fromArray(S, d, d0);
    FloatVector r1x = FloatVector.fromArray(S, d, d0 + ds);
    FloatVector r2x = FloatVector.fromArray(S, d, d0 + 2 * ds);
    FloatVector r3x = FloatVector.fromArray(S, d, d0 + 3 * ds);
    FloatVector r4x = FloatVector.fromArray(S, d, d0 + 4 * ds);
    FloatVector r5x = FloatVector.fromArray(S, d, d0 + 5 * ds);
    FloatVector r6x = FloatVector.fromArray(S, d, d0 + 6 * ds);
    FloatVector r7x = FloatVector.fromArray(S, d, d0 + 7 * ds);
    FloatVector r8x = FloatVector.fromArray(S, d, d0 + 8 * ds);
    FloatVector r9x = FloatVector.fromArray(S, d, d0 + 9 * ds);
    FloatVector r10x = FloatVector.fromArray(S, d, d0 + 10 * ds);
    FloatVector r11x = FloatVector.fromArray(S, d, d0 + 11 * ds);
    for (int p = 0, q = b0, t = a0; p < k; p++, q += bs, t += as) {
      FloatVector x = FloatVector.fromArray(S, b, q);
      FloatVector s0 = FloatVector.broadcast(S, a[t]);
      r0x = s0.fma(x, r0x);
      FloatVector s1 = FloatVector.broadcast(S, a[t + 1]);
      r1x = s1.fma(x, r1x);
      FloatVector s2 = FloatVector.broadcast(S, a[t + 2]);
      r2x = s2.fma(x, r2x);
      FloatVector s3 = FloatVector.broadcast(S, a[t + 3]);
      r3x = s3.fma(x, r3x);
      FloatVector s4 = FloatVector.broadcast(S, a[t + 4]);
      r4x = s4.fma(x, r4x);
      FloatVector s5 = FloatVector.broadcast(S, a[t + 5]);
      r5x = s5.fma(x, r5x);
      FloatVector s6 = FloatVector.broadcast(S, a[t + 6]);
      r6x = s6.fma(x, r6x);
      FloatVector s7 = FloatVector.broadcast(S, a[t + 7]);
      r7x = s7.fma(x, r7x);
      FloatVector s8 = FloatVector.broadcast(S, a[t + 8]);
      r8x = s8.fma(x, r8x);
      FloatVector s9 = FloatVector.broadcast(S, a[t + 9]);
      r9x = s9.fma(x, r9x);
      FloatVector s10 = FloatVector.broadcast(S, a[t + 10]);
      r10x = s10.fma(x, r10x);
      FloatVector s11 = FloatVector.broadcast(S, a[t + 11]);
      r11x = s11.fma(x, r11x);
    }
    r0x.intoArray(c, c0);
    r1x.intoArray(c, c0 + cs);
    r2x.intoArray(c, c0 + 2 * cs);
    r3x.intoArray(c, c0 + 3 * cs);
    r4x.intoArray(c, c0 + 4 * cs);
    r5x.intoArray(c, c0 + 5 * cs);
    r6x.intoArray(c, c0 + 6 * cs);
    r7x.intoArray(c, c0 + 7 * cs);
    r8x.intoArray(c, c0 + 8 * cs);
    r9x.intoArray(c, c0 + 9 * cs);
    r10x.intoArray(c, c0 + 10 * cs);
    r11x.intoArray(c, c0 + 11 * cs);
  }

  static void panel6x2(
      int k,
      float[] a,
      int a0,
      int as,
      float[] b,
      int b0,
      int bs,
      float[] d,
      int d0,
      int ds,
      float[] c,
      int c0,
      int cs) {
    FloatVector r0x = FloatVector.fromArray(S, d, d0);
    FloatVector r0y = FloatVector.fromArray(S, d, d0 + L);
    FloatVector r1x = FloatVector.fromArray(S, d, d0 + ds);
    FloatVector r1y = FloatVector.fromArray(S, d, d0 + ds + L);
    FloatVector r2x = FloatVector.fromArray(S, d, d0 + 2 * ds);
    FloatVector r2y = FloatVector.fromArray(S, d, d0 + 2 * ds + L);
    FloatVector r3x = FloatVector.fromArray(S, d, d0 + 3 * ds);
    FloatVector r3y = FloatVector.fromArray(S, d, d0 + 3 * ds + L);
    FloatVector r4x = FloatVector.fromArray(S, d, d0 + 4 * ds);
    FloatVector r4y = FloatVector.fromArray(S, d, d0 + 4 * ds + L);
    FloatVector r5x = FloatVector.fromArray(S, d, d0 + 5 * ds);
    FloatVector r5y = FloatVector.fromArray(S, d, d0 + 5 * ds + L);
    for (int p = 0, q = b0, t = a0; p < k; p++, q += bs, t += as) {
      FloatVector x = FloatVector.fromArray(S, b, q);
      FloatVector y = FloatVector.fromArray(S, b, q + L);
      FloatVector s0 = FloatVector.broadcast(S, a[t]);
      r0x = s0.fma(x, r0x);
      r0y = s0.fma(y, r0y);
      FloatVector s1 = FloatVector.broadcast(S, a[t + 1]);
      r1x = s1.fma(x, r1x);
      r1y = s1.fma(y, r1y);
      FloatVector s2 = FloatVector.broadcast(S, a[t + 2]);
      r2x = s2.fma(x, r2x);
      r2y = s2.fma(y, r2y);
      FloatVector s3 = FloatVector.broadcast(S, a[t + 3]);
      r3x = s3.fma(x, r3x);
      r3y = s3.fma(y, r3y);
      FloatVector s4 = FloatVector.broadcast(S, a[t + 4]);
      r4x = s4.fma(x, r4x);
      r4y = s4.fma(y, r4y);
      FloatVector s5 = FloatVector.broadcast(S, a[t + 5]);
      r5x = s5.fma(x, r5x);
      r5y = s5.fma(y, r5y);
    }
    r0x.intoArray(c, c0);
    r0y.intoArray(c, c0 + L);
    r1x.intoArray(c, c0 + cs);
    r1y.intoArray(c, c0 + cs + L);
    r2x.intoArray(c, c0 + 2 * cs);
    r2y.intoArray(c, c0 + 2 * cs + L);
    r3x.intoArray(c, c0 + 3 * cs);
    r3y.intoArray(c, c0 + 3 * cs + L);
    r4x.intoArray(c, c0 + 4 * cs);
    r4y.intoArray(c, c0 + 4 * cs + L);
    r5x.intoArray(c, c0 + 5 * cs);
    r5y.intoArray(c, c0 + 5 * cs + L);
  }

  static void panel6x1(
      int k,
      float[] a,
      int a0,
      int as,
      float[] b,
      int b0,
      int bs,
      float[] d,
      int d0,
      int ds,
      float[] c,
      int c0,
      int cs) {
    FloatVector r0x = FloatVector.fromArray(S, d, d0);
    FloatVector r1x = FloatVector.fromArray(S, d, d0 + ds);
    FloatVector r2x = FloatVector.fromArray(S, d, d0 + 2 * ds);
    FloatVector r3x = FloatVector.fromArray(S, d, d0 + 3 * ds);
    FloatVector r4x = FloatVector.fromArray(S, d, d0 + 4 * ds);
    FloatVector r5x = FloatVector.fromArray(S, d, d0 + 5 * ds);
    for (int p = 0, q = b0, t = a0; p < k; p++, q += bs, t += as) {
      FloatVector x = FloatVector.fromArray(S, b, q);
      FloatVector s0 = FloatVector.broadcast(S, a[t]);
      r0x = s0.fma(x, r0x);
      FloatVector s1 = FloatVector.broadcast(S, a[t + 1]);
      r1x = s1.fma(x, r1x);
      FloatVector s2 = FloatVector.broadcast(S, a[t + 2]);
      r2x = s2.fma(x, r2x);
      FloatVector s3 = FloatVector.broadcast(S, a[t + 3]);
      r3x = s3.fma(x, r3x);
      FloatVector s4 = FloatVector.broadcast(S, a[t + 4]);
      r4x = s4.fma(x, r4x);
      FloatVector s5 = FloatVector.broadcast(S, a[t + 5]);
      r5x = s5.fma(x, r5x);
    }
    r0x.intoArray(c, c0);
    r1x.intoArray(c, c0 + cs);
    r2x.intoArray(c, c0 + 2 * cs);
    r3x.intoArray(c, c0 + 3 * cs);
    r4x.intoArray(c, c0 + 4 * cs);
    r5x.intoArray(c, c0 + 5 * cs);
  }

  static void panel4x2(
      int k,
      float[] a,
      int a0,
      int as,
      float[] b,
      int b0,
      int bs,
      float[] d,
      int d0,
      int ds,
      float[] c,
      int c0,
      int cs) {
    FloatVector r0x = FloatVector.fromArray(S, d, d0);
    FloatVector r0y = FloatVector.fromArray(S, d, d0 + L);
    FloatVector r1x = FloatVector.fromArray(S, d, d0 + ds);
    FloatVector r1y = FloatVector.fromArray(S, d, d0 + ds + L);
    FloatVector r2x = FloatVector.fromArray(S, d, d0 + 2 * ds);
    FloatVector r2y = FloatVector.fromArray(S, d, d0 + 2 * ds + L);
    FloatVector r3x = FloatVector.fromArray(S, d, d0 + 3 * ds);
    FloatVector r3y = FloatVector.fromArray(S, d, d0 + 3 * ds + L);
    for (int p = 0, q = b0, t = a0; p < k; p++, q += bs, t += as) {
      FloatVector x = FloatVector.fromArray(S, b, q);
      FloatVector y = FloatVector.fromArray(S, b, q + L);
      FloatVector s0 = FloatVector.broadcast(S, a[t]);
      r0x = s0.fma(x, r0x);
      r0y = s0.fma(y, r0y);
      FloatVector s1 = FloatVector.broadcast(S, a[t + 1]);
      r1x = s1.fma(x, r1x);
      r1y = s1.fma(y, r1y);
      FloatVector s2 = FloatVector.broadcast(S, a[t + 2]);
      r2x = s2.fma(x, r2x);
      r2y = s2.fma(y, r2y);
      FloatVector s3 = FloatVector.broadcast(S, a[t + 3]);
      r3x = s3.fma(x, r3x);
      r3y = s3.fma(y, r3y);
    }
    r0x.intoArray(c, c0);
    r0y.intoArray(c, c0 + L);
    r1x.intoArray(c, c0 + cs);
    r1y.intoArray(c, c0 + cs + L);
    r2x.intoArray(c, c0 + 2 * cs);
    r2y.intoArray(c, c0 + 2 * cs + L);
    r3x.intoArray(c, c0 + 3 * cs);
    r3y.intoArray(c, c0 + 3 * cs + L);
  }

  static void panel4x1(
      int k,
      float[] a,
      int a0,
      int as,
      float[] b,
      int b0,
      int bs,
      float[] d,
      int d0,
      int ds,
      float[] c,
      int c0,
      int cs) {
    FloatVector r0x = FloatVector.fromArray(S, d, d0);
    FloatVector r1x = FloatVector.fromArray(S, d, d0 + ds);
    FloatVector r2x = FloatVector.fromArray(S, d, d0 + 2 * ds);
    FloatVector r3x = FloatVector.fromArray(S, d, d0 + 3 * ds);
    for (int p = 0, q = b0, t = a0; p < k; p++, q += bs, t += as) {
      FloatVector x = FloatVector.fromArray(S, b, q);
      FloatVector s0 = FloatVector.broadcast(S, a[t]);
      r0x = s0.fma(x, r0x);
      FloatVector s1 = FloatVector.broadcast(S, a[t + 1]);
      r1x = s1.fma(x, r1x);
      FloatVector s2 = FloatVector.broadcast(S, a[t + 2]);
      r2x = s2.fma(x, r2x);
      FloatVector s3 = FloatVector.broadcast(S, a[t + 3]);
      r3x = s3.fma(x, r3x);
    }
    r0x.intoArray(c, c0);
    r1x.intoArray(c, c0 + cs);
    r2x.intoArray(c, c0 + 2 * cs);
    r3x.intoArray(c, c0 + 3 * cs);
  }

  static void single2(
      int k,
      float[] a,
      int a0,
      int as,
      float[] b,
      int b0,
      int bs,
      float[] d,
      int d0,
      int ds,
      float[] c,
      int c0,
      int cs) {
    FloatVector r0x = FloatVector.fromArray(S, d, d0);
    FloatVector r0y = FloatVector.fromArray(S, d, d0 + L);
    for (int p = 0, q = b0, t = a0; p < k; p++, q += bs, t += as) {
      FloatVector x = FloatVector.fromArray(S, b, q);
      FloatVector y = FloatVector.fromArray(S, b, q + L);
      FloatVector s0 = FloatVector.broadcast(S, a[t]);
      r0x = s0.fma(x, r0x);
      r0y = s0.fma(y, r0y);
    }
    r0x.intoArray(c, c0);
    r0y.intoArray(c, c0 + L);
  }

  static void single1(
      int k,
      float[] a,
      int a0,
      int as,
      float[] b,
      int b0,
      int bs,
      float[] d,
      int d0,
      int ds,
      float[] c,
      int c0,
      int cs) {
    FloatVector r0x = FloatVector.fromArray(S, d, d0);
    for (int p = 0, q = b0, t = a0; p < k; p++, q += bs, t += as) {
      FloatVector x = FloatVector.fromArray(S, b, q);
      FloatVector s0 = FloatVector.broadcast(S, a[t]);
      r0x = s0.fma(x, r0x);
    }
    r0x.intoArray(c, c0);
  }
}
