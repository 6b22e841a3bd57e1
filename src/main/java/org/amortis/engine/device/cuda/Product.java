package org.amortis.engine.device.cuda;

import org.amortis.engine.shape.DType;

/// A batch of matrix products `C = op(A) op(B)`, rows stored one after the other.
///
/// @param real of all three
/// @param transposeA whether A is stored `(batch, k, m)`, not `(batch, m, k)`
/// @param transposeB whether B is stored `(batch, n, k)`, not `(batch, k, n)`
/// @param batch number of products
/// @param m rows of C
/// @param n columns of C
/// @param k extent of the stored operands along the sums
/// @param inner how much of k the sums take
record Product(
    DType real,
    boolean transposeA,
    boolean transposeB,
    int batch,
    int m,
    int n,
    int k,
    int inner,
    Operand a,
    Operand b,
    Operand c) {
  /// Where a matrix begins.
  ///
  /// @param memory address of the device's memory
  /// @param from first byte in it
  record Operand(Object memory, long from) {
    Operand plus(long bytes) {
      return new Operand(memory, from + bytes);
    }
  }

  /// The part of the sums from `at` on; parts of C lie one after the other.
  ///
  /// @param depth extent of a part; the last one is what remains
  Product part(int at, int depth) {
    long width = real.bytes();
    return new Product(
        real,
        transposeA,
        transposeB,
        batch,
        m,
        n,
        k,
        StrictMath.min(depth, k - at),
        a.plus(width * at * (transposeA ? m : 1)),
        b.plus(width * at * (transposeB ? 1 : n)),
        c.plus(width * (at / depth) * batch * m * n));
  }

  /// As a library wants it that stores columns one after the other.
  GemmShape shape() {
    return GemmShape.of(transposeA, transposeB, m, n, k, inner);
  }
}
