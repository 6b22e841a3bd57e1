package org.amortis.nn.flow;

import org.amortis.engine.program.Var;
import org.amortis.nn.Scope;

/// An invertible map between values and latent variables, given a context.
///
/// Laws: `inverse(forward(x)) = x`; the ladj of forward is the logarithm of the absolute
/// determinant of its Jacobian, that of inverse its negative at the same pair of points.
public interface Bijection {
  /// A transformed point `(B, p)` and the log-abs-det-Jacobian `(B,)` of the map that gave it.
  record Mapped(Var value, Var ladj) {}

  /// Values to latent variables.
  ///
  /// @param x `(B, p)`
  /// @param context `(B, c)`, or `(G, c)` with B a multiple of G: row g serves B / G consecutive
  ///   rows of x
  Mapped forward(Scope scope, Var x, Var context);

  /// Latent variables to values, see [#forward].
  Mapped inverse(Scope scope, Var latent, Var context);
}
