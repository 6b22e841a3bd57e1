package org.amortis.engine.device.cpu.vector;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/// Register tiles of Cholesky factorizations that run side by side, one matrix a vector lane.
///
/// Rows go in pairs; a pair stores its columns one after another, two vectors each. `a` and `b` are
/// where the pairs of a tile start, `j` and `k` where the two pairs do whose rows are the tile's
/// columns; `end` is the offset of the first of these columns in a pair, `d` its place in the
/// inverse pivots. The negated input of a tile is formed from the values `u` as `LaneEntries64`
/// says: two terms an element, column after column, from `at_t` on, the second one times `factor`.
/// Not a branch between sum and difference: C2 boxes vectors that meet after one with 256 bits.
final class LaneTile64 {
  private static final VectorSpecies<Double> S = DoubleVector.SPECIES_PREFERRED;
  private static final int L = S.length();
  private static final DoubleVector MINUS_ONE = DoubleVector.broadcast(S, -1);

  private LaneTile64() {}

  /// Forms, updates and solves four columns of two pairs of rows.
  static void tile(
      double[] u,
      int[] at,
      int t,
      double factor,
      double[] x,
      int a,
      int b,
      int j,
      int k,
      int end,
      double[] inverse,
      int d) {
    DoubleVector f = DoubleVector.broadcast(S, factor);
    DoubleVector s00 =
        DoubleVector.fromArray(S, u, at[t + 1]).fma(f, DoubleVector.fromArray(S, u, at[t + 0]));
    DoubleVector s10 =
        DoubleVector.fromArray(S, u, at[t + 3]).fma(f, DoubleVector.fromArray(S, u, at[t + 2]));
    DoubleVector s20 =
        DoubleVector.fromArray(S, u, at[t + 5]).fma(f, DoubleVector.fromArray(S, u, at[t + 4]));
    DoubleVector s30 =
        DoubleVector.fromArray(S, u, at[t + 7]).fma(f, DoubleVector.fromArray(S, u, at[t + 6]));
    DoubleVector s01 =
        DoubleVector.fromArray(S, u, at[t + 9]).fma(f, DoubleVector.fromArray(S, u, at[t + 8]));
    DoubleVector s11 =
        DoubleVector.fromArray(S, u, at[t + 11]).fma(f, DoubleVector.fromArray(S, u, at[t + 10]));
    DoubleVector s21 =
        DoubleVector.fromArray(S, u, at[t + 13]).fma(f, DoubleVector.fromArray(S, u, at[t + 12]));
    DoubleVector s31 =
        DoubleVector.fromArray(S, u, at[t + 15]).fma(f, DoubleVector.fromArray(S, u, at[t + 14]));
    DoubleVector s02 =
        DoubleVector.fromArray(S, u, at[t + 17]).fma(f, DoubleVector.fromArray(S, u, at[t + 16]));
    DoubleVector s12 =
        DoubleVector.fromArray(S, u, at[t + 19]).fma(f, DoubleVector.fromArray(S, u, at[t + 18]));
    DoubleVector s22 =
        DoubleVector.fromArray(S, u, at[t + 21]).fma(f, DoubleVector.fromArray(S, u, at[t + 20]));
    DoubleVector s32 =
        DoubleVector.fromArray(S, u, at[t + 23]).fma(f, DoubleVector.fromArray(S, u, at[t + 22]));
    DoubleVector s03 =
        DoubleVector.fromArray(S, u, at[t + 25]).fma(f, DoubleVector.fromArray(S, u, at[t + 24]));
    DoubleVector s13 =
        DoubleVector.fromArray(S, u, at[t + 27]).fma(f, DoubleVector.fromArray(S, u, at[t + 26]));
    DoubleVector s23 =
        DoubleVector.fromArray(S, u, at[t + 29]).fma(f, DoubleVector.fromArray(S, u, at[t + 28]));
    DoubleVector s33 =
        DoubleVector.fromArray(S, u, at[t + 31]).fma(f, DoubleVector.fromArray(S, u, at[t + 30]));
    for (int i = 0; i < end; i += 2 * L) {
      DoubleVector l0 = DoubleVector.fromArray(S, x, j + i);
      DoubleVector l1 = DoubleVector.fromArray(S, x, j + i + L);
      DoubleVector l2 = DoubleVector.fromArray(S, x, k + i);
      DoubleVector l3 = DoubleVector.fromArray(S, x, k + i + L);
      DoubleVector v0 = DoubleVector.fromArray(S, x, a + i);
      s00 = v0.fma(l0, s00);
      s01 = v0.fma(l1, s01);
      s02 = v0.fma(l2, s02);
      s03 = v0.fma(l3, s03);
      DoubleVector v1 = DoubleVector.fromArray(S, x, a + i + L);
      s10 = v1.fma(l0, s10);
      s11 = v1.fma(l1, s11);
      s12 = v1.fma(l2, s12);
      s13 = v1.fma(l3, s13);
      DoubleVector v2 = DoubleVector.fromArray(S, x, b + i);
      s20 = v2.fma(l0, s20);
      s21 = v2.fma(l1, s21);
      s22 = v2.fma(l2, s22);
      s23 = v2.fma(l3, s23);
      DoubleVector v3 = DoubleVector.fromArray(S, x, b + i + L);
      s30 = v3.fma(l0, s30);
      s31 = v3.fma(l1, s31);
      s32 = v3.fma(l2, s32);
      s33 = v3.fma(l3, s33);
    }
    DoubleVector l;
    l = DoubleVector.fromArray(S, inverse, d + 0 * L);
    s00 = s00.mul(l);
    s00.intoArray(x, a + end + 0 * L);
    s10 = s10.mul(l);
    s10.intoArray(x, a + end + 1 * L);
    s20 = s20.mul(l);
    s20.intoArray(x, b + end + 0 * L);
    s30 = s30.mul(l);
    s30.intoArray(x, b + end + 1 * L);
    l = DoubleVector.fromArray(S, x, j + end + 1 * L);
    s01 = s00.fma(l, s01);
    s11 = s10.fma(l, s11);
    s21 = s20.fma(l, s21);
    s31 = s30.fma(l, s31);
    l = DoubleVector.fromArray(S, inverse, d + 1 * L);
    s01 = s01.mul(l);
    s01.intoArray(x, a + end + 2 * L);
    s11 = s11.mul(l);
    s11.intoArray(x, a + end + 3 * L);
    s21 = s21.mul(l);
    s21.intoArray(x, b + end + 2 * L);
    s31 = s31.mul(l);
    s31.intoArray(x, b + end + 3 * L);
    l = DoubleVector.fromArray(S, x, k + end + 0 * L);
    s02 = s00.fma(l, s02);
    s12 = s10.fma(l, s12);
    s22 = s20.fma(l, s22);
    s32 = s30.fma(l, s32);
    l = DoubleVector.fromArray(S, x, k + end + 2 * L);
    s02 = s01.fma(l, s02);
    s12 = s11.fma(l, s12);
    s22 = s21.fma(l, s22);
    s32 = s31.fma(l, s32);
    l = DoubleVector.fromArray(S, inverse, d + 2 * L);
    s02 = s02.mul(l);
    s02.intoArray(x, a + end + 4 * L);
    s12 = s12.mul(l);
    s12.intoArray(x, a + end + 5 * L);
    s22 = s22.mul(l);
    s22.intoArray(x, b + end + 4 * L);
    s32 = s32.mul(l);
    s32.intoArray(x, b + end + 5 * L);
    l = DoubleVector.fromArray(S, x, k + end + 1 * L);
    s03 = s00.fma(l, s03);
    s13 = s10.fma(l, s13);
    s23 = s20.fma(l, s23);
    s33 = s30.fma(l, s33);
    l = DoubleVector.fromArray(S, x, k + end + 3 * L);
    s03 = s01.fma(l, s03);
    s13 = s11.fma(l, s13);
    s23 = s21.fma(l, s23);
    s33 = s31.fma(l, s33);
    l = DoubleVector.fromArray(S, x, k + end + 5 * L);
    s03 = s02.fma(l, s03);
    s13 = s12.fma(l, s13);
    s23 = s22.fma(l, s23);
    s33 = s32.fma(l, s33);
    l = DoubleVector.fromArray(S, inverse, d + 3 * L);
    s03 = s03.mul(l);
    s03.intoArray(x, a + end + 6 * L);
    s13 = s13.mul(l);
    s13.intoArray(x, a + end + 7 * L);
    s23 = s23.mul(l);
    s23.intoArray(x, b + end + 6 * L);
    s33 = s33.mul(l);
    s33.intoArray(x, b + end + 7 * L);
  }

