package org.amortis.inference.variational;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/// Pareto-smoothed importance weights and the diagnostic k-hat (Vehtari, Simpson, Gelman, Yao and
/// Gabry 2024).
///
/// A generalised Pareto distribution is fitted to the largest `ceil(min(S/5, 3 sqrt(S)))` of S
/// ratios; these are replaced by its expected order statistics, never above the largest raw ratio.
/// Its shape k-hat says how many moments the ratios have: below `min(1 - 1 / log10(S), 0.7)`
/// ([#threshold]) averages over the weighted draws can be relied on.
public final class ParetoSmoothing {
  private static final int LEAST_TAIL = 5;

  /// Ratios that spread less than this need no smoothing.
  private static final double EQUAL = 1e-8;

  private ParetoSmoothing() {}

  /// Weights of one set of draws.
  ///
  /// @param logWeights normalised: their exponentials sum to 1
  /// @param k shape of the tail; 0 for ratios that are all equal, infinite when fewer than five lie
  ///   in the tail
  public record Smoothed(double[] logWeights, double k) {}

  /// A generalised Pareto distribution of exceedances.
  record Tail(double k, double sigma) {}

  /// The largest k-hat with which S draws give reliable averages: `min(1 - 1 / log10(S), 0.7)`.
  public static double threshold(int draws) {
    return StrictMath.min(1 - 1 / StrictMath.log10(draws), 0.7);
  }

  /// Smooths logarithms of importance ratios, known up to a constant.
  ///
  /// @param logRatios `(S,)`, not modified
  /// @throws IllegalArgumentException when one is NaN or infinitely large, or all are zero
  public static Smoothed smooth(double[] logRatios) {
    int s = logRatios.length;
    double most = Arrays.stream(logRatios).max().orElse(Double.NaN);
    if (Double.isNaN(most) || Double.isInfinite(most)) {
      throw new IllegalArgumentException("log importance ratios have the maximum " + most);
    }
    double[] x = new double[s];
    for (int i = 0; i < s; i++) {
      x[i] = logRatios[i] - most;
    }
    int[] order =
        IntStream.range(0, s)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> x[i]))
            .mapToInt(i -> i)
            .toArray();
    double k = x[order[0]] > -EQUAL ? 0 : smoothTail(x, order);
    double total = 0;
    for (double v : x) {
      total += StrictMath.exp(v);
    }
    double log = StrictMath.log(total);
    for (int i = 0; i < s; i++) {
      x[i] -= log;
    }
    return new Smoothed(x, k);
  }

  /// Replaces the largest of the values, whose maximum is 0, and returns k-hat.
  private static double smoothTail(double[] x, int[] order) {
    int s = x.length;
    int wanted = (int) StrictMath.ceil(StrictMath.min(s / 5.0, 3 * StrictMath.sqrt(s)));
    if (wanted + 1 > s) {
      return Double.POSITIVE_INFINITY;
    }
    double cut = StrictMath.max(x[order[s - wanted - 1]], StrictMath.log(Double.MIN_NORMAL));
    int first = s;
    while (first > 0 && x[order[first - 1]] > cut) {
      first--;
    }
    int n = s - first;
    if (n < LEAST_TAIL) {
      return Double.POSITIVE_INFINITY;
    }
    double base = StrictMath.exp(cut);
    double[] excess = new double[n];
    for (int i = 0; i < n; i++) {
      excess[i] = StrictMath.exp(x[order[first + i]]) - base;
    }
    Tail tail = fit(excess);
    if (!Double.isFinite(tail.k)) {
      return tail.k;
    }
    for (int i = 0; i < n; i++) {
      double left = -StrictMath.log1p(-(i + 0.5) / n);
      double quantile =
          tail.k == 0 ? tail.sigma * left : tail.sigma * StrictMath.expm1(tail.k * left) / tail.k;
      x[order[first + i]] = StrictMath.min(0, StrictMath.log(quantile + base));
    }
    return tail.k;
  }

  /// The generalised Pareto distribution of exceedances in ascending order, by the posterior mean
  /// of Zhang and Stephens (2009) with their prior, and the weak prior of Vehtari et al. (2024)
  /// that draws k towards 1/2 as ten observations would.
  static Tail fit(double[] excess) {
    int n = excess.length;
    int m = 30 + (int) StrictMath.sqrt(n);
    double quartile = excess[(int) (n / 4.0 + 0.5) - 1];
    double[] b = new double[m];
    double[] log = new double[m];
    for (int j = 0; j < m; j++) {
      b[j] = 1 / excess[n - 1] + (1 - StrictMath.sqrt(m / (j + 0.5))) / (3 * quartile);
      double k = shape(excess, b[j]);
      log[j] = n * (StrictMath.log(-b[j] / k) - k - 1);
    }
    double most = Arrays.stream(log).filter(v -> !Double.isNaN(v)).max().orElse(Double.NaN);
    double total = 0;
    double mean = 0;
    for (int j = 0; j < m; j++) {
      double w = StrictMath.exp(log[j] - most);
      if (!Double.isNaN(w)) {
        total += w;
        mean += w * b[j];
      }
    }
    mean /= total;
    double k = shape(excess, mean);
    return new Tail((n * k + 5) / (n + 10), -k / mean);
  }

  private static double shape(double[] excess, double b) {
    double sum = 0;
    for (double x : excess) {
      sum += StrictMath.log1p(-b * x);
    }
    return sum / excess.length;
  }
}
