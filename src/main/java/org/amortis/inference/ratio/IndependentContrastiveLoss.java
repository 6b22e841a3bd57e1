package org.amortis.inference.ratio;

import org.amortis.engine.program.Trace;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.Type;

/// Contrastive loss with an independent class, NRE-C: which of K parameters made the data, or none.
///
/// `-1/(1 + gamma) log q(none) - gamma/(1 + gamma) log q(i)` with `q(none) = K / (K + gamma sum
/// exp(l))`, `q(i) = gamma exp(l_i) / (K + gamma sum exp(l))`; the first term takes K independent
/// parameters, the second the true one and K - 1 others. Its minimiser is the log ratio itself,
/// without the function of Z that NRE-B leaves open; K = gamma = 1 is NRE-A (Miller, Weniger and
/// Forre 2022, equations 10 and 11). The other parameters of the batch are divided into as many
/// groups of K as there are.
///
/// @param parameters K, at least 1; 0 for all others of the batch
/// @param gamma odds of the dependent classes
public record IndependentContrastiveLoss(int parameters, double gamma) implements RatioLoss {
  /// Checks the settings.
  ///
  /// @throws IllegalArgumentException for a negative K or odds that are not positive
  public IndependentContrastiveLoss {
    if (parameters < 0 || !(gamma > 0)) {
      throw new IllegalArgumentException(
          "K must not be negative and gamma positive, found " + parameters + " and " + gamma);
    }
  }

  @Override
  public Var of(Var log) {
    int k = parameters == 0 ? log.dim(0) - 1 : parameters;
    int b = RatioLoss.pairs(log, k);
    int groups = (b - 1) / k;
    Trace t = log.trace();
    Var r = RatioLoss.rotated(log);
    // In units of gamma / K: q(none) = 1 / (1 + sum exp(l + log(gamma / K))).
    double shift = StrictMath.log(gamma / k);
    Var joint = r.slice(1, 0, 1).add(shift);
    Var rest = t.reshape(r.slice(1, 1, 1 + groups * k), Shape.of(b, groups, k)).add(shift);
    Var none = t.zeros(new Type(log.type().dtype(), Shape.of(b, groups, 1)));
    Var first = joint.reshape(b, 1, 1).broadcast(b, groups, 1);
    Var independent = none.concat(rest, 2).logSumExp(2).sum(1).mul(1.0 / groups);
    Var withTrue = none.concat(first, 2);
    if (k > 1) {
      withTrue = withTrue.concat(rest.slice(2, 0, k - 1), 2);
    }
    Var dependent = withTrue.logSumExp(2).sum(1).mul(1.0 / groups).sub(joint.reshape(b));
    return independent.mul(1 / (1 + gamma)).add(dependent.mul(gamma / (1 + gamma)));
  }
}
