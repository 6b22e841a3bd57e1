package org.amortis.inference.variational;

import org.amortis.engine.Cancellation;
import org.amortis.engine.Failure;
import org.amortis.engine.Progress;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.Executable;
import org.amortis.engine.op.Draw;
import org.amortis.engine.program.Program;
import org.amortis.engine.program.Trace;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.Type;
import org.amortis.inference.Prior;
import org.amortis.inference.likelihood.BatchLikelihood;
import org.amortis.inference.posterior.AmortizedPosterior;
import org.amortis.nn.density.ConditionalDensity;
import org.amortis.nn.train.Dataset;

/// Importance weights of posterior draws: `w = p(Z | theta) p(u) / q(u | Z)`, Pareto-smoothed, for
/// many data sets at once.
///
/// Source: Vehtari, Simpson, Gelman, Yao and Gabry (2024), see [ParetoSmoothing].
///
/// Draws depend on seed and data set. A likelihood that is known up to a factor of the data serves
/// as well; only bounds and evidences are then off by its logarithm.
public final class ImportanceSampling {
  private static final int STREAM = 40;

  private final Device device;
  private final Progress progress;
  private final Cancellation cancellation;

  /// A sampler that reports to `progress` and stops when `cancellation` asks.
  public ImportanceSampling(Device device, Progress progress, Cancellation cancellation) {
    this.device = device;
    this.progress = progress;
    this.cancellation = cancellation;
  }

  /// A silent sampler.
  public static ImportanceSampling on(Device device) {
    return new ImportanceSampling(device, Progress.NONE, Cancellation.create());
  }

  /// Weighted draws of an amortized posterior.
  ///
  /// @param data column `data` and what the likelihood reads
  /// @param draws draws a data set, at least 1
  /// @throws Failure DATA where a likelihood is NaN or all of a data set's are zero
  /// @throws Cancellation.Cancelled once a stop was requested
  public WeightedDraws sample(
      AmortizedPosterior q, Dataset data, BatchLikelihood likelihood, int draws, long seed) {
    return sample(LocalPosterior.of(q, data, device), likelihood, draws, seed);
  }

  /// Weighted draws of refined posteriors.
  ///
  /// @param draws draws a data set, at least 1
  /// @throws Failure DATA where a likelihood is NaN or all of a data set's are zero
  /// @throws Cancellation.Cancelled once a stop was requested
  public WeightedDraws sample(LocalPosterior q, BatchLikelihood likelihood, int draws, long seed) {
    int n = q.count();
    int p = q.model().prior().size();
    int c = StrictMath.min(n, LocalPosterior.CHUNK);
    double[] theta = new double[n * draws * p];
    double[] ratio = new double[n * draws];
    progress.start("importance weights", n);
    try (Executable e = device.bind(program(q, likelihood, c, draws))) {
      for (int from = 0; from < n; from += c) {
        cancellation.check();
        int start = StrictMath.min(from, n - c);
        q.write(e, start, c);
        e.input("context").write(q.contexts(), start * q.contextWidth());
        e.input("affine").write(q.affine(), start * LocalDensity.affineWidth(p));
        e.input("key").write((int) seed, (int) (seed >>> 32), start);
        e.run();
        int skip = from - start;
        int count = (c - skip) * draws;
        double[] part = e.output("theta").doubles();
        System.arraycopy(part, skip * draws * p, theta, from * draws * p, count * p);
        part = e.output("ratio").doubles();
        System.arraycopy(part, skip * draws, ratio, from * draws, count);
        progress.advance(start + c);
      }
    }
    progress.done();
    for (int i = 0; i < n; i++) {
      requireUsable(ratio, i, draws);
    }
    return WeightedDraws.of(n, draws, p, theta, ratio);
  }

  private static void requireUsable(double[] ratio, int i, int draws) {
    double most = Double.NEGATIVE_INFINITY;
    for (int d = i * draws; d < (i + 1) * draws; d++) {
      most = StrictMath.max(most, ratio[d]);
    }
    if (Double.isNaN(most) || Double.isInfinite(most)) {
      throw Failure.data(
          "importance weights of data set " + i + ": the largest log ratio is " + most);
    }
  }

  private static Program program(LocalPosterior q, BatchLikelihood likelihood, int c, int draws) {
    Prior prior = q.model().prior();
    int p = prior.size();
    Trace t = new Trace("importance_weights");
    Var key = t.data("key", Type.i32(3));
    Var context = t.data("context", Type.f32(c, q.contextWidth()));
    Var affine = t.data("affine", Type.f32(c, LocalDensity.affineWidth(p)));
    LocalDensity density = q.trace(t, context, affine);
    Var normal = t.one(new Draw.Normal(DType.FLOAT32, Shape.of(c * draws, p), STREAM), key);
    Var uniform =
        q.model().density().choosesComponent()
            ? t.one(new Draw.Uniform(DType.FLOAT32, Shape.of(c * draws), STREAM + 1), key)
            : null;
    Var u = density.draw(normal, uniform);
    ConditionalDensity.Drawn drawn = new ConditionalDensity.Drawn(u, density.logProb(u), null);
    Var ratio = ReverseKl.logRatio(prior, likelihood, PriorTerm.KEPT, drawn, q.batch(t, c), draws);
    t.output("theta", prior.fromUnconstrained(t.cast(u, DType.FLOAT64)));
    t.output("ratio", ratio);
    return t.program();
  }
}
