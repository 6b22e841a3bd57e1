package org.amortis.report;

import java.util.Arrays;

/// Kernel density estimates of draws from a bounded interval.
public final class Density {
  private static final int IMAGES = 2;
  private static final double ROOT_TWO_PI = StrictMath.sqrt(2 * StrictMath.PI);

  private Density() {}

  /// The density of `draws` on (lower, upper) at the points `at`, bounded by reflection.
  ///
  /// `p(x) = (1 / n h) sum_i sum_k phi((x - x_ik) / h)`, where the `x_ik` are draw i and its mirror
  /// images at both ends, so that no mass leaves the interval and the estimate integrates to one.
  ///
  /// @param draws (n) at least one value, each inside [lower, upper]
  /// @param at (m) points; outside the interval the density is 0
  /// @return (m) densities
  /// @throws IllegalArgumentException if there are no draws, or one is not inside the interval
  public static double[] reflected(double[] draws, double lower, double upper, double[] at) {
    if (!(lower < upper)) {
      throw new IllegalArgumentException("density needs lower < upper: " + lower + ", " + upper);
    }
    if (draws.length == 0) {
      throw new IllegalArgumentException("density needs at least one draw");
    }
    for (double x : draws) {
      if (!(x >= lower && x <= upper)) {
        throw new IllegalArgumentException(
            "draw " + x + " lies outside [" + lower + ", " + upper + "]");
      }
    }
    double range = upper - lower;
    double h = Math.clamp(bandwidth(draws), range * 1e-3, range / 2);
    double[] images = images(draws, lower, upper, h);
    double[] out = new double[at.length];
    for (int j = 0; j < at.length; j++) {
      double x = at[j];
      if (!(x >= lower && x <= upper)) {
        continue;
      }
      // Only images within 8 bandwidths count; beyond them phi is below 1e-14.
      int from = lowerBound(images, x - 8 * h);
      double sum = 0;
      for (int i = from; i < images.length && images[i] <= x + 8 * h; i++) {
        double u = (x - images[i]) / h;
        sum += StrictMath.exp(-0.5 * u * u);
      }
      out[j] = sum / (draws.length * h * ROOT_TWO_PI);
    }
    return out;
  }

  /// Silverman's rule of thumb, `0.9 min(sd, IQR / 1.34) n^(-1/5)`; 0 if all draws are equal.
  ///
  /// Source: Silverman (1986), Density Estimation, equation 3.31.
  public static double bandwidth(double[] draws) {
    double[] sorted = draws.clone();
    Arrays.sort(sorted);
    int n = sorted.length;
    double mean = Arrays.stream(sorted).sum() / n;
    double squares = 0;
    for (double x : sorted) {
      squares += (x - mean) * (x - mean);
    }
    double sd = n > 1 ? StrictMath.sqrt(squares / (n - 1)) : 0;
    double iqr = (quantile(sorted, 0.75) - quantile(sorted, 0.25)) / 1.34;
    double spread = iqr > 0 ? Math.min(sd, iqr) : sd;
    return 0.9 * spread * StrictMath.pow(n, -0.2);
  }

  /// A log density on equally spaced cells, turned into a density that sums to one over the cells.
  ///
  /// @param grid (g) cell midpoints, equally spaced, g at least 2
  /// @param logDensity (g) log density up to a constant; negative infinity is allowed
  /// @return (g) densities
  public static double[] normalised(double[] grid, double[] logDensity) {
    double max = Arrays.stream(logDensity).max().orElseThrow();
    double cell = (grid[grid.length - 1] - grid[0]) / (grid.length - 1);
    double[] p = new double[grid.length];
    double sum = 0;
    for (int i = 0; i < p.length; i++) {
      p[i] = StrictMath.exp(logDensity[i] - max);
      sum += p[i];
    }
    for (int i = 0; i < p.length; i++) {
      p[i] /= sum * cell;
    }
    return p;
  }

  /// The quantile of sorted values by linear interpolation between order statistics.
  static double quantile(double[] sorted, double level) {
    double at = level * (sorted.length - 1);
    int i = (int) at;
    int next = Math.min(i + 1, sorted.length - 1);
    return sorted[i] + (at - i) * (sorted[next] - sorted[i]);
  }

  private static double[] images(double[] draws, double lower, double upper, double h) {
    double period = 2 * (upper - lower);
    double[] all = new double[draws.length * 2 * (2 * IMAGES + 1)];
    int n = 0;
    for (double x : draws) {
      for (int k = -IMAGES; k <= IMAGES; k++) {
        double same = x + k * period;
        double mirrored = 2 * lower - x + k * period;
        if (same > lower - 8 * h && same < upper + 8 * h) {
          all[n++] = same;
        }
        if (mirrored > lower - 8 * h && mirrored < upper + 8 * h) {
          all[n++] = mirrored;
        }
      }
    }
    double[] images = Arrays.copyOf(all, n);
    Arrays.sort(images);
    return images;
  }

  private static int lowerBound(double[] sorted, double value) {
    int at = Arrays.binarySearch(sorted, value);
    if (at < 0) {
      return -at - 1;
    }
    while (at > 0 && sorted[at - 1] == value) {
      at--;
    }
    return at;
  }
}
