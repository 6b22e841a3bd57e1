package org.amortis.inference.mcmc;

/// How the proposal's standard deviation changes during burn-in; afterwards it is fixed.
public sealed interface Adaptation {
  /// Stochastic approximation of the log standard deviation: after step t it grows by `gain (t +
  /// 1)^-exponent (accepted - target)` (Robbins and Monro 1951; Andrieu and Thoms 2008, section
  /// 4.2).
  ///
  /// @param target acceptance to be reached, in (0, 1)
  /// @param gain factor of the first steps
  /// @param exponent how fast the gains fall
  record RobbinsMonro(double target, double gain, double exponent) implements Adaptation {
    /// Towards an acceptance of 0.44, the optimum in one dimension.
    public static RobbinsMonro standard() {
      return new RobbinsMonro(0.44, 2.0, 0.6);
    }

    /// Towards the optimum of random walks of p parameters: 0.44 for one, 0.234 in the limit
    /// (Roberts, Gelman and Gilks 1997), which serves from two on.
    public static RobbinsMonro walk(int p) {
      return new RobbinsMonro(p == 1 ? 0.44 : 0.234, 2.0, 0.75);
    }

    /// Towards 0.574, the optimum of Langevin proposals (Roberts and Rosenthal 1998).
    public static RobbinsMonro langevin() {
      return new RobbinsMonro(0.574, 2.0, 0.75);
    }
  }

  /// After every `every` steps the standard deviation is multiplied by `factor` where more than
  /// `high` of them were accepted and divided by it where fewer than `low` were.
  ///
  /// @param every steps between two changes
  /// @param factor of a change, above 1
  /// @param low smallest share of accepted steps, in [0, 1]
  /// @param high largest share
  record Bands(int every, double factor, double low, double high) implements Adaptation {
    /// The rule of the review's code.
    public static Bands published() {
      return new Bands(100, 1.1, 0.15, 0.40);
    }
  }

  /// No adaptation.
  record None() implements Adaptation {}
}
