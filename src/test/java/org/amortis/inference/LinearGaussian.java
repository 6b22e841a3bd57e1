package org.amortis.inference;

import org.amortis.engine.device.Executable;
import org.amortis.engine.math.RandomKey;
import org.amortis.engine.math.Streams;
import org.amortis.engine.program.Trace;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.Type;
import org.amortis.inference.likelihood.BatchLikelihood;
import org.amortis.inference.likelihood.LogLikelihood;
import org.amortis.nn.train.Column;
import org.amortis.nn.train.Dataset;

/// The model with a posterior in closed form: `u ~ N(0, I)`, `Z_j = A u + sd e_j` for j = 1..m.
///
/// `u | Z ~ N(Q^-1 A' sum_j Z_j / sd^2, Q^-1)` with `Q = I + m A'A / sd^2`.
///
/// @param a rows of A `(d, p)`, p at most 2
record LinearGaussian(double[][] a, double sd, int m) {
  static LinearGaussian one() {
    return new LinearGaussian(new double[][] {{1}}, 1, 4);
  }

  static LinearGaussian two() {
    return new LinearGaussian(new double[][] {{1, 0.6}, {-0.2, 1}, {0.5, 0.5}}, 1.2, 2);
  }

  int p() {
    return a[0].length;
  }

  int width() {
    return m * a.length;
  }

  /// Standard normal priors.
  Prior prior() {
    Marginal[] marginals = new Marginal[p()];
    for (int i = 0; i < p(); i++) {
      marginals[i] = new Marginal.Normal("theta" + i, 0, 1);
    }
    return Prior.of(marginals);
  }

  /// Data sets of unconstrained parameters `(n, p)`.
  Observations simulate(double[] u, long seed) {
    int n = u.length / p();
    double[] noise = new double[n * width()];
    Streams.normalInto(new RandomKey(seed, 77), 0, 0, noise.length, noise, 0);
    float[] z = new float[noise.length];
    for (int k = 0; k < z.length; k++) {
      double sum = sd * noise[k];
      for (int j = 0; j < p(); j++) {
        sum += a[k % a.length][j] * u[k / width() * p() + j];
      }
      z[k] = (float) sum;
    }
    return new Observations(Shape.of(width()), z);
  }

  /// Training columns `u`, `theta` and `data` for a prior with p parameters.
  Dataset training(Prior prior, int n, long seed) {
    double[] theta = prior.sample(seed, 0, n);
    double[] u = prior.toUnconstrained(theta);
    Observations z = simulate(u, seed);
    return Dataset.of(
        new Column("u", Shape.of(p()), floats(u)),
        new Column("theta", Shape.of(p()), floats(theta)),
        new Column("data", z.sample(), z.values()));
  }

