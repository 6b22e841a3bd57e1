package org.amortis.engine.device.cpu;

/// Sums, extremes and softmax over float arrays, in an order that depends on neither threads nor
/// vector width.
///
/// **The tree of a sum** over x_0..x_{n-1}: 32 partial sums start at 0; x_i is added to partial sum
/// `i mod 32`, i rising. Then partial sum j takes partial sum j + 16 for j < 16, then j + 8 for j <
/// 8, and so on down to j + 1 for j = 0, which is the result. Products (`dot`, `sumOfSquares`)
/// enter by fused multiply-add.
///
/// Maxima and minima follow Math.max and Math.min: NaN wins, 0 > -0; they are -Infinity and
/// Infinity for n = 0. A matrix is row-major, `rows` by `cols`, without gaps. Offsets out of range
/// throw [IndexOutOfBoundsException]. Every implementation returns the same bits, except that any
/// NaN counts as equal.
public interface ReductionKernels32 {
  /// Returns the sum of x[xo .. xo + n - 1].
  float sum(float[] x, int xo, int n);

  /// Returns the sum of the squares.
  float sumOfSquares(float[] x, int xo, int n);

  /// Returns the sum of a_i b_i.
  float dot(float[] a, int ao, float[] b, int bo, int n);

  /// Returns the largest element.
  float max(float[] x, int xo, int n);

  /// Returns the smallest element.
  float min(float[] x, int xo, int n);

  /// y_r = sum of row r, by the tree of [#sum].
  void rowSum(float[] x, int xo, float[] y, int yo, int rows, int cols);

  /// y_r = largest element of row r.
  void rowMax(float[] x, int xo, float[] y, int yo, int rows, int cols);

  /// y_r = smallest element of row r.
  void rowMin(float[] x, int xo, float[] y, int yo, int rows, int cols);

  /// y_r = m + log(sum of exp(x_rc - m)), m the largest element of row r; m itself where it is
  /// infinite.
  void rowLogSumExp(float[] x, int xo, float[] y, int yo, int rows, int cols);

  /// y_rc = exp(x_rc - m)/s, m the largest element of row r, s the sum of the exponentials by the
  /// tree of [#sum].
  ///
  /// `y` has the shape of `x` and may be `x` at the same offset.
  void rowSoftmax(float[] x, int xo, float[] y, int yo, int rows, int cols);

  /// y_c = 0 + x_0c + x_1c + ..., row by row.
  void columnSum(float[] x, int xo, float[] y, int yo, int rows, int cols);

  /// y_c = largest element of column c.
  void columnMax(float[] x, int xo, float[] y, int yo, int rows, int cols);

  /// y_c = smallest element of column c.
  void columnMin(float[] x, int xo, float[] y, int yo, int rows, int cols);
}