  /// Updates and solves four columns of one pair of right-hand sides, negated input in `x`.
  static void sides(double[] x, int a, int j, int k, int end, double[] inverse, int d) {
    DoubleVector s00 = DoubleVector.fromArray(S, x, a + end + 0 * L);
    DoubleVector s01 = DoubleVector.fromArray(S, x, a + end + 2 * L);
    DoubleVector s02 = DoubleVector.fromArray(S, x, a + end + 4 * L);
    DoubleVector s03 = DoubleVector.fromArray(S, x, a + end + 6 * L);
    DoubleVector s10 = DoubleVector.fromArray(S, x, a + end + 1 * L);
    DoubleVector s11 = DoubleVector.fromArray(S, x, a + end + 3 * L);
    DoubleVector s12 = DoubleVector.fromArray(S, x, a + end + 5 * L);
    DoubleVector s13 = DoubleVector.fromArray(S, x, a + end + 7 * L);
    for (int i = 0; i < end; i += 2 * L) {
      DoubleVector l0 = DoubleVector.fromArray(S, x, j + i);
      DoubleVector l1 = DoubleVector.fromArray(S, x, j + i + L);
      DoubleVector l2 = DoubleVector.fromArray(S, x, k + i);
      DoubleVector l3 = DoubleVector.fromArray(S, x, k + i + L);
      DoubleVector v0 = DoubleVector.fromArray(S, x, a + i);
      s00 = v0.fma(l0, s00);
      s01 = v0.fma(l1, s01);
      s02 = v0.fma(l2, s02);
      s03 = v0.fma(l3, s03);
      DoubleVector v1 = DoubleVector.fromArray(S, x, a + i + L);
      s10 = v1.fma(l0, s10);
      s11 = v1.fma(l1, s11);
      s12 = v1.fma(l2, s12);
      s13 = v1.fma(l3, s13);
    }
    DoubleVector l;
    l = DoubleVector.fromArray(S, inverse, d + 0 * L);
    s00 = s00.mul(l);
    s00.intoArray(x, a + end + 0 * L);
    s10 = s10.mul(l);
    s10.intoArray(x, a + end + 1 * L);
    l = DoubleVector.fromArray(S, x, j + end + 1 * L);
    s01 = s00.fma(l, s01);
    s11 = s10.fma(l, s11);
    l = DoubleVector.fromArray(S, inverse, d + 1 * L);
    s01 = s01.mul(l);
    s01.intoArray(x, a + end + 2 * L);
    s11 = s11.mul(l);
    s11.intoArray(x, a + end + 3 * L);
    l = DoubleVector.fromArray(S, x, k + end + 0 * L);
    s02 = s00.fma(l, s02);
    s12 = s10.fma(l, s12);
    l = DoubleVector.fromArray(S, x, k + end + 2 * L);
    s02 = s01.fma(l, s02);
    s12 = s11.fma(l, s12);
    l = DoubleVector.fromArray(S, inverse, d + 2 * L);
    s02 = s02.mul(l);
    s02.intoArray(x, a + end + 4 * L);
    s12 = s12.mul(l);
    s12.intoArray(x, a + end + 5 * L);
    l = DoubleVector.fromArray(S, x, k + end + 1 * L);
    s03 = s00.fma(l, s03);
    s13 = s10.fma(l, s13);
    l = DoubleVector.fromArray(S, x, k + end + 3 * L);
    s03 = s01.fma(l, s03);
    s13 = s11.fma(l, s13);
    l = DoubleVector.fromArray(S, x, k + end + 5 * L);
    s03 = s02.fma(l, s03);
    s13 = s12.fma(l, s13);
    l = DoubleVector.fromArray(S, inverse, d + 3 * L);
    s03 = s03.mul(l);
    s03.intoArray(x, a + end + 6 * L);
    s13 = s13.mul(l);
    s13.intoArray(x, a + end + 7 * L);
  }

