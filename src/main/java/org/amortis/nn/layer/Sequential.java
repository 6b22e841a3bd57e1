package org.amortis.nn.layer;

import java.util.List;
import org.amortis.engine.program.Var;
import org.amortis.nn.Network;
import org.amortis.nn.Scope;

/// Networks one after the other: `y = f_n(... f_1(x))`; no network at all is the identity.
///
/// Parameters of the i-th, counted from 0, are named `i.`.
///
/// @param layers the first is applied first
public record Sequential(List<Network> layers) implements Network {
  /// Copies the layers.
  public Sequential {
    layers = List.copyOf(layers);
  }

  /// The given networks in order.
  public static Sequential of(Network... layers) {
    return new Sequential(List.of(layers));
  }

  @Override
  public Var apply(Scope scope, Var x) {
    Var y = x;
    for (int i = 0; i < layers.size(); i++) {
      y = layers.get(i).apply(scope.child(Integer.toString(i)), y);
    }
    return y;
  }
}
