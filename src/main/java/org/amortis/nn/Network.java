package org.amortis.nn;

import org.amortis.engine.program.Var;

/// A function with parameters: layers, and compositions of layers.
///
/// Networks are immutable descriptions; parameters come from the [Scope] when the network is
/// traced.
@FunctionalInterface
public interface Network {
  /// Traces the network.
  ///
  /// @param scope where parameters come from
  /// @param x input, samples along the leading axis
  Var apply(Scope scope, Var x);
}
