package org.amortis.nn.density;

import org.amortis.engine.program.Var;
import org.amortis.nn.Scope;

/// A family of densities q(u | context) with parameters that a network trains.
///
/// Legend: B contexts, S draws a context, p parameters, c context features. Shapes that do not fit
/// throw [ShapeException][org.amortis.engine.shape.ShapeException] while the density is traced.
public interface ConditionalDensity {
  /// Points that are differentiable functions of noise and parameters, with their log-densities.
  ///
  /// `E_q f = E sum_i exp(logWeight_i) f(u_i)`, the sum over the rows of a context. Families that
  /// choose a component draw from every component instead, weighted: a choice has no derivative,
  /// the weights have (Roeder, Wu and Duvenaud 2017; Morningstar et al. 2021).
  ///
  /// @param u `(B * K * S, p)`, the S draws of a component together
  /// @param logProb log-density of the whole family at u, `(B * K * S,)`
  /// @param logWeight `(B * K * S,)`; the weights of one context sum to 1
  record Drawn(Var u, Var logProb, Var logWeight) {}

  /// Log-density.
  ///
  /// @param u points `(B * S, p)`, S consecutive rows a context
  /// @param context `(B, c)`
  /// @return `(B * S,)`
  Var logProb(Scope scope, Var u, Var context);

  /// Draws as a function of noise.
  ///
  /// @param context `(B, c)`
  /// @param normal standard normal noise `(B * S, p)`, S consecutive rows a context
  /// @param uniform uniform noise `(B * S,)`, for families that choose a component
  /// @return `(B * S, p)`
  Var draw(Scope scope, Var context, Var normal, Var uniform);

  /// Draws with their log-densities, for objectives that differentiate both.
  ///
  /// @param context `(B, c)`
  /// @param normal standard normal noise `(B * K * S, p)`, K = [#components], S consecutive rows a
  ///   component, K consecutive components a context
  /// @return `B * K * S` points with log-densities and weights
  /// @throws UnsupportedOperationException when the family is not reparameterised
  default Drawn drawn(Scope scope, Var context, Var normal) {
    throw new UnsupportedOperationException(this + " has no differentiable draws");
  }

  /// Number K of components that [#drawn] draws from one by one.
  default int components() {
    return 1;
  }

  /// Whether [#draw] uses its uniform noise.
  default boolean choosesComponent() {
    return false;
  }
}
