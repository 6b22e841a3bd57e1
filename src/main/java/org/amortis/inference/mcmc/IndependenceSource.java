package org.amortis.inference.mcmc;

import java.util.Arrays;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.Executable;
import org.amortis.engine.op.Draw;
import org.amortis.engine.program.Program;
import org.amortis.engine.program.Trace;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.Type;
import org.amortis.inference.Observations;
import org.amortis.inference.Prior;
import org.amortis.inference.posterior.AmortizedPosterior;
import org.amortis.inference.posterior.NeuralPosterior;
import org.amortis.nn.Scope;

/// Candidates of an independence chain: draws of a trained posterior inside the step program.
///
/// The summary network is evaluated once for all data sets, the density at every step.
final class IndependenceSource {
  private static final String CONTEXT = "proposal_context";
  private static final int BATCH = 256;

  private final AmortizedPosterior posterior;
  private final Observations observations;
  private final int chains;
  private final int width;
  private final Device device;
  private float[] context;

  private IndependenceSource(Proposal.Independence q, int chains, Device device) {
    posterior = q.posterior();
    observations = q.observations();
    this.chains = chains;
    this.device = device;
    Program one = summary(1);
    width = one.type(one.outputs().get("context")).shape().dim(1);
  }

  /// @throws IllegalArgumentException when the posterior has another prior or not as many
  ///   observations as data sets
  static IndependenceSource of(
      Proposal.Independence q, Prior prior, int fields, int chains, Device device) {
    Prior other = q.posterior().posterior().prior();
    if (!other.equals(prior)) {
      throw new IllegalArgumentException(
          "independence proposals come from a posterior with the prior "
              + other
              + ", not "
              + prior);
    }
    if (q.observations().count() != fields) {
      throw new IllegalArgumentException(
          q.observations().count()
              + " observations for the likelihood of "
              + fields
              + " data sets");
    }
    return new IndependenceSource(q, chains, device);
  }

  private int fields() {
    return observations.count();
  }

  private Scope frozen(Trace t) {
    return Scope.frozen(
        t, DType.FLOAT32, posterior.layout(), posterior.parameters(), posterior.statistics());
  }

  private Program summary(int batch) {
    Trace t = new Trace("proposal_summary");
    Var data = t.data("data", new Type(DType.FLOAT32, observations.sample().times(batch)));
    NeuralPosterior q = posterior.posterior();
    t.output("context", q.summary().apply(frozen(t).child("summary"), data));
    return t.program();
  }

  /// Writes the summaries of the data sets.
  void bind(Executable program) {
    if (context == null) {
      context = contexts();
    }
    program.input(CONTEXT).write(context, 0);
  }

  private float[] contexts() {
    int n = fields();
    int batch = StrictMath.min(n, BATCH);
    int size = observations.sample().size();
    float[] all = new float[n * width];
    try (Executable e = device.bind(summary(batch))) {
      for (int from = 0; from < n; from += batch) {
        int start = StrictMath.min(from, n - batch);
        float[] part =
            Arrays.copyOfRange(observations.values(), start * size, (start + batch) * size);
        e.input("data").write(part, 0);
        e.run();
        double[] c = e.output("context").doubles();
        for (int i = 0; i < c.length; i++) {
          all[start * width + i] = (float) c[i];
        }
      }
    }
    return all;
  }

  private Var context(Trace t) {
    return t.data(CONTEXT, Type.f32(fields(), width));
  }

  /// Draws on the unconstrained scale, float64 `(F K, p)`.
  Var draw(Var key) {
    Trace t = key.trace();
    int c = fields() * chains;
    NeuralPosterior q = posterior.posterior();
    Shape shape = Shape.of(c, q.prior().size());
    Var normal = t.one(new Draw.Normal(DType.FLOAT32, shape, Metropolis.STREAM), key);
    Var uniform =
        q.density().choosesComponent()
            ? t.one(new Draw.Uniform(DType.FLOAT32, Shape.of(c), Metropolis.STREAM + 2), key)
            : null;
    Var u = q.density().draw(frozen(t).child("density"), context(t), normal, uniform);
    return t.cast(u, DType.FLOAT64);
  }

  /// Log-density of the draws at `(F K, p)`, float32 `(F K,)`.
  Var logProb(Var u) {
    Trace t = u.trace();
    Var each = context(t).reshape(fields(), 1, width).broadcast(fields(), chains, width);
    Var repeated = t.reshape(each, Shape.of(fields() * chains, width));
    NeuralPosterior q = posterior.posterior();
    return q.density().logProb(frozen(t).child("density"), t.cast(u, DType.FLOAT32), repeated);
  }
}
