package org.amortis.studies.gp;

import java.util.List;
import org.amortis.engine.math.Spline;
import org.amortis.engine.op.Activation;
import org.amortis.inference.point.NeuralBayesEstimator;
import org.amortis.inference.posterior.NeuralPosterior;
import org.amortis.inference.ratio.IndependentContrastiveLoss;
import org.amortis.inference.ratio.NeuralRatio;
import org.amortis.inference.ratio.RatioHead;
import org.amortis.inference.summary.Critic;
import org.amortis.inference.summary.JensenShannon;
import org.amortis.nn.Network;
import org.amortis.nn.density.FlowDensity;
import org.amortis.nn.flow.AffineCoupling;
import org.amortis.nn.flow.Composition;
import org.amortis.nn.flow.Conditioner;
import org.amortis.nn.flow.Logit;
import org.amortis.nn.flow.SplineCoupling;
import org.amortis.nn.layer.ConvPool;
import org.amortis.nn.layer.Dense;
import org.amortis.nn.layer.Flatten;
import org.amortis.nn.layer.Sequential;

/// The networks of the study.
public final class Models {
  /// Largest log scale of the flow's affine part: posteriors are up to e^4 times narrower than the
  /// prior.
  private static final double CLAMP = 4;

  private Models() {}

  /// The paper's CNN up to its 64 features: conv 3 x 3, 64 filters, ReLU, pool; conv 3 x 3, 128
  /// filters, ReLU, pool; dense 64, leaky ReLU.
  public static Network cnn() {
    return Sequential.of(
        new ConvPool(64),
        new ConvPool(128),
        new Flatten(),
        new Dense(64, Activation.leakyRelu(0.01)));
  }

  /// Posterior mean and 5 % and 95 % quantiles.
  public static NeuralBayesEstimator nbe() {
    return NeuralBayesEstimator.meanAndQuantiles(GaussianProcess.PRIOR, cnn(), 0.05, 0.95);
  }

  /// The review's reverse-KL family: Gaussian in logit(theta / 0.6), its mean and log standard
  /// deviation affine in the CNN's features.
  public static FlowDensity logisticGaussian() {
    return new FlowDensity(
        new Composition(List.of(new Logit(), new AffineCoupling(CLAMP, Conditioner.mlp(), true))));
  }

  /// Forward-KL posterior: an affine map and a monotone spline of 8 bins, both given by the CNN's
  /// features.
  public static NeuralPosterior fkl() {
    Composition flow =
        new Composition(
            List.of(
                new AffineCoupling(CLAMP, Conditioner.mlp(), true),
                new SplineCoupling(Spline.of(8, 4), Conditioner.mlp(), true)));
    return new NeuralPosterior(GaussianProcess.PRIOR, cnn(), new FlowDensity(flow));
  }

  /// Ratio of likelihood and evidence: a classifier with two hidden layers on the CNN's features
  /// and the length scale.
  public static NeuralRatio nre() {
    Activation leaky = Activation.leakyRelu(0.01);
    RatioHead head =
        new RatioHead(
            new Dense(32, leaky), 64, leaky, Sequential.of(new Dense(32, leaky), new Dense(1)));
    return new NeuralRatio(
        GaussianProcess.PRIOR, cnn(), head, new IndependentContrastiveLoss(0, 1));
  }

  /// One summary by the Jensen-Shannon objective: the paper's CNN to one output, and a critic.
  public static JensenShannon summary() {
    Network summary = Sequential.of(cnn(), new Dense(1));
    return new JensenShannon(summary, new Critic(List.of(32, 32)));
  }
}
