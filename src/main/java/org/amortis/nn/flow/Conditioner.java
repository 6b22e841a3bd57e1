package org.amortis.nn.flow;

import java.util.ArrayList;
import java.util.List;
import org.amortis.engine.op.Activation;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.Shape;
import org.amortis.nn.Initializer;
import org.amortis.nn.Network;
import org.amortis.nn.Scope;
import org.amortis.nn.layer.Dense;
import org.amortis.nn.layer.Sequential;

/// The network that turns the untouched part of a point and the context into the raw parameters of
/// a coupling.
///
/// A hidden network, then an affine layer that starts at zero weights, so that a fresh coupling is
/// the same map for every input.
///
/// @param hidden layers before the last one; null for none
public record Conditioner(Network hidden) {
  /// Hidden ReLU layers of the given widths.
  public static Conditioner mlp(int... widths) {
    List<Network> layers = new ArrayList<>();
    for (int w : widths) {
      layers.add(new Dense(w, Activation.RELU));
    }
    return new Conditioner(layers.isEmpty() ? null : new Sequential(layers));
  }

  /// Traces the conditioner.
  ///
  /// @param fixed untouched columns `(B, k)`, or null when there are none
  /// @param context `(G, c)` with B a multiple of G
  /// @param outputs columns of the result
  /// @param start first values of the last bias
  /// @return `(B, outputs)`, or `(G, outputs)` when nothing depends on `fixed`
  public Var apply(Scope scope, Var fixed, Var context, int outputs, double... start) {
    Var x = fixed == null ? context : fixed;
    if (fixed != null && context != null) {
      x = fixed.concat(repeat(context, fixed.dim(0)), 1);
    }
    Var h = hidden == null ? x : hidden.apply(scope.child("hidden"), x);
    Initializer bias = start.length == 0 ? Initializer.ZEROS : new Initializer.Values(start);
    Initializer weight = Initializer.ZEROS;
    return new Dense(outputs, Activation.NONE, weight, bias).apply(scope.child("out"), h);
  }

  /// Each row as often as needed to have `rows` of them.
  static Var repeat(Var x, int rows) {
    int groups = x.dim(0);
    if (groups == rows) {
      return x;
    }
    int c = x.dim(1);
    Var each = x.reshape(groups, 1, c).broadcast(groups, rows / groups, c);
    return x.trace().reshape(each, Shape.of(rows, c));
  }
}
