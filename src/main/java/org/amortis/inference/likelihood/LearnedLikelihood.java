package org.amortis.inference.likelihood;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Type;
import org.amortis.inference.Marginal;
import org.amortis.inference.Prior;
import org.amortis.nn.Network;
import org.amortis.nn.ParameterLayout;
import org.amortis.nn.Scope;
import org.amortis.nn.density.ConditionalDensity;
import org.amortis.nn.train.Objective;

/// A density of summaries (or of low-dimensional data) given the parameters, learned from
/// simulations: `p(s | theta)`.
///
/// Trained by `min E_(theta, s) [-log q(s | theta)]`; replicates of a data set are independent
/// given theta, so their log-densities add up. Parameters enter the network on a standardised
/// scale, summaries are standardised by fixed moments.
///
/// Training columns: `theta` (p,), `summaries` (d,) or (m, d) for m replicates, and, when the
/// number of replicates varies, `mask` (m,) with 1 for a replicate and 0 for none. Parameters need
/// not come from the prior; they should cover it.
public sealed interface LearnedLikelihood extends Objective
    permits SyntheticLikelihood, NeuralLikelihood {
  /// Prior, which says where parameters live; its density plays no part.
  Prior prior();

  /// Network from standardised parameters `(B, p)` to the density's context `(B, c)`.
  Network network();

  /// Family of densities on R^d.
  ConditionalDensity density();

  /// Moments of the summaries.
  Scaling scaling();

  /// The parameters of the network.
  default ParameterLayout layout() {
    return ParameterLayout.of(scope -> {
      Map<String, Var> batch = new LinkedHashMap<>();
      batch.put("theta", scope.trace().data("column.theta", Type.f32(2, prior().size())));
      batch.put("summaries", scope.trace().data("column.summaries", Type.f32(2, scaling().size())));
      losses(scope, batch);
    });
  }

  @Override
  default Var losses(Scope scope, Map<String, Var> batch) {
    Var s = batch.get("summaries");
    int b = s.dim(0);
    int m = s.shape().rank() == 3 ? s.dim(1) : 1;
    Var rows = s.reshape(b * m, scaling().size());
    return total(logProb(scope, batch.get("theta"), rows), m, batch.get("mask")).neg();
  }

  /// Log-density of each replicate.
  ///
  /// @param theta `(B, p)` in natural units
  /// @param s summaries `(B * m, d)`, m consecutive rows a parameter
  /// @return `(B * m,)`
  default Var logProb(Scope scope, Var theta, Var s) {
    Scaling.Scaled scaled = scaling().forward(scope.child("scaling"), s);
    Var log = density().logProb(scope.child("density"), scaled.value(), context(scope, theta));
    return log.add(scaled.ladj());
  }

  /// Draws of summaries as a function of noise, see [ConditionalDensity#draw].
  ///
  /// @param theta `(B, p)` in natural units
  /// @return `(B * S, d)`
  default Var draw(Scope scope, Var theta, Var normal, Var uniform) {
    Var latent = density().draw(scope.child("density"), context(scope, theta), normal, uniform);
    return scaling().inverse(scope.child("scaling"), latent);
  }

  private Var context(Scope scope, Var theta) {
    return network().apply(scope.child("network"), standardised(prior(), theta));
  }

  /// Sums over replicates.
  ///
  /// @param each `(B * m,)`
  /// @param mask `(B, m)`, or null when all count
  static Var total(Var each, int m, Var mask) {
    if (m == 1 && mask == null) {
      return each;
    }
    Var rows = each.reshape(each.dim(0) / m, m);
    // Chosen rather than multiplied: what stands in place of a missing replicate may be NaN.
    return (mask == null ? rows : mask.select(rows, rows.trace().constant(rows, 0))).sum(1);
  }

  /// Parameters as a network sees them, of mean 0 and unit variance under the prior: linear in a
  /// uniform parameter, whose likelihood is smooth up to the ends, and the unconstrained scale for
  /// others.
  ///
  /// @param theta `(B, p)` in natural units, float64 or float32
  /// @return float32 `(B, p)`
  static Var standardised(Prior prior, Var theta) {
    List<Var> columns = new ArrayList<>();
    for (int i = 0; i < prior.size(); i++) {
      Var column = theta.slice(1, i, i + 1);
      Marginal marginal = prior.marginals().get(i);
      columns.add(
          marginal instanceof Marginal.Uniform m
              ? column
                  .sub(0.5 * (m.low() + m.high()))
                  .mul(StrictMath.sqrt(12) / (m.high() - m.low()))
              : marginal.toUnconstrained(column));
    }
    Var x = columns.size() == 1 ? columns.getFirst() : theta.trace().concat(columns, 1);
    return theta.type().dtype() == DType.FLOAT32 ? x : theta.trace().cast(x, DType.FLOAT32);
  }
}
