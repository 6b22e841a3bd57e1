package org.amortis.inference.compare;

import java.util.List;
import java.util.Map;
import org.amortis.engine.program.Trace;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.Type;
import org.amortis.nn.Network;
import org.amortis.nn.ParameterLayout;
import org.amortis.nn.Scope;
import org.amortis.nn.layer.Dense;
import org.amortis.nn.train.Objective;

/// Comparison of K simulated models by a classifier.
///
/// Trains `q(k | Z) = softmax_k g(Z)` by minimising the cross-entropy `E_(k, Z) [-log q(k | Z)]`
/// over models drawn from their prior probabilities and data from the chosen model's own prior and
/// simulator; its minimiser is the posterior probability `p(M_k | Z)` (Pudlo et al. 2016; Radev et
/// al. 2021; Elsemueller et al. 2024). Likelihoods are not needed, nor is the dimension of the
/// models' parameters, which are integrated out by simulating.
///
/// Training columns: `model` (1,), the index of the model, and `data`, one data set.
///
/// @param models names
/// @param prior probabilities of the models in training
/// @param network from data `(B, ...)` to features `(B, c)`; an affine layer of K logits follows
public record ModelComparison(List<String> models, List<Double> prior, Network network)
    implements Objective {
  /// Checks the probabilities.
  ///
  /// @throws IllegalArgumentException with fewer than two models, unless each has one positive
  ///   probability and these sum to 1
  public ModelComparison {
    models = List.copyOf(models);
    prior = List.copyOf(prior);
    double sum = prior.stream().mapToDouble(v -> v).sum();
    if (models.size() < 2
        || models.size() != prior.size()
        || prior.stream().anyMatch(v -> !(v > 0))
        || StrictMath.abs(sum - 1) > 1e-9) {
      throw new IllegalArgumentException(
          "a comparison needs two models or more with positive probabilities that sum to 1, found "
              + models
              + " with "
              + prior);
    }
  }

  /// A comparison of the models that make the training data.
  ///
  /// @throws IllegalArgumentException as the constructor
  public static ModelComparison of(SimulatedModels simulated, Network network) {
    return new ModelComparison(simulated.names(), simulated.prior(), network);
  }

  /// The parameters of the network for data sets of the given shape.
  ///
  /// @throws org.amortis.engine.shape.ShapeException when the network does not take this shape
  public ParameterLayout layout(Shape sample) {
    return ParameterLayout.of(scope -> {
      Type two = new Type(DType.FLOAT32, sample.times(2));
      logits(scope, scope.trace().data("column.data", two));
    });
  }

  /// Logits g(Z), `(B, K)`.
  Var logits(Scope scope, Var data) {
    Var features = network.apply(scope.child("network"), data);
    return new Dense(models.size()).apply(scope.child("models"), features);
  }

  @Override
  public Var losses(Scope scope, Map<String, Var> batch) {
    Var log = scope.trace().logSoftmax(logits(scope, batch.get("data")));
    int k = models.size();
    double[] index = new double[k];
    for (int i = 0; i < k; i++) {
      index[i] = i;
    }
    Trace t = scope.trace();
    Var all = t.table(log.type().with(Shape.of(1, k)), index);
    Var own = t.equal(batch.get("model"), all);
    return own.select(log, t.constant(log, 0)).sum(1).neg();
  }
}
