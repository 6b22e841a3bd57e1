package org.amortis.inference.mcmc;

import java.util.Arrays;

/// Where chains begin.
public sealed interface Start {
  /// Draws from the prior.
  record FromPrior() implements Start {}

  /// The same point for all chains.
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
