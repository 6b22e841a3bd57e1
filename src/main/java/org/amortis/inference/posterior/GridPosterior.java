package org.amortis.inference.posterior;

import org.amortis.engine.Cancellation;
import org.amortis.engine.Failure;
import org.amortis.engine.Progress;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.Executable;
import org.amortis.engine.math.Special;
import org.amortis.engine.program.Program;
import org.amortis.engine.program.Trace;
import org.amortis.engine.shape.Type;
import org.amortis.inference.Marginal;
import org.amortis.inference.Prior;
import org.amortis.inference.likelihood.LogLikelihood;

/// The exact posterior of one or two parameters on a grid of cell midpoints.
///
/// The grid divides the prior's support (for an unbounded marginal the range of u from -6 to 6)
/// into equal cells; the density is `p(theta) p(Z | theta)`, normalised so that the sum over cells
/// times their size is 1. Quantiles interpolate the distribution function linearly between cell
/// edges.
///
/// Legend: F data sets, G grid points, p parameters.
///
/// @param axes cell midpoints of each parameter, in natural units
/// @param logDensity log posterior density `(F, G)`, G the product of the axes' lengths, the last
///   axis fastest
/// @param count F
public record GridPosterior(double[][] axes, double[] logDensity, int count) {
  /// Most grid points that one run of the program computes.
  public static final int CHUNK = 128;

  /// The exact posterior of every data set.
  ///
  /// @param prior of one or two parameters
  /// @param likelihood of F data sets
  /// @param cells cells a parameter, at least 2
  /// @throws IllegalArgumentException for more than two parameters, or another number of cells than
  ///   of parameters
  /// @throws Failure DATA when a data set has no finite density on the grid
  /// @throws Cancellation.Cancelled once a stop was requested
  public static GridPosterior of(
      Prior prior,
      LogLikelihood likelihood,
      int[] cells,
      Device device,
      Progress progress,
      Cancellation cancellation) {
    int p = prior.size();
    if (p > 2 || cells.length != p) {
      throw new IllegalArgumentException("a grid takes one or two parameters, found " + p);
    }
    double[][] axes = new double[p][];
    for (int i = 0; i < p; i++) {
      axes[i] = midpoints(prior, i, cells[i]);
    }
    int g = p == 1 ? cells[0] : cells[0] * cells[1];
    double[] theta = new double[g * p];
    for (int k = 0; k < g; k++) {
      for (int i = 0; i < p; i++) {
        theta[k * p + i] = axes[i][p == 1 || i == 1 ? k % cells[p - 1] : k / cells[1]];
      }
    }
    int f = likelihood.count();
    double[] log = new double[f * g];
    double[] logPrior = prior.logDensity(theta);
    int chunk = StrictMath.min(CHUNK, g);
    progress.start("grid", g);
    try (Executable e = device.bind(program(prior, likelihood, chunk))) {
      likelihood.bind(e);
      double[] part = new double[chunk * f];
      for (int from = 0; from < g; from += chunk) {
        cancellation.check();
        int start = StrictMath.min(from, g - chunk);
        e.input("theta").write(theta, start * p);
        e.run();
        e.output("log_likelihood").read(part, 0);
        for (int k = from - start; k < chunk; k++) {
          for (int i = 0; i < f; i++) {
            log[i * g + start + k] = part[k * f + i] + logPrior[start + k];
          }
        }
        progress.advance(start + chunk);
      }
    }
    progress.done();
    double cell = 0;
    for (double[] axis : axes) {
      cell += Special.log(axis[1] - axis[0]);
    }
    double[] row = new double[g];
    for (int i = 0; i < f; i++) {
      System.arraycopy(log, i * g, row, 0, g);
      double total = Special.logSumExp(row) + cell;
      if (!Double.isFinite(total)) {
        throw Failure.data("exact posterior: no finite density on the grid for data set " + i);
      }
      for (int k = 0; k < g; k++) {
        log[i * g + k] -= total;
      }
    }
    return new GridPosterior(axes, log, f);
  }

  /// The program that computes the log-likelihood of every data set at some grid points: input
  /// `theta` (points, p), output `log_likelihood` (points, F).
  public static Program program(Prior prior, LogLikelihood likelihood, int points) {
    Trace t = new Trace("grid");
    t.output("log_likelihood", likelihood.all(t.data("theta", Type.f64(points, prior.size()))));
    return t.program();
  }

  private static double[] midpoints(Prior prior, int i, int cells) {
    Marginal marginal = prior.marginals().get(i);
    boolean bounded = marginal instanceof Marginal.Uniform;
    double low = bounded ? ((Marginal.Uniform) marginal).low() : marginal.fromUnconstrained(-6);
    double high = bounded ? ((Marginal.Uniform) marginal).high() : marginal.fromUnconstrained(6);
    double[] m = new double[cells];
    for (int k = 0; k < cells; k++) {
      m[k] = low + (k + 0.5) / cells * (high - low);
    }
    return m;
  }

  /// Marginal probabilities of the cells of one parameter, for data set f; they sum to 1.
  public double[] weights(int f, int parameter) {
    int g = logDensity.length / count;
    int last = axes[axes.length - 1].length;
    double[] w = new double[axes[parameter].length];
    double total = 0;
    for (int k = 0; k < g; k++) {
      double v = Special.exp(logDensity[f * g + k]);
      w[axes.length == 1 || parameter == 1 ? k % last : k / last] += v;
      total += v;
    }
    for (int k = 0; k < w.length; k++) {
      w[k] /= total;
    }
    return w;
  }

  /// Posterior mean of one parameter of data set f.
  public double mean(int f, int parameter) {
    double[] w = weights(f, parameter);
    double sum = 0;
    for (int k = 0; k < w.length; k++) {
      sum += w[k] * axes[parameter][k];
    }
    return sum;
  }

  /// Distribution function of one parameter of data set f at x, linear inside cells.
  public double cdf(int f, int parameter, double x) {
    double[] axis = axes[parameter];
    double[] w = weights(f, parameter);
    double h = axis[1] - axis[0];
    double place = (x - (axis[0] - h / 2)) / h;
    if (!(place > 0)) {
      return 0;
    }
    double sum = 0;
    int whole = (int) StrictMath.min(place, axis.length);
    for (int k = 0; k < whole; k++) {
      sum += w[k];
    }
    return whole == axis.length ? 1 : sum + (place - whole) * w[whole];
  }

  /// Quantiles of one parameter of data set f at increasing levels.
  ///
  /// @return one a level
  public double[] quantiles(int f, int parameter, double... levels) {
    double[] axis = axes[parameter];
    double[] w = weights(f, parameter);
    double h = axis[1] - axis[0];
    double[] q = new double[levels.length];
    double sum = 0;
    int k = 0;
    for (int i = 0; i < levels.length; i++) {
      while (k < w.length - 1 && sum + w[k] < levels[i]) {
        sum += w[k++];
      }
      double share = w[k] > 0 ? StrictMath.min(1, (levels[i] - sum) / w[k]) : 0.5;
      q[i] = axis[k] - h / 2 + share * h;
    }
    return q;
  }

  /// Draws from the posterior of every data set by inverse transform: at the levels (d + 1/2) / n
  /// for one parameter, at Hammersley's points for two. Same grid, same draws.
  ///
  /// @param n draws a data set
  /// @return `(F, n, p)`, strictly inside the grid
  public double[] draws(int n) {
    int p = axes.length;
    double[] all = new double[count * n * p];
    for (int f = 0; f < count; f++) {
      System.arraycopy(GridDraws.of(this, f, n), 0, all, f * n * p, n * p);
    }
    return all;
  }
}
