package org.amortis.inference.mcmc;

import java.util.ArrayList;
import java.util.List;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.Executable;
import org.amortis.engine.op.Draw;
import org.amortis.engine.op.RandomWalk;
import org.amortis.engine.program.Gradient;
import org.amortis.engine.program.Program;
import org.amortis.engine.program.Trace;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.Type;
import org.amortis.inference.Prior;
import org.amortis.inference.likelihood.LogLikelihood;

/// The programs of the proposals that move on the unconstrained scale.
///
/// A chain's row of `points` holds all that goes with its place and is replaced as one when it
/// moves: u, and for Langevin proposals also the gradient and the log target there. Accepting,
/// tuning and keeping are the ops of the plain random walk: they compare two numbers a chain,
/// whatever these are. Legend: F data sets, K chains a data set, C = F K, p parameters.
class UnconstrainedSteps {
  /// A covariance estimate moves by the share `3 / (t + 20)` after step t: an average of its points
  /// with weights near t^2, so that the way from the first points is forgotten and later ones count
  /// nearly alike.
  private static final double SHARE = 3;

  private static final double DELAY = 20;

  /// Added to the diagonal of a covariance, so that chains that all stand still have a factor.
  private static final double LEAST_VARIANCE = 1e-10;

  private final Prior prior;
  private final LogLikelihood likelihood;
  private final MetropolisOptions options;
  private final IndependenceSource source;
  private final int p;
  private final int fields;
  private final int chains;

  /// The place of all chains and what the acceptance rule compares.
  private record Evaluated(Var points, Var log) {}

  UnconstrainedSteps(
      Prior prior, LogLikelihood likelihood, MetropolisOptions options, Device device) {
    this.prior = prior;
    this.likelihood = likelihood;
    this.options = options;
    p = prior.size();
    fields = likelihood.count();
    chains = fields * options.chains();
    source =
        options.proposal() instanceof Proposal.Independence q
            ? IndependenceSource.of(q, prior, fields, options.chains(), device)
            : null;
  }

  /// Number of chains C.
  int chains() {
    return chains;
  }

  Prior prior() {
    return prior;
  }

  MetropolisOptions options() {
    return options;
  }

  private boolean langevin() {
    return options.proposal() instanceof Proposal.Langevin;
  }

  private boolean adaptsCovariance() {
    return p > 1 && !(options.proposal() instanceof Proposal.Independence);
  }

  /// Program that evaluates the first points `u` (C, p): outputs `points` and `log_density`.
  Program first() {
    Trace t = new Trace("metropolis_start");
    Evaluated at = evaluate(t.data("u", Type.f64(chains, p)));
    t.output("points", at.points());
    t.output("log_density", at.log());
    return t.program();
  }

  /// Writes the data sets.
  void bind(Executable program) {
    likelihood.bind(program);
    if (source != null) {
      source.bind(program);
    }
  }

  /// Writes what holds before the first step.
  void begin(Executable step, double[] density) {
    if (!langevin()) {
      step.input("log_density").write(density, 0);
    }
    double[] scale = new double[chains];
    java.util.Arrays.fill(scale, options.scale());
    step.input("scale").write(scale, 0);
    if (adaptsCovariance()) {
      double[] identities = new double[fields * p * p];
      for (int i = 0; i < fields * p; i++) {
        identities[i / p * p * p + i % p * (p + 1)] = 1;
      }
      step.input("covariance").write(identities, 0);
    }
  }

  /// One step of all chains.
  Program step() {
    Trace t = new Trace("metropolis_step");
    int width = langevin() ? 2 * p + 1 : p;
    Type each = Type.f64(chains);
    Var points = t.state("points", Type.f64(chains, width));
    Var density = langevin() ? column(points, 2 * p) : t.state("log_density", each);
    List<Var> now = new ArrayList<>(List.of(points, density));
    for (String label : List.of("scale", "accepted", "window")) {
      now.add(t.state(label, each));
    }
    Var kept = t.state("kept", Type.f64(options.draws() / options.chains(), chains, p));
    // Low and high word of the seed, and the step.
    Var key = t.state("key", Type.i32(3));
    Var covariance = adaptsCovariance() ? t.state("covariance", Type.f64(fields, p, p)) : null;
    Candidates candidates = candidates(points, now.get(2), covariance, key);

    List<Var> operands = new ArrayList<>(now);
    operands.add(candidates.at().points());
    operands.add(t.broadcast(t.scalar(1, DType.FLOAT64), Shape.of(chains)));
    operands.add(candidates.ratio());
    operands.add(t.table(Type.f64(options.burnIn() + 1), Metropolis.schedule(options)));
    operands.add(key);
    RandomWalk.Tuning tuning =
        source == null ? Metropolis.tuning(options.adaptation()) : new RandomWalk.Tuning.Fixed();
    List<Var> next = t.apply(new RandomWalk.Accept(Metropolis.STREAM + 1, tuning), operands);
    for (int i = 0; i < now.size(); i++) {
      if (!(langevin() && i == 1)) {
        t.update(now.get(i), next.get(i));
      }
    }
    Var u = next.getFirst().slice(1, 0, p);
    Var slots = t.table(Type.i32(options.steps()), Metropolis.slots(options));
    t.update(kept, t.one(new RandomWalk.Keep(), kept, u, slots, key));
    if (covariance != null) {
      adapt(covariance, u, key);
    }
    t.update(key, key.add(t.table(Type.i32(3), new double[] {0, 0, 1})));
    return t.program();
  }

