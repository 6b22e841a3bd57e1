package org.amortis.inference.variational;

import java.util.Map;
import org.amortis.engine.program.Trace;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.DType;
import org.amortis.inference.Prior;
import org.amortis.inference.likelihood.BatchLikelihood;
import org.amortis.inference.posterior.NeuralPosterior;
import org.amortis.nn.Network;
import org.amortis.nn.Scope;
import org.amortis.nn.density.ConditionalDensity;
import org.amortis.nn.train.Objective;

/// Amortized posterior by reverse Kullback-Leibler divergence (review, section 3.2).
///
/// Minimises `E_Z E_q(u | S(Z)) [log q(u | S(Z)) - log p(Z | theta(u)) - log p(u)]`, the expected
/// `KL(q || posterior)` up to the log evidence, over summary network S and density q. Unlike the
/// forward divergence it needs data sets and a likelihood, exact or learned, but no parameters that
/// made the data; its minimiser over all densities is the posterior, over a small family one that
/// stays inside it (Bishop 2006, section 10.1.2).
///
/// u is unconstrained and has a standard normal prior. Gradients pass through the draws, which are
/// evenly spread ([LatticeNoise]); networks run in the scope's type, likelihood and prior in
/// float64.
///
/// Training columns: `data`, what S reads, and what the likelihood reads.
///
/// @param prior of the parameters
/// @param summary network from data `(B, ...)` to the density's context `(B, c)`
/// @param density reparameterised family on R^p
/// @param likelihood of the data sets of a batch
/// @param priorTerm the prior, or what a published loss puts in its place
/// @param bound what is maximised and with how many draws
public record ReverseKl(
    Prior prior,
    Network summary,
    ConditionalDensity density,
    BatchLikelihood likelihood,
    PriorTerm priorTerm,
    Bound bound)
    implements Objective {

  /// Validation losses use at least this many points a data set.
  private static final int EVALUATION_DRAWS = 16;

  /// With the prior and the evidence lower bound.
  ///
  /// @param draws draws a data set and component that estimate the bound, at least 1
  /// @throws IllegalArgumentException when draws is below 1
  public static ReverseKl of(
      Prior prior,
      Network summary,
      ConditionalDensity density,
      BatchLikelihood likelihood,
      int draws) {
    return new ReverseKl(
        prior, summary, density, likelihood, PriorTerm.KEPT, new Bound.Evidence(draws));
  }

  /// Networks and prior alone: with trained parameters it is an
  /// [org.amortis.inference.posterior.AmortizedPosterior] like any other.
  public NeuralPosterior posterior() {
    return new NeuralPosterior(prior, summary, density);
  }

  @Override
  public Var losses(Scope scope, Map<String, Var> batch) {
    Var context = summary.apply(scope.child("summary"), batch.get("data"));
    int b = context.dim(0);
    int k = density.components();
    int s = bound.draws();
    if (!scope.training() && bound instanceof Bound.Evidence) {
      s = StrictMath.max(s, EVALUATION_DRAWS);
    }
    Var normal = LatticeNoise.normal(scope, b * k, s, prior.size());
    ConditionalDensity.Drawn q = density.drawn(scope.child("density"), context, normal);
    Var log = logRatio(prior, likelihood, priorTerm, q, batch, k * s).reshape(b, k * s);
    Trace t = scope.trace();
    Var weight = t.cast(q.logWeight(), DType.FLOAT64).reshape(b, k * s);
    Var value =
        switch (bound) {
          case Bound.Evidence e -> log.mul(weight.exp()).sum(1);
          case Bound.ImportanceWeighted w -> log.add(weight).logSumExp(1);
        };
    return t.cast(value.neg(), scope.dtype());
  }

  /// `log p(Z | theta(u)) + log p(u) - log q(u | Z)` in float64, `(B * repeat,)`.
  static Var logRatio(
      Prior prior,
      BatchLikelihood likelihood,
      PriorTerm priorTerm,
      ConditionalDensity.Drawn q,
      Map<String, Var> batch,
      int repeat) {
    Trace t = q.u().trace();
    Var u = t.cast(q.u(), DType.FLOAT64);
    Var log = t.cast(likelihood.of(prior.fromUnconstrained(u), batch, repeat), DType.FLOAT64);
    return log.add(priorTerm.of(u)).sub(t.cast(q.logProb(), DType.FLOAT64));
  }
}
