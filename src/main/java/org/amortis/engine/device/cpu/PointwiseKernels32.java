package org.amortis.engine.device.cpu;

/// Functions of one, two or three float arrays: `y[yo + i] = f(a[ao + i], b[bo + i])`, i = 0..n-1.
///
/// Each binary function has a form with a scalar on the right and one with a scalar on the left.
/// Only the n elements of `y` are written; `y` may be any input at the same offset (any other
/// overlap is undefined). Every implementation returns the same bits, except that any NaN counts as
/// equal. Offsets out of range throw [IndexOutOfBoundsException].
public interface PointwiseKernels32 extends UnaryKernels32 {
  /// y = a + b.
  void add(float[] a, int ao, float[] b, int bo, float[] y, int yo, int n);

  /// y = a + b, b a scalar.
  void add(float[] a, int ao, float b, float[] y, int yo, int n);

  /// y = a + b, a a scalar.
  default void add(float a, float[] b, int bo, float[] y, int yo, int n) {
    add(b, bo, a, y, yo, n);
  }

  /// y = a - b.
  void sub(float[] a, int ao, float[] b, int bo, float[] y, int yo, int n);

  /// y = a - b, b a scalar.
  void sub(float[] a, int ao, float b, float[] y, int yo, int n);

  /// y = a - b, a a scalar.
  void sub(float a, float[] b, int bo, float[] y, int yo, int n);

  /// y = a b.
  void mul(float[] a, int ao, float[] b, int bo, float[] y, int yo, int n);

  /// y = a b, b a scalar.
  void mul(float[] a, int ao, float b, float[] y, int yo, int n);

  /// y = a b, a a scalar.
  default void mul(float a, float[] b, int bo, float[] y, int yo, int n) {
    mul(b, bo, a, y, yo, n);
  }

  /// y = a/b.
  void div(float[] a, int ao, float[] b, int bo, float[] y, int yo, int n);

  /// y = a/b, b a scalar.
  void div(float[] a, int ao, float b, float[] y, int yo, int n);

  /// y = a/b, a a scalar.
  void div(float a, float[] b, int bo, float[] y, int yo, int n);

  /// y = the larger of a and b as in Math.max: NaN wins, 0 > -0.
  void max(float[] a, int ao, float[] b, int bo, float[] y, int yo, int n);

  /// y = the larger of a and b as in Math.max: NaN wins, 0 > -0, b a scalar.
  void max(float[] a, int ao, float b, float[] y, int yo, int n);

  /// y = the larger of a and b as in Math.max: NaN wins, 0 > -0, a a scalar.
  default void max(float a, float[] b, int bo, float[] y, int yo, int n) {
    max(b, bo, a, y, yo, n);
  }

  /// y = the smaller of a and b as in Math.min: NaN wins, -0 < 0.
  void min(float[] a, int ao, float[] b, int bo, float[] y, int yo, int n);

  /// y = the smaller of a and b as in Math.min: NaN wins, -0 < 0, b a scalar.
  void min(float[] a, int ao, float b, float[] y, int yo, int n);

  /// y = the smaller of a and b as in Math.min: NaN wins, -0 < 0, a a scalar.
  default void min(float a, float[] b, int bo, float[] y, int yo, int n) {
    min(b, bo, a, y, yo, n);
  }

  /// y = 1 where a < b, else 0.
  void less(float[] a, int ao, float[] b, int bo, float[] y, int yo, int n);

  /// y = 1 where a < b, else 0, b a scalar.
  void less(float[] a, int ao, float b, float[] y, int yo, int n);

  /// y = 1 where a < b, else 0, a a scalar.
  void less(float a, float[] b, int bo, float[] y, int yo, int n);

  /// y = 1 where a <= b, else 0.
  void lessEqual(float[] a, int ao, float[] b, int bo, float[] y, int yo, int n);

  /// y = 1 where a <= b, else 0, b a scalar.
  void lessEqual(float[] a, int ao, float b, float[] y, int yo, int n);

  /// y = 1 where a <= b, else 0, a a scalar.
  void lessEqual(float a, float[] b, int bo, float[] y, int yo, int n);

  /// y = 1 where a = b, else 0.
  void equal(float[] a, int ao, float[] b, int bo, float[] y, int yo, int n);

  /// y = 1 where a = b, else 0, b a scalar.
  void equal(float[] a, int ao, float b, float[] y, int yo, int n);

  /// y = 1 where a = b, else 0, a a scalar.
  default void equal(float a, float[] b, int bo, float[] y, int yo, int n) {
    equal(b, bo, a, y, yo, n);
  }

  /// y = a b + c, one rounding.
  void multiplyAdd(
      float[] a, int ao, float[] b, int bo, float[] c, int co, float[] y, int yo, int n);

  /// y = alpha x + y, one rounding; `y` is modified.
  void axpy(float alpha, float[] x, int xo, float[] y, int yo, int n);

  /// y = a where c is not 0 (NaN counts as not 0), else b.
  void select(float[] c, int co, float[] a, int ao, float[] b, int bo, float[] y, int yo, int n);

  /// y = value.
  void fill(float value, float[] y, int yo, int n);

  /// y = x; overlapping ranges of one array are copied as if through a buffer.
  void copy(float[] x, int xo, float[] y, int yo, int n);

  /// One step of Adam with decoupled weight decay; `p`, `m` and `v` are modified.
  ///
  /// With the scaled gradient g:
  ///
  /// ```
  /// m = beta1 m + (1 - beta1) g
  /// v = beta2 v + (1 - beta2) g^2
  /// p = (1 - lr decay) p - (lr/c1) m / (sqrt(v/c2) + eps)
  /// ```
  ///
  /// Source: Kingma and Ba (2015), algorithm 1; Loshchilov and Hutter (2019), algorithm 2.
  ///
  /// @param step the settings of this step
  void adam(
      AdamStep32 step,
      float[] p,
      int po,
      float[] g,
      int go,
      float[] m,
      int mo,
      float[] v,
      int vo,
      int n);
}
