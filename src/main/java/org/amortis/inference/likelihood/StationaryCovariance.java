package org.amortis.inference.likelihood;

import org.amortis.engine.program.Var;

/// Covariance of a stationary field as a function of its parameters, at a table of distances.
@FunctionalInterface
public interface StationaryCovariance {
  /// Traces the covariance.
  ///
  /// @param theta `(B, p)` in natural units
  /// @param distances `(1, m)`, in the units of the length scale
  /// @return `(B, m)`
  Var at(Var theta, Var distances);

  /// `exp(-h / theta)` at distance h, unit variance; theta `(B, 1)` is the length scale.
  static StationaryCovariance exponential() {
    // Below 1e-100 the value does not change any more, but h / theta^2 of the gradient overflows.
    return (theta, distances) -> distances.neg().div(theta.max(1e-100)).exp();
  }
}
