package org.amortis.studies.msp;

import java.util.function.DoubleUnaryOperator;
import org.amortis.engine.math.RandomKey;
import org.amortis.engine.math.Special;
import org.amortis.engine.math.Streams;

/// Exact simulation of a Schlather process on the lattice by its extremal functions.
///
/// The process is `X = max_i zeta_i sqrt(2 pi) max(0, W_i)` over the points `zeta_i` of a Poisson
/// process with intensity `zeta^-2` and independent standard Gaussian fields `W_i`; its margins are
/// unit Frechet. Sites are taken in order. At site n the points above `X(s_n)` are drawn from the
/// largest down, each with a function Y from the law of `W / W(s_n)` under the density proportional
/// to `max(0, W(s_n))`; a function that nowhere exceeds X at an earlier site is extremal and raises
/// X. Under that law `W(s_n) = w` has the Rayleigh density `w exp(-w^2/2)`, and given it W is `rho
/// w` plus `eta` less `rho eta(s_n)` for a Gaussian field eta. The expected number of functions is
/// the number of sites.
///
/// Every random number is a function of the key, the field's index and a counter. An object holds
/// the buffers of one thread.
///
/// Source: Dombry, Engelke and Oesting (2016), Exact simulation of max-stable processes, algorithm
/// 1 and proposition 5; Schlather (2002), Models for stationary max-stable random fields.
final class ExtremalFunctions {
  private static final int SIDE = Schlather.SIDE;
  private static final int SITES = SIDE * SIDE;

  private static final int NORMALS = 40;
  private static final int POINTS = 41;
  private static final int RADII = 42;

  /// Functions drawn together: a few are left over at the end of a field.
  private static final int BATCH = 32;

  private final LatticeGaussian gaussian = new LatticeGaussian(BATCH);
  private final DoubleUnaryOperator radius;
  private final boolean compared;
  private final double[] normals = new double[SITES * BATCH];
  private final double[] eta = new double[BATCH * SITES];
  private final double[] rho = new double[SITES];
  private final double[] x = new double[SITES];

  ExtremalFunctions() {
    this(ExtremalFunctions::rayleigh, true);
  }

  /// A simulator with another law of w, or one that takes every function for extremal: wrong, for
  /// tests that must notice.
  ///
  /// @param radius w from a uniform number
  /// @param compared whether functions are compared at earlier sites
  ExtremalFunctions(DoubleUnaryOperator radius, boolean compared) {
    this.radius = radius;
    this.compared = compared;
  }

  static double rayleigh(double u) {
    return Math.sqrt(-2 * Special.log(u));
  }

  /// Simulates X with unit Frechet margins.
  ///
  /// @param index which field of the seed's stream
  /// @return `(256,)`, sites row by row, overwritten by the next call
  double[] simulate(double lambda, double k, long seed, int index) {
    gaussian.set(lambda, k);
    RandomKey points = new RandomKey(seed, POINTS);
    RandomKey radii = new RandomKey(seed, RADII);
    java.util.Arrays.fill(x, 0);
    int functions = 0;
    int steps = 0;
    for (int n = 0; n < SITES; n++) {
      correlations(n);
      double inverse = -Special.log(Streams.uniform64(points, index, steps++));
      while (inverse * x[n] < 1) {
        if (functions % BATCH == 0) {
          draw(new RandomKey(seed, NORMALS), index, functions);
        }
        int from = functions % BATCH * SITES;
        double w = radius.applyAsDouble(Streams.uniform64(radii, index, functions++));
        double height = 1 / (inverse * w);
        double shift = w - eta[from + n];
        if (!compared || below(from, n, height, shift)) {
          raise(from, n, height, shift);
          x[n] = 1 / inverse;
        }
        inverse -= Special.log(Streams.uniform64(points, index, steps++));
      }
    }
    return x;
  }

  private void correlations(int n) {
    int row = n / SIDE;
    int column = n % SIDE;
    for (int i = 0; i < SITES; i++) {
      rho[i] = gaussian.correlation(Math.abs(i / SIDE - row), Math.abs(i % SIDE - column));
    }
  }

  private void draw(RandomKey key, int index, int first) {
    long item = (long) first * SITES;
    Streams.normalInto(key, index, item, item + BATCH * SITES, eta, 0);
    for (int f = 0; f < BATCH; f++) {
      for (int s = 0; s < SITES; s++) {
        normals[s * BATCH + f] = eta[f * SITES + s];
      }
    }
    gaussian.fieldsInto(normals, eta);
  }

  /// Whether a function stays below X at all sites before n; the nearest come first, as they decide
  /// most often.
  private boolean below(int from, int n, double height, double shift) {
    for (int i = n - 1; i >= 0; i--) {
      if (height * (eta[from + i] + rho[i] * shift) >= x[i]) {
        return false;
      }
    }
    return true;
  }

  private void raise(int from, int n, double height, double shift) {
    for (int i = n; i < SITES; i++) {
      x[i] = Math.max(x[i], height * (eta[from + i] + rho[i] * shift));
    }
  }
}
