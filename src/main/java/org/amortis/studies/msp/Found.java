package org.amortis.studies.msp;

import java.util.Arrays;
import java.util.List;
import org.amortis.inference.diagnose.FieldScores;
import org.amortis.inference.diagnose.Scores;
import org.amortis.nn.train.Trained;

/// What a method found for the test fields and the micro-test fields.
///
/// @param width numbers a field: pairs (lambda, k), of draws, of mean and two quantiles, or of one
///   estimate
/// @param test `(n, width)`
/// @param micro `(3, width)`
/// @param history losses of training, empty without a network
record Found(
    Method method,
    Kind kind,
    int width,
    double[] test,
    double[] micro,
    List<Trained.Epoch> history) {

  /// What the pairs are.
  enum Kind {
    DRAWS,
    INTERVALS,
    POINTS
  }

  static Found draws(Method m, double[] test, double[] micro, Trained network) {
    int width = micro.length / (Run.MICRO.length / 2);
    return new Found(m, Kind.DRAWS, width, test, micro, network.history());
  }

  static Found intervals(Method m, double[] test, double[] micro, Trained network) {
    return new Found(m, Kind.INTERVALS, 6, test, micro, network.history());
  }

  static Found points(Method m, double[] test, double[] micro) {
    return new Found(m, Kind.POINTS, 2, test, micro, List.of());
  }

  /// Scores of parameter p; NaN where the method gives no interval or no distribution.
  ///
  /// @param theta `(n, 2)`
  FieldScores scores(double[] theta, int p) {
    return switch (kind) {
      case DRAWS -> Scores.ofDraws(test, theta, 2, p);
      case INTERVALS ->
          Scores.ofEstimates(
              column(test, p), column(test, 2 + p), column(test, 4 + p), every(theta, p));
      case POINTS -> {
        double[] none = new double[test.length / 2];
        Arrays.fill(none, Double.NaN);
        double[] squared = new double[none.length];
        for (int i = 0; i < squared.length; i++) {
          double error = test[2 * i + p] - theta[2 * i + p];
          squared[i] = error * error;
        }
        yield new FieldScores(squared, none, none, none, squared, none);
      }
    };
  }

  /// Mean and 5 % and 95 % quantile of parameter p of each test field, three arrays; a point
  /// estimate three times where there is no interval.
  double[][] central(int p) {
    if (kind != Kind.DRAWS) {
      int step = kind == Kind.POINTS ? 0 : 2;
      return new double[][] {column(test, p), column(test, step + p), column(test, 2 * step + p)};
    }
    int n = test.length / width;
    int m = width / 2;
    double[][] out = new double[3][n];
    double[] x = new double[m];
    for (int i = 0; i < n; i++) {
      for (int d = 0; d < m; d++) {
        x[d] = test[i * width + 2 * d + p];
      }
      Arrays.sort(x);
      out[0][i] = Arrays.stream(x).sum() / m;
      out[1][i] = Scores.quantile(x, Scores.LOWER);
      out[2][i] = Scores.quantile(x, Scores.UPPER);
    }
    return out;
  }

  /// Draws of parameter p for a micro-test field.
  double[] microDraws(int field, int p) {
    double[] x = new double[width / 2];
    for (int d = 0; d < x.length; d++) {
      x[d] = micro[field * width + 2 * d + p];
    }
    return x;
  }

  private double[] column(double[] all, int c) {
    double[] x = new double[all.length / width];
    for (int i = 0; i < x.length; i++) {
      x[i] = all[i * width + c];
    }
    return x;
  }

  /// Parameter p of `(n, 2)`.
  static double[] every(double[] theta, int p) {
    double[] x = new double[theta.length / 2];
    for (int i = 0; i < x.length; i++) {
      x[i] = theta[2 * i + p];
    }
    return x;
  }
}
