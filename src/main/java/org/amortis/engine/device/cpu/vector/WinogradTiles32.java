package org.amortis.engine.device.cpu.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// The transforms of the minimal filtering algorithm F(2 x 2, 3 x 3).
///
/// Source: A. Lavin and S. Gray (2016), Fast algorithms for convolutional neural networks, section
/// 4.1.
final class WinogradTiles32 {
  private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
  private static final int L = S.length();

  private WinogradTiles32() {}

  /// Transforms the 4 x 4 patch of one window, all channels: `V = B^T d B`.
  ///
  /// `a` is the bordered image with rows of `as` and pixels of `step`; frequency i of `v` starts at
  /// `v0 + i vs`.
  static void input(int channels, float[] a, int a0, int as, int step, float[] v, int v0, int vs) {
    for (int c = 0; c < channels; c += L) {
      int u0 = a0 + c;
      FloatVector d00 = FloatVector.fromArray(S, a, u0);
      FloatVector d10 = FloatVector.fromArray(S, a, u0 + as);
      FloatVector d20 = FloatVector.fromArray(S, a, u0 + 2 * as);
      FloatVector d30 = FloatVector.fromArray(S, a, u0 + 3 * as);
      FloatVector t00 = d00.sub(d20);
      FloatVector t10 = d10.add(d20);
      FloatVector t20 = d20.sub(d10);
      FloatVector t30 = d10.sub(d30);
      int u1 = a0 + c + step;
      FloatVector d01 = FloatVector.fromArray(S, a, u1);
      FloatVector d11 = FloatVector.fromArray(S, a, u1 + as);
      FloatVector d21 = FloatVector.fromArray(S, a, u1 + 2 * as);
      FloatVector d31 = FloatVector.fromArray(S, a, u1 + 3 * as);
      FloatVector t01 = d01.sub(d21);
      FloatVector t11 = d11.add(d21);
      FloatVector t21 = d21.sub(d11);
      FloatVector t31 = d11.sub(d31);
      int u2 = a0 + c + 2 * step;
      FloatVector d02 = FloatVector.fromArray(S, a, u2);
      FloatVector d12 = FloatVector.fromArray(S, a, u2 + as);
      FloatVector d22 = FloatVector.fromArray(S, a, u2 + 2 * as);
      FloatVector d32 = FloatVector.fromArray(S, a, u2 + 3 * as);
      FloatVector t02 = d02.sub(d22);
      FloatVector t12 = d12.add(d22);
      FloatVector t22 = d22.sub(d12);
      FloatVector t32 = d12.sub(d32);
      int u3 = a0 + c + 3 * step;
      FloatVector d03 = FloatVector.fromArray(S, a, u3);
      FloatVector d13 = FloatVector.fromArray(S, a, u3 + as);
      FloatVector d23 = FloatVector.fromArray(S, a, u3 + 2 * as);
      FloatVector d33 = FloatVector.fromArray(S, a, u3 + 3 * as);
      FloatVector t03 = d03.sub(d23);
      FloatVector t13 = d13.add(d23);
      FloatVector t23 = d23.sub(d13);
      FloatVector t33 = d13.sub(d33);
      int q = v0 + c;
      t00.sub(t02).intoArray(v, q);
      t01.add(t02).intoArray(v, q + vs);
      t02.sub(t01).intoArray(v, q + 2 * vs);
      t01.sub(t03).intoArray(v, q + 3 * vs);
      t10.sub(t12).intoArray(v, q + 4 * vs);
      t11.add(t12).intoArray(v, q + 5 * vs);
      t12.sub(t11).intoArray(v, q + 6 * vs);
      t11.sub(t13).intoArray(v, q + 7 * vs);
      t20.sub(t22).intoArray(v, q + 8 * vs);
      t21.add(t22).intoArray(v, q + 9 * vs);
      t22.sub(t21).intoArray(v, q + 10 * vs);
      t21.sub(t23).intoArray(v, q + 11 * vs);
      t30.sub(t32).intoArray(v, q + 12 * vs);
      t31.add(t32).intoArray(v, q + 13 * vs);
      t32.sub(t31).intoArray(v, q + 14 * vs);
      t31.sub(t33).intoArray(v, q + 15 * vs);
    }
  }

