package org.amortis.nn.density;

import org.amortis.engine.program.Var;
import org.amortis.nn.Scope;

/// A family of densities q(u | context) with parameters that a network trains.
///
/// Legend: B contexts, S draws a context, p parameters, c context features.
public interface ConditionalDensity {
  /// Log-density.
  ///
  /// @param u points `(B, p)`
  /// @param context `(B, c)`
  /// @return `(B,)`
  Var logProb(Scope scope, Var u, Var context);

  /// Draws as a function of noise.
  ///
  /// @param context `(B, c)`
  /// @param normal standard normal noise `(B * S, p)`, S consecutive rows a context
  /// @param uniform uniform noise `(B * S,)`, for families that choose a component
  /// @return `(B * S, p)`
  Var draw(Scope scope, Var context, Var normal, Var uniform);

  /// Whether [#draw] uses its uniform noise.
  default boolean choosesComponent() {
    return false;
  }
}
