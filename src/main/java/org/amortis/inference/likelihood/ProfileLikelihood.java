package org.amortis.inference.likelihood;

import java.util.Arrays;
import org.amortis.engine.device.Device;
import org.amortis.engine.math.Special;
import org.amortis.inference.Prior;

/// Maximum likelihood and profile intervals of many data sets at once, for any [LogLikelihood]:
/// exact, synthetic or neural.
///
/// The profile of parameter j is `l_j(v) = max over theta with theta_j = v of l(theta)`; the
/// likelihood-ratio statistic `2 (l(theta_hat) - l_j(v))` is compared with a chi-squared variable
/// of one degree of freedom (Wilks 1938), and the interval at a level is where it stays below that
/// variable's quantile. The prior plays one part: its bijection bounds the search to its support,
/// to 4.5 standard deviations on the unconstrained scale, so that an interval may end at the
/// support.
///
/// The search: the best of a set of prior quantiles (a lattice of good points), then rounds of a
/// pattern search of all data sets together, with a step of its own for each parameter that doubles
/// after success and halves after failure. No gradients are taken, so a likelihood only has to be
/// computable; float32 likelihoods limit the precision of an estimate to about the square root of
/// their rounding.
public final class ProfileLikelihood implements AutoCloseable {
  /// Estimates.
  ///
  /// @param theta `(F, p)` in natural units
  /// @param logLikelihood `(F,)`
  public record Estimate(double[] theta, double[] logLikelihood) {}

  /// Profile intervals of one parameter.
  ///
  /// @param lower `(F,)`; the end of the search where the likelihood does not fall far enough
  /// @param upper `(F,)`
  public record Interval(double[] lower, double[] upper) {}

  /// First points tried for each data set.
  private static final int FIRST = 64;

  private static final int ROUNDS = 120;

  /// Steps below this, in units of the prior's spread, end the search.
  private static final double FINEST = 1e-5;

  /// End of the unconstrained scale.
  private static final double END = 4.5;

  /// Halvings of a bracket of an interval's end.
  private static final int BISECTIONS = 24;

  private final Prior prior;
  private final Points likelihood;
  private final int count;
  private final int p;
  private Estimate estimate;
  private double[] best;

  /// The likelihood of the given data sets.
  ///
  /// @param prior bounds the search
  /// @param device where it computes; stays the caller's to close
  public ProfileLikelihood(Prior prior, LogLikelihood likelihood, Device device) {
    this.prior = prior;
    this.count = likelihood.count();
    this.p = prior.size();
    this.likelihood = new Points(prior, likelihood, device);
  }

  /// The maximum-likelihood estimate of each data set.
  public Estimate estimate() {
    if (estimate == null) {
      double[] u = first();
      double[] value = climb(u, -1);
      best = u;
      estimate = new Estimate(prior.fromUnconstrained(u), value);
    }
    return estimate;
  }

  /// `2 (l(theta_hat) - l_j(v))` for each data set, not negative.
  ///
  /// @param parameter j
  /// @param value v for each data set, `(F,)`, inside the prior's support
  public double[] ratio(int parameter, double[] value) {
    double[] highest = estimate().logLikelihood;
    double[] u = best.clone();
    for (int f = 0; f < count; f++) {
      double at = prior.marginals().get(parameter).toUnconstrained(value[f]);
      u[f * p + parameter] = clamp(at);
    }
    double[] profile = climb(u, parameter);
    double[] ratio = new double[count];
    for (int f = 0; f < count; f++) {
      ratio[f] = StrictMath.max(0, 2 * (highest[f] - profile[f]));
    }
    return ratio;
  }

  /// The profile interval of a parameter.
  ///
  /// @param parameter j
  /// @param level in (0, 1)
  /// @throws IllegalArgumentException for another level
  public Interval interval(int parameter, double level) {
    if (!(level > 0 && level < 1)) {
      throw new IllegalArgumentException("level must lie in (0, 1), found " + level);
    }
    return new Interval(end(parameter, level, -END), end(parameter, level, END));
  }

  /// The quantile of a chi-squared variable of one degree of freedom.
  static double cutOff(double level) {
    double z = Special.normalQuantile(0.5 * (1 + level));
    return z * z;
  }

