package org.amortis.studies.ratio;

import org.amortis.engine.program.Var;
import org.amortis.nn.Network;
import org.amortis.nn.Scope;

/// The prior's distribution function at the parameters, `Phi(u)`: theta itself under a uniform
/// prior on (0, 1). No parameters; any shape.
record PriorLevel() implements Network {
  @Override
  public Var apply(Scope scope, Var u) {
    return u.normalCdf();
  }
}
