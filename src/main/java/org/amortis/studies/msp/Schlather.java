package org.amortis.studies.msp;

import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.amortis.engine.Cancellation;
import org.amortis.engine.Progress;
import org.amortis.engine.shape.Shape;
import org.amortis.inference.Marginal;
import org.amortis.inference.Observations;
import org.amortis.inference.Prior;
import org.amortis.studies.FieldFile;

/// The model: an inverted Schlather (extremal-Gaussian) process on the lattice `linspace(0, 1,
/// 16)^2`.
///
/// `Z = 1 / X` with X a Schlather process of unit Frechet margins, so that Z has standard
/// exponential margins; correlation `rho(h) = 2^(1-k)/Gamma(k) (h/lambda)^k K_k(h/lambda)`, `lambda
/// ~ U(0, 0.6)`, `k ~ U(0.5, 3)`. Distances and lambda are in units of the square's side.
///
/// Source: Zammit-Mangion, Sainsbury-Dale and Huser (2025), supplement.
public final class Schlather {
  /// Sites a side.
  public static final int SIDE = 16;

  /// Upper end of the length scale.
  public static final double LAMBDA_UPPER = 0.6;

  /// Lower end of the smoothness.
  public static final double K_LOWER = 0.5;

  /// Upper end of the smoothness.
  public static final double K_UPPER = 3;

  /// Shape of one field as the networks see it.
  public static final Shape FIELD = Shape.of(SIDE, SIDE, 1);

  /// The prior of (lambda, k).
  public static final Prior PRIOR =
      Prior.of(
          new Marginal.Uniform("lambda", 0, LAMBDA_UPPER),
          new Marginal.Uniform("k", K_LOWER, K_UPPER));

  /// What files of fields hold.
  static final FieldFile FILE =
      new FieldFile(
          SIDE, PRIOR, "lambda inside (0, 0.6) and k inside (0.5, 3)", FieldFile.Values.POSITIVE);

  private Schlather() {}

  /// Parameters and fields.
  ///
  /// @param theta `(n, 2)`: lambda, k
  /// @param fields float32 `(n, 16, 16, 1)` with standard exponential margins
  public record Pairs(double[] theta, Observations fields) {
    /// Number of pairs.
    public int count() {
      return fields.count();
    }
  }

  /// Draws pairs from prior and model; pair i is a function of (seed, i).
  ///
  /// @param n number of pairs
  /// @param threads results do not depend on it
  /// @throws Cancellation.Cancelled once a stop was requested
  public static Pairs simulate(
      int n, long seed, int threads, Progress progress, Cancellation cancellation) {
    double[] theta = PRIOR.sample(seed, 0, n);
    return new Pairs(
        theta, new Observations(FIELD, fields(theta, seed, threads, progress, cancellation)));
  }

  /// Fields for given parameters, computed in float64 and rounded.
  ///
  /// @param theta `(n, 2)`
  /// @return `(n, 16, 16, 1)`
  /// @throws Cancellation.Cancelled once a stop was requested
  public static float[] fields(
      double[] theta, long seed, int threads, Progress progress, Cancellation cancellation) {
    return fields(theta, seed, threads, ExtremalFunctions::new, progress, cancellation);
  }

  static float[] fields(
      double[] theta,
      long seed,
      int threads,
      Supplier<ExtremalFunctions> simulators,
      Progress progress,
      Cancellation cancellation) {
    int n = theta.length / 2;
    int sites = SIDE * SIDE;
    float[] z = new float[n * sites];
    Supplier<IntConsumer> worker =
        () -> {
          ExtremalFunctions simulator = simulators.get();
          return i -> {
            double[] x = simulator.simulate(theta[2 * i], theta[2 * i + 1], seed, i);
            for (int s = 0; s < sites; s++) {
              z[i * sites + s] = (float) (1 / x[s]);
            }
          };
        };
    Parallel.each("simulate", n, threads, worker, progress, cancellation);
    return z;
  }
}
