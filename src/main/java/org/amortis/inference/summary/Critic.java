package org.amortis.inference.summary;

import java.util.List;
import org.amortis.engine.op.Activation;
import org.amortis.engine.program.Var;
import org.amortis.nn.Network;
import org.amortis.nn.Scope;
import org.amortis.nn.layer.BatchNorm;
import org.amortis.nn.layer.Dense;

/// A critic: batch norm of parameters and summaries, leaky-ReLU layers, one number.
///
/// Batch norm takes away the summaries' scale, which the information does not depend on. x `(B, p +
/// d)`, y `(B, 1)`.
///
/// @param widths of the hidden layers
public record Critic(List<Integer> widths) implements Network {
  /// Copies the widths.
  public Critic {
    widths = List.copyOf(widths);
  }

  /// The review's critic: two hidden layers of 16.
  public static Critic published() {
    return new Critic(List.of(16, 16));
  }

  @Override
  public Var apply(Scope scope, Var x) {
    Var h = new BatchNorm().apply(scope.child("norm"), x);
    for (int i = 0; i < widths.size(); i++) {
      Dense layer = new Dense(widths.get(i), Activation.leakyRelu(0.01));
      h = layer.apply(scope.child("hidden" + i), h);
    }
    return new Dense(1).apply(scope.child("out"), h);
  }
}
