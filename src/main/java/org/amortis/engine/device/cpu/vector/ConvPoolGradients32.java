package org.amortis.engine.device.cpu.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// Register tiles of the gradients of the fused convolution and pool, which visit only the
/// positions a pool has chosen.
///
/// `outer3xV` adds outer products to 3 rows of V vectors of a weight gradient: `d[r, :] += g[e] *
/// x[at[e] + x0 + r xs + :]` over the entries e of a list.
final class ConvPoolGradients32 {
  private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
  private static final int L = S.length();

  private ConvPoolGradients32() {}

  /// Adds to a 4 x 4 patch of one vector of channels what the filters of one pool window send back.
  ///
  /// Bit f of mask q says that filter f has its maximum at position q; `g[g0 + f]` is its gradient
  /// and `w[w0 + (9 f + tap) L]` its weights. `d` holds rows of the patch `ds` apart.
  static void window(
      long m0,
      long m1,
      long m2,
      long m3,
      float[] g,
      int g0,
      float[] w,
      int w0,
      float[] d,
      int d0,
      int ds) {
    int d1 = d0 + ds;
    int d2 = d1 + ds;
    int d3 = d2 + ds;
    FloatVector r00 = FloatVector.fromArray(S, d, d0);
    FloatVector r01 = FloatVector.fromArray(S, d, d0 + L);
    FloatVector r02 = FloatVector.fromArray(S, d, d0 + 2 * L);
    FloatVector r03 = FloatVector.fromArray(S, d, d0 + 3 * L);
    FloatVector r10 = FloatVector.fromArray(S, d, d1);
    FloatVector r11 = FloatVector.fromArray(S, d, d1 + L);
    FloatVector r12 = FloatVector.fromArray(S, d, d1 + 2 * L);
    FloatVector r13 = FloatVector.fromArray(S, d, d1 + 3 * L);
    FloatVector r20 = FloatVector.fromArray(S, d, d2);
    FloatVector r21 = FloatVector.fromArray(S, d, d2 + L);
    FloatVector r22 = FloatVector.fromArray(S, d, d2 + 2 * L);
    FloatVector r23 = FloatVector.fromArray(S, d, d2 + 3 * L);
    FloatVector r30 = FloatVector.fromArray(S, d, d3);
    FloatVector r31 = FloatVector.fromArray(S, d, d3 + L);
    FloatVector r32 = FloatVector.fromArray(S, d, d3 + 2 * L);
    FloatVector r33 = FloatVector.fromArray(S, d, d3 + 3 * L);
    for (long m = m0; m != 0; m &= m - 1) {
      int f = Long.numberOfTrailingZeros(m);
      int t = w0 + f * 9 * L;
      FloatVector s = FloatVector.broadcast(S, g[g0 + f]);
      r00 = s.fma(FloatVector.fromArray(S, w, t), r00);
      r01 = s.fma(FloatVector.fromArray(S, w, t + L), r01);
      r02 = s.fma(FloatVector.fromArray(S, w, t + 2 * L), r02);
      r10 = s.fma(FloatVector.fromArray(S, w, t + 3 * L), r10);
      r11 = s.fma(FloatVector.fromArray(S, w, t + 4 * L), r11);
      r12 = s.fma(FloatVector.fromArray(S, w, t + 5 * L), r12);
      r20 = s.fma(FloatVector.fromArray(S, w, t + 6 * L), r20);
      r21 = s.fma(FloatVector.fromArray(S, w, t + 7 * L), r21);
      r22 = s.fma(FloatVector.fromArray(S, w, t + 8 * L), r22);
    }
    for (long m = m1; m != 0; m &= m - 1) {
      int f = Long.numberOfTrailingZeros(m);
      int t = w0 + f * 9 * L;
      FloatVector s = FloatVector.broadcast(S, g[g0 + f]);
      r01 = s.fma(FloatVector.fromArray(S, w, t), r01);
      r02 = s.fma(FloatVector.fromArray(S, w, t + L), r02);
      r03 = s.fma(FloatVector.fromArray(S, w, t + 2 * L), r03);
      r11 = s.fma(FloatVector.fromArray(S, w, t + 3 * L), r11);
      r12 = s.fma(FloatVector.fromArray(S, w, t + 4 * L), r12);
      r13 = s.fma(FloatVector.fromArray(S, w, t + 5 * L), r13);
      r21 = s.fma(FloatVector.fromArray(S, w, t + 6 * L), r21);
      r22 = s.fma(FloatVector.fromArray(S, w, t + 7 * L), r22);
      r23 = s.fma(FloatVector.fromArray(S, w, t + 8 * L), r23);
    }
    for (long m = m2; m != 0; m &= m - 1) {
      int f = Long.numberOfTrailingZeros(m);
      int t = w0 + f * 9 * L;
      FloatVector s = FloatVector.broadcast(S, g[g0 + f]);
      r10 = s.fma(FloatVector.fromArray(S, w, t), r10);
      r11 = s.fma(FloatVector.fromArray(S, w, t + L), r11);
      r12 = s.fma(FloatVector.fromArray(S, w, t + 2 * L), r12);
      r20 = s.fma(FloatVector.fromArray(S, w, t + 3 * L), r20);
      r21 = s.fma(FloatVector.fromArray(S, w, t + 4 * L), r21);
      r22 = s.fma(FloatVector.fromArray(S, w, t + 5 * L), r22);
      r30 = s.fma(FloatVector.fromArray(S, w, t + 6 * L), r30);
      r31 = s.fma(FloatVector.fromArray(S, w, t + 7 * L), r31);
      r32 = s.fma(FloatVector.fromArray(S, w, t + 8 * L), r32);
    }
    for (long m = m3; m != 0; m &= m - 1) {
      int f = Long.numberOfTrailingZeros(m);
      int t = w0 + f * 9 * L;
      FloatVector s = FloatVector.broadcast(S, g[g0 + f]);
      r11 = s.fma(FloatVector.fromArray(S, w, t), r11);
      r12 = s.fma(FloatVector.fromArray(S, w, t + L), r12);
      r13 = s.fma(FloatVector.fromArray(S, w, t + 2 * L), r13);
      r21 = s.fma(FloatVector.fromArray(S, w, t + 3 * L), r21);
      r22 = s.fma(FloatVector.fromArray(S, w, t + 4 * L), r22);
      r23 = s.fma(FloatVector.fromArray(S, w, t + 5 * L), r23);
      r31 = s.fma(FloatVector.fromArray(S, w, t + 6 * L), r31);
      r32 = s.fma(FloatVector.fromArray(S, w, t + 7 * L), r32);
      r33 = s.fma(FloatVector.fromArray(S, w, t + 8 * L), r33);
    }
    r00.intoArray(d, d0);
    r01.intoArray(d, d0 + L);
    r02.intoArray(d, d0 + 2 * L);
    r03.intoArray(d, d0 + 3 * L);
    r10.intoArray(d, d1);
    r11.intoArray(d, d1 + L);
    r12.intoArray(d, d1 + 2 * L);
    r13.intoArray(d, d1 + 3 * L);
    r20.intoArray(d, d2);
    r21.intoArray(d, d2 + L);
    r22.intoArray(d, d2 + 2 * L);
    r23.intoArray(d, d2 + 3 * L);
    r30.intoArray(d, d3);
    r31.intoArray(d, d3 + L);
    r32.intoArray(d, d3 + 2 * L);
    r33.intoArray(d, d3 + 3 * L);
  }

