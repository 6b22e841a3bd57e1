package org.amortis.inference.likelihood;

import java.nio.file.Path;
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
import org.amortis.inference.summary.AmortizedSummary;
import org.amortis.io.Json;
import org.amortis.nn.NetworkFile;
import org.amortis.nn.ParameterLayout;
import org.amortis.nn.Scope;
import org.amortis.nn.train.BoundNetwork;
import org.amortis.nn.train.Trained;

/// A trained likelihood of summaries, synthetic or neural: for Markov chains and grids as a
/// [LogLikelihood], for training steps as a [BatchLikelihood], and as a simulator of summaries.
///
/// `log q(s | theta)`, summed over replicates. Legend: F or n data sets, m replicates, d summaries,
/// p parameters.
///
/// Networks compute in float32; parameters stay float64 until they are standardised. Programs are
/// bound once a shape and kept; an instance belongs to one thread at a time.
public final class AmortizedLikelihood implements AutoCloseable {
  /// First stream number of draws of summaries.
  public static final int STREAM = 40;

  private static final int CHUNK = 4096;

  private final LearnedLikelihood model;
  private final BoundNetwork network;

  /// Mean and covariance of the summaries as functions of theta: what binds them.
  ///
  /// @param mean `(n, d)`
  /// @param covariance `(n, d, d)`
  public record Binding(double[] mean, double[] covariance) {}

  /// A likelihood with trained parameters.
  ///
  /// @param device where it computes; stays the caller's to close
  public AmortizedLikelihood(LearnedLikelihood model, Trained trained, Device device) {
    this(model, trained.layout(), trained.parameters(), trained.statistics(), device);
  }

  /// A likelihood with the given parameters.
  public AmortizedLikelihood(
      LearnedLikelihood model,
      ParameterLayout layout,
      double[] parameters,
      double[] statistics,
      Device device) {
    this.model = model;
    this.network = new BoundNetwork(layout, parameters, statistics, device);
  }

  /// The model.
  public LearnedLikelihood model() {
    return model;
  }

  /// Where the parameters lie.
  public ParameterLayout layout() {
    return network.layout();
  }

  private Scope scope(Trace t) {
    return network.frozen(t, DType.FLOAT32);
  }

  /// The likelihood of observed summaries.
  ///
  /// @param summaries F data sets of `(d,)`, or of `(m, d)` for m replicates
  /// @throws org.amortis.engine.shape.ShapeException for summaries of another shape
  public LogLikelihood of(Observations summaries) {
    return new SummaryLikelihood(model, this::scope, summaries, null);
  }

  /// The likelihood of data sets with differing numbers of replicates.
  ///
  /// @param summaries F data sets of `(m, d)`
  /// @param mask `(F, m)`, 1 for a replicate and 0 for none
  /// @throws org.amortis.engine.shape.ShapeException for summaries or a mask of another shape
  public LogLikelihood of(Observations summaries, float[] mask) {
    return new SummaryLikelihood(model, this::scope, summaries, mask);
  }

  /// The likelihood of the batch's column `summaries` (and `mask`, where there is one), for
  /// training steps.
  public BatchLikelihood batch() {
    return (theta, batch, repeat) -> rows(theta, batch.get("summaries"), batch.get("mask"), repeat);
  }

  /// The likelihood of what a summary network makes of the batch's column `data`.
  public BatchLikelihood batch(AmortizedSummary summary) {
    return (theta, batch, repeat) -> rows(theta, summary.of(batch.get("data")), null, repeat);
  }

  private Var rows(Var theta, Var summaries, Var mask, int repeat) {
    Var log = SummaryLikelihood.each(model, scope(theta.trace()), theta, summaries, mask, repeat);
    return log.type().equals(theta.type().with(log.shape()))
        ? log
        : theta.trace().cast(log, theta.type().dtype());
  }

  /// Log-likelihood of each data set at its own parameters.
  ///
  /// @param theta `(n, p)`
  /// @param summaries n data sets of `(d,)` or `(m, d)`
  /// @return `(n,)`
  /// @throws org.amortis.engine.shape.ShapeException for summaries of another shape
  /// @throws IllegalArgumentException when there are fewer points than data sets
  public double[] logProb(double[] theta, Observations summaries) {
    int p = model.prior().size();
    int n = summaries.count();
    double[] out = new double[n];
    for (int from = 0; from < n; from += CHUNK) {
      int to = StrictMath.min(n, from + CHUNK);
      SummaryLikelihood some =
          new SummaryLikelihood(model, this::scope, summaries.rows(from, to), null);
      int size = to - from;
      Executable e =
          network.program(
              "log_prob " + summaries.sample() + size,
              () -> {
                Trace t = new Trace("likelihood_log_prob");
                t.output("log_prob", some.each(t.data("theta", Type.f64(size, p)), 1));
                return t.program();
              });
      some.bind(e);
      e.input("theta").write(theta, from * p);
      e.run();
      System.arraycopy(e.output("log_prob").doubles(), 0, out, from, size);
    }
    return out;
  }

