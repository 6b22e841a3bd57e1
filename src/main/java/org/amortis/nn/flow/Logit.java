package org.amortis.nn.flow;

import org.amortis.engine.program.Var;
import org.amortis.nn.Scope;

/// The logistic scale of each column, for values whose reference is the standard normal: `y = logit
/// Phi(x) = log Phi(x) - log Phi(-x)`, ladj `sum log N(x) - log Phi(x) - log Phi(-x)`.
///
/// With it a density that is Gaussian in `logit F(theta)`, F the prior's distribution function, is
/// a flow on the scale where the prior is standard normal. x `(B, p)`, held within 12 of 0, where
/// float32 has no smaller tail; no parameters.
public record Logit() implements Bijection {
  private static final double HALF_LOG_2PI = 0.9189385332046727;
  private static final double END = 12;

  /// logit Phi(12).
  private static final double LOGISTIC_END = 75.4;

  @Override
  public Mapped forward(Scope scope, Var x, Var context) {
    Var held = x.max(-END).min(END);
    Var above = held.normalCdf().log();
    Var below = held.neg().normalCdf().log();
    Var normal = held.square().mul(-0.5).sub(HALF_LOG_2PI);
    return new Mapped(above.sub(below), normal.sub(above).sub(below).sum(1));
  }

  @Override
  public Mapped inverse(Scope scope, Var latent, Var context) {
    // The lower tail keeps its relative accuracy, so the upper one is its mirror image.
    Var size = latent.abs().min(LOGISTIC_END);
    Var lower = size.neg().sigmoid().normalQuantile();
    Var x = latent.less(latent.trace().constant(latent, 0)).select(lower, lower.neg());
    Var slope = size.neg().sub(size.neg().softplus().mul(2));
    return new Mapped(x, slope.add(x.square().mul(0.5)).add(HALF_LOG_2PI).sum(1));
  }
}
