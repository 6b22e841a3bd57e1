package org.amortis.inference.diagnose;

import org.amortis.engine.math.RandomKey;
import org.amortis.engine.math.Streams;

/// Simulation-based calibration of one parameter: where the parameter that made the data ranks
/// among draws of its posterior.
///
/// For the exact posterior and independent draws the rank is uniform on 0..m, whatever the model
/// (Talts, Betancourt, Simpson, Vehtari and Gelman 2018). Ranks in the middle too often say that
/// the posterior is too wide, at the ends too narrow, on one side shifted. A uniform rank is
/// necessary, not sufficient: the prior itself has one.
///
/// @param ranks number of draws below the parameter, one a field, each of 0..draws
/// @param draws m, draws a field
public record SimulationBasedCalibration(int[] ranks, int draws) {
  /// Stream number of the numbers that break ties.
  public static final int STREAM = 91;

  /// Checks the ranks.
  ///
  /// @throws IllegalArgumentException when one is out of range or there is none
  public SimulationBasedCalibration {
    if (draws < 1 || ranks.length == 0) {
      throw new IllegalArgumentException("calibration needs at least one field and one draw");
    }
    for (int r : ranks) {
      if (r < 0 || r > draws) {
        throw new IllegalArgumentException("a rank among " + draws + " draws cannot be " + r);
      }
    }
  }

  /// Two tests of uniform ranks.
  ///
  /// @param chiSquare Pearson's statistic over bins
  /// @param chiSquareTail its probability under the null
  /// @param distance largest distance of the ranks' distribution function from the uniform one
  /// @param distanceTail its probability under the null, at most (the law of continuous numbers
  ///   bounds that of ranks)
  public record Verdict(
      double chiSquare, double chiSquareTail, double distance, double distanceTail) {
    /// Whether the ranks are told from uniform ones at an error rate of at most `level`, half of it
    /// spent on each test.
    public boolean rejects(double level) {
      return chiSquareTail < level / 2 || distanceTail < level / 2;
    }
  }

  /// Ranks of one of several parameters.
  ///
  /// Among draws equal to the parameter, as rounding can make, all places are equally likely; the
  /// place is a function of the field.
  ///
  /// @param posterior draws `(n, m, p)`
  /// @param theta `(n, p)`
  /// @param parameters p
  /// @param parameter index of the one that is ranked
  /// @throws IllegalArgumentException if shapes do not fit, or a draw is not a number
  public static SimulationBasedCalibration of(
      double[] posterior, double[] theta, int parameters, int parameter) {
    int n = fields(posterior, theta, parameters);
    int m = posterior.length / (n * parameters);
    RandomKey key = new RandomKey(0, STREAM);
    int[] ranks = new int[n];
    for (int i = 0; i < n; i++) {
      double truth = theta[i * parameters + parameter];
      int ties = 0;
      for (int d = 0; d < m; d++) {
        double x = posterior[(i * m + d) * parameters + parameter];
        if (Double.isNaN(x)) {
          throw new IllegalArgumentException("field " + i + " has a draw that is not a number");
        }
        ranks[i] += x < truth ? 1 : 0;
        ties += x == truth ? 1 : 0;
      }
      ranks[i] += Streams.bounded(key, 0, i, ties + 1);
    }
    return new SimulationBasedCalibration(ranks, m);
  }

