package org.amortis.nn.flow;

import java.util.List;
import org.amortis.engine.program.Var;
import org.amortis.nn.Scope;

/// Bijections one after the other: `y = f_n(... f_1(x))`, the ladj their sum.
///
/// x `(B, p)`, y alike; the inverse goes through them backwards. Parameters of the i-th part,
/// counted from 0, are named `i.`.
///
/// @param parts in the order of the forward map
public record Composition(List<Bijection> parts) implements Bijection {
  /// Copies the parts.
  ///
  /// @throws IllegalArgumentException when there is none
  public Composition {
    parts = List.copyOf(parts);
    if (parts.isEmpty()) {
      throw new IllegalArgumentException("a composition needs at least one bijection");
    }
  }

  @Override
  public Mapped forward(Scope scope, Var x, Var context) {
    Mapped m = parts.getFirst().forward(scope.child("0"), x, context);
    for (int i = 1; i < parts.size(); i++) {
      Mapped next = parts.get(i).forward(scope.child(Integer.toString(i)), m.value(), context);
      m = new Mapped(next.value(), m.ladj().add(next.ladj()));
    }
    return m;
  }

  @Override
  public Mapped inverse(Scope scope, Var latent, Var context) {
    int last = parts.size() - 1;
    Mapped m = parts.get(last).inverse(scope.child(Integer.toString(last)), latent, context);
    for (int i = last - 1; i >= 0; i--) {
      Mapped next = parts.get(i).inverse(scope.child(Integer.toString(i)), m.value(), context);
      m = new Mapped(next.value(), m.ladj().add(next.ladj()));
    }
    return m;
  }
}