  /// Transforms the 3 x 3 kernels of one channel for one vector of filters: `U = G g G^T`.
  ///
  /// Tap i of `w` starts at `w0 + i ws`, frequency i of `u` at `u0 + i us`.
  static void weights(float[] w, int w0, int ws, float[] u, int u0, int us) {
    FloatVector g00 = FloatVector.fromArray(S, w, w0);
    FloatVector g01 = FloatVector.fromArray(S, w, w0 + ws);
    FloatVector g02 = FloatVector.fromArray(S, w, w0 + 2 * ws);
    FloatVector g10 = FloatVector.fromArray(S, w, w0 + 3 * ws);
    FloatVector g11 = FloatVector.fromArray(S, w, w0 + 4 * ws);
    FloatVector g12 = FloatVector.fromArray(S, w, w0 + 5 * ws);
    FloatVector g20 = FloatVector.fromArray(S, w, w0 + 6 * ws);
    FloatVector g21 = FloatVector.fromArray(S, w, w0 + 7 * ws);
    FloatVector g22 = FloatVector.fromArray(S, w, w0 + 8 * ws);
    FloatVector e0 = g00.add(g20).mul(0.5f);
    FloatVector o0 = g10.mul(0.5f);
    FloatVector p0 = e0.add(o0);
    FloatVector m0 = e0.sub(o0);
    FloatVector e1 = g01.add(g21).mul(0.5f);
    FloatVector o1 = g11.mul(0.5f);
    FloatVector p1 = e1.add(o1);
    FloatVector m1 = e1.sub(o1);
    FloatVector e2 = g02.add(g22).mul(0.5f);
    FloatVector o2 = g12.mul(0.5f);
    FloatVector p2 = e2.add(o2);
    FloatVector m2 = e2.sub(o2);
    FloatVector x0 = g00.add(g02).mul(0.5f);
    FloatVector y0 = g01.mul(0.5f);
    g00.intoArray(u, u0);
    x0.add(y0).intoArray(u, u0 + us);
    x0.sub(y0).intoArray(u, u0 + 2 * us);
    g02.intoArray(u, u0 + 3 * us);
    FloatVector x1 = p0.add(p2).mul(0.5f);
    FloatVector y1 = p1.mul(0.5f);
    p0.intoArray(u, u0 + 4 * us);
    x1.add(y1).intoArray(u, u0 + 5 * us);
    x1.sub(y1).intoArray(u, u0 + 6 * us);
    p2.intoArray(u, u0 + 7 * us);
    FloatVector x2 = m0.add(m2).mul(0.5f);
    FloatVector y2 = m1.mul(0.5f);
    m0.intoArray(u, u0 + 8 * us);
    x2.add(y2).intoArray(u, u0 + 9 * us);
    x2.sub(y2).intoArray(u, u0 + 10 * us);
    m2.intoArray(u, u0 + 11 * us);
    FloatVector x3 = g20.add(g22).mul(0.5f);
    FloatVector y3 = g21.mul(0.5f);
    g20.intoArray(u, u0 + 12 * us);
    x3.add(y3).intoArray(u, u0 + 13 * us);
    x3.sub(y3).intoArray(u, u0 + 14 * us);
    g22.intoArray(u, u0 + 15 * us);
  }

  /// Transforms one window back for one vector of filters: `A^T M A`, four positions in scan order.
  ///
  /// Frequency i of `m` starts at `m0 + i ms`, position q of `c` at `c0 + q cs`.
  static void output(float[] m, int m0, int ms, float[] c, int c0, int cs) {
    FloatVector m00 = FloatVector.fromArray(S, m, m0);
    FloatVector m10 = FloatVector.fromArray(S, m, m0 + 4 * ms);
    FloatVector m20 = FloatVector.fromArray(S, m, m0 + 8 * ms);
    FloatVector m30 = FloatVector.fromArray(S, m, m0 + 12 * ms);
    FloatVector p0 = m00.add(m10).add(m20);
    FloatVector q0 = m10.sub(m20).sub(m30);
    FloatVector m01 = FloatVector.fromArray(S, m, m0 + ms);
    FloatVector m11 = FloatVector.fromArray(S, m, m0 + 5 * ms);
    FloatVector m21 = FloatVector.fromArray(S, m, m0 + 9 * ms);
    FloatVector m31 = FloatVector.fromArray(S, m, m0 + 13 * ms);
    FloatVector p1 = m01.add(m11).add(m21);
    FloatVector q1 = m11.sub(m21).sub(m31);
    FloatVector m02 = FloatVector.fromArray(S, m, m0 + 2 * ms);
    FloatVector m12 = FloatVector.fromArray(S, m, m0 + 6 * ms);
    FloatVector m22 = FloatVector.fromArray(S, m, m0 + 10 * ms);
    FloatVector m32 = FloatVector.fromArray(S, m, m0 + 14 * ms);
    FloatVector p2 = m02.add(m12).add(m22);
    FloatVector q2 = m12.sub(m22).sub(m32);
    FloatVector m03 = FloatVector.fromArray(S, m, m0 + 3 * ms);
    FloatVector m13 = FloatVector.fromArray(S, m, m0 + 7 * ms);
    FloatVector m23 = FloatVector.fromArray(S, m, m0 + 11 * ms);
    FloatVector m33 = FloatVector.fromArray(S, m, m0 + 15 * ms);
    FloatVector p3 = m03.add(m13).add(m23);
    FloatVector q3 = m13.sub(m23).sub(m33);
    p0.add(p1).add(p2).intoArray(c, c0);
    p1.sub(p2).sub(p3).intoArray(c, c0 + cs);
    q0.add(q1).add(q2).intoArray(c, c0 + 2 * cs);
    q1.sub(q2).sub(q3).intoArray(c, c0 + 3 * cs);
  }