  static void outer3x6(
      int count,
      int[] at,
      float[] g,
      int list,
      float[] x,
      int x0,
      int xs,
      float[] d,
      int d0,
      int ds) {
    int d1 = d0 + ds;
    int d2 = d1 + ds;
    FloatVector r0a = FloatVector.fromArray(S, d, d0);
    FloatVector r0b = FloatVector.fromArray(S, d, d0 + L);
    FloatVector r0c = FloatVector.fromArray(S, d, d0 + 2 * L);
    FloatVector r0d = FloatVector.fromArray(S, d, d0 + 3 * L);
    FloatVector r0e = FloatVector.fromArray(S, d, d0 + 4 * L);
    FloatVector r0f = FloatVector.fromArray(S, d, d0 + 5 * L);
    FloatVector r1a = FloatVector.fromArray(S, d, d1);
    FloatVector r1b = FloatVector.fromArray(S, d, d1 + L);
    FloatVector r1c = FloatVector.fromArray(S, d, d1 + 2 * L);
    FloatVector r1d = FloatVector.fromArray(S, d, d1 + 3 * L);
    FloatVector r1e = FloatVector.fromArray(S, d, d1 + 4 * L);
    FloatVector r1f = FloatVector.fromArray(S, d, d1 + 5 * L);
    FloatVector r2a = FloatVector.fromArray(S, d, d2);
    FloatVector r2b = FloatVector.fromArray(S, d, d2 + L);
    FloatVector r2c = FloatVector.fromArray(S, d, d2 + 2 * L);
    FloatVector r2d = FloatVector.fromArray(S, d, d2 + 3 * L);
    FloatVector r2e = FloatVector.fromArray(S, d, d2 + 4 * L);
    FloatVector r2f = FloatVector.fromArray(S, d, d2 + 5 * L);
    for (int e = list; e < list + count; e++) {
      int u0 = at[e] + x0;
      int u1 = u0 + xs;
      int u2 = u1 + xs;
      FloatVector s = FloatVector.broadcast(S, g[e]);
      r0a = s.fma(FloatVector.fromArray(S, x, u0), r0a);
      r0b = s.fma(FloatVector.fromArray(S, x, u0 + L), r0b);
      r0c = s.fma(FloatVector.fromArray(S, x, u0 + 2 * L), r0c);
      r0d = s.fma(FloatVector.fromArray(S, x, u0 + 3 * L), r0d);
      r0e = s.fma(FloatVector.fromArray(S, x, u0 + 4 * L), r0e);
      r0f = s.fma(FloatVector.fromArray(S, x, u0 + 5 * L), r0f);
      r1a = s.fma(FloatVector.fromArray(S, x, u1), r1a);
      r1b = s.fma(FloatVector.fromArray(S, x, u1 + L), r1b);
      r1c = s.fma(FloatVector.fromArray(S, x, u1 + 2 * L), r1c);
      r1d = s.fma(FloatVector.fromArray(S, x, u1 + 3 * L), r1d);
      r1e = s.fma(FloatVector.fromArray(S, x, u1 + 4 * L), r1e);
      r1f = s.fma(FloatVector.fromArray(S, x, u1 + 5 * L), r1f);
      r2a = s.fma(FloatVector.fromArray(S, x, u2), r2a);
      r2b = s.fma(FloatVector.fromArray(S, x, u2 + L), r2b);
      r2c = s.fma(FloatVector.fromArray(S, x, u2 + 2 * L), r2c);
      r2d = s.fma(FloatVector.fromArray(S, x, u2 + 3 * L), r2d);
      r2e = s.fma(FloatVector.fromArray(S, x, u2 + 4 * L), r2e);
      r2f = s.fma(FloatVector.fromArray(S, x, u2 + 5 * L), r2f);
    }
    r0a.intoArray(d, d0);
    r0b.intoArray(d, d0 + L);
    r0c.intoArray(d, d0 + 2 * L);
    r0d.intoArray(d, d0 + 3 * L);
    r0e.intoArray(d, d0 + 4 * L);
    r0f.intoArray(d, d0 + 5 * L);
    r1a.intoArray(d, d1);
    r1b.intoArray(d, d1 + L);
    r1c.intoArray(d, d1 + 2 * L);
    r1d.intoArray(d, d1 + 3 * L);
    r1e.intoArray(d, d1 + 4 * L);
    r1f.intoArray(d, d1 + 5 * L);
    r2a.intoArray(d, d2);
    r2b.intoArray(d, d2 + L);
    r2c.intoArray(d, d2 + 2 * L);
    r2d.intoArray(d, d2 + 3 * L);
    r2e.intoArray(d, d2 + 4 * L);
    r2f.intoArray(d, d2 + 5 * L);
  }

