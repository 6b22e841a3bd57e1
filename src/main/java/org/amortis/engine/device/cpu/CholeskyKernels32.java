package org.amortis.engine.device.cpu;

/// Cholesky factors of row-major matrices, and what is computed from them.
///
/// Matrix b of a batch starts at `b * stride` and has its row i at `i * lda` from there. Items are
/// independent: every item has the same bytes however a batch is split, on any vector length.
public interface CholeskyKernels32 {
  /// Status of a matrix that is positive definite.
  int DEFINITE = -1;

  /// Replaces the lower triangle of matrices `from` to `to` - 1 by their lower Cholesky factors.
  ///
  /// `A = L L^T`. The strict upper triangle is not read and set to zero. A matrix with a pivot that
  /// is not positive and finite becomes NaN and the index of that pivot its status.
  ///
  /// @param n rows
  /// @param lda distance of rows, at least n
  /// @param stride distance of matrices
  /// @param a matrices (B, n, lda); modified
  /// @param status `DEFINITE` or the index of the failed pivot (B); modified
  void factor(int n, int lda, int stride, float[] a, int[] status, int from, int to);

  /// Solves `L x = y` (or `L^T x = y`) in place for `count` right-hand sides a matrix.
  ///
  /// @param transposed solve with the transposed factor
  /// @param l factors (B, n, lda)
  /// @param count right-hand sides a matrix, R
  /// @param x right-hand sides (B, R, n), one after another; modified
  void solve(
      boolean transposed,
      int n,
      int lda,
      int stride,
      float[] l,
      int count,
      float[] x,
      int from,
      int to);

  /// Writes `log|A| = 2 sum_i log L_ii`.
  ///
  /// @param l factors (B, n, lda)
  /// @param out logarithms (B); modified
  void logDeterminant(int n, int lda, int stride, float[] l, double[] out, int from, int to);
}
