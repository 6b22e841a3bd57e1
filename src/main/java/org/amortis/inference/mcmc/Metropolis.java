package org.amortis.inference.mcmc;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.amortis.engine.Cancellation;
import org.amortis.engine.Failure;
import org.amortis.engine.Progress;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.Executable;
import org.amortis.engine.device.Pace;
import org.amortis.engine.op.RandomWalk;
import org.amortis.engine.program.Trace;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.Type;
import org.amortis.inference.Marginal;
import org.amortis.inference.Prior;
import org.amortis.inference.likelihood.LogLikelihood;

/// Metropolis-Hastings over many data sets and chains at once (Metropolis et al. 1953; Hastings
/// 1970), with the proposals of [Proposal].
///
/// One step of all chains is one program on the device. By default `theta' = theta + s eta`,
/// accepted when `log u < log p(theta') + log p(Z | theta') - log p(theta) - log p(Z | theta)`;
/// proposals outside the prior's support are rejected. Each chain has its own scale s, adapted
/// during burn-in only. Counter, gains and kept draws live on the device: between steps the host
/// has nothing to do but start the next one. Chains repeat byte for byte whatever the number of
/// threads.
public final class Metropolis {
  /// Stream number of proposals; the next one decides on acceptance.
  static final int STREAM = 30;

  /// First points use the prior's stream of a seed of their own.
  private static final long START_SALT = 0x5DEECE66DL;

  private final Device device;
  private final Progress progress;
  private final Cancellation cancellation;

  /// A sampler that reports to `progress` and stops when `cancellation` asks.
  public Metropolis(Device device, Progress progress, Cancellation cancellation) {
    this.device = device;
    this.progress = progress;
    this.cancellation = cancellation;
  }

  /// Samples the posterior of every data set.
  ///
  /// @param prior of the parameters
  /// @param likelihood of F data sets; differentiable for Langevin proposals
  /// @param o settings
  /// @throws Failure DATA when a log-density at a first point is NaN or infinitely large
  /// @throws IllegalArgumentException when first points, or the posterior of an independence
  ///   proposal, do not fit prior, data sets and chains
  /// @throws Cancellation.Cancelled once a stop was requested
  public Chains sample(Prior prior, LogLikelihood likelihood, MetropolisOptions o, long seed) {
    if (!(o.proposal() instanceof Proposal.RandomWalk)) {
      return sample(new UnconstrainedSteps(prior, likelihood, o, device), seed);
    }
    int c = likelihood.count() * o.chains();
    int p = prior.size();
    try (Executable first = device.bind(density(prior, likelihood, o, c));
        Executable step = device.bind(step(prior, likelihood, o, c))) {
      double[] start = start(prior, o, c, seed);
      likelihood.bind(first);
      first.input("theta").write(start, 0);
      first.run();
      double[] density = first.output("log_density").doubles();
      requireDensities(density, o);
      likelihood.bind(step);
      step.input("theta").write(start, 0);
      step.input("log_density").write(density, 0);
      double[] scale = new double[c];
      java.util.Arrays.fill(scale, o.scale());
      step.input("scale").write(scale, 0);
      step.input("key").write((int) seed, (int) (seed >>> 32), 0);
      advance(step, o.steps());
      return chains(step, likelihood.count(), p, o, UnaryOperator.identity());
    }
  }

  /// Samples with a proposal on the unconstrained scale.
  Chains sample(UnconstrainedSteps steps, long seed) {
    Prior prior = steps.prior();
    MetropolisOptions o = steps.options();
    double[] start = prior.toUnconstrained(start(prior, o, steps.chains(), seed));
    try (Executable first = device.bind(steps.first());
        Executable step = device.bind(steps.step())) {
      steps.bind(first);
      first.input("u").write(start, 0);
      first.run();
      double[] density = first.output("log_density").doubles();
      requireDensities(density, o);
      steps.bind(step);
      step.input("points").write(first.output("points").doubles(), 0);
      steps.begin(step, density);
      step.input("key").write((int) seed, (int) (seed >>> 32), 0);
      advance(step, o.steps());
      return chains(step, steps.chains() / o.chains(), prior.size(), o, prior::fromUnconstrained);
    }
  }