  static void outer3x3(
      int count,
      int[] at,
      float[] g,
      int list,
      float[] x,
      int x0,
      int xs,
      float[] d,
      int d0,
      int ds) {
    int d1 = d0 + ds;
    int d2 = d1 + ds;
    FloatVector r0a = FloatVector.fromArray(S, d, d0);
    FloatVector r0b = FloatVector.fromArray(S, d, d0 + L);
    FloatVector r0c = FloatVector.fromArray(S, d, d0 + 2 * L);
    FloatVector r1a = FloatVector.fromArray(S, d, d1);
    FloatVector r1b = FloatVector.fromArray(S, d, d1 + L);
    FloatVector r1c = FloatVector.fromArray(S, d, d1 + 2 * L);
    FloatVector r2a = FloatVector.fromArray(S, d, d2);
    FloatVector r2b = FloatVector.fromArray(S, d, d2 + L);
    FloatVector r2c = FloatVector.fromArray(S, d, d2 + 2 * L);
    for (int e = list; e < list + count; e++) {
      int u0 = at[e] + x0;
      int u1 = u0 + xs;
      int u2 = u1 + xs;
      FloatVector s = FloatVector.broadcast(S, g[e]);
      r0a = s.fma(FloatVector.fromArray(S, x, u0), r0a);
      r0b = s.fma(FloatVector.fromArray(S, x, u0 + L), r0b);
      r0c = s.fma(FloatVector.fromArray(S, x, u0 + 2 * L), r0c);
      r1a = s.fma(FloatVector.fromArray(S, x, u1), r1a);
      r1b = s.fma(FloatVector.fromArray(S, x, u1 + L), r1b);
      r1c = s.fma(FloatVector.fromArray(S, x, u1 + 2 * L), r1c);
      r2a = s.fma(FloatVector.fromArray(S, x, u2), r2a);
      r2b = s.fma(FloatVector.fromArray(S, x, u2 + L), r2b);
      r2c = s.fma(FloatVector.fromArray(S, x, u2 + 2 * L), r2c);
    }
    r0a.intoArray(d, d0);
    r0b.intoArray(d, d0 + L);
    r0c.intoArray(d, d0 + 2 * L);
    r1a.intoArray(d, d1);
    r1b.intoArray(d, d1 + L);
    r1c.intoArray(d, d1 + 2 * L);
    r2a.intoArray(d, d2);
    r2b.intoArray(d, d2 + L);
    r2c.intoArray(d, d2 + 2 * L);
  }