  /// Updates and solves four columns of a pair's first right-hand side, negated input in `x`.
  static void side(double[] x, int a, int j, int k, int end, double[] inverse, int d) {
    DoubleVector s00 = DoubleVector.fromArray(S, x, a + end + 0 * L);
    DoubleVector s01 = DoubleVector.fromArray(S, x, a + end + 2 * L);
    DoubleVector s02 = DoubleVector.fromArray(S, x, a + end + 4 * L);
    DoubleVector s03 = DoubleVector.fromArray(S, x, a + end + 6 * L);
    for (int i = 0; i < end; i += 2 * L) {
      DoubleVector l0 = DoubleVector.fromArray(S, x, j + i);
      DoubleVector l1 = DoubleVector.fromArray(S, x, j + i + L);
      DoubleVector l2 = DoubleVector.fromArray(S, x, k + i);
      DoubleVector l3 = DoubleVector.fromArray(S, x, k + i + L);
      DoubleVector v0 = DoubleVector.fromArray(S, x, a + i);
      s00 = v0.fma(l0, s00);
      s01 = v0.fma(l1, s01);
      s02 = v0.fma(l2, s02);
      s03 = v0.fma(l3, s03);
    }
    DoubleVector l;
    l = DoubleVector.fromArray(S, inverse, d + 0 * L);
    s00 = s00.mul(l);
    s00.intoArray(x, a + end + 0 * L);
    l = DoubleVector.fromArray(S, x, j + end + 1 * L);
    s01 = s00.fma(l, s01);
    l = DoubleVector.fromArray(S, inverse, d + 1 * L);
    s01 = s01.mul(l);
    s01.intoArray(x, a + end + 2 * L);
    l = DoubleVector.fromArray(S, x, k + end + 0 * L);
    s02 = s00.fma(l, s02);
    l = DoubleVector.fromArray(S, x, k + end + 2 * L);
    s02 = s01.fma(l, s02);
    l = DoubleVector.fromArray(S, inverse, d + 2 * L);
    s02 = s02.mul(l);
    s02.intoArray(x, a + end + 4 * L);
    l = DoubleVector.fromArray(S, x, k + end + 1 * L);
    s03 = s00.fma(l, s03);
    l = DoubleVector.fromArray(S, x, k + end + 3 * L);
    s03 = s01.fma(l, s03);
    l = DoubleVector.fromArray(S, x, k + end + 5 * L);
    s03 = s02.fma(l, s03);
    l = DoubleVector.fromArray(S, inverse, d + 3 * L);
    s03 = s03.mul(l);
    s03.intoArray(x, a + end + 6 * L);
  }

