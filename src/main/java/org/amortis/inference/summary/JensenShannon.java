package org.amortis.inference.summary;

import java.util.Map;
import org.amortis.engine.program.Var;
import org.amortis.nn.Network;
import org.amortis.nn.Scope;

/// Summaries by the Jensen-Shannon objective (Nowozin et al. 2016; Hjelm et al. 2019): a classifier
/// of pairs.
///
/// `min E softplus(-T(theta, S)) + E softplus(T(theta', S))` with theta' another parameter. At the
/// minimum over T it is the logarithm of `p(theta, S) / (p(theta) p(S))`. The gradient is bounded
/// whatever the information, which makes this the steadiest of the three; the objective itself is
/// no number of nats, see [Information].
///
/// @param summary network from data `(B, ...)` to summaries `(B, d)`
/// @param critic network from `(B, p + d)` to `(B, 1)`
public record JensenShannon(Network summary, Network critic) implements MutualInformation {
  @Override
  public int rolls() {
    return 1;
  }

  @Override
  public Var losses(Scope scope, Map<String, Var> batch) {
    Var t = scores(scope, batch);
    int b = t.dim(1);
    Var joint = t.slice(0, 0, 1).reshape(b);
    Var other = t.slice(0, 1, 2).reshape(b);
    return joint.neg().softplus().add(other.softplus());
  }
}
