package org.amortis.inference.mcmc;

import java.util.Arrays;
import org.amortis.engine.math.Quantiles;
import org.amortis.engine.math.Special;

/// Rank-normalised convergence diagnostics of the chains of one quantity.
///
/// Every chain is split into halves (an odd draw in the middle is dropped). Values are ArviZ's, its
/// conventions included: NaN where a draw is NaN, with fewer than 4 draws a chain, and for the
/// R-hat of one chain or of constant chains; the effective sample size of constant chains is the
/// number of draws.
///
/// Source: Vehtari, Gelman, Simpson, Carpenter and Buerkner (2021), Rank-normalization, folding,
/// and localization, equations 1-14; autocorrelations are cut by Geyer's (1992) initial monotone
/// sequence.
///
/// Every function of draws takes them as `(chains, draws)`, chain after chain, and throws
/// `IllegalArgumentException` where they are no whole number a chain.
///
/// @param rHat the larger of the R-hat of ranks and of folded ranks; about 1, above 1.01 doubtful
/// @param essBulk effective sample size of the ranks: for means and medians
/// @param essTail the smaller of those of the 5 % and 95 % quantiles
public record Convergence(double rHat, double essBulk, double essTail) {
  private static final int LEAST_DRAWS = 4;
  private static final double CONSTANT = 1e-15;

  /// The diagnostics of one quantity.
  ///
  /// @param x draws `(chains, draws)`, not modified
  /// @throws IllegalArgumentException if the draws are no whole number a chain
  public static Convergence of(double[] x, int chains) {
    return new Convergence(rHat(x, chains), essBulk(x, chains), essTail(x, chains));
  }

  /// The diagnostics of one parameter of one data set, all its chains together.
  ///
  /// @param dataSet index from 0 to F - 1
  /// @param parameter index from 0 to p - 1
  public static Convergence of(Chains run, int dataSet, int parameter) {
    return of(draws(run, dataSet, parameter), run.chains());
  }

  /// The draws of one parameter of one data set, chain by chain.
  static double[] draws(Chains run, int dataSet, int parameter) {
    double[] x = new double[run.draws()];
    int p = run.parameters();
    for (int d = 0; d < x.length; d++) {
      x[d] = run.theta()[(dataSet * run.draws() + d) * p + parameter];
    }
    return x;
  }

  /// R-hat of ranks and folded ranks.
  public static double rHat(double[] x, int chains) {
    return undefined(x, chains) || chains < 2 ? Double.NaN : rHatOfHalves(x, chains);
  }

  /// R-hat of ranks and folded ranks, defined for one chain too: its first half is held against its
  /// second.
  public static double rHatOfHalves(double[] x, int chains) {
    if (undefined(x, chains)) {
      return Double.NaN;
    }
    double[][] split = split(x, chains);
    double bulk = ratio(normalScores(split));
    double median = quantile(flat(split), 0.5);
    for (double[] chain : split) {
      for (int i = 0; i < chain.length; i++) {
        chain[i] = StrictMath.abs(chain[i] - median);
      }
    }
    double tail = ratio(normalScores(split));
    return tail > bulk ? tail : bulk;
  }

  /// R-hat of the draws themselves, split: `sqrt((B / W + n - 1) / n)` with B between and W within
  /// half chains of n draws (Gelman et al. 2013).
  public static double splitRHat(double[] x, int chains) {
    return undefined(x, chains) || chains < 2 ? Double.NaN : ratio(split(x, chains));
  }

  /// Effective sample size of the normal scores of the ranks.
  public static double essBulk(double[] x, int chains) {
    return undefined(x, chains) ? Double.NaN : ess(normalScores(split(x, chains)));
  }

  /// Smaller effective sample size of the 5 % and 95 % quantiles.
  public static double essTail(double[] x, int chains) {
    double low = essQuantile(x, chains, 0.05);
    double high = essQuantile(x, chains, 0.95);
    return high < low ? high : low;
  }

  /// Effective sample size of the mean.
  public static double essMean(double[] x, int chains) {
    return undefined(x, chains) ? Double.NaN : ess(split(x, chains));
  }

