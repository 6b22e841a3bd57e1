package org.amortis.inference.posterior;

import org.amortis.inference.Observations;
import org.amortis.inference.Prior;

/// Modes of amortized posteriors, for many data sets at once, from densities alone.
final class ModeSearch {
  private static final int MOST_ROUNDS = 200;
  private static final double FINEST = 1e-4;

  private final AmortizedPosterior posterior;
  private final Prior prior;

  ModeSearch(AmortizedPosterior posterior, Prior prior) {
    this.posterior = posterior;
    this.prior = prior;
  }

  double[] modes(Observations data, double[] draws, int count) {
    int n = data.count();
    int p = prior.size();
    double[] best = new double[n * p];
    double[] density = new double[n];
    java.util.Arrays.fill(density, Double.NEGATIVE_INFINITY);
    double[] trial = new double[n * p];
    for (int d = 0; d < count; d++) {
      for (int i = 0; i < n; i++) {
        System.arraycopy(draws, (i * count + d) * p, trial, i * p, p);
      }
      keep(data, trial, best, density, null);
    }
    double[] step = spread(draws, n, count, p);
    double[] finest = step.clone();
    for (int round = 0; round < MOST_ROUNDS; round++) {
      boolean[] moved = new boolean[n];
      for (int j = 0; j < p; j++) {
        for (int sign = -1; sign <= 1; sign += 2) {
          System.arraycopy(best, 0, trial, 0, trial.length);
          for (int i = 0; i < n; i++) {
            double moveTo = best[i * p + j] + sign * step[i * p + j];
            trial[i * p + j] = prior.marginals().get(j).contains(moveTo) ? moveTo : best[i * p + j];
          }
          keep(data, trial, best, density, moved);
        }
      }
      boolean done = true;
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < p; j++) {
          if (!moved[i]) {
            step[i * p + j] *= 0.5;
          }
          done &= step[i * p + j] <= FINEST * finest[i * p + j];
        }
      }
      if (done) {
        break;
      }
    }
    return best;
  }

  /// Keeps those trial points that are denser than the best ones so far.
  private void keep(
      Observations data, double[] trial, double[] best, double[] density, boolean[] moved) {
    int p = prior.size();
    double[] log = posterior.logProb(trial, data);
    for (int i = 0; i < log.length; i++) {
      if (log[i] > density[i]) {
        density[i] = log[i];
        System.arraycopy(trial, i * p, best, i * p, p);
        if (moved != null) {
          moved[i] = true;
        }
      }
    }
  }

  /// A quarter of the standard deviation of each parameter's draws.
  private static double[] spread(double[] draws, int n, int count, int p) {
    double[] spread = new double[n * p];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < p; j++) {
        double sum = 0;
        double squares = 0;
        for (int d = 0; d < count; d++) {
          double x = draws[(i * count + d) * p + j];
          sum += x;
          squares += x * x;
        }
        double mean = sum / count;
        spread[i * p + j] =
            0.25 * StrictMath.sqrt(StrictMath.max(squares / count - mean * mean, 1e-24));
      }
    }
    return spread;
  }
}