  /// Ranks of all parameters together: how many draws lie nearer to a reference point than the
  /// parameters that made the data do.
  ///
  /// Distances are Euclidean, each parameter in units of its standard deviation over the fields.
  /// This sees wrong dependence between parameters, which ranks one by one do not.
  ///
  /// Source: Lemos, Coogan, Hezaveh and Perreault-Levasseur (2023), Sampling-based accuracy testing
  /// of posterior estimators (TARP).
  ///
  /// @param posterior `(n, m, p)`
  /// @param theta `(n, p)`
  /// @param reference one point a field `(n, p)`, chosen without a look at theta, for example prior
  ///   draws
  /// @throws IllegalArgumentException if shapes do not fit
  public static SimulationBasedCalibration jointly(
      double[] posterior, double[] theta, double[] reference, int parameters) {
    int n = fields(posterior, theta, parameters);
    int m = posterior.length / (n * parameters);
    if (reference.length != theta.length) {
      throw new IllegalArgumentException(
          reference.length + " coordinates of reference points, expected " + theta.length);
    }
    double[] precision = precision(theta, parameters);
    double[] distances = new double[n * m];
    double[] truth = new double[n];
    for (int i = 0; i < n; i++) {
      truth[i] = distance(theta, i, reference, i, precision);
      for (int d = 0; d < m; d++) {
        distances[i * m + d] = distance(posterior, i * m + d, reference, i, precision);
      }
    }
    return of(distances, truth, 1, 0);
  }

  private static double distance(
      double[] x, int row, double[] reference, int field, double[] precision) {
    int p = precision.length;
    double sum = 0;
    for (int j = 0; j < p; j++) {
      double e = x[row * p + j] - reference[field * p + j];
      sum += e * e * precision[j];
    }
    return sum;
  }

  /// One over the variance of each parameter over the fields; 1 for a single field or constant.
  private static double[] precision(double[] theta, int p) {
    double[] precision = new double[p];
    int n = theta.length / p;
    for (int j = 0; j < p; j++) {
      double mean = 0;
      for (int i = 0; i < n; i++) {
        mean += theta[i * p + j] / n;
      }
      double variance = 0;
      for (int i = 0; i < n; i++) {
        double e = theta[i * p + j] - mean;
        variance += e * e / n;
      }
      precision[j] = variance > 0 ? 1 / variance : 1;
    }
    return precision;
  }

  private static int fields(double[] posterior, double[] theta, int parameters) {
    int n = theta.length / parameters;
    if (n == 0
        || n * parameters != theta.length
        || posterior.length == 0
        || posterior.length % theta.length != 0) {
      throw new IllegalArgumentException(
          posterior.length + " draws do not fit " + theta.length + " values of theta");
    }
    return n;
  }

  /// Numbers of ranks in equally wide bins.
  ///
  /// @throws IllegalArgumentException if the m + 1 ranks do not divide into that many bins
  public int[] histogram(int bins) {
    if (bins < 1 || (draws + 1) % bins != 0) {
      throw new IllegalArgumentException(
          draws + 1 + " possible ranks do not divide into " + bins + " equal bins");
    }
    int[] counts = new int[bins];
    int width = (draws + 1) / bins;
    for (int r : ranks) {
      counts[r / width]++;
    }
    return counts;
  }

  /// Share of ranks of at most r, for r of 0..m.
  public double[] distribution() {
    double[] share = new double[draws + 1];
    for (int r : ranks) {
      share[r] += 1;
    }
    double sum = 0;
    for (int r = 0; r <= draws; r++) {
      sum += share[r];
      share[r] = sum / ranks.length;
    }
    return share;
  }

  /// Tests the ranks: the chi-square statistic over bins, and the largest distance of distribution
  /// functions.
  ///
  /// @param bins two or more that divide m + 1, with five or more fields a bin
  /// @throws IllegalArgumentException if they do not divide m + 1
  public Verdict verdict(int bins) {
    double chiSquare = Uniformity.chiSquare(histogram(bins));
    double[] share = distribution();
    double distance = 0;
    for (int r = 0; r <= draws; r++) {
      double uniform = (r + 1.0) / (draws + 1);
      distance = StrictMath.max(distance, StrictMath.abs(share[r] - uniform));
    }
    return new Verdict(
        chiSquare,
        Uniformity.chiSquareTail(chiSquare, bins - 1),
        distance,
        Uniformity.kolmogorovTail(distance, ranks.length));
  }
}
