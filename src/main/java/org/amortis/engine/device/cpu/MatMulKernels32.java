package org.amortis.engine.device.cpu;

/// Matrix products on the processor.
public interface MatMulKernels32 {
  /// Computes rows `[rowFrom, rowTo)` and columns `[colFrom, colTo)` of `C = activation(start +
  /// op(A) op(B) + bias)`.
  ///
  /// op(A) is (m, k): A is stored (m, k), or (k, m) when `transA`; op(B) is (k, n): B is stored (k,
  /// n), or (n, k) when `transB`. Storage is row-major with row distances `lda`, `ldb`, `ldc` and
  /// first elements at `aOff`, `bOff`, `cOff`. Only the named block of `c` is modified; `c` shares
  /// no storage with the factors.
  ///
  /// Every element is one chain of fused multiply-adds over p = 0, 1, ..., k - 1 that starts from
  /// 0, or from the old element when the epilogue accumulates; the bias is added last. The bits
  /// therefore do not depend on how rows and columns are divided among calls or threads, nor on the
  /// implementation.
  ///
  /// @throws IndexOutOfBoundsException if the block lies outside (m, n) or a factor outside its
  ///   array
  void multiply(
      boolean transA,
      boolean transB,
      int m,
      int n,
      int k,
      float[] a,
      int aOff,
      int lda,
      float[] b,
      int bOff,
      int ldb,
      float[] c,
      int cOff,
      int ldc,
      Epilogue32 epilogue,
      int rowFrom,
      int rowTo,
      int colFrom,
      int colTo,
      Scratch32 scratch);
}
