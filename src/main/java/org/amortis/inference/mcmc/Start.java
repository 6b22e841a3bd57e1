package org.amortis.inference.mcmc;

/// Where chains begin.
public sealed interface Start {
  /// Draws from the prior.
  record FromPrior() implements Start {}

  /// The same point for all chains.
  record At(double... theta) implements Start {}
}
