package org.amortis.studies.gp;

import java.util.stream.IntStream;
import org.amortis.engine.math.Chebyshev;
import org.amortis.engine.math.Special;
import org.amortis.inference.Observations;
import org.amortis.inference.posterior.GridPosterior;

/// The review's hand-crafted summary of a field and the posterior given nothing else: `S = 100 mean
/// over the 256 x 256 pair matrix of the squared differences of neighbours`.
///
/// `S = z' A z` with z Gaussian is a weighted sum of independent squares, its weights the
/// eigenvalues of `L' A L`, L the Cholesky factor of the covariance. Its density is the saddlepoint
/// approximation, which for sums of hundreds of terms is exact to some 0.1 % and whose remaining
/// factor hardly moves with theta. What this posterior scores above the exact one is the price of
/// the summary, whatever network reads it.
///
/// Sources: Zammit-Mangion, Sainsbury-Dale and Huser (2025), section 5; Daniels (1954), Saddlepoint
/// approximations in statistics.
final class NeighbourSummary {
  private static final int SITES = GaussianProcess.SIDE * GaussianProcess.SIDE;

  /// Every pair of neighbours stands twice in the pair matrix.
  private static final double WEIGHT = 200.0 / ((double) SITES * SITES);

  private static final int NODES = 40;
  private static final double LOWEST = 0.0015;
  private static final double LOG_TWO_PI = 1.8378770664093453;

  private NeighbourSummary() {}

  /// The summary of each field.
  static double[] of(Observations fields) {
    double[] s = new double[fields.count()];
    int side = GaussianProcess.SIDE;
    for (int f = 0; f < s.length; f++) {
      double sum = 0;
      for (int i = 0; i < SITES; i++) {
        double z = fields.values()[f * SITES + i];
        if (i % side < side - 1) {
          double d = z - fields.values()[f * SITES + i + 1];
          sum += d * d;
        }
        if (i / side < side - 1) {
          double d = z - fields.values()[f * SITES + i + side];
          sum += d * d;
        }
      }
      s[f] = WEIGHT * sum;
    }
    return s;
  }

  /// The posterior of theta given each value of the summary.
  static GridPosterior posterior(double[] summaries, int cells) {
    Chebyshev series =
        new Chebyshev(NODES, Special.log(LOWEST), Special.log(GaussianProcess.UPPER));
    double[] nodes = series.nodes();
    int n = summaries.length;
    double[][] log = new double[NODES][];
    IntStream.range(0, NODES)
        .parallel()
        .forEach(k -> log[k] = logDensities(summaries, weights(Special.exp(nodes[k]))));
    double[] axis = new double[cells];
    double cell = GaussianProcess.UPPER / cells;
    double[][] basis = new double[cells][];
    for (int g = 0; g < cells; g++) {
      axis[g] = (g + 0.5) * cell;
      // Below the lowest node the covariance is the identity to the last bit.
      basis[g] = lagrange(nodes, StrictMath.max(series.low(), Special.log(axis[g])));
    }
    double[] all = new double[n * cells];
    double[] row = new double[cells];
    for (int i = 0; i < n; i++) {
      for (int g = 0; g < cells; g++) {
        double sum = 0;
        for (int k = 0; k < NODES; k++) {
          sum += basis[g][k] * log[k][i];
        }
        row[g] = sum;
      }
      double total = Special.logSumExp(row) + Special.log(cell);
      for (int g = 0; g < cells; g++) {
        all[i * cells + g] = row[g] - total;
      }
    }
    return new GridPosterior(new double[][] {axis}, all, n);
  }

  /// Values at x of the polynomials that are 1 at one node and 0 at the others, barycentric.
  private static double[] lagrange(double[] nodes, double x) {
    double[] b = new double[nodes.length];
    double sum = 0;
    for (int k = 0; k < b.length; k++) {
      double d = x - nodes[k];
      if (d == 0) {
        double[] unit = new double[b.length];
        unit[k] = 1;
        return unit;
      }
      // Chebyshev nodes of the first kind have these weights.
      double w = StrictMath.sin((2 * k + 1) * StrictMath.PI / (2 * b.length));
      b[k] = ((k & 1) == 0 ? w : -w) / d;
      sum += b[k];
    }
    for (int k = 0; k < b.length; k++) {
      b[k] /= sum;
    }
    return b;
  }

