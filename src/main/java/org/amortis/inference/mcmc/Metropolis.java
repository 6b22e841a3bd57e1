package org.amortis.inference.mcmc;

import java.util.ArrayList;
import java.util.List;
import org.amortis.engine.Cancellation;
import org.amortis.engine.Failure;
import org.amortis.engine.Progress;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.Executable;
import org.amortis.engine.op.Draw;
import org.amortis.engine.program.Trace;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.Type;
import org.amortis.inference.Marginal;
import org.amortis.inference.Prior;
import org.amortis.inference.likelihood.LogLikelihood;

/// Random-walk Metropolis-Hastings over many data sets and chains at once (Metropolis et al. 1953;
/// Hastings 1970).
///
/// One step of all chains is one program on the device: `theta' = theta + s eta`, accepted when
/// `log u < log p(theta') + log p(Z | theta') - log p(theta) - log p(Z | theta)`; proposals outside
/// the prior's support are rejected. Each chain has its own scale s, adapted during burn-in only.
/// Chains repeat byte for byte whatever the number of threads.
public final class Metropolis {
  /// Stream number of proposals; the next one decides on acceptance.
  private static final int STREAM = 30;

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
  public Chains sample(Prior prior, LogLikelihood likelihood, MetropolisOptions o, long seed) {
    int c = likelihood.count() * o.chains();
    int p = prior.size();
    int each = o.draws() / o.chains();
    double[] theta = new double[c * each * p];
    try (Executable first = device.bind(density(prior, likelihood, o, c));
        Executable step = device.bind(step(prior, likelihood, o, c))) {
      double[] start = start(prior, o, c, seed);
      likelihood.bind(first);
      first.input("theta").write(start, 0);
      first.run();
      double[] density = first.output("log_density").doubles();
      for (int i = 0; i < c; i++) {
        // Such a chain would never move: no comparison with it succeeds.
        if (Double.isNaN(density[i]) || density[i] == Double.POSITIVE_INFINITY) {
          throw Failure.data(
              "metropolis-hastings: log-density "
                  + density[i]
                  + " at the first point of data set "
                  + i / o.chains());
        }
      }
      likelihood.bind(step);
      step.input("theta").write(start, 0);
      step.input("log_density").write(density, 0);
      double[] scale = new double[c];
      java.util.Arrays.fill(scale, o.scale());
      step.input("scale").write(scale, 0);
      step.input("seed").write((int) seed, (int) (seed >>> 32));
      progress.start("metropolis-hastings", o.steps());
      double[] now = new double[c * p];
      int kept = 0;
      for (int s = 1; s <= o.steps(); s++) {
        if ((s & 31) == 0) {
          cancellation.check();
          progress.advance(s);
        }
        adapt(step, o, s);
        step.run();
        if (s == o.burnIn()) {
          step.input("accepted").write(new double[c], 0);
        }
        for (; kept < each && o.stepOf(kept) == s; kept++) {
          step.input("theta").read(now, 0);
          for (int i = 0; i < c; i++) {
            System.arraycopy(now, i * p, theta, (i * each + kept) * p, p);
          }
        }
      }
      progress.done();
      double[] accepted = step.input("accepted").doubles();
      for (int i = 0; i < c; i++) {
        accepted[i] /= o.steps() - o.burnIn();
      }
      return new Chains(
          likelihood.count(),
          o.chains(),
          o.draws(),
          p,
          theta,
          accepted,
          step.input("scale").doubles());
    }
  }

  private static double[] start(Prior prior, MetropolisOptions o, int c, long seed) {
    return switch (o.start()) {
      case Start.FromPrior f -> prior.sample(seed ^ START_SALT, 0, c);
      case Start.At at -> {
        double[] theta = new double[c * prior.size()];
        for (int i = 0; i < theta.length; i++) {
          theta[i] = at.theta()[i % prior.size()];
        }
        yield theta;
      }
    };
  }

