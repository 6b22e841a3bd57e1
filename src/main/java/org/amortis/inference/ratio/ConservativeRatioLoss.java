package org.amortis.inference.ratio;

import org.amortis.engine.program.Trace;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.Type;

/// Another loss with a penalty on expected coverage below its nominal level: `+ weight mean over
/// levels c of max(0, c - coverage(c))^2`.
///
/// The parameters of the batch are draws from the prior, so weights `exp(l_ij)`, normalised over j,
/// make them draws from the estimated posterior of Z_i, and `alpha_i = sum over j of w_ij 1(l_ij >
/// l_ii)` is the mass of the smallest credible region that holds the true parameter. The share of
/// alpha below c is the expected coverage at level c. Both steps are softened to logistic functions
/// so that gradients pass. One-sided: coverage above the level costs nothing (Falkiewicz et al.
/// 2023, section 3.2, there with sorted ranks in place of a grid of levels).
///
/// @param base the loss it is added to
/// @param weight of the penalty
/// @param levels number of levels, spread evenly over (0, 1)
/// @param width of the softened steps: on the log scale between ratios, a tenth of it between
///   levels
public record ConservativeRatioLoss(RatioLoss base, double weight, int levels, double width)
    implements RatioLoss {
  /// Weight 5, nine levels, width 0.5.
  public ConservativeRatioLoss(RatioLoss base) {
    this(base, 5, 9, 0.5);
  }

  @Override
  public Var of(Var log) {
    int b = RatioLoss.pairs(log, 1);
    Trace t = log.trace();
    Var r = RatioLoss.rotated(log);
    Var own = r.slice(1, 0, 1);
    // The true parameter is a draw from the posterior, not from the prior: it takes no part.
    Var others = r.slice(1, 1, b);
    Var above = others.sub(own).div(width).sigmoid();
    Var alpha = others.softmax().mul(above).sum(1).reshape(b, 1);
    double[] grid = new double[levels];
    for (int k = 0; k < levels; k++) {
      grid[k] = (k + 0.5) / levels;
    }
    Var c = t.table(new Type(log.type().dtype(), Shape.of(1, levels)), grid);
    Var coverage = c.sub(alpha).div(0.1 * width).sigmoid().sum(0).mul(1.0 / b);
    Var penalty = c.reshape(levels).sub(coverage).relu().square().mean().mul(weight);
    return base.of(log).add(t.reshape(penalty, Shape.of(1)).broadcast(b));
  }
}
