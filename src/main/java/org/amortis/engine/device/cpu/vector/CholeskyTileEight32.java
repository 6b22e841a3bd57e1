package org.amortis.engine.device.cpu.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// Register tiles of the Cholesky factorization, 8 columns wide, for CPUs with 32 vector registers.
///
/// Every element is `-(-c + x_0 l_0 + x_1 l_1 + ...) / pivot` with fused multiply-adds in that
/// order, so that tile shape and vector length leave no trace in the result.
final class CholeskyTileEight32 {
  private static final VectorSpecies<Float> S = CholeskyPanels32.SPECIES;
  private static final int P = CholeskyPanels32.HEIGHT;

  private CholeskyTileEight32() {}

  /// Updates and solves 8 columns of two row vectors: `X_q = -(X_q + X_k L_qk^T) L_qq^-T`.
  ///
  /// @param x rows in panel layout, holding the negated input at columns q to q + 7; modified there
  /// @param l factor in panel layout; `j` is where column 0 of row q lies
  /// @param q offset of column q, the panel height times q
  /// @param inverse negated inverse pivots, read from `d` on
  static void tile2(float[] x, int r0, int r1, float[] l, int j, int q, float[] inverse, int d) {
    FloatVector a00 = FloatVector.fromArray(S, x, r0 + q + 0 * P);
    FloatVector a01 = FloatVector.fromArray(S, x, r1 + q + 0 * P);
    FloatVector a10 = FloatVector.fromArray(S, x, r0 + q + 1 * P);
    FloatVector a11 = FloatVector.fromArray(S, x, r1 + q + 1 * P);
    FloatVector a20 = FloatVector.fromArray(S, x, r0 + q + 2 * P);
    FloatVector a21 = FloatVector.fromArray(S, x, r1 + q + 2 * P);
    FloatVector a30 = FloatVector.fromArray(S, x, r0 + q + 3 * P);
    FloatVector a31 = FloatVector.fromArray(S, x, r1 + q + 3 * P);
    FloatVector a40 = FloatVector.fromArray(S, x, r0 + q + 4 * P);
    FloatVector a41 = FloatVector.fromArray(S, x, r1 + q + 4 * P);
    FloatVector a50 = FloatVector.fromArray(S, x, r0 + q + 5 * P);
    FloatVector a51 = FloatVector.fromArray(S, x, r1 + q + 5 * P);
    FloatVector a60 = FloatVector.fromArray(S, x, r0 + q + 6 * P);
    FloatVector a61 = FloatVector.fromArray(S, x, r1 + q + 6 * P);
    FloatVector a70 = FloatVector.fromArray(S, x, r0 + q + 7 * P);
    FloatVector a71 = FloatVector.fromArray(S, x, r1 + q + 7 * P);
    for (int k = 0; k < q; k += P) {
      FloatVector x0 = FloatVector.fromArray(S, x, r0 + k);
      FloatVector x1 = FloatVector.fromArray(S, x, r1 + k);
      FloatVector b0 = FloatVector.broadcast(S, l[j + k + 0]);
      a00 = x0.fma(b0, a00);
      a01 = x1.fma(b0, a01);
      FloatVector b1 = FloatVector.broadcast(S, l[j + k + 1]);
      a10 = x0.fma(b1, a10);
      a11 = x1.fma(b1, a11);
      FloatVector b2 = FloatVector.broadcast(S, l[j + k + 2]);
      a20 = x0.fma(b2, a20);
      a21 = x1.fma(b2, a21);
      FloatVector b3 = FloatVector.broadcast(S, l[j + k + 3]);
      a30 = x0.fma(b3, a30);
      a31 = x1.fma(b3, a31);
      FloatVector b4 = FloatVector.broadcast(S, l[j + k + 4]);
      a40 = x0.fma(b4, a40);
      a41 = x1.fma(b4, a41);
      FloatVector b5 = FloatVector.broadcast(S, l[j + k + 5]);
      a50 = x0.fma(b5, a50);
      a51 = x1.fma(b5, a51);
      FloatVector b6 = FloatVector.broadcast(S, l[j + k + 6]);
      a60 = x0.fma(b6, a60);
      a61 = x1.fma(b6, a61);
      FloatVector b7 = FloatVector.broadcast(S, l[j + k + 7]);
      a70 = x0.fma(b7, a70);
      a71 = x1.fma(b7, a71);
    }
    FloatVector b;
    b = FloatVector.broadcast(S, inverse[d + 0]);
    a00 = a00.mul(b);
    a00.intoArray(x, r0 + q + 0 * P);
    a01 = a01.mul(b);
    a01.intoArray(x, r1 + q + 0 * P);
    b = FloatVector.broadcast(S, l[j + q + 0 * P + 1]);
    a10 = a00.fma(b, a10);
    a11 = a01.fma(b, a11);
    b = FloatVector.broadcast(S, inverse[d + 1]);
    a10 = a10.mul(b);
    a10.intoArray(x, r0 + q + 1 * P);
    a11 = a11.mul(b);
    a11.intoArray(x, r1 + q + 1 * P);
    b = FloatVector.broadcast(S, l[j + q + 0 * P + 2]);
    a20 = a00.fma(b, a20);
    a21 = a01.fma(b, a21);
    b = FloatVector.broadcast(S, l[j + q + 1 * P + 2]);
    a20 = a10.fma(b, a20);
    a21 = a11.fma(b, a21);
    b = FloatVector.broadcast(S, inverse[d + 2]);
    a20 = a20.mul(b);
    a20.intoArray(x, r0 + q + 2 * P);
    a21 = a21.mul(b);
    a21.intoArray(x, r1 + q + 2 * P);
    b = FloatVector.broadcast(S, l[j + q + 0 * P + 3]);
    a30 = a00.fma(b, a30);
    a31 = a01.fma(b, a31);
    b = FloatVector.broadcast(S, l[j + q + 1 * P + 3]);
    a30 = a10.fma(b, a30);
    a31 = a11.fma(b, a31);
    b = FloatVector.broadcast(S, l[j + q + 2 * P + 3]);
    a30 = a20.fma(b, a30);
    a31 = a21.fma(b, a31);
    b = FloatVector.broadcast(S, inverse[d + 3]);
    a30 = a30.mul(b);
    a30.intoArray(x, r0 + q + 3 * P);
    a31 = a31.mul(b);
    a31.intoArray(x, r1 + q + 3 * P);
    b = FloatVector.broadcast(S, l[j + q + 0 * P + 4]);
    a40 = a00.fma(b, a40);
    a41 = a01.fma(b, a41);
    b = FloatVector.broadcast(S, l[j + q + 1 * P + 4]);
    a40 = a10.fma(b, a40);
    a41 = a11.fma(b, a41);
    b = FloatVector.broadcast(S, l[j + q + 2 * P + 4]);
    a40 = a20.fma(b, a40);
    a41 = a21.fma(b, a41);
    b = FloatVector.broadcast(S, l[j + q + 3 * P + 4]);
    a40 = a30.fma(b, a40);
    a41 = a31.fma(b, a41);
    b = FloatVector.broadcast(S, inverse[d + 4]);
    a40 = a40.mul(b);
    a40.intoArray(x, r0 + q + 4 * P);
    a41 = a41.mul(b);
    a41.intoArray(x, r1 + q + 4 * P);
    b = FloatVector.broadcast(S, l[j + q + 0 * P + 5]);
    a50 = a00.fma(b, a50);
    a51 = a01.fma(b, a51);
    b = FloatVector.broadcast(S, l[j + q + 1 * P + 5]);
    a50 = a10.fma(b, a50);
    a51 = a11.fma(b, a51);
    b = FloatVector.broadcast(S, l[j + q + 2 * P + 5]);
    a50 = a20.fma(b, a50);
    a51 = a21.fma(b, a51);
    b = FloatVector.broadcast(S, l[j + q + 3 * P + 5]);
    a50 = a30.fma(b, a50);
    a51 = a31.fma(b, a51);
    b = FloatVector.broadcast(S, l[j + q + 4 * P + 5]);
    a50 = a40.fma(b, a50);
    a51 = a41.fma(b, a51);
    b = FloatVector.broadcast(S, inverse[d + 5]);
    a50 = a50.mul(b);
    a50.intoArray(x, r0 + q + 5 * P);
    a51 = a51.mul(b);
    a51.intoArray(x, r1 + q + 5 * P);
    b = FloatVector.broadcast(S, l[j + q + 0 * P + 6]);
    a60 = a00.fma(b, a60);
    a61 = a01.fma(b, a61);
    b = FloatVector.broadcast(S, l[j + q + 1 * P + 6]);
    a60 = a10.fma(b, a60);
    a61 = a11.fma(b, a61);
    b = FloatVector.broadcast(S, l[j + q + 2 * P + 6]);
    a60 = a20.fma(b, a60);
    a61 = a21.fma(b, a61);
    b = FloatVector.broadcast(S, l[j + q + 3 * P + 6]);
    a60 = a30.fma(b, a60);
    a61 = a31.fma(b, a61);
    b = FloatVector.broadcast(S, l[j + q + 4 * P + 6]);
    a60 = a40.fma(b, a60);
    a61 = a41.fma(b, a61);
    b = FloatVector.broadcast(S, l[j + q + 5 * P + 6]);
    a60 = a50.fma(b, a60);
    a61 = a51.fma(b, a61);
    b = FloatVector.broadcast(S, inverse[d + 6]);
    a60 = a60.mul(b);
    a60.intoArray(x, r0 + q + 6 * P);
    a61 = a61.mul(b);
    a61.intoArray(x, r1 + q + 6 * P);
    b = FloatVector.broadcast(S, l[j + q + 0 * P + 7]);
    a70 = a00.fma(b, a70);
    a71 = a01.fma(b, a71);
    b = FloatVector.broadcast(S, l[j + q + 1 * P + 7]);
    a70 = a10.fma(b, a70);
    a71 = a11.fma(b, a71);
    b = FloatVector.broadcast(S, l[j + q + 2 * P + 7]);
    a70 = a20.fma(b, a70);
    a71 = a21.fma(b, a71);
    b = FloatVector.broadcast(S, l[j + q + 3 * P + 7]);
    a70 = a30.fma(b, a70);
    a71 = a31.fma(b, a71);
    b = FloatVector.broadcast(S, l[j + q + 4 * P + 7]);
    a70 = a40.fma(b, a70);
    a71 = a41.fma(b, a71);
    b = FloatVector.broadcast(S, l[j + q + 5 * P + 7]);
    a70 = a50.fma(b, a70);
    a71 = a51.fma(b, a71);
    b = FloatVector.broadcast(S, l[j + q + 6 * P + 7]);
    a70 = a60.fma(b, a70);
    a71 = a61.fma(b, a71);
    b = FloatVector.broadcast(S, inverse[d + 7]);
    a70 = a70.mul(b);
    a70.intoArray(x, r0 + q + 7 * P);
    a71 = a71.mul(b);
    a71.intoArray(x, r1 + q + 7 * P);
  }

