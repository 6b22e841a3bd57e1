package org.amortis.nn.layer;

import org.amortis.engine.op.Draw;
import org.amortis.engine.program.Var;
import org.amortis.nn.Network;
import org.amortis.nn.Scope;

/// Dropout (Srivastava et al. 2014): in training each element is zero with probability `rate` and
/// divided by `1 - rate` otherwise; in evaluation the identity. Any shape.
///
/// The mask is a function of seed, step, element and the layer's stream.
///
/// @param rate in [0, 1)
public record Dropout(double rate) implements Network {
  /// Checks the rate.
  ///
  /// @throws IllegalArgumentException unless it lies in [0, 1)
  public Dropout {
    if (!(rate >= 0 && rate < 1)) {
      throw new IllegalArgumentException("[dropout] rate must lie in [0, 1), found " + rate);
    }
  }

  @Override
  public Var apply(Scope scope, Var x) {
    int stream = scope.stream();
    return scope.training() && rate > 0
        ? scope.trace().one(new Draw.Dropout(rate, stream), x, scope.key())
        : x;
  }
}
