package org.amortis.inference.point;

import java.util.Arrays;
import org.amortis.engine.math.Quantiles;
import org.amortis.engine.math.RandomKey;
import org.amortis.engine.math.Streams;
import org.amortis.inference.Observations;
import org.amortis.inference.Prior;

/// Bootstrap of a trained estimator: how much its estimates vary, from data sets like the observed
/// one (Efron and Tibshirani 1993; for neural estimators Sainsbury-Dale et al. 2024).
///
/// An estimate costs one pass through the network, so hundreds of replicates a data set are cheap.
///
/// @param prior of the estimator
/// @param count data sets n
/// @param replicates bootstrap replicates a data set R
/// @param estimates `(n, p)` of the observed data sets
/// @param replicated `(n, R, p)` of the replicates
public record Bootstrap(
    Prior prior, int count, int replicates, double[] estimates, double[] replicated) {
  private static final int STREAM = 48;

  /// Most replicates of data sets held at once.
  private static final int CHUNK = 4_096;

  /// Simulates data sets from the model.
  @FunctionalInterface
  public interface Simulator {
    /// Data sets of the given parameters.
    ///
    /// @param theta `(n, p)`
    /// @param seed of the simulations; another one gives independent data sets
    /// @return n data sets of the observed ones' shape
    Observations simulate(double[] theta, long seed);
  }

  /// Parametric bootstrap: data sets simulated at the estimate, `Z* ~ p(Z | estimate(Z))`.
  ///
  /// @param simulator of the model
  /// @param target index of the estimator's target
  /// @param replicates R, at least 2 for standard errors
  public static Bootstrap parametric(
      AmortizedEstimator estimator,
      Observations observations,
      Simulator simulator,
      int target,
      int replicates,
      long seed) {
    Prior prior = estimator.estimator().prior();
    int p = prior.size();
    double[] estimates = target(estimator, estimator.estimate(observations), target);
    double[] all = new double[estimates.length * replicates];
    int n = observations.count();
    for (int i = 0; i < n; i++) {
      for (int from = 0; from < replicates; from += CHUNK) {
        int some = StrictMath.min(CHUNK, replicates - from);
        double[] theta = new double[some * p];
        for (int k = 0; k < theta.length; k++) {
          theta[k] = estimates[i * p + k % p];
        }
        long own = Streams.bits64(new RandomKey(seed, STREAM), from / CHUNK, i);
        double[] values = estimator.estimate(simulator.simulate(theta, own));
        System.arraycopy(
            target(estimator, values, target), 0, all, (i * replicates + from) * p, some * p);
      }
    }
    return new Bootstrap(prior, n, replicates, estimates, all);
  }

  /// Non-parametric bootstrap: the independent replicates inside each data set, its leading axis,
  /// are drawn with replacement.
  ///
  /// @param blocks the block of each of the replicates along that axis, numbered from 0, drawn as
  ///   wholes where neighbours depend on each other; empty when all are independent. Blocks must be
  ///   of equal size
  /// @param target index of the estimator's target
  /// @param replicates R, at least 2 for standard errors
  /// @throws IllegalArgumentException when blocks are not one number a replicate, or not of equal
  ///   size
  public static Bootstrap resampling(
      AmortizedEstimator estimator,
      Observations observations,
      int[] blocks,
      int target,
      int replicates,
      long seed) {
    Prior prior = estimator.estimator().prior();
    int p = prior.size();
    int m = observations.sample().dim(0);
    int[][] members = members(m, blocks);
    int row = observations.sample().size() / m;
    int n = observations.count();
    double[] estimates = target(estimator, estimator.estimate(observations), target);
    double[] all = new double[n * replicates * p];
    RandomKey key = new RandomKey(seed, STREAM + 1);
    for (int i = 0; i < n; i++) {
      for (int from = 0; from < replicates; from += CHUNK) {
        int some = StrictMath.min(CHUNK, replicates - from);
        float[] z = new float[some * m * row];
        for (int r = 0; r < some; r++) {
          int at = r * m * row;
          for (int b = 0; b < members.length; b++) {
            long item = (long) (from + r) * members.length + b;
            for (int k : members[Streams.bounded(key, i, item, members.length)]) {
              System.arraycopy(observations.values(), (i * m + k) * row, z, at, row);
              at += row;
            }
          }
        }
        double[] values = estimator.estimate(new Observations(observations.sample(), z));
        System.arraycopy(
            target(estimator, values, target), 0, all, (i * replicates + from) * p, some * p);
      }
    }
    return new Bootstrap(prior, n, replicates, estimates, all);
  }

  private static int[][] members(int m, int[] blocks) {
    if (blocks.length == 0) {
      int[][] single = new int[m][];
      Arrays.setAll(single, k -> new int[] {k});
      return single;
    }
    int number = Arrays.stream(blocks).max().getAsInt() + 1;
    if (blocks.length != m || m % number != 0) {
      throw new IllegalArgumentException(
          blocks.length + " block numbers up to " + (number - 1) + " for " + m + " replicates");
    }
    int[][] members = new int[number][m / number];
    int[] filled = new int[number];
    for (int k = 0; k < m; k++) {
      if (filled[blocks[k]] == m / number) {
        throw new IllegalArgumentException(
            "blocks must be of equal size, block " + blocks[k] + " has more than " + m / number);
      }
      members[blocks[k]][filled[blocks[k]]++] = k;
    }
    return members;
  }

  /// The values of one target.
  private static double[] target(AmortizedEstimator e, double[] values, int target) {
    int p = e.estimator().prior().size();
    int targets = e.estimator().targets().size();
    double[] own = new double[values.length / targets];
    for (int k = 0; k < own.length; k++) {
      own[k] = values[(k / p * targets + target) * p + k % p];
    }
    return own;
  }

  /// Standard deviation (divisor R - 1) of the replicates of parameter j of data set i.
  public double standardError(int i, int j) {
    double[] x = column(i, j);
    double mean = Arrays.stream(x).sum() / x.length;
    double square = 0;
    for (double v : x) {
      square += (v - mean) * (v - mean);
    }
    return StrictMath.sqrt(square / (x.length - 1));
  }

  /// Percentile interval of parameter j of data set i: the quantiles of the replicates at `(1 -
  /// level) / 2` and `(1 + level) / 2` (Efron and Tibshirani 1993, section 13.3).
  ///
  /// @param level of the interval, for instance 0.9
  /// @return lower and upper end
  public double[] percentile(int i, int j, double level) {
    double[] x = column(i, j);
    return new double[] {
      Quantiles.ofSorted(x, (1 - level) / 2), Quantiles.ofSorted(x, (1 + level) / 2)
    };
  }

  /// Basic interval of parameter j of data set i: the replicates' quantiles reflected in the
  /// estimate, `2 u - q`, on the unconstrained scale, so that it stays inside the prior's support.
  ///
  /// @param level of the interval, for instance 0.9
  /// @return lower and upper end
  public double[] basic(int i, int j, double level) {
    double[] q = percentile(i, j, level);
    var marginal = prior.marginals().get(j);
    double centre = 2 * marginal.toUnconstrained(estimates[i * prior.size() + j]);
    return new double[] {
      marginal.fromUnconstrained(centre - marginal.toUnconstrained(q[1])),
      marginal.fromUnconstrained(centre - marginal.toUnconstrained(q[0]))
    };
  }

  private double[] column(int i, int j) {
    double[] x = new double[replicates];
    for (int r = 0; r < replicates; r++) {
      x[r] = replicated[(i * replicates + r) * prior.size() + j];
    }
    Arrays.sort(x);
    return x;
  }
}