  /// `productR`: multiplies R rows of transformed patches, `as` apart, by a panel of two vectors of
  /// filters from 0 on.
  static void product12(int k, float[] a, int a0, int as, float[] b, int b0, float[] c, int c0) {
    int a1 = a0 + as;
    int a2 = a1 + as;
    int a3 = a2 + as;
    int a4 = a3 + as;
    int a5 = a4 + as;
    int a6 = a5 + as;
    int a7 = a6 + as;
    int a8 = a7 + as;
    int a9 = a8 + as;
    int a10 = a9 + as;
    int a11 = a10 + as;
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
    FloatVector r8x = FloatVector.zero(S);
    FloatVector r8y = FloatVector.zero(S);
    FloatVector r9x = FloatVector.zero(S);
    FloatVector r9y = FloatVector.zero(S);
    FloatVector r10x = FloatVector.zero(S);
    FloatVector r10y = FloatVector.zero(S);
    FloatVector r11x = FloatVector.zero(S);
    FloatVector r11y = FloatVector.zero(S);
    for (int p = 0, q = b0; p < k; p++, q += 2 * L) {
      FloatVector x = FloatVector.fromArray(S, b, q);
      FloatVector y = FloatVector.fromArray(S, b, q + L);
      FloatVector s0 = FloatVector.broadcast(S, a[a0 + p]);
      r0x = s0.fma(x, r0x);
      r0y = s0.fma(y, r0y);
      FloatVector s1 = FloatVector.broadcast(S, a[a1 + p]);
      r1x = s1.fma(x, r1x);
      r1y = s1.fma(y, r1y);
      FloatVector s2 = FloatVector.broadcast(S, a[a2 + p]);
      r2x = s2.fma(x, r2x);
      r2y = s2.fma(y, r2y);
      FloatVector s3 = FloatVector.broadcast(S, a[a3 + p]);
      r3x = s3.fma(x, r3x);
      r3y = s3.fma(y, r3y);
      FloatVector s4 = FloatVector.broadcast(S, a[a4 + p]);
      r4x = s4.fma(x, r4x);
      r4y = s4.fma(y, r4y);
      FloatVector s5 = FloatVector.broadcast(S, a[a5 + p]);
      r5x = s5.fma(x, r5x);
      r5y = s5.fma(y, r5y);
      FloatVector s6 = FloatVector.broadcast(S, a[a6 + p]);
      r6x = s6.fma(x, r6x);
      r6y = s6.fma(y, r6y);
      FloatVector s7 = FloatVector.broadcast(S, a[a7 + p]);
      r7x = s7.fma(x, r7x);
      r7y = s7.fma(y, r7y);
      FloatVector s8 = FloatVector.broadcast(S, a[a8 + p]);
      r8x = s8.fma(x, r8x);
      r8y = s8.fma(y, r8y);
      FloatVector s9 = FloatVector.broadcast(S, a[a9 + p]);
      r9x = s9.fma(x, r9x);
      r9y = s9.fma(y, r9y);
      FloatVector s10 = FloatVector.broadcast(S, a[a10 + p]);
      r10x = s10.fma(x, r10x);
      r10y = s10.fma(y, r10y);
      FloatVector s11 = FloatVector.broadcast(S, a[a11 + p]);
      r11x = s11.fma(x, r11x);
      r11y = s11.fma(y, r11y);
    }
    r0x.intoArray(c, c0);
    r0y.intoArray(c, c0 + L);
    r1x.intoArray(c, c0 + 2 * L);
    r1y.intoArray(c, c0 + 3 * L);
    r2x.intoArray(c, c0 + 4 * L);
    r2y.intoArray(c, c0 + 5 * L);
    r3x.intoArray(c, c0 + 6 * L);
    r3y.intoArray(c, c0 + 7 * L);
    r4x.intoArray(c, c0 + 8 * L);
    r4y.intoArray(c, c0 + 9 * L);
    r5x.intoArray(c, c0 + 10 * L);
    r5y.intoArray(c, c0 + 11 * L);
    r6x.intoArray(c, c0 + 12 * L);
    r6y.intoArray(c, c0 + 13 * L);
    r7x.intoArray(c, c0 + 14 * L);
    r7y.intoArray(c, c0 + 15 * L);
    r8x.intoArray(c, c0 + 16 * L);
    r8y.intoArray(c, c0 + 17 * L);
    r9x.intoArray(c, c0 + 18 * L);
    r9y.intoArray(c, c0 + 19 * L);
    r10x.intoArray(c, c0 + 20 * L);
    r10y.intoArray(c, c0 + 21 * L);
    r11x.intoArray(c, c0 + 22 * L);
    r11y.intoArray(c, c0 + 23 * L);
  }

