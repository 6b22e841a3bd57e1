package org.amortis.nn;

import org.amortis.engine.program.Var;

/// A function with parameters: layers, and compositions of layers.
///
/// Networks are immutable descriptions; parameters come from the [Scope] when the network is
/// traced. What is saved names its architecture by `toString`, which must therefore be the same in
/// every run: a record's is, a lambda's is not, so write networks of your own as records.
@FunctionalInterface
public interface Network {
  /// Traces the network.
  ///
  /// @param scope where parameters come from
  /// @param x input `(B, ...)`, B samples
  /// @return `(B, ...)`, unless the network says otherwise
  /// @throws org.amortis.engine.shape.ShapeException when the network does not take this shape
  Var apply(Scope scope, Var x);
}
