package org.amortis.studies.decision;

import org.amortis.engine.math.RandomKey;
import org.amortis.engine.math.Special;
import org.amortis.engine.math.Streams;
import org.amortis.engine.shape.Shape;
import org.amortis.inference.Marginal;
import org.amortis.inference.Observations;
import org.amortis.inference.Prior;
import org.amortis.nn.train.Column;
import org.amortis.nn.train.Dataset;

/// The model of the study: `theta ~ U(0, 1)`, `X | theta ~ N(theta, s^2)`, whose posterior is
/// normal with mean X and standard deviation s, cut to (0, 1); expected losses and their minimisers
/// in closed form.
final class SimpleModel {
  /// Prior of theta.
  static final Prior PRIOR = Prior.of(new Marginal.Uniform("theta", 0, 1));

  /// One data set: one number.
  static final Shape SAMPLE = Shape.of(1);

  /// Standard deviation s of X given theta.
  static final double SPREAD = 0.25;

  private static final int NOISE = 2;

  private SimpleModel() {}

  /// Columns `theta` and `data`.
  static Dataset pairs(int n, long seed) {
    double[] theta = PRIOR.sample(seed, 0, n);
    float[] column = new float[n];
    for (int i = 0; i < n; i++) {
      column[i] = (float) theta[i];
    }
    return Dataset.of(
        new Column("theta", Shape.of(1), column),
        new Column("data", SAMPLE, data(theta, seed).values()));
  }

  /// Data of the given parameters.
  static Observations data(double[] theta, long seed) {
    double[] noise = new double[theta.length];
    Streams.normalInto(new RandomKey(seed, NOISE), 0, 0, noise.length, noise, 0);
    float[] x = new float[theta.length];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) (theta[i] + SPREAD * noise[i]);
    }
    return new Observations(SAMPLE, x);
  }

  private static double density(double x) {
    return Special.exp(-0.5 * x * x) * 0.3989422804014327;
  }

  /// The normal probability of (a, b), without loss of digits in the upper tail.
  private static double mass(double a, double b) {
    return a > 0
        ? Special.normalCdf(-a) - Special.normalCdf(-b)
        : Special.normalCdf(b) - Special.normalCdf(a);
  }

  /// Posterior mean.
  static double mean(double x) {
    double a = -x / SPREAD;
    double b = (1 - x) / SPREAD;
    return x + SPREAD * (density(a) - density(b)) / mass(a, b);
  }

  /// Posterior variance.
  static double variance(double x) {
    double a = -x / SPREAD;
    double b = (1 - x) / SPREAD;
    double m = mass(a, b);
    double shift = (density(a) - density(b)) / m;
    return SPREAD * SPREAD * (1 + (a * density(a) - b * density(b)) / m - shift * shift);
  }

  /// Posterior quantile.
  static double quantile(double x, double level) {
    double a = -x / SPREAD;
    double m = level * mass(a, (1 - x) / SPREAD);
    double u =
        a > 0
            ? -Special.normalQuantile(Special.normalCdf(-a) - m)
            : Special.normalQuantile(Special.normalCdf(a) + m);
    return x + SPREAD * u;
  }

  /// Posterior expectation of `max(0, delta - theta)`, delta in (0, 1).
  private static double shortfall(double x, double delta) {
    double a = -x / SPREAD;
    double d = (delta - x) / SPREAD;
    return ((delta - x) * mass(a, d) + SPREAD * (density(d) - density(a)))
        / mass(a, (1 - x) / SPREAD);
  }

  /// What is decided: a loss, its expectation under the posterior, and the decision that minimises
  /// it.
  enum Decision {
    /// Squared error; the posterior mean.
    MEAN("posterior mean", "squared error") {
      @Override
      double expectedLoss(double x, double delta) {
        double e = delta - mean(x);
        return variance(x) + e * e;
      }

      @Override
      double minimiser(double x) {
        return mean(x);
      }
    },
    /// Pinball loss at 5 %.
    LOW("5 % quantile", "pinball loss at 0.05") {
      @Override
      double expectedLoss(double x, double delta) {
        return pinball(x, delta, 0.05);
      }

      @Override
      double minimiser(double x) {
        return quantile(x, 0.05);
      }
    },
    /// Pinball loss at 95 %.
    HIGH("95 % quantile", "pinball loss at 0.95") {
      @Override
      double expectedLoss(double x, double delta) {
        return pinball(x, delta, 0.95);
      }

      @Override
      double minimiser(double x) {
        return quantile(x, 0.95);
      }
    };

    final String label;
    final String loss;

    Decision(String label, String loss) {
      this.label = label;
      this.loss = loss;
    }

    /// `g(x, delta) = E (loss(delta, theta) | x)`.
    abstract double expectedLoss(double x, double delta);

    /// The delta that minimises it.
    abstract double minimiser(double x);

    private static double pinball(double x, double delta, double level) {
      return level * (mean(x) - delta) + shortfall(x, delta);
    }
  }
}
