package org.amortis.inference.mcmc;

/// Settings of a Metropolis-Hastings run.
///
/// @param steps proposals a chain, burn-in included
/// @param burnIn steps before the first kept one
/// @param draws draws kept a data set, spread evenly over its chains and their remaining steps
/// @param chains chains a data set
/// @param start first points
/// @param scale first standard deviation of the proposal, in units of theta
/// @param adaptation during burn-in
public record MetropolisOptions(
    int steps,
    int burnIn,
    int draws,
    int chains,
    Start start,
    double scale,
    Adaptation adaptation) {
  /// Checks the numbers against each other.
  ///
  /// @throws IllegalArgumentException when draws are no positive multiple of chains, too few steps
  ///   are left, or the scale is not positive
  public MetropolisOptions {
    if (chains < 1 || draws < 1 || draws % chains != 0) {
      throw new IllegalArgumentException(
          "draws must be a positive multiple of chains, found " + draws + " and " + chains);
    }
    if (burnIn < 0 || steps - burnIn < draws / chains) {
      throw new IllegalArgumentException(
          steps
              + " steps with a burn-in of "
              + burnIn
              + " cannot give "
              + draws / chains
              + " draws a chain");
    }
    if (!(scale > 0)) {
      throw new IllegalArgumentException("scale must be positive, found " + scale);
    }
  }

  /// The step after which draw `i` of a chain is taken, counted from 1.
  int stepOf(int i) {
    int each = draws / chains;
    return burnIn + (int) ((long) (i + 1) * (steps - burnIn) / each);
  }
}
