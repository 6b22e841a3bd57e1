package org.amortis.report;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Highest-density regions of draws of two parameters, as contour lines.
public final class Contour {
  private Contour() {}

  /// The density of paired draws on a grid, kernel estimates reflected at the ends of both priors.
  ///
  /// The kernel is a product of two Gaussians with bandwidths by Silverman's rule, `sd n^(-1/6)` in
  /// each direction.
  ///
  /// @param first (n) draws of the first parameter
  /// @param second (n) draws of the second parameter
  /// @param x (a) grid of the first parameter, increasing, inside its prior
  /// @param y (b) grid of the second parameter, increasing, inside its prior
  /// @param prior lower and upper end of the first prior, then of the second
  /// @return (a, b) densities
  /// @throws IllegalArgumentException when there are no draws, or not as many of both
  public static double[][] density(
      double[] first, double[] second, double[] x, double[] y, double[] prior) {
    if (first.length == 0 || first.length != second.length) {
      throw new IllegalArgumentException(
          "density needs paired draws, got " + first.length + " and " + second.length);
    }
    double[][] kx = kernels(first, x, prior[0], prior[1]);
    double[][] ky = kernels(second, y, prior[2], prior[3]);
    double[][] out = new double[x.length][y.length];
    for (int n = 0; n < first.length; n++) {
      for (int i = 0; i < x.length; i++) {
        double weight = kx[n][i] / first.length;
        if (weight > 0) {
          for (int j = 0; j < y.length; j++) {
            out[i][j] += weight * ky[n][j];
          }
        }
      }
    }
    return out;
  }

  /// The density above which cells of equal size hold the share `mass` of all their mass.
  public static double level(double[][] density, double mass) {
    double[] all = Arrays.stream(density).flatMapToDouble(Arrays::stream).sorted().toArray();
    double total = Arrays.stream(all).sum();
    double held = 0;
    for (int i = all.length - 1; i >= 0; i--) {
      held += all[i];
      if (held >= mass * total) {
        return all[i];
      }
    }
    return 0;
  }

  /// The lines on which a function on a grid takes the value `level`, by marching squares.
  ///
  /// @param x (a) grid, increasing
  /// @param y (b) grid, increasing
  /// @param values (a, b) finite function values
  /// @return the lines one after another as x and y, with NaN between two lines
  public static double[][] lines(double[] x, double[] y, double[][] values, double level) {
    Map<Long, List<Long>> next = new HashMap<>();
    List<Long> order = new ArrayList<>();
    for (int i = 0; i + 1 < x.length; i++) {
      for (int j = 0; j + 1 < y.length; j++) {
        square(values, level, i, j, y.length, next, order);
      }
    }
    List<double[]> points = new ArrayList<>();
    for (long start : order) {
      // A line that ends at the border is walked from both sides of its first edge.
      Deque<Long> line = new ArrayDeque<>();
      line.add(start);
      for (int side = 0; side < 2; side++) {
        long at = start;
        while (!next.get(at).isEmpty()) {
          long to = next.get(at).removeFirst();
          next.get(to).remove((Long) at);
          if (side == 0) {
            line.addLast(to);
          } else {
            line.addFirst(to);
          }
          at = to;
        }
      }
      if (line.size() > 1) {
        if (!points.isEmpty()) {
          points.add(new double[] {Double.NaN, Double.NaN});
        }
        for (long edge : line) {
          points.add(crossing(x, y, values, level, edge));
        }
      }
    }
    double[][] out = new double[2][points.size()];
    for (int k = 0; k < points.size(); k++) {
      out[0][k] = points.get(k)[0];
      out[1][k] = points.get(k)[1];
    }
    return out;
  }

  private static double[][] kernels(double[] draws, double[] at, double lower, double upper) {
    double mean = Arrays.stream(draws).average().orElseThrow();
    double squares = 0;
    for (double d : draws) {
      if (!(d >= lower && d <= upper)) {
        throw new IllegalArgumentException("draw " + d + " outside [" + lower + ", " + upper + "]");
      }
      squares += (d - mean) * (d - mean);
    }
    double sd = StrictMath.sqrt(squares / Math.max(1, draws.length - 1));
    double range = upper - lower;
    double h = Math.clamp(sd * StrictMath.pow(draws.length, -1.0 / 6), range * 1e-3, range / 2);
    double scale = 1 / (h * StrictMath.sqrt(2 * StrictMath.PI));
    double[][] out = new double[draws.length][at.length];
    for (int n = 0; n < draws.length; n++) {
      for (int i = 0; i < at.length; i++) {
        out[n][i] =
            scale
                * (phi((at[i] - draws[n]) / h)
                    + phi((at[i] + draws[n] - 2 * lower) / h)
                    + phi((at[i] + draws[n] - 2 * upper) / h));
      }
    }
    return out;
  }

  private static double phi(double u) {
    return Math.abs(u) > 8 ? 0 : StrictMath.exp(-0.5 * u * u);
  }

  /// Joins the edges of one square that a line crosses.
  private static void square(
      double[][] v,
      double level,
      int i,
      int j,
      int columns,
      Map<Long, List<Long>> next,
      List<Long> order) {
    boolean a = v[i][j] >= level;
    boolean b = v[i + 1][j] >= level;
    boolean c = v[i + 1][j + 1] >= level;
    boolean d = v[i][j + 1] >= level;
    long bottom = edge(i, j, columns, 0);
    long top = edge(i, j + 1, columns, 0);
    long left = edge(i, j, columns, 1);
    long right = edge(i + 1, j, columns, 1);
    List<Long> crossed = new ArrayList<>(4);
    if (a != b) {
      crossed.add(bottom);
    }
    if (b != c) {
      crossed.add(right);
    }
    if (c != d) {
      crossed.add(top);
    }
    if (d != a) {
      crossed.add(left);
    }
    if (crossed.size() == 2) {
      join(crossed.get(0), crossed.get(1), next, order);
    } else if (crossed.size() == 4) {
      // A saddle: the mean of the corners decides which two are connected.
      boolean centre = (v[i][j] + v[i + 1][j] + v[i + 1][j + 1] + v[i][j + 1]) / 4 >= level;
      if (centre == a) {
        join(bottom, right, next, order);
        join(top, left, next, order);
      } else {
        join(bottom, left, next, order);
        join(top, right, next, order);
      }
    }
  }

  private static void join(long a, long b, Map<Long, List<Long>> next, List<Long> order) {
    next.computeIfAbsent(a, k -> new ArrayList<>(2)).add(b);
    next.computeIfAbsent(b, k -> new ArrayList<>(2)).add(a);
    order.add(a);
  }

  /// The edge from grid point (i, j) along x (direction 0) or y (direction 1).
  private static long edge(int i, int j, int columns, int direction) {
    return ((long) i * columns + j) * 2 + direction;
  }

  private static double[] crossing(double[] x, double[] y, double[][] v, double level, long edge) {
    int direction = (int) (edge & 1);
    int i = (int) ((edge >> 1) / y.length);
    int j = (int) ((edge >> 1) % y.length);
    double from = v[i][j];
    double to = direction == 0 ? v[i + 1][j] : v[i][j + 1];
    double t = from == to ? 0.5 : (level - from) / (to - from);
    return direction == 0
        ? new double[] {x[i] + t * (x[i + 1] - x[i]), y[j]}
        : new double[] {x[i], y[j] + t * (y[j + 1] - y[j])};
  }
}
