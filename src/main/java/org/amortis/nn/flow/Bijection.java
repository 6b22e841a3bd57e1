package org.amortis.nn.flow;

import org.amortis.engine.program.Var;
import org.amortis.nn.Scope;

/// An invertible map between values and latent variables, given a context.
///
/// Laws: `inverse(forward(x)) = x`; the ladj of forward is the logarithm of the absolute value of
/// the determinant of its Jacobian, that of inverse its negative at the same pair of points.
///
/// Legend: B points, p columns, c context features.
public interface Bijection {
  /// Transformed points and the log-abs-det-Jacobian of the map that gave them.
  ///
  /// @param value `(B, p)`
  /// @param ladj `(B,)`
  record Mapped(Var value, Var ladj) {}

  /// Values to latent variables.
  ///
  /// @param x `(B, p)`
  /// @param context `(B, c)`, or `(G, c)` with B a multiple of G: row g serves B / G consecutive
  ///   rows of x; null for bijections that need none
  /// @throws org.amortis.engine.shape.ShapeException when the bijection does not take these shapes
  Mapped forward(Scope scope, Var x, Var context);

  /// Latent variables to values, see [#forward].
  ///
  /// @param latent `(B, p)`
  /// @param context as for forward
  Mapped inverse(Scope scope, Var latent, Var context);
}
