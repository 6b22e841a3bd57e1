package org.amortis.engine.device.cpu;

import org.amortis.engine.math.Chebyshev;

/// Chebyshev interpolants of many functions, each at its own point.
public interface ChebyshevKernels32 {
  /// Writes `f_i(x_i)` by Clenshaw's recurrence, for i from `from` to `to` - 1; NaN where x_i is
  /// outside the interval.
  ///
  /// @param chebyshev interval and number of terms K
  /// @param functions F
  /// @param coefficients coefficients (K, F)
  /// @param x points (F)
  /// @param out values (F); modified
  void evaluate(
      Chebyshev chebyshev,
      int functions,
      float[] coefficients,
      float[] x,
      float[] out,
      int from,
      int to);
}
