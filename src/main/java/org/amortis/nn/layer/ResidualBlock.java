package org.amortis.nn.layer;

import org.amortis.engine.op.Activation;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.ShapeException;
import org.amortis.nn.Initializer;
import org.amortis.nn.Network;
import org.amortis.nn.Scope;

/// Pre-activation residual block with a gate from a context: `t = W1 relu(W0 relu(h) + b0) + b1`,
/// `y = h + t sigmoid(Wc c + bc)`.
///
/// h `(B, n)`, c `(G, k)` with B a multiple of G (row g gates B / G consecutive rows), y `(B, n)`;
/// without context there is no gate. Parameters: `first.`, `second.` (second starts uniform on
/// (-0.001, 0.001), so a fresh block is close to the identity) and `gate.`. The arrangement is that
/// of nflows' ResidualNet (Durkan et al. 2019), a gated linear unit (Dauphin et al. 2017).
public record ResidualBlock() implements Network {
  private static final Initializer SMALL = new Initializer.Uniform(1e-3);

  @Override
  public Var apply(Scope scope, Var h) {
    return apply(scope, h, null);
  }

  /// Traces the block with its gate.
  ///
  /// @param h `(B, n)`
  /// @param context `(G, k)`, or null for no gate
  /// @return `(B, n)`
  /// @throws ShapeException when B is no multiple of G
  public Var apply(Scope scope, Var h, Var context) {
    int n = h.dim(1);
    Network first = Dense.fanIn(n, Activation.RELU, n);
    Network second = new Dense(n, Activation.NONE, SMALL, SMALL);
    Var t = first.apply(scope.child("first"), h.relu());
    t = second.apply(scope.child("second"), t);
    if (context != null) {
      int groups = context.dim(0);
      if (groups < 1 || h.dim(0) % groups != 0) {
        throw new ShapeException(
            "residual_block", h.shape() + " is no multiple of the rows of " + context.shape());
      }
      Network layer = Dense.fanIn(n, Activation.NONE, context.dim(1));
      Var gate = layer.apply(scope.child("gate"), context).sigmoid();
      if (groups != h.dim(0)) {
        int each = h.dim(0) / groups;
        Var wide = gate.reshape(groups, 1, n).broadcast(groups, each, n);
        gate = scope.trace().reshape(wide, Shape.of(h.dim(0), n));
      }
      t = t.mul(gate);
    }
    return h.add(t);
  }
}