  /// Updates and solves 8 columns of one row vector: `X_q = -(X_q + X_k L_qk^T) L_qq^-T`.
  ///
  /// @param x rows in panel layout, holding the negated input at columns q to q + 7; modified there
  /// @param l factor in panel layout; `j` is where column 0 of row q lies
  /// @param q offset of column q, the panel height times q
  /// @param from offset of the column to start at; the input holds the sums over those before it
  /// @param inverse negated inverse pivots, read from `d` on
  static void tile1(float[] x, int r0, float[] l, int j, int from, int q, float[] inverse, int d) {
    FloatVector a00 = FloatVector.fromArray(S, x, r0 + q + 0 * P);
    FloatVector a10 = FloatVector.fromArray(S, x, r0 + q + 1 * P);
    FloatVector a20 = FloatVector.fromArray(S, x, r0 + q + 2 * P);
    FloatVector a30 = FloatVector.fromArray(S, x, r0 + q + 3 * P);
    FloatVector a40 = FloatVector.fromArray(S, x, r0 + q + 4 * P);
    FloatVector a50 = FloatVector.fromArray(S, x, r0 + q + 5 * P);
    FloatVector a60 = FloatVector.fromArray(S, x, r0 + q + 6 * P);
    FloatVector a70 = FloatVector.fromArray(S, x, r0 + q + 7 * P);
    for (int k = from; k < q; k += P) {
      FloatVector x0 = FloatVector.fromArray(S, x, r0 + k);
      FloatVector b0 = FloatVector.broadcast(S, l[j + k + 0]);
      a00 = x0.fma(b0, a00);
      FloatVector b1 = FloatVector.broadcast(S, l[j + k + 1]);
      a10 = x0.fma(b1, a10);
      FloatVector b2 = FloatVector.broadcast(S, l[j + k + 2]);
      a20 = x0.fma(b2, a20);
      FloatVector b3 = FloatVector.broadcast(S, l[j + k + 3]);
      a30 = x0.fma(b3, a30);
      FloatVector b4 = FloatVector.broadcast(S, l[j + k + 4]);
      a40 = x0.fma(b4, a40);
      FloatVector b5 = FloatVector.broadcast(S, l[j + k + 5]);
      a50 = x0.fma(b5, a50);
      FloatVector b6 = FloatVector.broadcast(S, l[j + k + 6]);
      a60 = x0.fma(b6, a60);
      FloatVector b7 = FloatVector.broadcast(S, l[j + k + 7]);
      a70 = x0.fma(b7, a70);
    }
    FloatVector b;
    b = FloatVector.broadcast(S, inverse[d + 0]);
    a00 = a00.mul(b);
    a00.intoArray(x, r0 + q + 0 * P);
    b = FloatVector.broadcast(S, l[j + q + 0 * P + 1]);
    a10 = a00.fma(b, a10);
    b = FloatVector.broadcast(S, inverse[d + 1]);
    a10 = a10.mul(b);
    a10.intoArray(x, r0 + q + 1 * P);
    b = FloatVector.broadcast(S, l[j + q + 0 * P + 2]);
    a20 = a00.fma(b, a20);
    b = FloatVector.broadcast(S, l[j + q + 1 * P + 2]);
    a20 = a10.fma(b, a20);
    b = FloatVector.broadcast(S, inverse[d + 2]);
    a20 = a20.mul(b);
    a20.intoArray(x, r0 + q + 2 * P);
    b = FloatVector.broadcast(S, l[j + q + 0 * P + 3]);
    a30 = a00.fma(b, a30);
    b = FloatVector.broadcast(S, l[j + q + 1 * P + 3]);
    a30 = a10.fma(b, a30);
    b = FloatVector.broadcast(S, l[j + q + 2 * P + 3]);
    a30 = a20.fma(b, a30);
    b = FloatVector.broadcast(S, inverse[d + 3]);
    a30 = a30.mul(b);
    a30.intoArray(x, r0 + q + 3 * P);
    b = FloatVector.broadcast(S, l[j + q + 0 * P + 4]);
    a40 = a00.fma(b, a40);
    b = FloatVector.broadcast(S, l[j + q + 1 * P + 4]);
    a40 = a10.fma(b, a40);
    b = FloatVector.broadcast(S, l[j + q + 2 * P + 4]);
    a40 = a20.fma(b, a40);
    b = FloatVector.broadcast(S, l[j + q + 3 * P + 4]);
    a40 = a30.fma(b, a40);
    b = FloatVector.broadcast(S, inverse[d + 4]);
    a40 = a40.mul(b);
    a40.intoArray(x, r0 + q + 4 * P);
    b = FloatVector.broadcast(S, l[j + q + 0 * P + 5]);
    a50 = a00.fma(b, a50);
    b = FloatVector.broadcast(S, l[j + q + 1 * P + 5]);
    a50 = a10.fma(b, a50);
    b = FloatVector.broadcast(S, l[j + q + 2 * P + 5]);
    a50 = a20.fma(b, a50);
    b = FloatVector.broadcast(S, l[j + q + 3 * P + 5]);
    a50 = a30.fma(b, a50);
    b = FloatVector.broadcast(S, l[j + q + 4 * P + 5]);
    a50 = a40.fma(b, a50);
    b = FloatVector.broadcast(S, inverse[d + 5]);
    a50 = a50.mul(b);
    a50.intoArray(x, r0 + q + 5 * P);
    b = FloatVector.broadcast(S, l[j + q + 0 * P + 6]);
    a60 = a00.fma(b, a60);
    b = FloatVector.broadcast(S, l[j + q + 1 * P + 6]);
    a60 = a10.fma(b, a60);
    b = FloatVector.broadcast(S, l[j + q + 2 * P + 6]);
    a60 = a20.fma(b, a60);
    b = FloatVector.broadcast(S, l[j + q + 3 * P + 6]);
    a60 = a30.fma(b, a60);
    b = FloatVector.broadcast(S, l[j + q + 4 * P + 6]);
    a60 = a40.fma(b, a60);
    b = FloatVector.broadcast(S, l[j + q + 5 * P + 6]);
    a60 = a50.fma(b, a60);
    b = FloatVector.broadcast(S, inverse[d + 6]);
    a60 = a60.mul(b);
    a60.intoArray(x, r0 + q + 6 * P);
    b = FloatVector.broadcast(S, l[j + q + 0 * P + 7]);
    a70 = a00.fma(b, a70);
    b = FloatVector.broadcast(S, l[j + q + 1 * P + 7]);
    a70 = a10.fma(b, a70);
    b = FloatVector.broadcast(S, l[j + q + 2 * P + 7]);
    a70 = a20.fma(b, a70);
    b = FloatVector.broadcast(S, l[j + q + 3 * P + 7]);
    a70 = a30.fma(b, a70);
    b = FloatVector.broadcast(S, l[j + q + 4 * P + 7]);
    a70 = a40.fma(b, a70);
    b = FloatVector.broadcast(S, l[j + q + 5 * P + 7]);
    a70 = a50.fma(b, a70);
    b = FloatVector.broadcast(S, l[j + q + 6 * P + 7]);
    a70 = a60.fma(b, a70);
    b = FloatVector.broadcast(S, inverse[d + 7]);
    a70 = a70.mul(b);
    a70.intoArray(x, r0 + q + 7 * P);
  }

