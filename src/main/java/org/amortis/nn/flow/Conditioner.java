package org.amortis.nn.flow;

import java.util.ArrayList;
import java.util.List;
import org.amortis.engine.op.Activation;
import org.amortis.engine.program.Var;
import org.amortis.nn.Initializer;
import org.amortis.nn.Network;
import org.amortis.nn.Scope;
import org.amortis.nn.layer.Dense;
import org.amortis.nn.layer.Sequential;

/// The network that turns the untouched part of a point and the context into the raw parameters of
/// a coupling.
@FunctionalInterface
public interface Conditioner {
  /// Traces the conditioner.
  ///
  /// @param fixed untouched columns `(B, k)`, or null when there are none
  /// @param context `(G, c)` with B a multiple of G, or null when there is none
  /// @param outputs columns of the result
  /// @param start first values of the last bias, zeros when left out
  /// @return `(B, outputs)`; `(G, outputs)` when nothing depends on `fixed`; `(1, outputs)` when
  ///   there is neither: then the raw parameters are trained themselves
  Var apply(Scope scope, Var fixed, Var context, int outputs, double... start);

  /// Hidden ReLU layers of the given widths, then an affine layer of zero weights, so that a fresh
  /// coupling is the same map for every input.
  ///
  /// @param widths of the hidden layers; none for the affine layer alone
  static Conditioner mlp(int... widths) {
    List<Network> layers = new ArrayList<>();
    for (int w : widths) {
      layers.add(new Dense(w, Activation.RELU));
    }
    return new HiddenConditioner(layers.isEmpty() ? null : new Sequential(layers), true);
  }

  /// Raw parameters that depend on nothing: one trained row `(1, outputs)`, named `free`.
  static Var free(Scope scope, int outputs, double... start) {
    Initializer first = start.length == 0 ? Initializer.ZEROS : new Initializer.Values(start);
    return scope.parameter("free", first, 1, outputs);
  }
}
