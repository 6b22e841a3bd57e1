package org.amortis.studies.ratio;

import java.util.List;
import org.amortis.engine.op.Activation;
import org.amortis.inference.ratio.BinaryRatioLoss;
import org.amortis.inference.ratio.NeuralRatio;
import org.amortis.inference.ratio.RatioHead;
import org.amortis.nn.Network;
import org.amortis.nn.layer.DeepSet;
import org.amortis.nn.layer.Dense;
import org.amortis.nn.layer.Dropout;
import org.amortis.nn.layer.Sequential;

/// The classifiers of the study, by method name.
final class Classifiers {
  /// By quadrature.
  static final String BAYES = "bayes";

  /// The review's network without dropout, theta on the unconstrained scale.
  static final String LEARNED = "learned";

  /// The review's network with its dropout.
  static final String PUBLISHED = "published";

  /// In the order of the table.
  static final List<String> ALL = List.of(BAYES, LEARNED, PUBLISHED);

  private static final double PUBLISHED_DROPOUT = 0.3;

  private Classifiers() {}

  /// The network of a learned method: a deep set of one replicate, three ReLU layers of 64, then
  /// layers from 65 inputs to 64, 64 and 1.
  static NeuralRatio of(String method) {
    Network summary =
        new DeepSet(
            Sequential.of(
                new Dense(64, Activation.RELU),
                new Dense(64, Activation.RELU),
                new Dense(64, Activation.RELU)),
            Sequential.of());
    RatioHead head =
        method.equals(PUBLISHED)
            ? new RatioHead(
                new PriorLevel(),
                64,
                Activation.RELU,
                Sequential.of(
                    new Dropout(PUBLISHED_DROPOUT),
                    new Dense(64, Activation.RELU),
                    new Dropout(PUBLISHED_DROPOUT),
                    new Dense(1)))
            : new RatioHead(
                new Dense(64, Activation.RELU),
                64,
                Activation.RELU,
                Sequential.of(new Dense(64, Activation.RELU), new Dense(1)));
    return new NeuralRatio(SpreadModel.PRIOR, summary, head, new BinaryRatioLoss());
  }
}
