package org.amortis.inference.ratio;

import org.amortis.engine.program.Trace;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.Shape;

/// Another loss with the balance penalty: `+ weight (E_joint d + E_independent d - 1)^2`, `d =
/// sigmoid(l)`.
///
/// The Bayes classifier is balanced, so the minimiser does not move; a classifier that is balanced
/// is on average not over-confident (Delaunoy, Hermans, Rozet, Wehenkel and Louppe 2022, equation 5
/// and theorem 1, with weight 100). The means run over the batch: its B joint and B (B - 1)
/// independent pairs; the square penalises their variance too, which with small batches and a large
/// weight flattens the ratio.
///
/// @param base the loss it is added to
/// @param weight lambda
public record BalancedRatioLoss(RatioLoss base, double weight) implements RatioLoss {
  /// The published weight, 100.
  public BalancedRatioLoss(RatioLoss base) {
    this(base, 100);
  }

  @Override
  public Var of(Var log) {
    int b = RatioLoss.pairs(log, 1);
    Trace t = log.trace();
    Var d = RatioLoss.rotated(log).sigmoid();
    Var joint = d.slice(1, 0, 1).mean();
    Var independent = d.slice(1, 1, b).mean();
    Var penalty = joint.add(independent).sub(1).square().mul(weight);
    return base.of(log).add(t.reshape(penalty, Shape.of(1)).broadcast(b));
  }
}