  private static float[] floats(double[] x) {
    float[] y = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i] = (float) x[i];
    }
    return y;
  }

  /// Posterior covariance, row-major `(p, p)`.
  double[] covariance() {
    double[] q = new double[p() * p()];
    for (int i = 0; i < p(); i++) {
      for (int j = 0; j < p(); j++) {
        q[i * p() + j] = i == j ? 1 : 0;
        for (double[] row : a) {
          q[i * p() + j] += m * row[i] * row[j] / (sd * sd);
        }
      }
    }
    if (p() == 1) {
      return new double[] {1 / q[0]};
    }
    double det = q[0] * q[3] - q[1] * q[2];
    return new double[] {q[3] / det, -q[1] / det, -q[2] / det, q[0] / det};
  }

  double posteriorSd(int j) {
    return StrictMath.sqrt(covariance()[j * p() + j]);
  }

  /// Posterior mean of data set f.
  double[] posteriorMean(Observations z, int f) {
    double[] b = new double[p()];
    for (int k = 0; k < width(); k++) {
      for (int j = 0; j < p(); j++) {
        b[j] += a[k % a.length][j] * z.values()[f * width() + k] / (sd * sd);
      }
    }
    double[] v = covariance();
    double[] mean = new double[p()];
    for (int i = 0; i < p(); i++) {
      for (int j = 0; j < p(); j++) {
        mean[i] += v[i * p() + j] * b[j];
      }
    }
    return mean;
  }

  /// Log posterior density of u given data set f.
  double logPosterior(Observations z, int f, double... u) {
    double[] v = covariance();
    double[] mean = posteriorMean(z, f);
    double x = u[0] - mean[0];
    double half = 0.9189385332046727;
    if (p() == 1) {
      return -0.5 * x * x / v[0] - half - 0.5 * StrictMath.log(v[0]);
    }
    double y = u[1] - mean[1];
    double det = v[0] * v[3] - v[1] * v[2];
    double square = (x * x * v[3] - 2 * x * y * v[1] + y * y * v[0]) / det;
    return -0.5 * square - 2 * half - 0.5 * StrictMath.log(det);
  }

  /// Log-density of data set f at u, with all constants.
  double logLikelihood(Observations z, int f, double... u) {
    double sum = -width() * (0.9189385332046727 + StrictMath.log(sd));
    for (int k = 0; k < width(); k++) {
      double e = z.values()[f * width() + k];
      for (int j = 0; j < p(); j++) {
        e -= a[k % a.length][j] * u[j];
      }
      sum -= 0.5 * e * e / (sd * sd);
    }
    return sum;
  }

  /// Log evidence of data set f: likelihood times prior over posterior, at any point.
  double logEvidence(Observations z, int f) {
    double[] u = posteriorMean(z, f);
    double prior = 0;
    for (double x : u) {
      prior += -0.5 * x * x - 0.9189385332046727;
    }
    return logLikelihood(z, f, u) + prior - logPosterior(z, f, u);
  }

  /// The likelihood of the column `data` of a batch, with all constants; theta and u are the same.
  BatchLikelihood batch() {
    return (theta, batch, repeat) -> {
      Trace t = theta.trace();
      Var z = t.cast(batch.get("data"), DType.FLOAT64);
      int b = z.dim(0);
      double[] rows = new double[p() * width()];
      for (int k = 0; k < rows.length; k++) {
        rows[k] = a[k % width() % a.length][k / width()];
      }
      Var expected = theta.matmul(t.constant(DType.FLOAT64, Shape.of(p(), width()), rows));
      Var error = expected.reshape(b, repeat, width()).sub(z.reshape(b, 1, width()));
      double constant = -width() * (0.9189385332046727 + StrictMath.log(sd));
      return error.square().sum(2).mul(-0.5 / (sd * sd)).add(constant).reshape(b * repeat);
    };
  }

  /// The likelihood as a program, up to a constant; theta and u are the same.
  LogLikelihood likelihood(Observations z) {
    int d = a.length;
    double[] mean = new double[z.count() * d];
    for (int k = 0; k < z.values().length; k++) {
      mean[k / width() * d + k % d] += (double) z.values()[k] / m;
    }
    double[] transposed = new double[p() * d];
    for (int k = 0; k < transposed.length; k++) {
      transposed[k] = a[k % d][k / d];
    }
    return new LogLikelihood() {
      @Override
      public int count() {
        return z.count();
      }

      private Var logs(Var theta, int rows, int columns, int groups) {
        Trace t = theta.trace();
        Var expected =
            theta
                .matmul(t.constant(DType.FLOAT64, Shape.of(p(), d), transposed))
                .reshape(rows, columns, d);
        Var means = t.data("means", Type.f64(count(), d));
        Var data = groups == 1 ? means.reshape(1, count(), d) : means.reshape(count(), 1, d);
        return expected.sub(data).square().sum(2).mul(-0.5 * m / (sd * sd));
      }

      @Override
      public Var each(Var theta, int repeat) {
        return logs(theta, count(), repeat, count()).reshape(count() * repeat);
      }

      @Override
      public Var all(Var theta) {
        return logs(theta, theta.dim(0), 1, 1);
      }

      @Override
      public void bind(Executable program) {
        program.input("means").write(mean, 0);
      }
    };
  }
}
