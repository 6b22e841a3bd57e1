package org.amortis.engine.math;

import java.util.function.ToDoubleFunction;

/// Minimisation of a function of a few variables from its values alone, by a simplex that moves
/// downhill.
///
/// Reflection 1, expansion 2, contraction and shrinking 1/2. After it has stopped once, the search
/// starts again from the best point with a fresh simplex and returns what that finds, which rules
/// out the simplex that has collapsed on a slope. NaN counts as +Infinity.
///
/// Source: Nelder and Mead (1965), A simplex method for function minimization; Lagarias, Reeds,
/// Wright and Wright (1998), section 2, for the order of ties.
public final class NelderMead {
  private final ToDoubleFunction<double[]> function;
  private final int size;
  private final double[][] points;
  private final double[] values;
  private int evaluations;

  private NelderMead(ToDoubleFunction<double[]> function, int size) {
    this.function = function;
    this.size = size;
    this.points = new double[size + 1][];
    this.values = new double[size + 1];
  }

  /// Where the search stopped.
  ///
  /// @param point `(p,)`
  /// @param value of the function there
  /// @param evaluations how often the function was evaluated
  public record Minimum(double[] point, double value, int evaluations) {}

  /// Searches for a minimum.
  ///
  /// @param function its argument must not be kept or changed
  /// @param start `(p,)`, not modified
  /// @param step distance of the first simplex' other corners along each axis
  /// @param tolerance largest spread of values over the simplex at which the search stops
  /// @param most evaluations after which it stops anyway, each of the two times
  public static Minimum minimise(
      ToDoubleFunction<double[]> function,
      double[] start,
      double step,
      double tolerance,
      int most) {
    NelderMead search = new NelderMead(function, start.length);
    search.run(start, step, tolerance, most);
    search.run(search.points[0], step / 4, tolerance, search.evaluations + most);
    return new Minimum(search.points[0].clone(), search.values[0], search.evaluations);
  }

  private void run(double[] start, double step, double tolerance, int most) {
    double[] from = start.clone();
    for (int i = 0; i <= size; i++) {
      points[i] = from.clone();
      if (i > 0) {
        points[i][i - 1] += step;
      }
      values[i] = value(points[i]);
    }
    sort();
    while (evaluations < most && !(values[size] - values[0] <= tolerance)) {
      move();
      sort();
    }
  }

  private void move() {
    double[] middle = new double[size];
    for (int i = 0; i < size; i++) {
      for (int j = 0; j < size; j++) {
        middle[j] += points[i][j] / size;
      }
    }
    double[] reflected = along(middle, -1);
    double r = value(reflected);
    if (r < values[0]) {
      double[] expanded = along(middle, -2);
      double e = value(expanded);
      replace(e < r ? expanded : reflected, Math.min(e, r));
      return;
    }
    if (r < values[size - 1]) {
      replace(reflected, r);
      return;
    }
    boolean outside = r < values[size];
    double[] contracted = along(middle, outside ? -0.5 : 0.5);
    double c = value(contracted);
    if (outside ? c <= r : c < values[size]) {
      replace(contracted, c);
      return;
    }
    for (int i = 1; i <= size; i++) {
      for (int j = 0; j < size; j++) {
        points[i][j] = 0.5 * (points[0][j] + points[i][j]);
      }
      values[i] = value(points[i]);
    }
  }

  /// The point at `middle + t (worst - middle)`.
  private double[] along(double[] middle, double t) {
    double[] p = new double[size];
    for (int j = 0; j < size; j++) {
      p[j] = middle[j] + t * (points[size][j] - middle[j]);
    }
    return p;
  }

  private void replace(double[] point, double value) {
    points[size] = point;
    values[size] = value;
  }

  private double value(double[] p) {
    evaluations++;
    double v = function.applyAsDouble(p);
    return Double.isNaN(v) ? Double.POSITIVE_INFINITY : v;
  }

  /// Insertion sort: a new point goes behind older ones of the same value.
  private void sort() {
    for (int i = 1; i <= size; i++) {
      double[] p = points[i];
      double v = values[i];
      int j = i - 1;
      for (; j >= 0 && values[j] > v; j--) {
        points[j + 1] = points[j];
        values[j + 1] = values[j];
      }
      points[j + 1] = p;
      values[j + 1] = v;
    }
  }
}
