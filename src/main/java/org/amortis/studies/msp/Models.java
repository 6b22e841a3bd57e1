package org.amortis.studies.msp;

import java.util.List;
import org.amortis.engine.math.Spline;
import org.amortis.engine.op.Activation;
import org.amortis.inference.point.NeuralBayesEstimator;
import org.amortis.inference.posterior.NeuralPosterior;
import org.amortis.inference.ratio.BinaryRatioLoss;
import org.amortis.inference.ratio.NeuralRatio;
import org.amortis.inference.ratio.RatioHead;
import org.amortis.nn.Network;
import org.amortis.nn.density.FlowDensity;
import org.amortis.nn.flow.AffineCoupling;
import org.amortis.nn.flow.Composition;
import org.amortis.nn.flow.Conditioner;
import org.amortis.nn.flow.SplineCoupling;
import org.amortis.nn.layer.Dense;
import org.amortis.nn.layer.Sequential;

/// The networks of the study.
public final class Models {
  /// Largest log scale of the affine couplings.
  private static final double CLAMP = 4;

  private static final int WIDTH = 64;

  private Models() {}

  /// The logarithm of the data, then the paper's CNN up to its 64 features.
  public static Network summary() {
    return Sequential.of(new LogMargins(), org.amortis.studies.gp.Models.cnn());
  }

  /// Posterior means and 5 % and 95 % quantiles of both parameters.
  public static NeuralBayesEstimator nbe() {
    return NeuralBayesEstimator.meanAndQuantiles(Schlather.PRIOR, summary(), 0.05, 0.95);
  }

  /// Forward-KL posterior of two parameters: affine couplings that move k and lambda in turn, then
  /// spline couplings of 8 bins.
  public static NeuralPosterior fkl() {
    Conditioner conditioner = Conditioner.mlp(WIDTH);
    Spline spline = Spline.of(8, 4);
    Composition flow =
        new Composition(
            List.of(
                new AffineCoupling(CLAMP, conditioner, true),
                new AffineCoupling(CLAMP, conditioner, false),
                new SplineCoupling(spline, conditioner, true),
                new SplineCoupling(spline, conditioner, false)));
    return new NeuralPosterior(Schlather.PRIOR, summary(), new FlowDensity(flow));
  }

  /// Ratio of both parameters together, trained on all pairs of a batch.
  public static NeuralRatio nre() {
    RatioHead head =
        new RatioHead(
            new Dense(WIDTH, Activation.RELU),
            WIDTH,
            Activation.RELU,
            Sequential.of(new Dense(WIDTH, Activation.RELU), new Dense(1)));
    return new NeuralRatio(Schlather.PRIOR, summary(), head, new BinaryRatioLoss());
  }
}
