package org.amortis.inference.point;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.amortis.engine.program.Trace;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.Type;
import org.amortis.inference.Prior;
import org.amortis.nn.Network;
import org.amortis.nn.ParameterLayout;
import org.amortis.nn.Scope;
import org.amortis.nn.layer.Dense;
import org.amortis.nn.train.Objective;

/// Neural Bayes estimator: a network that minimises the Bayes risk of a loss (Sainsbury-Dale,
/// Zammit-Mangion and Huser 2024; review, section 3.1).
///
/// `min E_(theta, Z) L(theta, g(Z))`: squared error gives the posterior mean, the pinball loss at
/// level q the posterior quantile. Estimates pass through the prior's bijection and so lie inside
/// its support. Quantiles never cross: on the unconstrained scale the first is free and each
/// further one adds a softplus.
///
/// Each target adds its loss, with e = theta - estimate in units of the prior's spread (half the
/// distance of its quantiles at u = -1 and 1) and summed over parameters: `e^2` for the mean,
/// `max(q e, (q - 1) e)` for a quantile (Koenker and Bassett 1978).
///
/// Training columns: `theta` (p,) and `data`. Estimates of one data set: for each target in order,
/// p numbers.
///
/// @param prior of the parameters
/// @param network from data `(B, ...)` to features `(B, c)`; an affine layer follows
/// @param targets what is estimated; at most one mean, and levels in increasing order
public record NeuralBayesEstimator(Prior prior, Network network, List<Target> targets)
    implements Objective {

  /// What is estimated.
  public sealed interface Target {
    /// The posterior mean: squared error.
    record Mean() implements Target {}

    /// The posterior quantile at a level in (0, 1): pinball loss; level 1/2 is the median.
    ///
    /// @param level probability of values below it
    record Quantile(double level) implements Target {}

    /// The minimiser of a user's loss.
    record Loss(UserLoss loss) implements Target {}
  }

  /// A loss of one's own.
  @FunctionalInterface
  public interface UserLoss {
    /// Traces the loss of each sample.
    ///
    /// @param estimate `(B, p)`
    /// @param theta `(B, p)`
    /// @return `(B,)`
    Var of(Var estimate, Var theta);
  }

  /// Copies the targets.
  ///
  /// @throws IllegalArgumentException when levels do not increase inside (0, 1)
  public NeuralBayesEstimator {
    targets = List.copyOf(targets);
    double last = 0;
    for (Target t : targets) {
      if (t instanceof Target.Quantile q) {
        if (!(q.level > last && q.level < 1)) {
          throw new IllegalArgumentException(
              "levels must increase inside (0, 1), found " + q.level + " after " + last);
        }
        last = q.level;
      }
    }
  }

  /// Mean and the quantiles at the given levels.
  ///
  /// @param levels increasing inside (0, 1)
  /// @throws IllegalArgumentException when they are not
  public static NeuralBayesEstimator meanAndQuantiles(
      Prior prior, Network network, double... levels) {
    List<Target> targets = new ArrayList<>();
    targets.add(new Target.Mean());
    for (double q : levels) {
      targets.add(new Target.Quantile(q));
    }
    return new NeuralBayesEstimator(prior, network, targets);
  }

  /// The parameters of the network for data sets of the given shape.
  ///
  /// @throws org.amortis.engine.shape.ShapeException when the network does not take this shape
  public ParameterLayout layout(Shape sample) {
    return ParameterLayout.of(scope -> {
      Type two = new Type(DType.FLOAT32, sample.times(2));
      estimates(scope, scope.trace().data("column.data", two));
    });
  }

  /// Estimates, one tensor `(B, p)` a target, in the prior's natural units.
  List<Var> estimates(Scope scope, Var data) {
    Var features = network.apply(scope.child("network"), data);
    int p = prior.size();
    Var raw = new Dense(targets.size() * p).apply(scope.child("heads"), features);
    List<Var> estimates = new ArrayList<>();
    Var previous = null;
    for (int i = 0; i < targets.size(); i++) {
      Var u = raw.slice(1, i * p, (i + 1) * p);
      if (targets.get(i) instanceof Target.Quantile) {
        u = previous == null ? u : previous.add(u.softplus());
        previous = u;
      }
      estimates.add(prior.fromUnconstrained(u));
    }
    return estimates;
  }

  @Override
  public Var losses(Scope scope, Map<String, Var> batch) {
    Var theta = batch.get("theta");
    List<Var> estimates = estimates(scope, batch.get("data"));
    Var total = null;
    for (int i = 0; i < targets.size(); i++) {
      Var e = estimates.get(i);
      Var loss =
          switch (targets.get(i)) {
            case Target.Mean m -> scaled(theta.sub(e)).square().sum(1);
            case Target.Quantile q -> pinball(scaled(theta.sub(e)), q.level);
            case Target.Loss l -> l.loss.of(e, theta);
          };
      total = total == null ? loss : total.add(loss);
    }
    return total;
  }

  /// Errors in units of the prior's spread, so that parameters and losses weigh alike.
  private Var scaled(Var error) {
    double[] scale = new double[prior.size()];
    for (int i = 0; i < scale.length; i++) {
      double up = prior.marginals().get(i).fromUnconstrained(1);
      double down = prior.marginals().get(i).fromUnconstrained(-1);
      scale[i] = 2 / (up - down);
    }
    Trace t = error.trace();
    return error.mul(t.constant(error.type().dtype(), Shape.of(prior.size()), scale));
  }

  /// `max(q e, (q - 1) e)` summed over parameters.
  private static Var pinball(Var error, double level) {
    return error.mul(level).max(error.mul(level - 1)).sum(1);
  }
}
