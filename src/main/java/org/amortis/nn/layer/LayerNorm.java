package org.amortis.nn.layer;

import org.amortis.engine.program.Var;
import org.amortis.engine.shape.Shape;
import org.amortis.nn.Initializer;
import org.amortis.nn.Network;
import org.amortis.nn.Scope;

/// Layer normalisation over the last axis (Ba, Kiros and Hinton 2016): `y = scale (x - mean) /
/// sqrt(var + epsilon) + shift`, with the mean and the biased variance of each row.
///
/// x `(..., n)`, y alike. Parameters: scale `(n,)` from 1, shift `(n,)` from 0.
///
/// @param epsilon added to the variance
public record LayerNorm(double epsilon) implements Network {
  /// Epsilon 1e-5.
  public LayerNorm() {
    this(1e-5);
  }

  @Override
  public Var apply(Scope scope, Var x) {
    int n = x.dim(-1);
    Var scale = scope.parameter("scale", Initializer.ONES, n);
    Var shift = scope.parameter("shift", Initializer.ZEROS, n);
    Shape kept = x.shape().with(-1, 1);
    Var centred = x.sub(mean(x, kept));
    Var deviation = mean(centred.square(), kept).add(epsilon).sqrt();
    return centred.div(deviation).mul(scale).add(shift);
  }

  private static Var mean(Var x, Shape kept) {
    return x.trace().reshape(x.sum(-1).mul(1.0 / x.dim(-1)), kept);
  }
}
