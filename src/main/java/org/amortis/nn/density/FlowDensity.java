package org.amortis.nn.density;

import org.amortis.engine.program.Var;
import org.amortis.nn.Scope;
import org.amortis.nn.flow.Bijection;

/// A normalising flow: the density that a bijection gives to a standard normal base.
///
/// `log q(u | context) = log N(f(u); 0, I) + ladj f(u)` with f the bijection's forward map.
public record FlowDensity(Bijection bijection) implements ConditionalDensity {
  static final double HALF_LOG_2PI = 0.9189385332046727;

  @Override
  public Var logProb(Scope scope, Var u, Var context) {
    Bijection.Mapped m = bijection.forward(scope, u, context);
    Var base = m.value().square().sum(1).mul(-0.5).add(-HALF_LOG_2PI * u.dim(1));
    return base.add(m.ladj());
  }

  @Override
  public Var draw(Scope scope, Var context, Var normal, Var uniform) {
    return bijection.inverse(scope, normal, context).value();
  }
}
