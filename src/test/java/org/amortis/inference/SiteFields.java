package org.amortis.inference;

import org.amortis.engine.math.RandomKey;
import org.amortis.engine.math.Streams;
import org.amortis.engine.shape.Shape;
import org.amortis.nn.train.Column;
import org.amortis.nn.train.Dataset;

/// A Gaussian process of unit variance with covariance `exp(-h / theta)` at 6 to 14 sites, uniform
/// on the unit square; the model's posterior by quadrature in plain Java.
final class SiteFields {
  static final int MOST = 14;
  private static final int LEAST = 6;

  private SiteFields() {}

  static double[] unconstrained(Prior prior, int n, long seed) {
    return prior.toUnconstrained(prior.sample(seed, 0, n));
  }

  /// Columns `u` and `data` (14, 3): two coordinates and the value, NaN for absent sites.
  static Dataset of(Prior prior, int n, long seed) {
    double[] u = unconstrained(prior, n, seed);
    double[] uniform = new double[n * (2 * MOST + 1)];
    double[] normal = new double[n * MOST];
    Streams.uniformInto(new RandomKey(seed, 71), 0, 0, uniform.length, uniform, 0);
    Streams.normalInto(new RandomKey(seed, 72), 0, 0, normal.length, normal, 0);
    float[] data = new float[n * MOST * 3];
    float[] first = new float[n];
    java.util.Arrays.fill(data, Float.NaN);
    for (int i = 0; i < n; i++) {
      first[i] = (float) u[i];
      int at = i * (2 * MOST + 1);
      int sites = LEAST + (int) (uniform[at] * (MOST - LEAST + 1));
      double[] l = factor(uniform, at + 1, 2, sites, theta(u[i]));
      for (int j = 0; j < sites; j++) {
        double z = 0;
        for (int k = 0; k <= j; k++) {
          z += l[j * sites + k] * normal[i * MOST + k];
        }
        data[(i * MOST + j) * 3] = (float) uniform[at + 1 + 2 * j];
        data[(i * MOST + j) * 3 + 1] = (float) uniform[at + 2 + 2 * j];
        data[(i * MOST + j) * 3 + 2] = (float) z;
      }
    }
    return Dataset.of(
        new Column("u", Shape.of(1), first), new Column("data", Shape.of(MOST, 3), data));
  }

  private static double theta(double u) {
    return StrictMath.exp(-1.5 + u);
  }

  /// Cholesky factor of the covariance of sites whose coordinates stand `stride` apart.
  private static double[] factor(double[] x, int at, int stride, int n, double theta) {
    double[] l = new double[n * n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        double dx = x[at + stride * i] - x[at + stride * j];
        double dy = x[at + stride * i + 1] - x[at + stride * j + 1];
        double sum = StrictMath.exp(-StrictMath.sqrt(dx * dx + dy * dy) / theta);
        for (int k = 0; k < j; k++) {
          sum -= l[i * n + k] * l[j * n + k];
        }
        l[i * n + j] = i == j ? StrictMath.sqrt(sum) : sum / l[j * n + j];
      }
    }
    return l;
  }

  /// The values of each field moved on to the next present site.
  static Observations exchanged(Observations z) {
    float[] moved = z.values().clone();
    for (int i = 0; i < z.count(); i++) {
      int sites = 0;
      while (sites < MOST && !Float.isNaN(z.values()[(i * MOST + sites) * 3])) {
        sites++;
      }
      for (int j = 0; j < sites; j++) {
        moved[(i * MOST + (j + 1) % sites) * 3 + 2] = z.values()[(i * MOST + j) * 3 + 2];
      }
    }
    return new Observations(z.sample(), moved);
  }

  /// Log posterior less log prior at u: `log p(Z | u) - log int p(Z | v) N(v) dv`.
  static double gain(Observations z, int i, double u) {
    double[] x = new double[MOST * 3];
    int sites = 0;
    for (int k = 0; k < x.length; k++) {
      x[k] = z.values()[i * x.length + k];
      sites += Double.isNaN(x[k]) ? 0 : 1;
    }
    sites /= 3;
    double total = 0;
    double here = logLikelihood(x, sites, u);
    double step = 0.1;
    for (double v = -4; v <= 4; v += step) {
      double weight = StrictMath.exp(-0.5 * v * v - 0.9189385332046727) * step;
      total += weight * StrictMath.exp(logLikelihood(x, sites, v) - here);
    }
    return -StrictMath.log(total);
  }

  private static double logLikelihood(double[] x, int n, double u) {
    double[] l = factor(x, 0, 3, n, theta(u));
    double[] y = new double[n];
    double log = 0;
    for (int i = 0; i < n; i++) {
      double sum = x[3 * i + 2];
      for (int k = 0; k < i; k++) {
        sum -= l[i * n + k] * y[k];
      }
      y[i] = sum / l[i * n + i];
      log -= 0.5 * y[i] * y[i] + StrictMath.log(l[i * n + i]);
    }
    return log;
  }
}
