package org.amortis.inference.summary;

import java.util.ArrayList;
import java.util.List;
import org.amortis.engine.program.Var;
import org.amortis.nn.Network;
import org.amortis.nn.Scope;

/// Features of several networks of the same data, side by side: learned summaries joined with
/// hand-crafted statistics.
///
/// A hand-crafted statistic is a [Network] without parameters. x `(B, ...)`, y `(B, c1 + c2 +
/// ...)`. Wherever an estimator takes a summary network it takes this one. Parameters of part i are
/// named `i.`.
///
/// @param parts networks of the same data, each from `(B, ...)` to `(B, c)`
public record JoinedNetworks(List<Network> parts) implements Network {
  /// Copies the parts.
  ///
  /// @throws IllegalArgumentException when there is none
  public JoinedNetworks {
    parts = List.copyOf(parts);
    if (parts.isEmpty()) {
      throw new IllegalArgumentException("joined networks need at least one part");
    }
  }

  /// The given networks.
  public static JoinedNetworks of(Network... parts) {
    return new JoinedNetworks(List.of(parts));
  }

  @Override
  public Var apply(Scope scope, Var x) {
    List<Var> features = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      features.add(parts.get(i).apply(scope.child(Integer.toString(i)), x));
    }
    return scope.trace().concat(features, 1);
  }
}
