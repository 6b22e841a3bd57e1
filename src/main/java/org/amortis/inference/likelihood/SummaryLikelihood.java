package org.amortis.inference.likelihood;

import java.util.function.Function;
import org.amortis.engine.device.Executable;
import org.amortis.engine.program.Trace;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.ShapeException;
import org.amortis.engine.shape.Type;
import org.amortis.inference.Observations;
import org.amortis.nn.Scope;

/// A learned likelihood of fixed summaries.
final class SummaryLikelihood implements LogLikelihood {
  private final LearnedLikelihood model;
  private final Function<Trace, Scope> network;
  private final Observations summaries;
  private final float[] mask;
  private final int replicates;

  SummaryLikelihood(
      LearnedLikelihood model,
      Function<Trace, Scope> network,
      Observations summaries,
      float[] mask) {
    Shape s = summaries.sample();
    int d = model.scaling().size();
    this.replicates = s.rank() == 2 ? s.dim(0) : 1;
    if (s.rank() < 1 || s.rank() > 2 || s.dim(-1) != d) {
      throw new ShapeException(
          "likelihood", "needs summaries (" + d + ",) or (m, " + d + "), found " + s);
    }
    if (mask != null && mask.length != summaries.count() * replicates) {
      throw new ShapeException(
          "likelihood",
          "mask of "
              + mask.length
              + " for "
              + summaries.count()
              + " data sets of "
              + replicates
              + " replicates");
    }
    this.model = model;
    this.network = network;
    this.summaries = summaries;
    this.mask = mask;
  }

  @Override
  public int count() {
    return summaries.count();
  }

  private Var data(Trace t) {
    return t.data("summaries", Type.f32(count(), replicates, model.scaling().size()));
  }

  private Var mask(Trace t) {
    return mask == null ? null : t.data("mask", Type.f32(count(), replicates));
  }

  /// The likelihood of the data sets of a batch at parameters of their own.
  ///
  /// @param theta `(F * repeat, p)`
  /// @param summaries `(F, d)` or `(F, m, d)`
  /// @param mask `(F, m)` or null
  /// @return float32 `(F * repeat,)`
  static Var each(
      LearnedLikelihood model, Scope scope, Var theta, Var summaries, Var mask, int repeat) {
    int f = summaries.dim(0);
    int d = model.scaling().size();
    int m = summaries.shape().rank() == 3 ? summaries.dim(1) : 1;
    Var rows = summaries.reshape(f, 1, m * d).broadcast(f, repeat, m * d);
    Var log = model.logProb(scope, theta, rows.reshape(f * repeat * m, d));
    Var which =
        mask == null ? null : mask.reshape(f, 1, m).broadcast(f, repeat, m).reshape(f * repeat, m);
    return LearnedLikelihood.total(log, m, which);
  }

  @Override
  public Var each(Var theta, int repeat) {
    Trace t = theta.trace();
    Var log = each(model, network.apply(t), theta, data(t), mask(t), repeat);
    return t.cast(log, DType.FLOAT64);
  }

  @Override
  public Var all(Var theta) {
    Trace t = theta.trace();
    int g = theta.dim(0);
    int f = count();
    int d = model.scaling().size();
    Var rows = data(t).reshape(1, f * replicates * d).broadcast(g, f * replicates * d);
    // Every parameter meets all replicates of all data sets: its context is computed once.
    Var log = model.logProb(network.apply(t), theta, rows.reshape(g * f * replicates, d));
    Var which = mask(t);
    if (which != null) {
      which = which.reshape(1, f * replicates).broadcast(g, f * replicates);
      which = which.reshape(g * f, replicates);
    }
    return t.cast(LearnedLikelihood.total(log, replicates, which), DType.FLOAT64).reshape(g, f);
  }

  @Override
  public void bind(Executable program) {
    program.input("summaries").write(summaries.values(), 0);
    if (mask != null) {
      program.input("mask").write(mask, 0);
    }
  }
}
