package org.amortis.inference.likelihood;

import org.amortis.inference.Prior;
import org.amortis.nn.Network;
import org.amortis.nn.density.ConditionalDensity;
import org.amortis.nn.density.MixtureDensity;
import org.amortis.nn.flow.Conditioner;

/// Neural likelihood estimation, NLE: a conditional flow or mixture for the summaries given theta
/// (Papamakarios, Sterratt and Murray 2019; review, section 4.3).
///
/// Its loss and columns are those of [LearnedLikelihood].
///
/// @param prior says where parameters live
/// @param network from standardised parameters `(B, p)` to the density's context `(B, c)`
/// @param density family on R^d, d the number of summaries
/// @param scaling moments of the summaries
public record NeuralLikelihood(
    Prior prior, Network network, ConditionalDensity density, Scaling scaling)
    implements LearnedLikelihood {
  /// A mixture of Gaussians on two tanh layers of 32.
  ///
  /// @param components number of Gaussians
  public static NeuralLikelihood mixture(Prior prior, int components, Scaling scaling) {
    return new NeuralLikelihood(
        prior,
        SyntheticLikelihood.features(32),
        new MixtureDensity(scaling.size(), components, Conditioner.mlp()),
        scaling);
  }
}
