package org.amortis.inference.variational;

import org.amortis.engine.program.Var;

/// Which density of the unconstrained parameters u stands for the prior in a variational objective.
///
/// The prior of u is standard normal whatever the prior of theta (see
/// [org.amortis.inference.Marginal]). The other two are densities that some published losses amount
/// to; they exist to show what leaving the prior out does.
public enum PriorTerm {
  /// The prior itself: `sum_j log N(u_j)`.
  KEPT,
  /// None: flat in u. The posterior's tails then have the likelihood alone to hold them.
  LEFT_OUT,
  /// None on the logistic scale: flat in `logit F(theta)`, F the prior's distribution function.
  /// Seen from u this is `sum_j log N(u_j) - log Phi(u_j) - log Phi(-u_j)`; for theta uniform on
  /// (0, c) it is the improper prior `1 / (theta (c - theta))`, which draws posteriors towards both
  /// ends. The review's published reverse-KL loss, `E_q [log q(v | Z) - log p(Z | c sigmoid(v))]`,
  /// is this one.
  FLAT_ON_LOGISTIC_SCALE;

  private static final double HALF_LOG_2PI = 0.9189385332046727;

  /// Beyond this many standard deviations Phi of the lower tail underflows in float32.
  private static final double TAIL = 12;

  /// Traces the log-density, up to a constant where it is improper.
  ///
  /// @param u `(R, p)`
  /// @return `(R,)`
  public Var of(Var u) {
    Var normal = u.square().mul(-0.5).sub(HALF_LOG_2PI);
    return switch (this) {
      case KEPT -> normal.sum(1);
      case LEFT_OUT -> u.trace().zeros(u.type()).sum(1);
      case FLAT_ON_LOGISTIC_SCALE -> {
        Var held = u.max(-TAIL).min(TAIL);
        Var tails = held.normalCdf().log().add(held.neg().normalCdf().log());
        yield normal.sub(tails).sum(1);
      }
    };
  }
}
