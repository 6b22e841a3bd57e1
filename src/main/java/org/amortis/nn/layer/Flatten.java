package org.amortis.nn.layer;

import org.amortis.engine.program.Var;
import org.amortis.nn.Network;
import org.amortis.nn.Scope;

/// All axes but the leading one as one: `(B, ...)` to `(B, n)`.
public record Flatten() implements Network {
  @Override
  public Var apply(Scope scope, Var x) {
    return x.reshape(x.dim(0), x.type().size() / StrictMath.max(1, x.dim(0)));
  }
}
