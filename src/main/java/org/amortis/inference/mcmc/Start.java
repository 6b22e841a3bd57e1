package org.amortis.inference.mcmc;

import java.util.Arrays;
import org.amortis.inference.Observations;
import org.amortis.inference.posterior.AmortizedPosterior;

/// Where chains begin.
public sealed interface Start {
  /// Draws from the prior.
  record FromPrior() implements Start {}

  /// Draws from a trained posterior of each data set, one a chain.
  ///
  /// @param observations the data sets of the likelihood, in its order
  record FromPosterior(AmortizedPosterior posterior, Observations observations) implements Start {}

  /// A point for each chain.
  ///
  /// @param theta `(F * chains, p)`, the chains of a data set one after the other; not modified
  record Each(double[] theta) implements Start {}

  /// The same point for all chains.
  ///
  /// @param theta `(p,)` in natural units
  record At(double... theta) implements Start {
    /// Copies the point.
    public At {
      theta = theta.clone();
    }

    @Override
    public double[] theta() {
      return theta.clone();
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof At at && Arrays.equals(theta, at.theta);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(theta);
    }

    @Override
    public String toString() {
      return "At" + Arrays.toString(theta);
    }
  }
}