  private static void requireDensities(double[] density, MetropolisOptions o) {
    for (int i = 0; i < density.length; i++) {
      // Such a chain would never move: no comparison with it succeeds.
      if (Double.isNaN(density[i]) || density[i] == Double.POSITIVE_INFINITY) {
        throw Failure.data(
            "metropolis-hastings: log-density "
                + density[i]
                + " at the first point of data set "
                + i / o.chains());
      }
    }
  }

  /// What a step program holds after its last step.
  private static Chains chains(
      Executable step, int fields, int p, MetropolisOptions o, UnaryOperator<double[]> natural) {
    int c = fields * o.chains();
    int each = o.draws() / o.chains();
    double[] kept = natural.apply(step.input("kept").doubles());
    double[] theta = new double[kept.length];
    for (int k = 0; k < each; k++) {
      for (int i = 0; i < c; i++) {
        System.arraycopy(kept, (k * c + i) * p, theta, (i * each + k) * p, p);
      }
    }
    double[] accepted = step.input("accepted").doubles();
    for (int i = 0; i < c; i++) {
      accepted[i] /= o.steps() - o.burnIn();
    }
    return new Chains(
        fields, o.chains(), o.draws(), p, theta, accepted, step.input("scale").doubles());
  }

  private static double[] start(Prior prior, MetropolisOptions o, int c, long seed) {
    return switch (o.start()) {
      case Start.FromPrior f -> prior.sample(seed ^ START_SALT, 0, c);
      case Start.FromPosterior q -> {
        double[] theta = q.posterior().sample(q.observations(), o.chains(), seed ^ START_SALT);
        yield checked(theta, c * prior.size());
      }
      case Start.Each e -> checked(e.theta(), c * prior.size());
      case Start.At at -> {
        double[] theta = new double[c * prior.size()];
        for (int i = 0; i < theta.length; i++) {
          theta[i] = at.theta()[i % prior.size()];
        }
        yield theta;
      }
    };
  }

  private static double[] checked(double[] theta, int expected) {
    if (theta.length != expected) {
      throw new IllegalArgumentException(
          "first points hold " + theta.length + " numbers, the chains need " + expected);
    }
    return theta;
  }

  /// Runs the steps. The device may run ahead of the host; it is waited for a few times a second,
  /// so that cancellation and progress keep up.
  private void advance(Executable step, int steps) {
    progress.start("metropolis-hastings", steps);
    Pace pace = new Pace();
    for (int s = 0; s < steps; ) {
      cancellation.check();
      long begun = System.nanoTime();
      int some = pace.next(steps - s);
      step.run(some);
      step.finish();
      pace.took(some, System.nanoTime() - begun);
      s += some;
      progress.advance(s);
    }
    progress.done();
  }

  /// What the adaptation does at each step of burn-in: the Robbins-Monro gain, or whether bands are
  /// checked; 0 from then on.
  static double[] schedule(MetropolisOptions o) {
    double[] gain = new double[o.burnIn() + 1];
    for (int s = 1; s <= o.burnIn(); s++) {
      gain[s - 1] =
          switch (o.adaptation()) {
            case Adaptation.RobbinsMonro r -> r.gain() * StrictMath.pow(s, -r.exponent());
            case Adaptation.Bands b -> s % b.every() == 0 ? 1 : 0;
            case Adaptation.None n -> 0;
          };
    }
    return gain;
  }

  static RandomWalk.Tuning tuning(Adaptation adaptation) {
    return switch (adaptation) {
      case Adaptation.RobbinsMonro r -> new RandomWalk.Tuning.Towards(r.target());
      case Adaptation.Bands b ->
          new RandomWalk.Tuning.Within(b.every(), b.factor(), b.low(), b.high());
      case Adaptation.None n -> new RandomWalk.Tuning.Fixed();
    };
  }