  /// Candidates, evaluated, and the first term of `log u < ratio - log`.
  private record Candidates(Evaluated at, Var ratio) {}

  private Candidates candidates(Var points, Var scale, Var covariance, Var key) {
    if (source != null) {
      Evaluated at = evaluate(source.draw(key));
      return new Candidates(at, at.log());
    }
    Trace t = points.trace();
    Var u = points.slice(1, 0, p);
    Var eta = t.one(new Draw.Normal(DType.FLOAT64, Shape.of(chains, p), Metropolis.STREAM), key);
    Var s = scale.reshape(chains, 1);
    Var factor = covariance == null ? null : factor(covariance);
    if (!langevin()) {
      Evaluated at = evaluate(u.add(s.mul(lower(factor, eta))));
      return new Candidates(at, at.log());
    }
    // With v(u) = s/2 L' g(u) the candidate is u + s L (eta + v(u)), and the noise that leads back
    // from it is -(eta + v(u) + v(u')).
    Var drift = upper(factor, points.slice(1, p, 2 * p)).mul(s.mul(0.5));
    Evaluated at = evaluate(u.add(s.mul(lower(factor, eta.add(drift)))));
    Var back = upper(factor, at.points().slice(1, p, 2 * p)).mul(s.mul(0.5)).add(drift).add(eta);
    return new Candidates(at, at.log().add(correction(eta, back)));
  }

  /// `log q(u | u') - log q(u' | u)` from the noise that led to u' and the one that leads back.
  Var correction(Var eta, Var back) {
    return eta.square().sub(back.square()).sum(1).mul(0.5);
  }

  /// The target at `(C, p)`, with whatever else the proposal needs there.
  private Evaluated evaluate(Var u) {
    Trace t = u.trace();
    Var target =
        likelihood
            .each(prior.fromUnconstrained(u), options.chains())
            .sub(u.square().sum(1).mul(0.5));
    if (source != null) {
      return new Evaluated(u, target.sub(t.cast(source.logProb(u), DType.FLOAT64)));
    }
    if (!langevin()) {
      return new Evaluated(u, target);
    }
    Var g = Gradient.of(target.sum(), List.of(u)).getFirst();
    // Where the target has no slope there is no drift.
    g = t.equal(g, g).select(g, t.constant(g, 0));
    return new Evaluated(t.concat(List.of(u, g, target.reshape(chains, 1)), 1), target);
  }

  /// Cholesky factors `(F, p, p)`.
  private Var factor(Var covariance) {
    double[] diagonal = new double[p * p];
    for (int i = 0; i < p; i++) {
      diagonal[i * (p + 1)] = LEAST_VARIANCE;
    }
    Trace t = covariance.trace();
    Var least = t.table(Type.f64(1, p, p), diagonal);
    return t.one(new org.amortis.engine.op.Solve.Cholesky(), covariance.add(least));
  }

  /// `L x` for each chain, x `(C, p)`.
  private Var lower(Var factor, Var x) {
    if (factor == null) {
      return x;
    }
    Var rows = factor.reshape(fields, 1, p, p);
    return rows.mul(x.reshape(fields, options.chains(), 1, p)).sum(3).reshape(chains, p);
  }

  /// `L' x` for each chain.
  private Var upper(Var factor, Var x) {
    if (factor == null) {
      return x;
    }
    Var rows = factor.reshape(fields, 1, p, p);
    return rows.mul(x.reshape(fields, options.chains(), p, 1)).sum(2).reshape(chains, p);
  }

  /// The covariance estimate after a step: during burn-in a share of the way to the spread of the
  /// present points.
  private void adapt(Var covariance, Var u, Var key) {
    Trace t = covariance.trace();
    int k = options.chains();
    Var mean = t.state("mean", Type.f64(fields, p));
    Var step = t.cast(key.slice(0, 2, 3), DType.FLOAT64);
    Var burning = step.less(t.constant(step, options.burnIn()));
    Var share = step.add(DELAY).reciprocal().mul(SHARE).mul(burning).reshape(1, 1);
    Var apart = u.reshape(fields, k, p).sub(mean.reshape(fields, 1, p));
    Var spread = apart.reshape(fields, k, p, 1).mul(apart.reshape(fields, k, 1, p));
    Var seen = spread.sum(1).mul(1.0 / k);
    t.update(mean, mean.add(apart.sum(1).mul(1.0 / k).mul(share)));
    t.update(covariance, covariance.add(seen.sub(covariance).mul(share.reshape(1, 1, 1))));
  }

  private Var column(Var x, int i) {
    return x.slice(1, i, i + 1).reshape(chains);
  }
}
