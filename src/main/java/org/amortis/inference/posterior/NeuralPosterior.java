package org.amortis.inference.posterior;

import java.util.Map;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.Type;
import org.amortis.inference.Prior;
import org.amortis.nn.Network;
import org.amortis.nn.ParameterLayout;
import org.amortis.nn.Scope;
import org.amortis.nn.density.ConditionalDensity;
import org.amortis.nn.train.Objective;

/// Amortized posterior by forward Kullback-Leibler divergence, also called neural posterior
/// estimation.
///
/// Trains q(theta | S(Z)) by minimising `E_(theta, Z) [-log q(theta | S(Z))]`, which is the
/// expected forward divergence from the posterior up to a constant; its minimiser over all
/// densities is the posterior (Papamakarios and Murray 2016; review, section 3.2). The density
/// lives on the unconstrained space of the prior's bijection.
///
/// Training columns: `u` (p,), the unconstrained parameters, and `data`, one data set.
///
/// @param prior of the parameters
/// @param summary network from data `(B, ...)` to the density's context `(B, c)`
/// @param density family on R^p
public record NeuralPosterior(Prior prior, Network summary, ConditionalDensity density)
    implements Objective {

  /// The parameters of summary network and density for data sets of the given shape.
  ///
  /// @throws org.amortis.engine.shape.ShapeException when the networks do not take this shape
  public ParameterLayout layout(Shape sample) {
    return ParameterLayout.of(scope -> {
      Type two = new Type(DType.FLOAT32, sample.times(2));
      Var data = scope.trace().data("column.data", two);
      Var u = scope.trace().data("column.u", Type.f32(2, prior.size()));
      losses(scope, Map.of("data", data, "u", u));
    });
  }

  @Override
  public Var losses(Scope scope, Map<String, Var> batch) {
    Var context = summary.apply(scope.child("summary"), batch.get("data"));
    return density.logProb(scope.child("density"), batch.get("u"), context).neg();
  }
}
