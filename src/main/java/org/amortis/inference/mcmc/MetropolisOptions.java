package org.amortis.inference.mcmc;

/// Settings of a Metropolis-Hastings run.
///
/// @param steps proposals a chain, burn-in included
/// @param burnIn steps before the first kept one
/// @param draws draws kept a data set, spread evenly over its chains and their remaining steps
/// @param chains chains a data set
/// @param start first points
/// @param scale first scale of the proposal: in units of theta for the plain random walk, else of
///   the adapted covariance's root on the unconstrained scale, which starts as the prior's
/// @param adaptation of the scale during burn-in
/// @param proposal how candidates are made
public record MetropolisOptions(
    int steps,
    int burnIn,
    int draws,
    int chains,
    Start start,
    double scale,
    Adaptation adaptation,
    Proposal proposal) {
  /// The plain random walk.
  public MetropolisOptions(
      int steps,
      int burnIn,
      int draws,
      int chains,
      Start start,
      double scale,
      Adaptation adaptation) {
    this(steps, burnIn, draws, chains, start, scale, adaptation, new Proposal.RandomWalk());
  }

  /// The same run with another proposal.
  public MetropolisOptions with(Proposal other) {
    return new MetropolisOptions(steps, burnIn, draws, chains, start, scale, adaptation, other);
  }

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
