package org.amortis.inference.summary;

import java.util.Map;
import org.amortis.engine.program.Var;
import org.amortis.nn.Initializer;
import org.amortis.nn.Network;
import org.amortis.nn.Scope;

/// Summaries by the Donsker-Varadhan bound with the bias-corrected gradient (MINE, Belghazi et al.
/// 2018).
///
/// `I >= E T(theta, S) - log E exp T(theta', S)`. The gradient of the logarithm over a batch is
/// biased because the batch stands in numerator and denominator; here the denominator is a running
/// mean a of the exponential, a statistic that has no gradient. The loss is
///
/// `-T(theta, S) + exp T(theta', S) / a + log a - 1`,
///
/// which has that gradient, is a mean over pairs, and is minus a lower bound of the information for
/// every a (as log x <= x / a + log a - 1), tight when a is the mean.
///
/// @param summary network from data `(B, ...)` to summaries `(B, d)`
/// @param critic network from `(B, p + d)` to `(B, 1)`
/// @param momentum weight of a batch in the running mean
public record DonskerVaradhan(Network summary, Network critic, double momentum)
    implements MutualInformation {
  /// The exponential is cut at e^20 times the running mean, which only a critic far from the
  /// optimum reaches.
  private static final double STEEPEST = 20;

  /// Checks the momentum.
  ///
  /// @throws IllegalArgumentException unless it lies in (0, 1)
  public DonskerVaradhan {
    if (!(momentum > 0 && momentum < 1)) {
      throw new IllegalArgumentException("momentum must lie in (0, 1), found " + momentum);
    }
  }

  /// Momentum 0.05.
  public DonskerVaradhan(Network summary, Network critic) {
    this(summary, critic, 0.05);
  }

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
    // The running mean is kept as a logarithm: T itself may be large.
    Var log = scope.statistic("log_mean", Initializer.ZEROS, 1);
    Var now = other.logSumExp(0).add(-StrictMath.log(b)).reshape(1);
    Var blend = log.add(StrictMath.log1p(-momentum)).concat(now.add(StrictMath.log(momentum)), 0);
    scope.update("log_mean", blend.logSumExp(0).reshape(1));
    Var relative = other.sub(log).min(STEEPEST).exp();
    return relative.sub(joint).add(log).sub(1);
  }
}
