package org.amortis.inference.mcmc;

import org.amortis.inference.Observations;
import org.amortis.inference.posterior.AmortizedPosterior;

/// How a Metropolis-Hastings chain makes its candidates.
///
/// All but [RandomWalk] move on the unconstrained scale u of the prior's bijection, where the prior
/// is standard normal and every point is inside the support; the target there is `log p(Z |
/// theta(u)) - |u|^2 / 2`. Everything happens on the device, between steps included. Legend: s the
/// scale of a chain, eta standard normal, L the Cholesky factor of a data set's adapted covariance
/// (the identity for one parameter).
public sealed interface Proposal {
  /// `theta' = theta + s eta` in natural units; candidates outside the support are rejected
  /// (Metropolis et al. 1953).
  record RandomWalk() implements Proposal {}

  /// `u' = u + s L eta`: a walk along the posterior's own axes.
  ///
  /// During burn-in the chains of a data set estimate its posterior covariance together: after step
  /// t the estimate moves by a share `3 / (t + 20)` towards the spread of their points, and it is
  /// held from then on (Haario, Saksman and Tamminen 2001; Andrieu and Thoms 2008, algorithm 4). A
  /// good first scale is `2.38 / sqrt(p)`, a good target [Adaptation.RobbinsMonro#walk].
  record AdaptedWalk() implements Proposal {}

  /// `u' ~ q(u | Z)`, draws of a trained posterior whatever the present point; accepted with the
  /// ratio of `w(u) = p(u | Z) / q(u | Z)` (Hastings 1970; Tierney 1994, section 2.3.3). Chains mix
  /// as well as q covers the posterior; scale and adaptation play no part. Chains best start from
  /// the same posterior, see [Start.FromPosterior].
  ///
  /// @param posterior trained for the prior of the run
  /// @param observations the data sets of the likelihood, in its order
  record Independence(AmortizedPosterior posterior, Observations observations)
      implements Proposal {}

  /// `u' = u + (s^2 / 2) L L' g(u) + s L eta` with g the gradient of the log target, and the
  /// acceptance ratio that makes up for the drift: the Metropolis-adjusted Langevin algorithm
  /// (Besag 1994; Roberts and Tweedie 1996), with the covariance of [AdaptedWalk] as
  /// preconditioner. A good target is [Adaptation.RobbinsMonro#langevin].
  ///
  /// The likelihood must be differentiable in theta.
  record Langevin() implements Proposal {}
}
