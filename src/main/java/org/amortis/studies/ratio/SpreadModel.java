package org.amortis.studies.ratio;

import java.util.Arrays;
import org.amortis.engine.math.RandomKey;
import org.amortis.engine.math.Special;
import org.amortis.engine.math.Streams;
import org.amortis.engine.shape.Shape;
import org.amortis.inference.Marginal;
import org.amortis.inference.Observations;
import org.amortis.inference.Prior;
import org.amortis.nn.train.Column;
import org.amortis.nn.train.Dataset;

/// The model of the study: `theta ~ U(0, 1)`, `Z | theta ~ N(theta, theta^2)`; its evidence, ratio
/// and Bayes classifier.
final class SpreadModel {
  /// Prior of theta.
  static final Prior PRIOR = Prior.of(new Marginal.Uniform("theta", 0, 1));

  /// One data set: one replicate of one number.
  static final Shape SAMPLE = Shape.of(1, 1);

  private static final int NOISE = 2;
  private static final double LOG_ROOT_2PI = 0.9189385332046727;

  /// A standard normal density at 39 is below the least double.
  private static final double FAR = 40;

  private SpreadModel() {}

  /// Pairs of the joint law.
  record Pairs(double[] theta, Observations data) {
    int count() {
      return theta.length;
    }

    /// Columns `u` and `data`.
    Dataset dataset() {
      double[] u = PRIOR.toUnconstrained(theta);
      float[] column = new float[u.length];
      for (int i = 0; i < u.length; i++) {
        column[i] = (float) u[i];
      }
      return Dataset.of(
          new Column("u", Shape.of(1), column), new Column("data", SAMPLE, data.values()));
    }
  }

  /// Draws pairs.
  static Pairs simulate(int n, long seed) {
    double[] theta = PRIOR.sample(seed, 0, n);
    double[] noise = new double[n];
    Streams.normalInto(new RandomKey(seed, NOISE), 0, 0, n, noise, 0);
    float[] z = new float[n];
    for (int i = 0; i < n; i++) {
      z[i] = (float) (theta[i] * (1 + noise[i]));
    }
    return new Pairs(theta, new Observations(SAMPLE, z));
  }

  /// Log density of Z given theta.
  static double logLikelihood(double theta, double z) {
    double e = (z - theta) / theta;
    return -0.5 * e * e - LOG_ROOT_2PI - Special.log(theta);
  }

  /// Log evidence `log p(Z)`, Z not 0: with `theta = exp(-s)` the integral of the density over the
  /// prior is `int_0^inf phi(Z e^s - 1) ds`, whose integrand is flat up to `s = log(1 / |Z|)` and
  /// then falls; in theta it grows like 1 / theta. The evidence diverges at 0, like `phi(1) log (1
  /// / |Z|)`.
  static double logEvidence(double z) {
    if (z == 0) {
      throw new IllegalArgumentException("the evidence diverges at Z = 0");
    }
    double end = StrictMath.max(0.1, Special.log((FAR + 1) / StrictMath.abs(z)));
    // Scaled by its value at s = 0, so that large |Z| do not underflow.
    double e0 = -0.5 * (z - 1) * (z - 1);
    double top = z > 0 && z < 1 ? 0 : e0;
    double area =
        Quadrature.integrate(
            s -> {
              double e = z * Special.exp(s) - 1;
              return Special.exp(-0.5 * e * e - top);
            },
            0,
            end,
            1e-11);
    return Special.log(area) + top - LOG_ROOT_2PI;
  }

  /// Log ratios at pairs.
  static double[] logRatio(double[] theta, float[] z) {
    double[] log = new double[theta.length];
    for (int i = 0; i < log.length; i++) {
      log[i] = logLikelihood(theta[i], z[i]) - logEvidence(z[i]);
    }
    return log;
  }

  /// Log ratios of every theta (fastest) at every Z.
  static double[] logRatios(double[] theta, float[] z) {
    double[] log = new double[theta.length * z.length];
    for (int i = 0; i < z.length; i++) {
      double evidence = logEvidence(z[i]);
      for (int j = 0; j < theta.length; j++) {
        log[i * theta.length + j] = logLikelihood(theta[j], z[i]) - evidence;
      }
    }
    return log;
  }

  /// The |Z| that a share of the pairs stays below.
  static double range(float[] z, double share) {
    double[] a = new double[z.length];
    for (int i = 0; i < a.length; i++) {
      a[i] = StrictMath.abs(z[i]);
    }
    Arrays.sort(a);
    return a[(int) StrictMath.ceil(share * a.length) - 1];
  }
}
