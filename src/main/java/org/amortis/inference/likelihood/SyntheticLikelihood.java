package org.amortis.inference.likelihood;

import org.amortis.engine.op.Activation;
import org.amortis.inference.Prior;
import org.amortis.nn.Network;
import org.amortis.nn.density.ConditionalDensity;
import org.amortis.nn.density.GaussianDensity;
import org.amortis.nn.flow.Conditioner;
import org.amortis.nn.layer.Activate;
import org.amortis.nn.layer.Dense;
import org.amortis.nn.layer.Sequential;

/// Synthetic likelihood with a neural binding function: the summaries are Gaussian given theta, and
/// a network gives their mean and full covariance (Wood 2010; review, section 4.1).
///
/// `s | theta ~ N(mean(theta), (A(theta)' A(theta))^-1)`, A lower triangular with the exponential
/// of a network output on its diagonal: the Cholesky factor of the precision, whose likelihood
/// needs no solve. Simulation at each theta, as in the original, is replaced by one training.
///
/// Its loss and columns are those of [LearnedLikelihood].
///
/// @param prior says where parameters live
/// @param network from standardised parameters `(B, p)` to features; the mean and the factor are
///   affine in them
/// @param scaling moments of the summaries
public record SyntheticLikelihood(Prior prior, Network network, Scaling scaling)
    implements LearnedLikelihood {
  /// Two tanh layers of 32: binding functions are smooth.
  public SyntheticLikelihood(Prior prior, Scaling scaling) {
    this(prior, features(32), scaling);
  }

  /// Two tanh layers.
  static Network features(int width) {
    return Sequential.of(
        new Dense(width, Activation.NONE),
        new Activate(Activate.Kind.TANH),
        new Dense(width, Activation.NONE),
        new Activate(Activate.Kind.TANH));
  }

  @Override
  public ConditionalDensity density() {
    return new GaussianDensity(scaling.size(), Conditioner.mlp());
  }
}
