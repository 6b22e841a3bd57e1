package org.amortis.inference.ratio;

import org.amortis.engine.program.Trace;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.Shape;

/// Contrastive loss, NRE-B: which of K parameters made the data, `-log exp(l_ii) / sum over the K
/// of exp(l_ij)`.
///
/// Its minimiser is the log ratio up to a function of Z (Durkan, Murray and Papamakarios 2020;
/// InfoNCE of van den Oord, Li and Vinyals 2018): posteriors, which are normalised, do not see it,
/// but the classifier's calibration and evidences do. The B - 1 other parameters of the batch are
/// divided into as many groups of K - 1 as there are.
///
/// @param parameters K, the true one included; 0 for the whole batch
public record ContrastiveRatioLoss(int parameters) implements RatioLoss {
  /// Checks K.
  ///
  /// @throws IllegalArgumentException unless it is 0 or at least 2
  public ContrastiveRatioLoss {
    if (parameters != 0 && parameters < 2) {
      throw new IllegalArgumentException("K must be 0 or at least 2, found " + parameters);
    }
  }

  /// All parameters of the batch.
  public ContrastiveRatioLoss() {
    this(0);
  }

  @Override
  public Var of(Var log) {
    int others = parameters == 0 ? log.dim(0) - 1 : parameters - 1;
    int b = RatioLoss.pairs(log, others);
    int groups = (b - 1) / others;
    Trace t = log.trace();
    Var r = RatioLoss.rotated(log);
    Var joint = r.slice(1, 0, 1);
    Var rest = t.reshape(r.slice(1, 1, 1 + groups * others), Shape.of(b, groups, others));
    Var first = joint.reshape(b, 1, 1).broadcast(b, groups, 1);
    Var total = first.concat(rest, 2).logSumExp(2);
    return total.sum(1).mul(1.0 / groups).sub(joint.reshape(b));
  }
}
