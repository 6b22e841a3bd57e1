package org.amortis.engine.device.cuda;

/// Matrix products of a vendor's library on the driver's stream, rows stored one after the other.
interface Products extends AutoCloseable {
  /// Name and version, for people.
  String describe();

  /// Enqueues `C = op(A) op(B)` for a batch of products; returns the library's status, 0 for
  /// success.
  ///
  /// @param bits 32 or 64
  /// @param inner how much of k the sums take
  /// @param a memory of A `(batch, m, k)`, or `(batch, k, m)` when transposed, from byte `fromA` on
  int multiply(
      int bits,
      boolean transposeA,
      boolean transposeB,
      int batch,
      int m,
      int n,
      int k,
      int inner,
      Object a,
      long fromA,
      Object b,
      long fromB,
      Object c,
      long fromC);

  @Override
  void close();
}