  /// Draws of summaries.
  ///
  /// @param theta `(n, p)`
  /// @param draws draws a parameter, at least 1
  /// @return `(n, draws, d)`
  public double[] simulate(double[] theta, int draws, long seed) {
    int p = model.prior().size();
    int n = theta.length / p;
    int d = model.scaling().size();
    Trace t = new Trace("likelihood_simulate");
    Var key = t.data("key", Type.i32(3));
    Var normal = t.one(new Draw.Normal(DType.FLOAT32, Shape.of(n * draws, d), STREAM), key);
    Var uniform =
        model.density().choosesComponent()
            ? t.one(new Draw.Uniform(DType.FLOAT32, Shape.of(n * draws), STREAM + 1), key)
            : null;
    Var points = t.data("theta", Type.f64(n, p));
    t.output("summaries", model.draw(scope(t), points, normal, uniform));
    try (Executable e = network.device().bind(t.program())) {
      e.input("theta").write(theta, 0);
      e.input("key").write((int) seed, (int) (seed >>> 32), 0);
      e.run();
      return e.output("summaries").doubles();
    }
  }

  /// The binding functions of a synthetic likelihood.
  ///
  /// @param theta `(n, p)`
  /// @throws IllegalStateException for another family, whose moments are those of [#simulate]
  public Binding binding(double[] theta) {
    if (!(model instanceof SyntheticLikelihood)) {
      throw new IllegalStateException("binding functions belong to a synthetic likelihood");
    }
    int p = model.prior().size();
    int n = theta.length / p;
    int d = model.scaling().size();
    // A draw is mean + L noise: noise 0 gives the mean, unit vectors the columns of L.
    double[] noise = new double[n * (d + 1) * d];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < d; j++) {
        noise[(i * (d + 1) + 1 + j) * d + j] = 1;
      }
    }
    Trace t = new Trace("binding");
    Var normal = t.data("noise", Type.f32(n * (d + 1), d));
    t.output("points", model.draw(scope(t), t.data("theta", Type.f64(n, p)), normal, null));
    double[] x;
    try (Executable e = network.device().bind(t.program())) {
      e.input("theta").write(theta, 0);
      e.input("noise").write(noise, 0);
      e.run();
      x = e.output("points").doubles();
    }
    double[] mean = new double[n * d];
    double[] covariance = new double[n * d * d];
    for (int i = 0; i < n; i++) {
      int at = i * (d + 1) * d;
      System.arraycopy(x, at, mean, i * d, d);
      for (int k = 1; k <= d; k++) {
        for (int a = 0; a < d; a++) {
          for (int b = 0; b < d; b++) {
            covariance[(i * d + a) * d + b] +=
                (x[at + k * d + a] - x[at + a]) * (x[at + k * d + b] - x[at + b]);
          }
        }
      }
    }
    return new Binding(mean, covariance);
  }

  /// The program of the log-likelihood of `count` data sets at `repeat` parameters each, for
  /// explanations.
  public Program program(Shape sample, int count, int repeat) {
    Observations zeros = new Observations(sample, new float[count * sample.size()]);
    Trace t = new Trace("likelihood");
    Var theta = t.data("theta", Type.f64(count * repeat, model.prior().size()));
    t.output("log_likelihood", of(zeros).each(theta, repeat));
    return t.program();
  }

  /// Writes the network with a card that names prior and architecture, see
  /// [NetworkFile][org.amortis.nn.NetworkFile].
  ///
  /// @throws org.amortis.engine.Failure STORAGE on a full disk, a missing permission or folder
  public void save(Path file) {
    Json.Obj card =
        Json.Obj.empty()
            .with(
                "kind",
                model instanceof SyntheticLikelihood ? "synthetic likelihood" : "neural likelihood")
            .with("prior", model.prior().toString());
    network.save(file, model.toString(), card);
  }

  /// Reads a likelihood that was saved for the same prior, network and density. The moments of the
  /// summaries come from the file, whatever the model's [Scaling] holds.
  ///
  /// @throws org.amortis.engine.Failure DATA for a file that is absent or damaged, or of another
  ///   prior, network or density; STORAGE if it cannot be read
  public static AmortizedLikelihood load(Path file, LearnedLikelihood model, Device device) {
    ParameterLayout layout = model.layout();
    NetworkFile f = NetworkFile.read(file, layout, model.toString());
    return new AmortizedLikelihood(model, layout, f.parameters(), f.statistics(), device);
  }

  @Override
  public void close() {
    network.close();
  }
}
