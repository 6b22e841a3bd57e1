package org.amortis.inference.mcmc;

/// Draws of a Metropolis-Hastings run.
///
/// @param count data sets F
/// @param chains chains a data set
/// @param draws draws a data set, over all its chains
/// @param parameters p
/// @param theta `(F, draws, p)` in natural units; the draws of chain c of a data set are
///   consecutive
/// @param acceptance share of accepted proposals after burn-in, `(F * chains,)`
/// @param scale final standard deviation of the proposal, `(F * chains,)`
public record Chains(
    int count,
    int chains,
    int draws,
    int parameters,
    double[] theta,
    double[] acceptance,
    double[] scale) {

  /// Mean share of accepted proposals.
  public double meanAcceptance() {
    double sum = 0;
    for (double a : acceptance) {
      sum += a;
    }
    return sum / acceptance.length;
  }
}