  /// Adds `X_k L_qk^T` to 8 columns of one row vector and `X_k y_k` to one right-hand side.
  ///
  /// @param x rows in panel layout; modified at columns q to q + 7
  /// @param l factor in panel layout; `j` is where column 0 of the first of the columns lies
  /// @param end panel height times the number of finished columns
  /// @param q offset of the first of the columns
  /// @param y solved part of the right-hand side
  /// @param t right-hand side of these rows, read at `in`, written at `out`
  static void update(
      float[] x, int r, float[] l, int j, int end, int q, float[] y, float[] t, int in, int out) {
    FloatVector a0 = FloatVector.fromArray(S, x, r + q + 0 * P);
    FloatVector a1 = FloatVector.fromArray(S, x, r + q + 1 * P);
    FloatVector a2 = FloatVector.fromArray(S, x, r + q + 2 * P);
    FloatVector a3 = FloatVector.fromArray(S, x, r + q + 3 * P);
    FloatVector a4 = FloatVector.fromArray(S, x, r + q + 4 * P);
    FloatVector a5 = FloatVector.fromArray(S, x, r + q + 5 * P);
    FloatVector a6 = FloatVector.fromArray(S, x, r + q + 6 * P);
    FloatVector a7 = FloatVector.fromArray(S, x, r + q + 7 * P);
    FloatVector s = FloatVector.fromArray(S, t, in);
    for (int k = 0; k < end; k += P) {
      FloatVector v = FloatVector.fromArray(S, x, r + k);
      a0 = v.fma(FloatVector.broadcast(S, l[j + k + 0]), a0);
      a1 = v.fma(FloatVector.broadcast(S, l[j + k + 1]), a1);
      a2 = v.fma(FloatVector.broadcast(S, l[j + k + 2]), a2);
      a3 = v.fma(FloatVector.broadcast(S, l[j + k + 3]), a3);
      a4 = v.fma(FloatVector.broadcast(S, l[j + k + 4]), a4);
      a5 = v.fma(FloatVector.broadcast(S, l[j + k + 5]), a5);
      a6 = v.fma(FloatVector.broadcast(S, l[j + k + 6]), a6);
      a7 = v.fma(FloatVector.broadcast(S, l[j + k + 7]), a7);
      s = v.fma(FloatVector.broadcast(S, y[k / P]), s);
    }
    a0.intoArray(x, r + q + 0 * P);
    a1.intoArray(x, r + q + 1 * P);
    a2.intoArray(x, r + q + 2 * P);
    a3.intoArray(x, r + q + 3 * P);
    a4.intoArray(x, r + q + 4 * P);
    a5.intoArray(x, r + q + 5 * P);
    a6.intoArray(x, r + q + 6 * P);
    a7.intoArray(x, r + q + 7 * P);
    s.intoArray(t, out);
  }

