package org.amortis.nn.density;

import org.amortis.engine.program.Var;
import org.amortis.nn.Scope;
import org.amortis.nn.flow.Bijection;

/// A normalising flow: the density that a bijection gives to a standard normal base.
///
/// `log q(u | context) = log N(f(u); 0, I) + ladj f(u)` with f the bijection's forward map; a draw
/// is `f^-1(eta)`, eta standard normal (Rezende and Mohamed 2015). Shapes as in
/// [ConditionalDensity].
///
/// @param bijection forward from points to the base
public record FlowDensity(Bijection bijection) implements ConditionalDensity {
  static final double HALF_LOG_2PI = 0.9189385332046727;

  @Override
  public Var logProb(Scope scope, Var u, Var context) {
    Bijection.Mapped m = bijection.forward(scope, u, context);
    Var base = m.value().square().sum(1).mul(-0.5).add(-HALF_LOG_2PI * u.dim(1));
    return base.add(m.ladj());
  }

  @Override
  public Drawn drawn(Scope scope, Var context, Var normal) {
    Bijection.Mapped m = bijection.inverse(scope, normal, context);
    Var base = normal.square().sum(1).mul(-0.5).add(-HALF_LOG_2PI * normal.dim(1));
    return equallyWeighted(m.value(), base.sub(m.ladj()), context);
  }

  /// Draws of one component.
  static Drawn equallyWeighted(Var u, Var logProb, Var context) {
    double each = (double) u.dim(0) / context.dim(0);
    Var logWeight = u.trace().scalar(-StrictMath.log(each), u.type().dtype());
    return new Drawn(u, logProb, logWeight.broadcast(u.dim(0)));
  }

  @Override
  public Var draw(Scope scope, Var context, Var normal, Var uniform) {
    return bijection.inverse(scope, normal, context).value();
  }
}
