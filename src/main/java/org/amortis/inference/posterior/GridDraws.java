package org.amortis.inference.posterior;

import org.amortis.engine.math.Special;

/// Draws from grids by inverse transform, at points that fill the unit interval or square evenly.
final class GridDraws {
  private GridDraws() {}

  /// Draws of one data set.
  ///
  /// @return `(n, p)`
  static double[] of(GridPosterior grid, int f, int n) {
    double[] levels = new double[n];
    for (int d = 0; d < n; d++) {
      levels[d] = (d + 0.5) / n;
    }
    double[] first = grid.quantiles(f, 0, levels);
    return grid.axes().length == 1 ? first : second(grid, f, first);
  }

  /// The second parameter by the conditional distribution function in the cell of the first
  /// (Rosenblatt 1952), at levels of van der Corput's sequence: with the first's levels they are
  /// Hammersley's points.
  private static double[] second(GridPosterior grid, int f, double[] first) {
    double[] x = grid.axes()[0];
    double[] y = grid.axes()[1];
    double low = x[0] - (x[1] - x[0]) / 2;
    double h = y[1] - y[0];
    double[] draws = new double[2 * first.length];
    double[] row = new double[y.length];
    for (int d = 0; d < first.length; d++) {
      int cell = (int) ((first[d] - low) / (x[1] - x[0]));
      int at = (f * x.length + StrictMath.min(StrictMath.max(cell, 0), x.length - 1)) * y.length;
      System.arraycopy(grid.logDensity(), at, row, 0, y.length);
      double total = Special.logSumExp(row);
      double level = radical(d + 1);
      double sum = 0;
      int k = 0;
      double w = Special.exp(row[0] - total);
      while (k < y.length - 1 && sum + w < level) {
        sum += w;
        w = Special.exp(row[++k] - total);
      }
      double share = w > 0 ? StrictMath.min(1, (level - sum) / w) : 0.5;
      draws[2 * d] = first[d];
      draws[2 * d + 1] = y[k] - h / 2 + share * h;
    }
    return draws;
  }

  /// The bits of n mirrored at the point.
  private static double radical(int n) {
    return (Integer.reverse(n) & 0xFFFFFFFFL) * 0x1p-32;
  }
}