  /// Like `update` for two row vectors, the right-hand side with the first.
  static void update2(
      float[] x, int r0, int r1, int j, int end, float[] y, float[] t, int in, int out) {
    FloatVector a00 = FloatVector.fromArray(S, x, r0 + end + 0 * P);
    FloatVector a01 = FloatVector.fromArray(S, x, r1 + end + 0 * P);
    FloatVector a10 = FloatVector.fromArray(S, x, r0 + end + 1 * P);
    FloatVector a11 = FloatVector.fromArray(S, x, r1 + end + 1 * P);
    FloatVector a20 = FloatVector.fromArray(S, x, r0 + end + 2 * P);
    FloatVector a21 = FloatVector.fromArray(S, x, r1 + end + 2 * P);
    FloatVector a30 = FloatVector.fromArray(S, x, r0 + end + 3 * P);
    FloatVector a31 = FloatVector.fromArray(S, x, r1 + end + 3 * P);
    FloatVector a40 = FloatVector.fromArray(S, x, r0 + end + 4 * P);
    FloatVector a41 = FloatVector.fromArray(S, x, r1 + end + 4 * P);
    FloatVector a50 = FloatVector.fromArray(S, x, r0 + end + 5 * P);
    FloatVector a51 = FloatVector.fromArray(S, x, r1 + end + 5 * P);
    FloatVector a60 = FloatVector.fromArray(S, x, r0 + end + 6 * P);
    FloatVector a61 = FloatVector.fromArray(S, x, r1 + end + 6 * P);
    FloatVector a70 = FloatVector.fromArray(S, x, r0 + end + 7 * P);
    FloatVector a71 = FloatVector.fromArray(S, x, r1 + end + 7 * P);
    FloatVector s = FloatVector.fromArray(S, t, in);
    for (int k = 0; k < end; k += P) {
      FloatVector x0 = FloatVector.fromArray(S, x, r0 + k);
      FloatVector x1 = FloatVector.fromArray(S, x, r1 + k);
      FloatVector b0 = FloatVector.broadcast(S, x[j + k + 0]);
      a00 = x0.fma(b0, a00);
      a01 = x1.fma(b0, a01);
      FloatVector b1 = FloatVector.broadcast(S, x[j + k + 1]);
      a10 = x0.fma(b1, a10);
      a11 = x1.fma(b1, a11);
      FloatVector b2 = FloatVector.broadcast(S, x[j + k + 2]);
      a20 = x0.fma(b2, a20);
      a21 = x1.fma(b2, a21);
      FloatVector b3 = FloatVector.broadcast(S, x[j + k + 3]);
      a30 = x0.fma(b3, a30);
      a31 = x1.fma(b3, a31);
      FloatVector b4 = FloatVector.broadcast(S, x[j + k + 4]);
      a40 = x0.fma(b4, a40);
      a41 = x1.fma(b4, a41);
      FloatVector b5 = FloatVector.broadcast(S, x[j + k + 5]);
      a50 = x0.fma(b5, a50);
      a51 = x1.fma(b5, a51);
      FloatVector b6 = FloatVector.broadcast(S, x[j + k + 6]);
      a60 = x0.fma(b6, a60);
      a61 = x1.fma(b6, a61);
      FloatVector b7 = FloatVector.broadcast(S, x[j + k + 7]);
      a70 = x0.fma(b7, a70);
      a71 = x1.fma(b7, a71);
      s = x0.fma(FloatVector.broadcast(S, y[k / P]), s);
    }
    a00.intoArray(x, r0 + end + 0 * P);
    a01.intoArray(x, r1 + end + 0 * P);
    a10.intoArray(x, r0 + end + 1 * P);
    a11.intoArray(x, r1 + end + 1 * P);
    a20.intoArray(x, r0 + end + 2 * P);
    a21.intoArray(x, r1 + end + 2 * P);
    a30.intoArray(x, r0 + end + 3 * P);
    a31.intoArray(x, r1 + end + 3 * P);
    a40.intoArray(x, r0 + end + 4 * P);
    a41.intoArray(x, r1 + end + 4 * P);
    a50.intoArray(x, r0 + end + 5 * P);
    a51.intoArray(x, r1 + end + 5 * P);
    a60.intoArray(x, r0 + end + 6 * P);
    a61.intoArray(x, r1 + end + 6 * P);
    a70.intoArray(x, r0 + end + 7 * P);
    a71.intoArray(x, r1 + end + 7 * P);
    s.intoArray(t, out);
  }
}