  /// Sums the weight gradient of one image with one channel and a 3 x 3 kernel for one vector of
  /// filters.
  ///
  /// `d` holds nine vectors for the taps and one for the bias, a vector after the other.
  static void first(
      int height,
      int width,
      float[] a,
      int as,
      float[] g,
      int g0,
      float[] code,
      int c0,
      int fs,
      int filters,
      float[] d,
      int d0) {
    VectorMask<Float> lanes = S.indexInRange(0, filters);
    FloatVector zero = FloatVector.zero(S);
    FloatVector r0 = FloatVector.fromArray(S, d, d0 + 0 * L);
    FloatVector r1 = FloatVector.fromArray(S, d, d0 + 1 * L);
    FloatVector r2 = FloatVector.fromArray(S, d, d0 + 2 * L);
    FloatVector r3 = FloatVector.fromArray(S, d, d0 + 3 * L);
    FloatVector r4 = FloatVector.fromArray(S, d, d0 + 4 * L);
    FloatVector r5 = FloatVector.fromArray(S, d, d0 + 5 * L);
    FloatVector r6 = FloatVector.fromArray(S, d, d0 + 6 * L);
    FloatVector r7 = FloatVector.fromArray(S, d, d0 + 7 * L);
    FloatVector r8 = FloatVector.fromArray(S, d, d0 + 8 * L);
    FloatVector r9 = FloatVector.fromArray(S, d, d0 + 9 * L);
    for (int row = 0, at = 0; row < height; row++) {
      int u0 = 2 * row * as;
      int u1 = u0 + as;
      int u2 = u1 + as;
      int u3 = u2 + as;
      for (int col = 0; col < width; col++, at += fs) {
        int t = 2 * col;
        FloatVector q = FloatVector.fromArray(S, code, c0 + at, lanes);
        FloatVector all = FloatVector.fromArray(S, g, g0 + at, lanes);
        FloatVector s0 = zero.blend(all, q.compare(VectorOperators.EQ, 0f));
        FloatVector s1 = zero.blend(all, q.compare(VectorOperators.EQ, 1f));
        FloatVector s2 = zero.blend(all, q.compare(VectorOperators.EQ, 2f));
        FloatVector s3 = zero.blend(all, q.compare(VectorOperators.EQ, 3f));
        r9 = r9.add(all.blend(0f, q.compare(VectorOperators.EQ, 4f)));
        FloatVector x00 = FloatVector.broadcast(S, a[u0 + t]);
        r0 = s0.fma(x00, r0);
        FloatVector x01 = FloatVector.broadcast(S, a[u0 + t + 1]);
        r1 = s0.fma(x01, r1);
        r0 = s1.fma(x01, r0);
        FloatVector x02 = FloatVector.broadcast(S, a[u0 + t + 2]);
        r2 = s0.fma(x02, r2);
        r1 = s1.fma(x02, r1);
        FloatVector x03 = FloatVector.broadcast(S, a[u0 + t + 3]);
        r2 = s1.fma(x03, r2);
        FloatVector x10 = FloatVector.broadcast(S, a[u1 + t]);
        r3 = s0.fma(x10, r3);
        r0 = s2.fma(x10, r0);
        FloatVector x11 = FloatVector.broadcast(S, a[u1 + t + 1]);
        r4 = s0.fma(x11, r4);
        r3 = s1.fma(x11, r3);
        r1 = s2.fma(x11, r1);
        r0 = s3.fma(x11, r0);
        FloatVector x12 = FloatVector.broadcast(S, a[u1 + t + 2]);
        r5 = s0.fma(x12, r5);
        r4 = s1.fma(x12, r4);
        r2 = s2.fma(x12, r2);
        r1 = s3.fma(x12, r1);
        FloatVector x13 = FloatVector.broadcast(S, a[u1 + t + 3]);
        r5 = s1.fma(x13, r5);
        r2 = s3.fma(x13, r2);
        FloatVector x20 = FloatVector.broadcast(S, a[u2 + t]);
        r6 = s0.fma(x20, r6);
        r3 = s2.fma(x20, r3);
        FloatVector x21 = FloatVector.broadcast(S, a[u2 + t + 1]);
        r7 = s0.fma(x21, r7);
        r6 = s1.fma(x21, r6);
        r4 = s2.fma(x21, r4);
        r3 = s3.fma(x21, r3);
        FloatVector x22 = FloatVector.broadcast(S, a[u2 + t + 2]);
        r8 = s0.fma(x22, r8);
        r7 = s1.fma(x22, r7);
        r5 = s2.fma(x22, r5);
        r4 = s3.fma(x22, r4);
        FloatVector x23 = FloatVector.broadcast(S, a[u2 + t + 3]);
        r8 = s1.fma(x23, r8);
        r5 = s3.fma(x23, r5);
        FloatVector x30 = FloatVector.broadcast(S, a[u3 + t]);
        r6 = s2.fma(x30, r6);
        FloatVector x31 = FloatVector.broadcast(S, a[u3 + t + 1]);
        r7 = s2.fma(x31, r7);
        r6 = s3.fma(x31, r6);
        FloatVector x32 = FloatVector.broadcast(S, a[u3 + t + 2]);
        r8 = s2.fma(x32, r8);
        r7 = s3.fma(x32, r7);
        FloatVector x33 = FloatVector.broadcast(S, a[u3 + t + 3]);
        r8 = s3.fma(x33, r8);
      }
    }
    r0.intoArray(d, d0 + 0 * L);
    r1.intoArray(d, d0 + 1 * L);
    r2.intoArray(d, d0 + 2 * L);
    r3.intoArray(d, d0 + 3 * L);
    r4.intoArray(d, d0 + 4 * L);
    r5.intoArray(d, d0 + 5 * L);
    r6.intoArray(d, d0 + 6 * L);
    r7.intoArray(d, d0 + 7 * L);
    r8.intoArray(d, d0 + 8 * L);
    r9.intoArray(d, d0 + 9 * L);
  }
}