  /// The weights of the squares in the summary's law at one theta, ascending, all positive.
  static double[] weights(double theta) {
    double[] factor = cholesky(theta);
    int n = SITES;
    int side = GaussianProcess.SIDE;
    // A L row by row: A is the graph's Laplacian times the weight.
    double[] al = new double[n * n];
    for (int i = 0; i < n; i++) {
      int column = i % side;
      int row = i / side;
      int degree = 0;
      for (int d = 0; d < 4; d++) {
        int r = row + (d == 0 ? -1 : d == 1 ? 1 : 0);
        int c = column + (d == 2 ? -1 : d == 3 ? 1 : 0);
        if (r >= 0 && r < side && c >= 0 && c < side) {
          degree++;
          axpy(al, i * n, -WEIGHT, factor, (r * side + c) * n, n);
        }
      }
      axpy(al, i * n, degree * WEIGHT, factor, i * n, n);
    }
    double[] b = new double[n * n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        // L is lower triangular: row i of it has entries up to column i.
        axpy(b, j * n, factor[i * n + j], al, i * n, n);
      }
    }
    double[] all = Eigenvalues.of(b, n);
    // The Laplacian of a connected graph has one zero: the field's level.
    return java.util.Arrays.copyOfRange(all, 1, n);
  }

  private static double[] cholesky(double theta) {
    int n = SITES;
    int side = GaussianProcess.SIDE;
    double[] l = new double[n * n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        double dr = (i / side - j / side) / (side - 1.0);
        double dc = (i % side - j % side) / (side - 1.0);
        l[i * n + j] = Special.exp(-StrictMath.sqrt(dr * dr + dc * dc) / theta);
      }
    }
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        double sum = l[i * n + j];
        for (int k = 0; k < j; k++) {
          sum -= l[i * n + k] * l[j * n + k];
        }
        l[i * n + j] = i == j ? StrictMath.sqrt(sum) : sum / l[j * n + j];
      }
    }
    return l;
  }

  private static void axpy(double[] y, int at, double a, double[] x, int from, int n) {
    for (int k = 0; k < n; k++) {
      y[at + k] += a * x[from + k];
    }
  }

  /// Saddlepoint log-densities of `sum of w_k chi^2_1`.
  static double[] logDensities(double[] values, double[] w) {
    double[] log = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      log[i] = logDensity(values[i], w);
    }
    return log;
  }

  private static double logDensity(double s, double[] w) {
    // K'(t) = sum w / (1 - 2 t w) grows from 0 to infinity below 1 / (2 max w).
    double low = -w.length / (2 * s);
    double high = 1 / (2 * w[w.length - 1]);
    double t = StrictMath.min(0, low / 2);
    for (int step = 0; step < 200; step++) {
      double first = 0;
      double second = 0;
      for (double v : w) {
        double r = v / (1 - 2 * t * v);
        first += r;
        second += 2 * r * r;
      }
      double error = first - s;
      if (error > 0) {
        high = t;
      } else {
        low = t;
      }
      // Newton on 1 / K' - 1 / s, which is nearly straight.
      double next = t - error * first / (s * second);
      if (!(next > low && next < high)) {
        next = (low + high) / 2;
      }
      if (StrictMath.abs(error) <= 1e-12 * s || next == t) {
        break;
      }
      t = next;
    }
    double generating = 0;
    double second = 0;
    double product = 1;
    for (double v : w) {
      double factor = 1 - 2 * t * v;
      double r = v / factor;
      second += 2 * r * r;
      product *= factor;
      if (product < 1e-200 || product > 1e200) {
        generating -= Special.log(product) / 2;
        product = 1;
      }
    }
    generating -= Special.log(product) / 2;
    return generating - t * s - (LOG_TWO_PI + Special.log(second)) / 2;
  }
}
