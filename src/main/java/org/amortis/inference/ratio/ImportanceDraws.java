package org.amortis.inference.ratio;

import org.amortis.engine.Failure;
import org.amortis.engine.math.RandomKey;
import org.amortis.engine.math.Special;
import org.amortis.engine.math.Streams;
import org.amortis.inference.Observations;
import org.amortis.inference.Prior;
import org.amortis.inference.posterior.AmortizedPosterior;
import org.amortis.inference.variational.ParetoSmoothing;

/// Draws from posteriors by importance resampling: candidates from the prior or another posterior,
/// weighted by `r(theta, Z) p(theta) / q(theta | Z)` and drawn in proportion (Rubin 1988, with
/// systematic resampling), the largest weights Pareto-smoothed.
///
/// @param theta `(F, draws, p)`
/// @param effective effective number of candidates of each data set, `1 / sum w^2`; where it is
///   small the draws are copies of a few points
/// @param k shape of the weights' tail of each data set; above [ParetoSmoothing#threshold] the
///   draws cannot be relied on
public record ImportanceDraws(double[] theta, double[] effective, double[] k) {
  private static final int STREAM = 60;

  /// Candidates from a prior, the same for all data sets: weights `r(theta, Z)`.
  ///
  /// @param prior of the posterior, inside the support of the one of training
  /// @param candidates draws from it
  /// @param draws draws a data set that are kept
  /// @throws Failure DATA when the prior reaches outside the one of training, or no candidate of a
  ///   data set has a finite weight
  public static ImportanceDraws fromPrior(
      AmortizedRatio ratio,
      Prior prior,
      Observations observations,
      int candidates,
      int draws,
      long seed) {
    ratio.requireInside(prior);
    int p = prior.size();
    int f = observations.count();
    double[] theta = prior.sample(seed, 0, candidates);
    double[] log = ratio.logRatios(theta, observations);
    ImportanceDraws out = empty(f, draws, p);
    double[] row = new double[candidates];
    for (int i = 0; i < f; i++) {
      System.arraycopy(log, i * candidates, row, 0, candidates);
      resample(row, theta, 0, p, out, i, draws, seed);
    }
    return out;
  }

  /// Candidates from an amortized posterior: the ratio corrects it.
  ///
  /// @param prior of the posterior, inside the support of the one of training
  /// @param proposal posterior q of the candidates
  /// @param candidates draws from it for each data set
  /// @param draws draws a data set that are kept
  /// @throws Failure DATA when the prior reaches outside the one of training, or no candidate of a
  ///   data set has a finite weight
  public static ImportanceDraws fromProposal(
      AmortizedRatio ratio,
      Prior prior,
      AmortizedPosterior proposal,
      Observations observations,
      int candidates,
      int draws,
      long seed) {
    ratio.requireInside(prior);
    int p = prior.size();
    int f = observations.count();
    int size = observations.sample().size();
    double[] theta = proposal.sample(observations, candidates, seed);
    double[] target = prior.logDensity(theta);
    ImportanceDraws out = empty(f, draws, p);
    for (int i = 0; i < f; i++) {
      float[] repeated = new float[candidates * size];
      for (int k = 0; k < candidates; k++) {
        System.arraycopy(observations.values(), i * size, repeated, k * size, size);
      }
      Observations same = new Observations(observations.sample(), repeated);
      int from = i * candidates * p;
      double[] own = java.util.Arrays.copyOfRange(theta, from, from + candidates * p);
      double[] log = ratio.logRatios(own, observations.rows(i, i + 1));
      double[] q = proposal.logProb(own, same);
      for (int k = 0; k < candidates; k++) {
        log[k] += target[i * candidates + k] - q[k];
      }
      resample(log, theta, from, p, out, i, draws, seed);
    }
    return out;
  }

  private static ImportanceDraws empty(int f, int draws, int p) {
    return new ImportanceDraws(new double[f * draws * p], new double[f], new double[f]);
  }

  /// Systematic resampling of data set i, written into `out`.
  private static void resample(
      double[] log,
      double[] theta,
      int from,
      int p,
      ImportanceDraws out,
      int i,
      int draws,
      long seed) {
    if (!Double.isFinite(Special.logSumExp(log))) {
      throw Failure.data("importance resampling: no candidate has a finite weight, data set " + i);
    }
    ParetoSmoothing.Smoothed smoothed = ParetoSmoothing.smooth(log);
    double shift = Streams.uniform64(new RandomKey(seed, STREAM), 0, i);
    double sum = 0;
    double squares = 0;
    int d = 0;
    for (int k = 0; k < log.length; k++) {
      double w = Special.exp(smoothed.logWeights()[k]);
      sum += w;
      squares += w * w;
      for (; d < draws && (d + shift) / draws < sum; d++) {
        System.arraycopy(theta, from + k * p, out.theta, (i * draws + d) * p, p);
      }
    }
    for (; d < draws; d++) {
      // Rounding left the sum below the last level.
      System.arraycopy(theta, from + (log.length - 1) * p, out.theta, (i * draws + d) * p, p);
    }
    out.effective[i] = 1 / squares;
    out.k[i] = smoothed.k();
  }
}