  /// Where the points after each step are kept, -1 for nowhere.
  static double[] slots(MetropolisOptions o) {
    double[] slots = new double[o.steps()];
    java.util.Arrays.fill(slots, -1);
    for (int i = 0; i < o.draws() / o.chains(); i++) {
      slots[o.stepOf(i) - 1] = i;
    }
    return slots;
  }

  /// Log of prior density times likelihood at `(C, p)`; the prior's density is flat or traced by
  /// its marginals.
  private static Var target(Prior prior, LogLikelihood likelihood, Var theta, int chains) {
    Var sum = likelihood.each(theta, chains);
    int c = theta.dim(0);
    for (int i = 0; i < prior.size(); i++) {
      Var t = theta.slice(1, i, i + 1).reshape(c);
      switch (prior.marginals().get(i)) {
        case Marginal.Uniform u -> {}
        case Marginal.Normal n -> sum = sum.add(t.sub(n.mean()).mul(1 / n.sd()).square().mul(-0.5));
        case Marginal.LogNormal l -> {
          Var log = t.max(Double.MIN_NORMAL).log();
          sum = sum.add(log.sub(l.mean()).mul(1 / l.sd()).square().mul(-0.5)).sub(log);
        }
      }
    }
    return sum;
  }

  /// Candidates inside the prior's support.
  private static RandomWalk.Propose propose(Prior prior) {
    List<Double> low = new ArrayList<>();
    List<Double> high = new ArrayList<>();
    for (Marginal m : prior.marginals()) {
      low.add(
          switch (m) {
            case Marginal.Uniform u -> u.low();
            case Marginal.LogNormal l -> 0.0;
            case Marginal.Normal n -> Double.NEGATIVE_INFINITY;
          });
      high.add(m instanceof Marginal.Uniform u ? u.high() : Double.POSITIVE_INFINITY);
    }
    return new RandomWalk.Propose(STREAM, low, high);
  }

  private static org.amortis.engine.program.Program density(
      Prior prior, LogLikelihood likelihood, MetropolisOptions o, int c) {
    Trace t = new Trace("metropolis_start");
    Var theta = t.data("theta", Type.f64(c, prior.size()));
    t.output("log_density", target(prior, likelihood, theta, o.chains()));
    return t.program();
  }

  /// The program of one step of all chains.
  public static org.amortis.engine.program.Program program(
      Prior prior, LogLikelihood likelihood, MetropolisOptions o) {
    return o.proposal() instanceof Proposal.RandomWalk
        ? step(prior, likelihood, o, likelihood.count() * o.chains())
        : new UnconstrainedSteps(prior, likelihood, o, null).step();
  }

  /// One step of all chains.
  static org.amortis.engine.program.Program step(
      Prior prior, LogLikelihood likelihood, MetropolisOptions o, int c) {
    int p = prior.size();
    Trace t = new Trace("metropolis_step");
    List<Var> chains = new ArrayList<>();
    chains.add(t.state("theta", Type.f64(c, p)));
    for (String label : List.of("log_density", "scale", "accepted", "window")) {
      chains.add(t.state(label, Type.f64(c)));
    }
    Var kept = t.state("kept", Type.f64(o.draws() / o.chains(), c, p));
    // Low and high word of the seed, and the step.
    Var key = t.state("key", Type.i32(3));
    List<Var> proposal = t.apply(propose(prior), List.of(chains.get(0), chains.get(2), key));
    List<Var> operands = new ArrayList<>(chains);
    operands.addAll(proposal);
    operands.add(target(prior, likelihood, proposal.getFirst(), o.chains()));
    operands.add(t.table(Type.f64(o.burnIn() + 1), schedule(o)));
    operands.add(key);
    List<Var> next = t.apply(new RandomWalk.Accept(STREAM + 1, tuning(o.adaptation())), operands);
    for (int i = 0; i < chains.size(); i++) {
      t.update(chains.get(i), next.get(i));
    }
    Var slots = t.table(Type.i32(o.steps()), slots(o));
    t.update(kept, t.one(new RandomWalk.Keep(), kept, next.getFirst(), slots, key));
    t.update(key, key.add(t.table(Type.i32(3), new double[] {0, 0, 1})));
    return t.program();
  }
}
