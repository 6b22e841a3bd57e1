package org.amortis.engine.device.cpu.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// Register tiles of a matrix product whose left factor is read row by row.
///
/// `c[i, j] = fma(a[i, p], b[p, j], c[i, j])` for p = 0, 1, ..., k - 1. `a` has row stride `as`,
/// `b` row stride `bs`, `c` row stride `cs`; a tile `RxW` covers R rows and W vectors of columns
/// and modifies only those of `c`.
///
/// Each accumulator is a local of its own and nothing is handed to a helper: a vector that crosses
/// a call that is not inlined is boxed, which costs a factor of ten.
final class RowTiles32 {
  private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
  private static final int L = S.length();

  private RowTiles32() {}

  static void rows12x2(
      int k, float[] a, int a0, int as, float[] b, int b0, int bs, float[] c, int c0, int cs) {
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
    int c1 = c0 + cs;
    int c2 = c1 + cs;
    int c3 = c2 + cs;
    int c4 = c3 + cs;
    int c5 = c4 + cs;
    int c6 = c5 + cs;
    int c7 = c6 + cs;
    int c8 = c7 + cs;
    int c9 = c8 + cs;
    int c10 = c9 + cs;
    int c11 = c10 + cs;
    FloatVector r0x = FloatVector.fromArray(S, c, c0);
    FloatVector r0y = FloatVector.fromArray(S, c, c0 + L);
    FloatVector r1x = FloatVector.fromArray(S, c, c1);
    FloatVector r1y = FloatVector.fromArray(S, c, c1 + L);
    FloatVector r2x = FloatVector.fromArray(S, c, c2);
    FloatVector r2y = FloatVector.fromArray(S, c, c2 + L);
    FloatVector r3x = FloatVector.fromArray(S, c, c3);
    FloatVector r3y = FloatVector.fromArray(S, c, c3 + L);
    FloatVector r4x = FloatVector.fromArray(S, c, c4);
    FloatVector r4y = FloatVector.fromArray(S, c, c4 + L);
    FloatVector r5x = FloatVector.fromArray(S, c, c5);
    FloatVector r5y = FloatVector.fromArray(S, c, c5 + L);
    FloatVector r6x = FloatVector.fromArray(S, c, c6);
    FloatVector r6y = FloatVector.fromArray(S, c, c6 + L);
    FloatVector r7x = FloatVector.fromArray(S, c, c7);
    FloatVector r7y = FloatVector.fromArray(S, c, c7 + L);
    FloatVector r8x = FloatVector.fromArray(S, c, c8);
    FloatVector r8y = FloatVector.fromArray(S, c, c8 + L);
    FloatVector r9x = FloatVector.fromArray(S, c, c9);
    FloatVector r9y = FloatVector.fromArray(S, c, c9 + L);
    FloatVector r10x = FloatVector.fromArray(S, c, c10);
    FloatVector r10y = FloatVector.fromArray(S, c, c10 + L);
    FloatVector r11x = FloatVector.fromArray(S, c, c11);
    FloatVector r11y = FloatVector.fromArray(S, c, c11 + L);
    for (int p = 0, q = b0; p < k; p++, q += bs) {
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
    r1x.intoArray(c, c1);
    r1y.intoArray(c, c1 + L);
    r2x.intoArray(c, c2);
    r2y.intoArray(c, c2 + L);
    r3x.intoArray(c, c3);
    r3y.intoArray(c, c3 + L);
    r4x.intoArray(c, c4);
    r4y.intoArray(c, c4 + L);
    r5x.intoArray(c, c5);
    r5y.intoArray(c, c5 + L);
    r6x.intoArray(c, c6);
    r6y.intoArray(c, c6 + L);
    r7x.intoArray(c, c7);
    r7y.intoArray(c, c7 + L);
    r8x.intoArray(c, c8);
    r8y.intoArray(c, c8 + L);
    r9x.intoArray(c, c9);
    r9y.intoArray(c, c9 + L);
    r10x.intoArray(c, c10);
    r10y.intoArray(c, c10 + L);
    r11x.intoArray(c, c11);
    r11y.intoArray(c, c11 + L);
  }

  static void rows12x1(
      int k, float[] a, int a0, int as, float[] b, int b0, int bs, float[] c, int c0, int cs) {
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
    int c1 = c0 + cs;
    int c2 = c1 + cs;
    int c3 = c2 + cs;
    int c4 = c3 + cs;
    int c5 = c4 + cs;
    int c6 = c5 + cs;
    int c7 = c6 + cs;
    int c8 = c7 + cs;
    int c9 = c8 + cs;
    int c10 = c9 + cs;
    int c11 = c10 + cs;
    FloatVector r0x = FloatVector.fromArray(S, c, c0);
    FloatVector r1x = FloatVector.fromArray(S, c, c1);
    FloatVector r2x = FloatVector.fromArray(S, c, c2);
    FloatVector r3x = FloatVector.fromArray(S, c, c3);
    FloatVector r4x = FloatVector.fromArray(S, c, c4);
    FloatVector r5x = FloatVector.fromArray(S, c, c5);
    FloatVector r6x = FloatVector.fromArray(S, c, c6);
    FloatVector r7x = FloatVector.fromArray(S, c, c7);
    FloatVector r8x = FloatVector.fromArray(S, c, c8);
    FloatVector r9x = FloatVector.fromArray(S, c, c9);
    FloatVector r10x = FloatVector.fromArray(S, c, c10);
    FloatVector r11x = FloatVector.fromArray(S, c, c11);
    for (int p = 0, q = b0; p < k; p++, q += bs) {
      FloatVector x = FloatVector.fromArray(S, b, q);
      FloatVector s0 = FloatVector.broadcast(S, a[a0 + p]);
      r0x = s0.fma(x, r0x);
      FloatVector s1 = FloatVector.broadcast(S, a[a1 + p]);
      r1x = s1.fma(x, r1x);
      FloatVector s2 = FloatVector.broadcast(S, a[a2 + p]);
      r2x = s2.fma(x, r2x);
      FloatVector s3 = FloatVector.broadcast(S, a[a3 + p]);
      r3x = s3.fma(x, r3x);
      FloatVector s4 = FloatVector.broadcast(S, a[a4 + p]);
      r4x = s4.fma(x, r4x);
      FloatVector s5 = FloatVector.broadcast(S, a[a5 + p]);
      r5x = s5.fma(x, r5x);
      FloatVector s6 = FloatVector.broadcast(S, a[a6 + p]);
      r6x = s6.fma(x, r6x);
      FloatVector s7 = FloatVector.broadcast(S, a[a7 + p]);
      r7x = s7.fma(x, r7x);
      FloatVector s8 = FloatVector.broadcast(S, a[a8 + p]);
      r8x = s8.fma(x, r8x);
      FloatVector s9 = FloatVector.broadcast(S, a[a9 + p]);
      r9x = s9.fma(x, r9x);
      FloatVector s10 = FloatVector.broadcast(S, a[a10 + p]);
      r10x = s10.fma(x, r10x);
      FloatVector s11 = FloatVector.broadcast(S, a[a11 + p]);
      r11x = s11.fma(x, r11x);
    }
    r0x.intoArray(c, c0);
    r1x.intoArray(c, c1);
    r2x.intoArray(c, c2);
    r3x.intoArray(c, c3);
    r4x.intoArray(c, c4);
    r5x.intoArray(c, c5);
    r6x.intoArray(c, c6);
    r7x.intoArray(c, c7);
    r8x.intoArray(c, c8);
    r9x.intoArray(c, c9);
    r10x.intoArray(c, c10);
    r11x.intoArray(c, c11);
  }

  static void rows6x2(
      int k, float[] a, int a0, int as, float[] b, int b0, int bs, float[] c, int c0, int cs) {
    int a1 = a0 + as;
    int a2 = a1 + as;
    int a3 = a2 + as;
    int a4 = a3 + as;
    int a5 = a4 + as;
    int c1 = c0 + cs;
    int c2 = c1 + cs;
    int c3 = c2 + cs;
    int c4 = c3 + cs;
    int c5 = c4 + cs;
    FloatVector r0x = FloatVector.fromArray(S, c, c0);
    FloatVector r0y = FloatVector.fromArray(S, c, c0 + L);
    FloatVector r1x = FloatVector.fromArray(S, c, c1);
    FloatVector r1y = FloatVector.fromArray(S, c, c1 + L);
    FloatVector r2x = FloatVector.fromArray(S, c, c2);
    FloatVector r2y = FloatVector.fromArray(S, c, c2 + L);
    FloatVector r3x = FloatVector.fromArray(S, c, c3);
    FloatVector r3y = FloatVector.fromArray(S, c, c3 + L);
    FloatVector r4x = FloatVector.fromArray(S, c, c4);
    FloatVector r4y = FloatVector.fromArray(S, c, c4 + L);
    FloatVector r5x = FloatVector.fromArray(S, c, c5);
    FloatVector r5y = FloatVector.fromArray(S, c, c5 + L);
    for (int p = 0, q = b0; p < k; p++, q += bs) {
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
    r1x.intoArray(c, c1);
    r1y.intoArray(c, c1 + L);
    r2x.intoArray(c, c2);
    r2y.intoArray(c, c2 + L);
    r3x.intoArray(c, c3);
    r3y.intoArray(c, c3 + L);
    r4x.intoArray(c, c4);
    r4y.intoArray(c, c4 + L);
    r5x.intoArray(c, c5);
    r5y.intoArray(c, c5 + L);
  }

  static void rows6x1(
      int k, float[] a, int a0, int as, float[] b, int b0, int bs, float[] c, int c0, int cs) {
    int a1 = a0 + as;
    int a2 = a1 + as;
    int a3 = a2 + as;
    int a4 = a3 + as;
    int a5 = a4 + as;
    int c1 = c0 + cs;
    int c2 = c1 + cs;
    int c3 = c2 + cs;
    int c4 = c3 + cs;
    int c5 = c4 + cs;
    FloatVector r0x = FloatVector.fromArray(S, c, c0);
    FloatVector r1x = FloatVector.fromArray(S, c, c1);
    FloatVector r2x = FloatVector.fromArray(S, c, c2);
    FloatVector r3x = FloatVector.fromArray(S, c, c3);
    FloatVector r4x = FloatVector.fromArray(S, c, c4);
    FloatVector r5x = FloatVector.fromArray(S, c, c5);
    for (int p = 0, q = b0; p < k; p++, q += bs) {
      FloatVector x = FloatVector.fromArray(S, b, q);
      FloatVector s0 = FloatVector.broadcast(S, a[a0 + p]);
      r0x = s0.fma(x, r0x);
      FloatVector s1 = FloatVector.broadcast(S, a[a1 + p]);
      r1x = s1.fma(x, r1x);
      FloatVector s2 = FloatVector.broadcast(S, a[a2 + p]);
      r2x = s2.fma(x, r2x);
      FloatVector s3 = FloatVector.broadcast(S, a[a3 + p]);
      r3x = s3.fma(x, r3x);
      FloatVector s4 = FloatVector.broadcast(S, a[a4 + p]);
      r4x = s4.fma(x, r4x);
      FloatVector s5 = FloatVector.broadcast(S, a[a5 + p]);
      r5x = s5.fma(x, r5x);
    }
    r0x.intoArray(c, c0);
    r1x.intoArray(c, c1);
    r2x.intoArray(c, c2);
    r3x.intoArray(c, c3);
    r4x.intoArray(c, c4);
    r5x.intoArray(c, c5);
  }

  static void rows4x2(
      int k, float[] a, int a0, int as, float[] b, int b0, int bs, float[] c, int c0, int cs) {
    int a1 = a0 + as;
    int a2 = a1 + as;
    int a3 = a2 + as;
    int c1 = c0 + cs;
    int c2 = c1 + cs;
    int c3 = c2 + cs;
    FloatVector r0x = FloatVector.fromArray(S, c, c0);
    FloatVector r0y = FloatVector.fromArray(S, c, c0 + L);
    FloatVector r1x = FloatVector.fromArray(S, c, c1);
    FloatVector r1y = FloatVector.fromArray(S, c, c1 + L);
    FloatVector r2x = FloatVector.fromArray(S, c, c2);
    FloatVector r2y = FloatVector.fromArray(S, c, c2 + L);
    FloatVector r3x = FloatVector.fromArray(S, c, c3);
    FloatVector r3y = FloatVector.fromArray(S, c, c3 + L);
    for (int p = 0, q = b0; p < k; p++, q += bs) {
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
    r1x.intoArray(c, c1);
    r1y.intoArray(c, c1 + L);
    r2x.intoArray(c, c2);
    r2y.intoArray(c, c2 + L);
    r3x.intoArray(c, c3);
    r3y.intoArray(c, c3 + L);
  }

  static void rows4x1(
      int k, float[] a, int a0, int as, float[] b, int b0, int bs, float[] c, int c0, int cs) {
    int a1 = a0 + as;
    int a2 = a1 + as;
    int a3 = a2 + as;
    int c1 = c0 + cs;
    int c2 = c1 + cs;
    int c3 = c2 + cs;
    FloatVector r0x = FloatVector.fromArray(S, c, c0);
    FloatVector r1x = FloatVector.fromArray(S, c, c1);
    FloatVector r2x = FloatVector.fromArray(S, c, c2);
    FloatVector r3x = FloatVector.fromArray(S, c, c3);
    for (int p = 0, q = b0; p < k; p++, q += bs) {
      FloatVector x = FloatVector.fromArray(S, b, q);
      FloatVector s0 = FloatVector.broadcast(S, a[a0 + p]);
      r0x = s0.fma(x, r0x);
      FloatVector s1 = FloatVector.broadcast(S, a[a1 + p]);
      r1x = s1.fma(x, r1x);
      FloatVector s2 = FloatVector.broadcast(S, a[a2 + p]);
      r2x = s2.fma(x, r2x);
      FloatVector s3 = FloatVector.broadcast(S, a[a3 + p]);
      r3x = s3.fma(x, r3x);
    }
    r0x.intoArray(c, c0);
    r1x.intoArray(c, c1);
    r2x.intoArray(c, c2);
    r3x.intoArray(c, c3);
  }
}
