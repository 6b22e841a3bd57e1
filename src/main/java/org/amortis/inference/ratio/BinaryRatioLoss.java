package org.amortis.inference.ratio;

import org.amortis.engine.program.Var;

/// Binary cross-entropy between joint and independent pairs, NRE-A.
///
/// `softplus(-l_ii)` plus the mean over the other j of `softplus(l_ij)`, l the `(B, B)` log ratios;
/// at least two pairs, else `IllegalArgumentException`. Both classes weigh alike, so its minimiser
/// is `l = log p(Z | theta) / p(Z)` (Hermans, Begy and Louppe 2020; review, section 4). Every other
/// theta of the batch serves as an independent one, which is the published loss with B - 1 shuffles
/// in place of one.
public record BinaryRatioLoss() implements RatioLoss {
  @Override
  public Var of(Var log) {
    int b = RatioLoss.pairs(log, 1);
    Var r = RatioLoss.rotated(log);
    Var joint = r.slice(1, 0, 1).neg().softplus().reshape(b);
    return joint.add(r.slice(1, 1, b).softplus().sum(1).mul(1.0 / (b - 1)));
  }
}