  /// Writes what the adaptation needs to know of a step: the Robbins-Monro gain, or whether bands
  /// are checked.
  private static void adapt(Executable step, MetropolisOptions o, int s) {
    boolean burning = s <= o.burnIn();
    switch (o.adaptation()) {
      case Adaptation.RobbinsMonro r -> {
        if (burning || s == o.burnIn() + 1) {
          step.input("gain").write(burning ? r.gain() * StrictMath.pow(s, -r.exponent()) : 0.0);
        }
      }
      case Adaptation.Bands b ->
          step.input("gain").write(burning && s % b.every() == 0 ? 1.0 : 0.0);
      case Adaptation.None n -> {}
    }
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

  /// 1 where a point lies inside the prior's support.
  private static Var inside(Prior prior, Var theta) {
    int c = theta.dim(0);
    Trace t = theta.trace();
    Var inside = null;
    for (int i = 0; i < prior.size(); i++) {
      Var x = theta.slice(1, i, i + 1).reshape(c);
      List<Var> bounds = new ArrayList<>();
      switch (prior.marginals().get(i)) {
        case Marginal.Uniform u -> {
          bounds.add(t.less(t.constant(x, u.low()), x));
          bounds.add(t.less(x, t.constant(x, u.high())));
        }
        case Marginal.LogNormal l -> bounds.add(t.less(t.constant(x, 0), x));
        case Marginal.Normal n -> {}
      }
      for (Var b : bounds) {
        inside = inside == null ? b : inside.mul(b);
      }
    }
    return inside;
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
    return step(prior, likelihood, o, likelihood.count() * o.chains());
  }

  /// One step of all chains.
  static org.amortis.engine.program.Program step(
      Prior prior, LogLikelihood likelihood, MetropolisOptions o, int c) {
    int p = prior.size();
    Trace t = new Trace("metropolis_step");
    Var theta = t.state("theta", Type.f64(c, p));
    Var density = t.state("log_density", Type.f64(c));
    Var scale = t.state("scale", Type.f64(c));
    Var accepted = t.state("accepted", Type.f64(c));
    Var index = t.state("step", Type.i32(1));
    Var key = t.data("seed", Type.i32(2)).concat(index, 0);
    Var eta = t.one(new Draw.Normal(DType.FLOAT64, Shape.of(c, p), STREAM), key);
    Var log = t.one(new Draw.Uniform(DType.FLOAT64, Shape.of(c), STREAM + 1), key).log();
    Var proposal = theta.add(eta.mul(scale.reshape(c, 1)));
    Var inside = inside(prior, proposal);
    // Outside the support the likelihood is evaluated at the present point, and the proposal
    // rejected.
    Var safe = inside == null ? proposal : inside.reshape(c, 1).select(proposal, theta);
    Var next = target(prior, likelihood, safe, o.chains());
    Var accept = log.less(next.sub(density));
    if (inside != null) {
      accept = accept.mul(inside);
    }
    t.update(theta, accept.reshape(c, 1).select(safe, theta));
    t.update(density, accept.select(next, density));
    t.update(accepted, accepted.add(accept));
    t.update(index, index.add(t.scalar(1, DType.INT32)));
    switch (o.adaptation()) {
      case Adaptation.RobbinsMonro r -> {
        Var gain = t.data("gain", Type.f64());
        t.update(scale, scale.mul(accept.sub(r.target()).mul(gain).exp()));
      }
      case Adaptation.Bands b -> {
        Var check = t.data("gain", Type.f64());
        Var window = t.state("window", Type.f64(c));
        Var rate = window.add(accept).mul(1.0 / b.every());
        Var one = t.constant(rate, 1);
        Var grow =
            t.less(t.constant(rate, b.high()), rate).select(t.constant(rate, b.factor()), one);
        Var shrink =
            rate.less(t.constant(rate, b.low())).select(t.constant(rate, 1 / b.factor()), one);
        t.update(scale, scale.mul(check.select(grow.mul(shrink), one)));
        t.update(window, window.add(accept).mul(check.from(1)));
      }
      case Adaptation.None n -> {}
    }
    return t.program();
  }
}
