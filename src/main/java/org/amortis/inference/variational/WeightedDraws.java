package org.amortis.inference.variational;

import org.amortis.engine.math.RandomKey;
import org.amortis.engine.math.Streams;

/// Draws of every data set with importance weights.
///
/// @param count data sets n
/// @param draws draws a data set S
/// @param parameters p
/// @param theta `(n, S, p)` in natural units
/// @param logRatio `log p(Z | theta) + log p(theta) - log q(theta | Z)`, `(n, S)`
/// @param logWeight logarithms of the Pareto-smoothed weights, which sum to 1 for each data set
/// @param k shape of the ratios' tail of each data set, see [ParetoSmoothing]
public record WeightedDraws(
    int count,
    int draws,
    int parameters,
    double[] theta,
    double[] logRatio,
    double[] logWeight,
    double[] k) {
  private static final int RESAMPLING_STREAM = 46;

  /// Smooths the ratios of each data set.
  static WeightedDraws of(int count, int draws, int parameters, double[] theta, double[] ratio) {
    double[] weight = new double[ratio.length];
    double[] k = new double[count];
    for (int i = 0; i < count; i++) {
      double[] own = java.util.Arrays.copyOfRange(ratio, i * draws, (i + 1) * draws);
      ParetoSmoothing.Smoothed s = ParetoSmoothing.smooth(own);
      System.arraycopy(s.logWeights(), 0, weight, i * draws, draws);
      k[i] = s.k();
    }
    return new WeightedDraws(count, draws, parameters, theta, ratio, weight, k);
  }

  /// Estimate of the evidence lower bound of data set i: the mean log ratio.
  public double lowerBound(int i) {
    double sum = 0;
    for (int d = 0; d < draws; d++) {
      sum += logRatio[i * draws + d];
    }
    return sum / draws;
  }

  /// Estimate of the log evidence of data set i: the logarithm of the mean ratio.
  public double logEvidence(int i) {
    double most = Double.NEGATIVE_INFINITY;
    for (int d = 0; d < draws; d++) {
      most = StrictMath.max(most, logRatio[i * draws + d]);
    }
    double sum = 0;
    for (int d = 0; d < draws; d++) {
      sum += StrictMath.exp(logRatio[i * draws + d] - most);
    }
    return most + StrictMath.log(sum / draws);
  }

  /// Effective number of draws of data set i: `1 / sum w^2` (Kong 1992), between 1 and S.
  public double ess(int i) {
    double sum = 0;
    for (int d = 0; d < draws; d++) {
      sum += StrictMath.exp(2 * logWeight[i * draws + d]);
    }
    return 1 / sum;
  }

  /// Weighted mean of parameter j of data set i.
  public double mean(int i, int j) {
    double sum = 0;
    for (int d = 0; d < draws; d++) {
      sum += StrictMath.exp(logWeight[i * draws + d]) * at(i, d, j);
    }
    return sum;
  }

  /// Mean of the proposal.
  double plainMean(int i, int j) {
    double sum = 0;
    for (int d = 0; d < draws; d++) {
      sum += at(i, d, j);
    }
    return sum / draws;
  }

  /// These draws where those of `other` are not to be taken.
  WeightedDraws or(WeightedDraws other, boolean[] take) {
    double[][] mine = {theta.clone(), logRatio.clone(), logWeight.clone(), k.clone()};
    double[][] theirs = {other.theta, other.logRatio, other.logWeight, other.k};
    for (int i = 0; i < take.length; i++) {
      for (int a = 0; take[i] && a < mine.length; a++) {
        int width = mine[a].length / count;
        System.arraycopy(theirs[a], i * width, mine[a], i * width, width);
      }
    }
    return new WeightedDraws(count, draws, parameters, mine[0], mine[1], mine[2], mine[3]);
  }

  /// Weighted standard deviation of parameter j of data set i.
  public double sd(int i, int j) {
    double mean = mean(i, j);
    double sum = 0;
    for (int d = 0; d < draws; d++) {
      double x = at(i, d, j) - mean;
      sum += StrictMath.exp(logWeight[i * draws + d]) * x * x;
    }
    return StrictMath.sqrt(sum);
  }

  /// Weighted quantiles of parameter j of data set i at increasing levels; linear between draws,
  /// each at the middle of its weight.
  public double[] quantiles(int i, int j, double... levels) {
    return quantiles(i, j, true, levels);
  }

  /// The same with equal weights: quantiles of the proposal.
  double[] quantiles(int i, int j, boolean weighted, double... levels) {
    Integer[] order = new Integer[draws];
    java.util.Arrays.setAll(order, d -> d);
    java.util.Arrays.sort(order, (a, b) -> Double.compare(at(i, a, j), at(i, b, j)));
    double[] q = new double[levels.length];
    double sum = 0;
    double before = 0;
    double last = at(i, order[0], j);
    int l = 0;
    for (int d = 0; d < draws; d++) {
      double w = weighted ? StrictMath.exp(logWeight[i * draws + order[d]]) : 1.0 / draws;
      double middle = sum + w / 2;
      double x = at(i, order[d], j);
      while (l < levels.length && levels[l] <= middle) {
        double share = middle > before ? (levels[l] - before) / (middle - before) : 1;
        q[l++] = d == 0 ? x : last + share * (x - last);
      }
      sum += w;
      before = middle;
      last = x;
    }
    while (l < levels.length) {
      q[l++] = last;
    }
    return q;
  }

  private double at(int i, int draw, int j) {
    return theta[(i * draws + draw) * parameters + j];
  }

  /// Equally weighted draws: systematic resampling (Kitagawa 1996), in the order of the draws.
  ///
  /// @param number draws a data set that are wanted
  /// @return `(n, number, p)`
  public double[] resample(int number, long seed) {
    double[] out = new double[count * number * parameters];
    double[] start = new double[count];
    Streams.uniformInto(new RandomKey(seed, RESAMPLING_STREAM), 0, 0, count, start, 0);
    for (int i = 0; i < count; i++) {
      int d = 0;
      double sum = StrictMath.exp(logWeight[i * draws]);
      for (int r = 0; r < number; r++) {
        double level = (r + start[i]) / number;
        while (d < draws - 1 && sum < level) {
          sum += StrictMath.exp(logWeight[i * draws + ++d]);
        }
        int from = (i * draws + d) * parameters;
        System.arraycopy(theta, from, out, (i * number + r) * parameters, parameters);
      }
    }
    return out;
  }
}
