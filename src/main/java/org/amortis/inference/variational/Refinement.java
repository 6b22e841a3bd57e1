package org.amortis.inference.variational;

import java.util.List;
import org.amortis.engine.Cancellation;
import org.amortis.engine.Progress;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.Executable;
import org.amortis.engine.op.Move;
import org.amortis.engine.op.Update;
import org.amortis.engine.program.Gradient;
import org.amortis.engine.program.Program;
import org.amortis.engine.program.Trace;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.Type;
import org.amortis.inference.Prior;
import org.amortis.inference.likelihood.BatchLikelihood;
import org.amortis.nn.density.ConditionalDensity;

/// Semi-amortized inference: gradient steps on the evidence lower bound of each data set, from the
/// amortized answer on (Kim, Wiseman, Miller, Sontag and Rush 2018; review, section 3.2).
///
/// Contexts and affine maps of many data sets move in one program; the network stays. The optimiser
/// is Adam with a short memory (second moments decay by 0.95), a rate that falls along a quarter of
/// a cosine, and each data set's gradient clipped at 5. Data sets do not influence each other.
///
/// @param steps gradient steps
/// @param draws draws a data set, component and step
/// @param learningRate first rate of the affine maps; contexts move at a fifth of it
public record Refinement(int steps, int draws, double learningRate) {
  private static final double CLIP = 5;
  private static final double CONTEXT_SHARE = 0.2;
  private static final double BETA1 = 0.9;
  private static final double BETA2 = 0.95;
  private static final int STREAM = 44;

  /// Checks the settings.
  ///
  /// @throws IllegalArgumentException unless all are positive
  public Refinement {
    if (steps < 1 || draws < 1 || !(learningRate > 0)) {
      throw new IllegalArgumentException(
          "refinement needs positive steps, draws and rate, found "
              + steps
              + ", "
              + draws
              + ", "
              + learningRate);
    }
  }

  /// 200 steps of 8 draws at rate 0.05.
  public static Refinement standard() {
    return new Refinement(200, 8, 0.05);
  }

  /// Refines every data set.
  ///
  /// @param start where the steps begin, not modified
  /// @param likelihood of the data sets, differentiable in theta
  /// @throws Cancellation.Cancelled once a stop was requested
  public LocalPosterior refine(
      LocalPosterior start,
      BatchLikelihood likelihood,
      long seed,
      Device device,
      Progress progress,
      Cancellation cancellation) {
    int n = start.count();
    int c = StrictMath.min(n, LocalPosterior.CHUNK);
    int wide = start.contextWidth();
    int narrow = LocalDensity.affineWidth(start.model().prior().size());
    double[] contexts = start.contexts();
    double[] affine = start.affine();
    progress.start("refine", (long) (n + c - 1) / c * steps);
    int done = 0;
    try (Executable e = device.bind(program(start, likelihood, c))) {
      e.input("control").write(control(), 0);
      for (int from = 0; from < n; from += c) {
        int first = StrictMath.min(from, n - c);
        start.write(e, first, c);
        // Data sets that the last chunk repeats start from the amortized answer again.
        begin(e, "context", start.contexts(), first * wide, c * wide);
        begin(e, "affine", start.affine(), first * narrow, c * narrow);
        e.input("step").write(0);
        e.input("seed").write((int) seed ^ first, (int) (seed >>> 32));
        for (int s = 0; s < steps; s++) {
          if ((s & 15) == 0) {
            cancellation.check();
          }
          e.run();
          progress.advance(++done);
        }
        System.arraycopy(e.input("context").doubles(), 0, contexts, first * wide, c * wide);
        System.arraycopy(e.input("affine").doubles(), 0, affine, first * narrow, c * narrow);
      }
    }
    progress.done();
    return start.with(contexts, affine);
  }

  private static void begin(Executable e, String name, double[] values, int from, int size) {
    e.input(name).write(java.util.Arrays.copyOfRange(values, from, from + size), 0);
    e.input(name + ".m").write(new double[size], 0);
    e.input(name + ".v").write(new double[size], 0);
  }

  /// Rate, bias corrections and factor of each step, for affine maps and for contexts.
  private double[] control() {
    double[] control = new double[8 * steps];
    for (int s = 0; s < steps; s++) {
      double rate = learningRate * StrictMath.cos(0.5 * StrictMath.PI * s / steps);
      for (int k = 0; k < 2; k++) {
        control[8 * s + 4 * k] = k == 0 ? rate : CONTEXT_SHARE * rate;
        control[8 * s + 4 * k + 1] = 1 - StrictMath.pow(BETA1, s + 1);
        control[8 * s + 4 * k + 2] = 1 - StrictMath.pow(BETA2, s + 1);
        control[8 * s + 4 * k + 3] = 1;
      }
    }
    return control;
  }

  /// One step of c data sets.
  private Program program(LocalPosterior q, BatchLikelihood likelihood, int c) {
    Prior prior = q.model().prior();
    int p = prior.size();
    ConditionalDensity family = q.model().density();
    Trace t = new Trace("refine");
    Var context = t.state("context", Type.f32(c, q.contextWidth()));
    Var affine = t.state("affine", Type.f32(c, LocalDensity.affineWidth(p)));
    Var step = t.state("step", Type.i32(1));
    Var key = t.data("seed", Type.i32(2)).concat(step, 0);
    int k = family.components();
    Shape shifts = Shape.of(c * k, 1, p);
    Var shift = t.one(new org.amortis.engine.op.Draw.Uniform(DType.FLOAT32, shifts, STREAM), key);
    Var normal = LatticeNoise.normal(t, DType.FLOAT32, c * k, draws, p, shift);
    ConditionalDensity.Drawn drawn = q.trace(t, context, affine).drawn(normal);
    Var log =
        ReverseKl.logRatio(prior, likelihood, PriorTerm.KEPT, drawn, q.batch(t, c), k * draws);
    Var weight = t.cast(drawn.logWeight(), DType.FLOAT64).exp();
    Var loss = log.mul(weight).sum().neg();
    List<Var> gradient = Gradient.of(loss, List.of(context, affine));
    Var square = gradient.get(0).square().sum(1).add(gradient.get(1).square().sum(1));
    Var norm = square.sqrt().reshape(c, 1);
    // A gradient that is not finite moves nothing: no comparison with NaN succeeds.
    Var finite = norm.less(t.constant(norm, 1e30));
    Var factor = t.div(t.constant(norm, CLIP), norm).min(1);
    Var table = t.data("control", Type.f32(steps, 8));
    Var control = t.one(new Move.Window(1), table, step).reshape(8);
    Var nothing = t.zeros(norm.type());
    adam(context, "context", finite.select(gradient.get(0).mul(factor), nothing), control, 4);
    adam(affine, "affine", finite.select(gradient.get(1).mul(factor), nothing), control, 0);
    t.update(step, step.add(t.scalar(1, DType.INT32)));
    return t.program();
  }

  private static void adam(Var state, String name, Var gradient, Var control, int from) {
    Trace t = state.trace();
    Var m = t.state(name + ".m", state.type());
    Var v = t.state(name + ".v", state.type());
    List<Var> next =
        t.apply(
            new Update.Adam(BETA1, BETA2, 1e-8, 0),
            List.of(state, gradient, m, v, control.slice(0, from, from + 4)));
    t.update(state, next.get(0));
    t.update(m, next.get(1));
    t.update(v, next.get(2));
  }
}
