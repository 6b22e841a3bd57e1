package org.amortis.engine.math;

/// Quantiles of samples.
public final class Quantiles {
  private Quantiles() {}

  /// Quantile of type 7 at a level of [0, 1]: `x[j] + g (x[j + 1] - x[j])` at `j + g = (m - 1)
  /// level`.
  ///
  /// Source: Hyndman and Fan (1996), Sample quantiles in statistical packages, definition 7.
  ///
  /// @param sorted m increasing values
  public static double ofSorted(double[] sorted, double level) {
    double h = (sorted.length - 1) * level;
    int j = (int) h;
    if (j + 1 >= sorted.length) {
      return sorted[sorted.length - 1];
    }
    double step = sorted[j + 1] - sorted[j];
    double g = h - j;
    // The nearer end is the anchor, so the result never leaves the two values.
    return g < 0.5 ? sorted[j] + g * step : sorted[j + 1] - (1 - g) * step;
  }
}
