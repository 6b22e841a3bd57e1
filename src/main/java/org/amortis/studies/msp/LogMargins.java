package org.amortis.studies.msp;

import org.amortis.engine.program.Var;
import org.amortis.nn.Network;
import org.amortis.nn.Scope;

/// The logarithm of data with standard exponential margins, standardised: mean 0 and variance 1 at
/// every site.
///
/// `-log Z = log X` has Gumbel margins, on which the small values of Z, the extremes of X that
/// carry the dependence, lie apart from each other as far as the large ones. So `y = (log Z +
/// gamma) sqrt(6) / pi` with gamma Euler's constant. Any shape, positive values; no parameters.
public record LogMargins() implements Network {
  private static final double EULER = 0.5772156649015329;
  private static final double DEVIATION = 1.2825498301618641; // pi / sqrt 6

  /// No positive float of the model is smaller; keeps a padded row finite.
  private static final double LEAST = 1e-30;

  @Override
  public Var apply(Scope scope, Var z) {
    return z.max(LEAST).log().add(EULER).mul(1 / DEVIATION);
  }
}