  /// Where the profile falls by half the cut-off, between the estimate and an end of the search.
  private double[] end(int parameter, double level, double far) {
    double[] target = estimate().logLikelihood.clone();
    for (int f = 0; f < count; f++) {
      target[f] -= 0.5 * cutOff(level);
    }
    double[] inside = column(best, parameter);
    double[] outside = new double[count];
    Arrays.fill(outside, far);
    double[] others = best.clone();
    for (int round = 0; round < BISECTIONS; round++) {
      double[] u = others.clone();
      for (int f = 0; f < count; f++) {
        // First the far end itself: an interval may not close before it.
        u[f * p + parameter] = round == 0 ? far : 0.5 * (inside[f] + outside[f]);
      }
      double[] value = climb(u, parameter);
      for (int f = 0; f < count; f++) {
        double v = u[f * p + parameter];
        if (value[f] >= target[f]) {
          inside[f] = v;
          // The next maximum over the other parameters is sought from this one.
          System.arraycopy(u, f * p, others, f * p, p);
        } else {
          outside[f] = v;
        }
      }
    }
    double[] theta = new double[count];
    for (int f = 0; f < count; f++) {
      theta[f] = prior.marginals().get(parameter).fromUnconstrained(0.5 * (inside[f] + outside[f]));
    }
    return theta;
  }

  private double[] column(double[] u, int j) {
    double[] c = new double[count];
    for (int f = 0; f < count; f++) {
      c[f] = u[f * p + j];
    }
    return c;
  }

  /// The best of points that fill the prior evenly: Kronecker's lattice of square roots of primes.
  private double[] first() {
    int[] primes = {2, 3, 5, 7, 11, 13, 17, 19, 23, 29};
    double[] u = new double[count * p];
    double[] value = new double[count];
    Arrays.fill(value, Double.NEGATIVE_INFINITY);
    double[] trial = new double[count * p];
    for (int k = 0; k < FIRST; k++) {
      for (int j = 0; j < p; j++) {
        double place =
            p == 1
                ? (k + 0.5) / FIRST
                : (k + 0.5) * StrictMath.sqrt(primes[j % primes.length]) % 1.0;
        for (int f = 0; f < count; f++) {
          trial[f * p + j] = clamp(Special.normalQuantile(place));
        }
      }
      keep(likelihood.at(trial), trial, value, u);
    }
    return u;
  }

  /// Pattern search from u, which it moves; one parameter may be held.
  ///
  /// @param held index of the parameter that stays, -1 for none
  /// @return the log-likelihoods reached
  private double[] climb(double[] u, int held) {
    double[] value = likelihood.at(u);
    int free = held < 0 ? p : p - 1;
    if (free == 0) {
      return value;
    }
    double[] step = new double[count * p];
    Arrays.fill(step, 0.1);
    double[] trial = u.clone();
    for (int round = 0; round < ROUNDS; round++) {
      double largest = 0;
      double[] before = u.clone();
      for (int j = 0; j < p; j++) {
        if (j == held) {
          continue;
        }
        boolean[] moved = new boolean[count];
        for (int sign = -1; sign <= 1; sign += 2) {
          System.arraycopy(u, 0, trial, 0, u.length);
          for (int f = 0; f < count; f++) {
            trial[f * p + j] = clamp(u[f * p + j] + (moved[f] ? 0 : sign) * step[f * p + j]);
          }
          boolean[] better = keep(likelihood.at(trial), trial, value, u);
          for (int f = 0; f < count; f++) {
            moved[f] |= better[f];
          }
        }
        for (int f = 0; f < count; f++) {
          step[f * p + j] = StrictMath.min(1, step[f * p + j] * (moved[f] ? 1.6 : 0.4));
          largest = StrictMath.max(largest, step[f * p + j]);
        }
      }
      if (free > 1) {
        // Along the round's whole move: ridges that lie across the axes (Hooke and Jeeves 1961).
        for (int i = 0; i < u.length; i++) {
          trial[i] = clamp(u[i] + (u[i] - before[i]));
        }
        keep(likelihood.at(trial), trial, value, u);
      }
      if (largest < FINEST) {
        break;
      }
    }
    return value;
  }

  /// Takes over the trial points that are better.
  private boolean[] keep(double[] found, double[] trial, double[] value, double[] u) {
    boolean[] better = new boolean[count];
    for (int f = 0; f < count; f++) {
      if (found[f] > value[f]) {
        value[f] = found[f];
        better[f] = true;
        System.arraycopy(trial, f * p, u, f * p, p);
      }
    }
    return better;
  }

  private static double clamp(double u) {
    return StrictMath.max(-END, StrictMath.min(END, u));
  }

  @Override
  public void close() {
    likelihood.close();
  }
}
