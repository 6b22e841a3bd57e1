package org.amortis.engine.device.cuda;

/// A product of matrices stored row by row as the libraries want it, column by column.
///
/// Rows of one are columns of the other, so `C = op(A) op(B)` becomes `C' = op(B)' op(A)'`: the
/// operands change places, nothing is copied.
///
/// @param firstTransposed whether the library's first operand, B, is transposed
/// @param secondTransposed whether its second one, A, is
/// @param rows of the library's result
/// @param columns of the library's result
/// @param inner extent of the sums
/// @param firstLine elements from one line of B to the next
/// @param secondLine elements from one line of A to the next
/// @param firstStep elements from one B of the batch to the next
/// @param secondStep elements from one A of the batch to the next
/// @param resultStep elements from one C of the batch to the next
record GemmShape(
    boolean firstTransposed,
    boolean secondTransposed,
    int rows,
    int columns,
    int inner,
    int firstLine,
    int secondLine,
    long firstStep,
    long secondStep,
    long resultStep) {
  /// @param k extent of the stored operands along the sums
  /// @param inner how much of it the sums take
  static GemmShape of(boolean transposeA, boolean transposeB, int m, int n, int k, int inner) {
    return new GemmShape(
        transposeB,
        transposeA,
        n,
        m,
        inner,
        transposeB ? k : n,
        transposeA ? m : k,
        (long) k * n,
        (long) m * k,
        (long) m * n);
  }
}