  /// Forms, updates and factors the diagonal block of four rows, pairs `j` and `k`.
  static void diagonal(
      double[] u,
      int[] at,
      int t,
      double factor,
      double[] x,
      int j,
      int k,
      int end,
      double[] inverse,
      double[] pivot,
      int d) {
    DoubleVector f = DoubleVector.broadcast(S, factor);
    DoubleVector s00 =
        DoubleVector.fromArray(S, u, at[t + 1]).fma(f, DoubleVector.fromArray(S, u, at[t + 0]));
    DoubleVector s10 =
        DoubleVector.fromArray(S, u, at[t + 3]).fma(f, DoubleVector.fromArray(S, u, at[t + 2]));
    DoubleVector s20 =
        DoubleVector.fromArray(S, u, at[t + 5]).fma(f, DoubleVector.fromArray(S, u, at[t + 4]));
    DoubleVector s30 =
        DoubleVector.fromArray(S, u, at[t + 7]).fma(f, DoubleVector.fromArray(S, u, at[t + 6]));
    DoubleVector s11 =
        DoubleVector.fromArray(S, u, at[t + 11]).fma(f, DoubleVector.fromArray(S, u, at[t + 10]));
    DoubleVector s21 =
        DoubleVector.fromArray(S, u, at[t + 13]).fma(f, DoubleVector.fromArray(S, u, at[t + 12]));
    DoubleVector s31 =
        DoubleVector.fromArray(S, u, at[t + 15]).fma(f, DoubleVector.fromArray(S, u, at[t + 14]));
    DoubleVector s22 =
        DoubleVector.fromArray(S, u, at[t + 21]).fma(f, DoubleVector.fromArray(S, u, at[t + 20]));
    DoubleVector s32 =
        DoubleVector.fromArray(S, u, at[t + 23]).fma(f, DoubleVector.fromArray(S, u, at[t + 22]));
    DoubleVector s33 =
        DoubleVector.fromArray(S, u, at[t + 31]).fma(f, DoubleVector.fromArray(S, u, at[t + 30]));
    for (int i = 0; i < end; i += 2 * L) {
      DoubleVector v0 = DoubleVector.fromArray(S, x, j + i);
      DoubleVector v1 = DoubleVector.fromArray(S, x, j + i + L);
      DoubleVector v2 = DoubleVector.fromArray(S, x, k + i);
      DoubleVector v3 = DoubleVector.fromArray(S, x, k + i + L);
      s00 = v0.fma(v0, s00);
      s10 = v1.fma(v0, s10);
      s11 = v1.fma(v1, s11);
      s20 = v2.fma(v0, s20);
      s21 = v2.fma(v1, s21);
      s22 = v2.fma(v2, s22);
      s30 = v3.fma(v0, s30);
      s31 = v3.fma(v1, s31);
      s32 = v3.fma(v2, s32);
      s33 = v3.fma(v3, s33);
    }
    DoubleVector p;
    DoubleVector n;
    p = s00.neg();
    p.intoArray(pivot, d + 0 * L);
    n = MINUS_ONE.div(p.sqrt());
    n.intoArray(inverse, d + 0 * L);
    s10 = s10.mul(n);
    s10.intoArray(x, j + end + 1 * L);
    s20 = s20.mul(n);
    s20.intoArray(x, k + end + 0 * L);
    s30 = s30.mul(n);
    s30.intoArray(x, k + end + 1 * L);
    s11 = s10.fma(s10, s11);
    s21 = s20.fma(s10, s21);
    s22 = s20.fma(s20, s22);
    s31 = s30.fma(s10, s31);
    s32 = s30.fma(s20, s32);
    s33 = s30.fma(s30, s33);
    p = s11.neg();
    p.intoArray(pivot, d + 1 * L);
    n = MINUS_ONE.div(p.sqrt());
    n.intoArray(inverse, d + 1 * L);
    s21 = s21.mul(n);
    s21.intoArray(x, k + end + 2 * L);
    s31 = s31.mul(n);
    s31.intoArray(x, k + end + 3 * L);
    s22 = s21.fma(s21, s22);
    s32 = s31.fma(s21, s32);
    s33 = s31.fma(s31, s33);
    p = s22.neg();
    p.intoArray(pivot, d + 2 * L);
    n = MINUS_ONE.div(p.sqrt());
    n.intoArray(inverse, d + 2 * L);
    s32 = s32.mul(n);
    s32.intoArray(x, k + end + 5 * L);
    s33 = s32.fma(s32, s33);
    p = s33.neg();
    p.intoArray(pivot, d + 3 * L);
    n = MINUS_ONE.div(p.sqrt());
    n.intoArray(inverse, d + 3 * L);
  }
}
