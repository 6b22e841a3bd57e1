package org.amortis.studies.msp;

import java.util.Arrays;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.amortis.engine.Cancellation;
import org.amortis.engine.Progress;
import org.amortis.engine.math.Bessel;
import org.amortis.engine.math.NelderMead;
import org.amortis.engine.math.Special;
import org.amortis.inference.Observations;

/// Maximum pairwise likelihood for the inverted Schlather process: the sum of log densities of all
/// pairs of sites less than three grid steps apart stands for the likelihood.
///
/// The pair (Z_1, Z_2) has the survival function `exp(-v)` with V the exponent measure of the
/// Schlather process, and so the density `exp(-v) (v_1 v_2 - v_12)`:
///
/// ```
/// V(x, y) = (1/x + 1/y)/2 (1 + sqrt(1 - 2 (rho + 1) x y / (x + y)^2))
/// v       = V(1/z_1, 1/z_2) = (z_1 + z_2 + D)/2
/// D^2     = z_1^2 + z_2^2 - 2 rho z_1 z_2
/// v_1     = (1 + (z_1 - rho z_2)/D)/2           v_2 alike
/// v_12    = -(1 - rho^2) z_1 z_2 / (2 D^3)
/// ```
///
/// Source: Padoan, Ribatet and Sisson (2010), Likelihood-based inference for max-stable processes;
/// Schlather (2002).
public final class PairwiseLikelihood {
  /// Pairs with dx^2 + dy^2 below this, in grid steps.
  private static final int LIMIT = 9;

  private static final int SIDE = Schlather.SIDE;

  /// Where the published search starts; here the best of it and of a coarse grid, because one field
  /// in forty has a second maximum at the box's edge.
  private static final double[] START = {0.5, 1.5};

  private static final double[] LAMBDA = {0.03, 0.1, 0.25, 0.45};
  private static final double[] K = {0.6, 1.2, 2.5};

  /// Densities multiplied before their logarithm is taken; each lies between 1e-20 and 1e20 by far.
  private static final int PRODUCT = 8;

  /// Squared distances in grid steps, increasing.
  private static final int[] DISTANCES = distances();

  /// For each distance the pairs of sites at it, first, second, first, second, ...
  private static final int[][] PAIRS = pairs();

  private PairwiseLikelihood() {}

  private static int[] distances() {
    return IntStream.range(1, LIMIT)
        .filter(d -> {
          boolean found = false;
          for (int dx = 0; dx * dx <= d; dx++) {
            for (int dy = 0; dy <= dx; dy++) {
              found |= dx * dx + dy * dy == d;
            }
          }
          return found;
        })
        .toArray();
  }

  private static int[][] pairs() {
    int sites = SIDE * SIDE;
    int[][] all = new int[DISTANCES.length][];
    for (int d = 0; d < all.length; d++) {
      int[] found = new int[sites * sites];
      int n = 0;
      for (int a = 0; a < sites; a++) {
        for (int b = a + 1; b < sites; b++) {
          int dx = a / SIDE - b / SIDE;
          int dy = a % SIDE - b % SIDE;
          if (dx * dx + dy * dy == DISTANCES[d]) {
            found[n++] = a;
            found[n++] = b;
          }
        }
      }
      all[d] = Arrays.copyOf(found, n);
    }
    return all;
  }

  /// Number of pairs that count.
  static int count() {
    return Arrays.stream(PAIRS).mapToInt(p -> p.length / 2).sum();
  }

  /// The exponent v, minus the logarithm of the pair's survival function.
  static double exponent(double a, double b, double rho) {
    return 0.5 * (a + b + distance(a, b, 1 - rho));
  }

  /// Log-density of a pair, positive numbers, at correlation rho below 1.
  static double logDensity(double a, double b, double rho) {
    double tau = 1 - rho;
    return Special.log(factor(a, b, tau)) - exponent(a, b, rho);
  }

  /// D without cancellation: `D^2 = (a - b)^2 + 2 (1 - rho) a b`.
  private static double distance(double a, double b, double tau) {
    return Math.sqrt((a - b) * (a - b) + 2 * tau * a * b);
  }

  /// `v_1 v_2 - v_12` at tau = 1 - rho.
  private static double factor(double a, double b, double tau) {
    double d = distance(a, b, tau);
    double first = d + (a - b) + tau * b;
    double second = d + (b - a) + tau * a;
    return (first * second + 2 * tau * (2 - tau) * a * b / d) / (4 * d * d);
  }

  /// The pairwise log-likelihood of one field.
  ///
  /// @param z `(256,)` from `offset` on, positive
  static double of(float[] z, int offset, double lambda, double k) {
    double sum = 0;
    for (int d = 0; d < DISTANCES.length; d++) {
      double h = Math.sqrt(DISTANCES[d]) / (SIDE - 1);
      double tau = 1 - Bessel.matern(k, h / lambda);
      int[] pairs = PAIRS[d];
      double product = 1;
      for (int p = 0; p < pairs.length; p += 2) {
        double a = z[offset + pairs[p]];
        double b = z[offset + pairs[p + 1]];
        sum -= 0.5 * (a + b + distance(a, b, tau));
        product *= factor(a, b, tau);
        if (p / 2 % PRODUCT == PRODUCT - 1) {
          sum += Special.log(product);
          product = 1;
        }
      }
      sum += Special.log(product);
    }
    return sum;
  }

  /// The estimates inside the prior's box, by [NelderMead] on the unconstrained scale.
  ///
  /// @param fields `(n, 16, 16, 1)`, positive
  /// @param threads results do not depend on it
  /// @return `(n, 2)`: lambda, k
  /// @throws Cancellation.Cancelled once a stop was requested
  public static double[] maximise(
      Observations fields, int threads, Progress progress, Cancellation cancellation) {
    int n = fields.count();
    double[] theta = new double[2 * n];
    Supplier<IntConsumer> worker =
        () -> i -> System.arraycopy(maximise(fields.values(), i * SIDE * SIDE), 0, theta, 2 * i, 2);
    Parallel.each("pairwise likelihood", n, threads, worker, progress, cancellation);
    return theta;
  }

  private static double[] maximise(float[] z, int offset) {
    double[] start = START;
    double best = of(z, offset, START[0], START[1]);
    for (double lambda : LAMBDA) {
      for (double k : K) {
        double value = of(z, offset, lambda, k);
        if (value > best) {
          best = value;
          start = new double[] {lambda, k};
        }
      }
    }
    ToDoubleFunction<double[]> negative =
        u -> {
          double[] t = Schlather.PRIOR.fromUnconstrained(u);
          return -of(z, offset, t[0], t[1]);
        };
    double[] u = Schlather.PRIOR.toUnconstrained(start);
    return Schlather.PRIOR.fromUnconstrained(
        NelderMead.minimise(negative, u, 0.4, 1e-4, 200).point());
  }
}