  static void product6(int k, float[] a, int a0, int as, float[] b, int b0, float[] c, int c0) {
    int a1 = a0 + as;
    int a2 = a1 + as;
    int a3 = a2 + as;
    int a4 = a3 + as;
    int a5 = a4 + as;
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
    for (int p = 0, q = b0; p < k; p++, q += 2 * L) {
      FloatVector x = FloatVector.fromArray(S, b, q);
      FloatVector y = FloatVector.fromArray(S, b, q + L);
      FloatVector s0 = FloatVector.broadcast(S, a[a0 + p]);
      r0x = s0.fma(x, r0x);
      r0y = s0.fma(y, r0y);
      FloatVector s1 = FloatVector.broadcast(S, a[a1 + p]);
      r1x = s1.fma(x, r1x);
      r1y = s1.fma(y, r1y);
      FloatVector s2 = FloatVector.broadcast(S, a[a2 + p]);
      r2x = s2.fma(x, r2x);
      r2y = s2.fma(y, r2y);
      FloatVector s3 = FloatVector.broadcast(S, a[a3 + p]);
      r3x = s3.fma(x, r3x);
      r3y = s3.fma(y, r3y);
      FloatVector s4 = FloatVector.broadcast(S, a[a4 + p]);
      r4x = s4.fma(x, r4x);
      r4y = s4.fma(y, r4y);
      FloatVector s5 = FloatVector.broadcast(S, a[a5 + p]);
      r5x = s5.fma(x, r5x);
      r5y = s5.fma(y, r5y);
    }
    r0x.intoArray(c, c0);
    r0y.intoArray(c, c0 + L);
    r1x.intoArray(c, c0 + 2 * L);
    r1y.intoArray(c, c0 + 3 * L);
    r2x.intoArray(c, c0 + 4 * L);
    r2y.intoArray(c, c0 + 5 * L);
    r3x.intoArray(c, c0 + 6 * L);
    r3y.intoArray(c, c0 + 7 * L);
    r4x.intoArray(c, c0 + 8 * L);
    r4y.intoArray(c, c0 + 9 * L);
    r5x.intoArray(c, c0 + 10 * L);
    r5y.intoArray(c, c0 + 11 * L);
  }

  static void product4(int k, float[] a, int a0, int as, float[] b, int b0, float[] c, int c0) {
    int a1 = a0 + as;
    int a2 = a1 + as;
    int a3 = a2 + as;
    FloatVector r0x = FloatVector.zero(S);
    FloatVector r0y = FloatVector.zero(S);
    FloatVector r1x = FloatVector.zero(S);
    FloatVector r1y = FloatVector.zero(S);
    FloatVector r2x = FloatVector.zero(S);
    FloatVector r2y = FloatVector.zero(S);
    FloatVector r3x = FloatVector.zero(S);
    FloatVector r3y = FloatVector.zero(S);
    for (int p = 0, q = b0; p < k; p++, q += 2 * L) {
      FloatVector x = FloatVector.fromArray(S, b, q);
      FloatVector y = FloatVector.fromArray(S, b, q + L);
      FloatVector s0 = FloatVector.broadcast(S, a[a0 + p]);
      r0x = s0.fma(x, r0x);
      r0y = s0.fma(y, r0y);
      FloatVector s1 = FloatVector.broadcast(S, a[a1 + p]);
      r1x = s1.fma(x, r1x);
      r1y = s1.fma(y, r1y);
      FloatVector s2 = FloatVector.broadcast(S, a[a2 + p]);
      r2x = s2.fma(x, r2x);
      r2y = s2.fma(y, r2y);
      FloatVector s3 = FloatVector.broadcast(S, a[a3 + p]);
      r3x = s3.fma(x, r3x);
      r3y = s3.fma(y, r3y);
    }
    r0x.intoArray(c, c0);
    r0y.intoArray(c, c0 + L);
    r1x.intoArray(c, c0 + 2 * L);
    r1y.intoArray(c, c0 + 3 * L);
    r2x.intoArray(c, c0 + 4 * L);
    r2y.intoArray(c, c0 + 5 * L);
    r3x.intoArray(c, c0 + 6 * L);
    r3y.intoArray(c, c0 + 7 * L);
  }
}
