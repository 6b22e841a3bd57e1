package org.amortis.inference.summary;

import java.util.Map;
import org.amortis.engine.program.Var;
import org.amortis.nn.Network;
import org.amortis.nn.Scope;

/// Summaries by noise-contrastive classification inside the batch (InfoNCE, van den Oord et al.
/// 2018).
///
/// `I >= E [T(theta_0, S) - log (1/K) sum_k exp T(theta_k, S)]` with theta_0 the pair's own
/// parameter and K - 1 others of the batch: which of K parameters made these data? The bound never
/// exceeds `log K`, so K should be well above the exponential of the information. T is learned up
/// to a function of S.
///
/// @param summary network from data `(B, ...)` to summaries `(B, d)`
/// @param critic network from `(B, p + d)` to `(B, 1)`
/// @param contrasts K, the pair's own parameter included; at most the batch
public record InfoNce(Network summary, Network critic, int contrasts) implements MutualInformation {
  /// Checks the number.
  ///
  /// @throws IllegalArgumentException when it is below 2
  public InfoNce {
    if (contrasts < 2) {
      throw new IllegalArgumentException("contrasts must be at least 2, found " + contrasts);
    }
  }

  @Override
  public int rolls() {
    return contrasts - 1;
  }

  @Override
  public Var losses(Scope scope, Map<String, Var> batch) {
    Var t = scores(scope, batch);
    Var joint = t.slice(0, 0, 1).reshape(t.dim(1));
    return t.logSumExp(0).sub(joint).add(-StrictMath.log(contrasts));
  }
}