  /// Effective sample size of a quantile: of the indicator of draws up to it.
  public static double essQuantile(double[] x, int chains, double level) {
    if (undefined(x, chains)) {
      return Double.NaN;
    }
    double q = quantile(x, level);
    double[] below = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      below[i] = x[i] <= q ? 1 : 0;
    }
    return ess(split(below, chains));
  }

  /// Monte Carlo standard error of the mean: the draws' standard deviation over the root of
  /// [#essMean].
  public static double mcseMean(double[] x, int chains) {
    return StrictMath.sqrt(variance(x, mean(x)) / essMean(x, chains));
  }

  /// Monte Carlo standard error of a quantile: half the distance of the order statistics at the
  /// 15.87 % and 84.13 % points of `Beta(S level + 1, S (1 - level) + 1)`, S its effective sample
  /// size.
  public static double mcseQuantile(double[] x, int chains, double level) {
    double s = essQuantile(x, chains, level);
    if (Double.isNaN(s)) {
      return Double.NaN;
    }
    double[] sorted = x.clone();
    Arrays.sort(sorted);
    int n = sorted.length;
    double a = s * level + 1;
    double b = s * (1 - level) + 1;
    double low = BetaQuantile.of(0.1586553, a, b) * n - 1;
    double high = BetaQuantile.of(0.8413447, a, b) * n - 1;
    double below = sorted[(int) StrictMath.floor(StrictMath.max(low, 0))];
    double above = sorted[(int) StrictMath.ceil(StrictMath.min(high, n - 1))];
    return (above - below) / 2;
  }

  private static boolean undefined(double[] x, int chains) {
    if (chains < 1 || x.length == 0 || x.length % chains != 0) {
      throw new IllegalArgumentException(x.length + " draws do not fit " + chains + " chains");
    }
    for (double v : x) {
      if (Double.isNaN(v)) {
        return true;
      }
    }
    return x.length / chains < LEAST_DRAWS;
  }

  private static double[][] split(double[] x, int chains) {
    int n = x.length / chains;
    int half = n / 2;
    double[][] y = new double[2 * chains][];
    for (int c = 0; c < chains; c++) {
      y[c] = Arrays.copyOfRange(x, c * n, c * n + half);
      y[chains + c] = Arrays.copyOfRange(x, (c + 1) * n - half, (c + 1) * n);
    }
    return y;
  }

  private static double[] flat(double[][] x) {
    double[] all = new double[x.length * x[0].length];
    for (int c = 0; c < x.length; c++) {
      System.arraycopy(x[c], 0, all, c * x[0].length, x[0].length);
    }
    return all;
  }

  /// Normal scores of average ranks: `Phi^-1((rank - 3/8) / (S + 1/4))` (Blom 1958).
  private static double[][] normalScores(double[][] x) {
    double[] sorted = flat(x);
    for (int i = 0; i < sorted.length; i++) {
      sorted[i] += 0.0; // -0 and 0 tie
    }
    Arrays.sort(sorted);
    int s = sorted.length;
    double[] score = new double[s];
    for (int from = 0; from < s; ) {
      int to = from + 1;
      while (to < s && sorted[to] == sorted[from]) {
        to++;
      }
      double rank = (from + to + 1) / 2.0;
      Arrays.fill(score, from, to, Special.normalQuantile((rank - 0.375) / (s + 0.25)));
      from = to;
    }
    double[][] z = new double[x.length][x[0].length];
    for (int c = 0; c < z.length; c++) {
      for (int i = 0; i < z[c].length; i++) {
        z[c][i] = score[Arrays.binarySearch(sorted, x[c][i] + 0.0)];
      }
    }
    return z;
  }

  /// `sqrt((B / W + n - 1) / n)`, B between, W within chains.
  private static double ratio(double[][] x) {
    int n = x[0].length;
    double[] means = new double[x.length];
    double within = 0;
    for (int c = 0; c < x.length; c++) {
      means[c] = mean(x[c]);
      within += variance(x[c], means[c]) / x.length;
    }
    double between = n * variance(means, mean(means));
    return StrictMath.sqrt((between / within + n - 1) / n);
  }

  private static double ess(double[][] x) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (double[] chain : x) {
      for (double v : chain) {
        low = StrictMath.min(low, v);
        high = StrictMath.max(high, v);
      }
    }
    int n = x[0].length;
    double draws = (double) x.length * n;
    if (high - low < CONSTANT) {
      return draws;
    }
    double[] means = new double[x.length];
    double[][] centred = new double[x.length][n];
    for (int c = 0; c < x.length; c++) {
      means[c] = mean(x[c]);
      for (int i = 0; i < n; i++) {
        centred[c][i] = x[c][i] - means[c];
      }
    }
    double zero = autocovariance(centred, 0);
    double within = zero * n / (n - 1.0);
    double all = zero + variance(means, mean(means));
    double[] rho = new double[n];
    double even = 1;
    double odd = 1 - (within - autocovariance(centred, 1)) / all;
    rho[0] = even;
    rho[1] = odd;
    int t = 1;
    for (; t < n - 3 && even + odd > 0; t += 2) {
      even = 1 - (within - autocovariance(centred, t + 1)) / all;
      odd = 1 - (within - autocovariance(centred, t + 2)) / all;
      if (even + odd >= 0) {
        rho[t + 1] = even;
        rho[t + 2] = odd;
      }
    }
    int last = t - 2;
    if (even > 0) {
      rho[last + 1] = even;
    }
    for (t = 1; t <= last - 2; t += 2) {
      if (rho[t + 1] + rho[t + 2] > rho[t - 1] + rho[t]) {
        rho[t + 1] = (rho[t - 1] + rho[t]) / 2;
        rho[t + 2] = rho[t + 1];
      }
    }
    double sum = 0;
    for (int i = 0; i <= last; i++) {
      sum += rho[i];
    }
    double tau = 2 * sum + rho[last + 1] - 1;
    double least = StrictMath.log(10) / StrictMath.log(draws);
    for (double r : rho) {
      tau = Double.isNaN(r) ? r : tau;
    }
    return draws / (tau < least ? least : tau);
  }

  /// Mean over chains of the sum of products at a lag, divided by n.
  private static double autocovariance(double[][] centred, int lag) {
    int n = centred[0].length;
    double total = 0;
    for (double[] chain : centred) {
      double sum = 0;
      for (int i = 0; i + lag < n; i++) {
        sum += chain[i] * chain[i + lag];
      }
      total += sum / n;
    }
    return total / centred.length;
  }

  private static double mean(double[] x) {
    double sum = 0;
    for (double v : x) {
      sum += v;
    }
    return sum / x.length;
  }

  private static double variance(double[] x, double mean) {
    double sum = 0;
    for (double v : x) {
      sum += (v - mean) * (v - mean);
    }
    return sum / (x.length - 1);
  }

  private static double quantile(double[] x, double level) {
    double[] sorted = x.clone();
    Arrays.sort(sorted);
    return Quantiles.ofSorted(sorted, level);
  }
}
