package org.amortis.inference.posterior;

import java.nio.file.Path;
import org.amortis.engine.Cancellation;
import org.amortis.engine.Progress;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.Executable;
import org.amortis.engine.math.Quantiles;
import org.amortis.engine.op.Draw;
import org.amortis.engine.program.Program;
import org.amortis.engine.program.Trace;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.Type;
import org.amortis.inference.Observations;
import org.amortis.io.Json;
import org.amortis.nn.NetworkFile;
import org.amortis.nn.ParameterLayout;
import org.amortis.nn.Scope;
import org.amortis.nn.train.BoundNetwork;
import org.amortis.nn.train.Trained;

/// A trained posterior q(theta | Z): draws and log-densities for any data set, without further
/// training.
///
/// Programs are bound once a shape and kept; an instance belongs to one thread at a time.
public final class AmortizedPosterior implements AutoCloseable {
  /// First stream number of posterior draws.
  public static final int STREAM = 20;

  private static final int MOST_DRAWS = 1 << 17;

  private final NeuralPosterior posterior;
  private final BoundNetwork network;

  /// A posterior with trained parameters.
  ///
  /// @param device where it computes; stays the caller's to close
  public AmortizedPosterior(NeuralPosterior posterior, Trained trained, Device device) {
    this(posterior, trained.layout(), trained.parameters(), trained.statistics(), device);
  }

  /// A posterior with the given parameters.
  public AmortizedPosterior(
      NeuralPosterior posterior,
      ParameterLayout layout,
      double[] parameters,
      double[] statistics,
      Device device) {
    this.posterior = posterior;
    this.network = new BoundNetwork(layout, parameters, statistics, device);
  }

  /// Draws from the posterior of each data set.
  ///
  /// Draw d of data set i is a function of (seed, draws, d, i) and not of how many data sets
  /// follow.
  ///
  /// @param observations n data sets of the shape that was trained on
  /// @param draws draws a data set, at least 1
  /// @return `(n, draws, p)` in natural units, strictly inside the prior's support
  /// @throws IllegalArgumentException for data sets of another shape than those of training
  public double[] sample(Observations observations, int draws, long seed) {
    return sample(observations, draws, seed, Progress.NONE, Cancellation.create());
  }

  /// Draws from the posterior of each data set, telling how far it is and stopping on request; see
  /// [#sample(Observations, int, long)].
  ///
  /// @throws Cancellation.Cancelled once a stop was requested
  public double[] sample(
      Observations observations,
      int draws,
      long seed,
      Progress progress,
      Cancellation cancellation) {
    int p = posterior.prior().size();
    int n = observations.count();
    double[] all = new double[n * draws * p];
    int chunk = StrictMath.max(1, StrictMath.min(StrictMath.min(n, 64), MOST_DRAWS / draws));
    int size = observations.sample().size();
    progress.start("draws", n);
    for (int from = 0; from < n; from += chunk) {
      cancellation.check();
      int count = StrictMath.min(chunk, n - from);
      Executable e = sampler(observations.sample(), chunk, draws);
      e.input("data").write(padded(observations.values(), from * size, count * size, chunk * size));
      // The step is the index of the chunk's first data set.
      e.input("key").write((int) seed, (int) (seed >>> 32), from);
      e.run();
      double[] part = e.output("theta").doubles();
      System.arraycopy(part, 0, all, from * draws * p, count * draws * p);
      progress.advance(from + count);
    }
    progress.done();
    return all;
  }

  /// Elements from `from` on, zeros after the first `count`.
  private static float[] padded(float[] x, int from, int count, int size) {
    float[] y = new float[size];
    System.arraycopy(x, from, y, 0, count);
    return y;
  }

  private Executable sampler(Shape sample, int b, int draws) {
    return network.program(
        "sample " + sample + b + " " + draws,
        () -> samplingProgram(posterior, network.layout(), sample, b, draws));
  }

  /// The program that draws from the posteriors of b data sets: inputs `data` and `key`, output
  /// `theta` (b * draws, p).
  public static Program samplingProgram(
      NeuralPosterior posterior, ParameterLayout layout, Shape sample, int b, int draws) {
    int p = posterior.prior().size();
    Trace t = new Trace("posterior_sample");
    Var data = t.data("data", new Type(DType.FLOAT32, sample.times(b)));
    Var key = t.data("key", Type.i32(3));
    Var normal = t.one(new Draw.Normal(DType.FLOAT32, Shape.of(b * draws, p), STREAM), key);
    Var uniform =
        posterior.density().choosesComponent()
            ? t.one(new Draw.Uniform(DType.FLOAT32, Shape.of(b * draws), STREAM + 1), key)
            : null;
    Scope scope = Scope.evaluating(t, DType.FLOAT32, layout);
    Var context = posterior.summary().apply(scope.child("summary"), data);
    Var u = posterior.density().draw(scope.child("density"), context, normal, uniform);
    t.output("theta", posterior.prior().fromUnconstrained(t.cast(u, DType.FLOAT64)));
    return t.program();
  }

  /// Log-density of the posterior of data set i at theta i: `log q(u | Z) + log |du / dtheta|`.
  ///
  /// @param theta `(n, p)`, inside the prior's support
  /// @param observations n data sets
  /// @return `(n,)`, with respect to theta in natural units
  /// @throws IllegalArgumentException when there are fewer points than data sets
  public double[] logProb(double[] theta, Observations observations) {
    int p = posterior.prior().size();
    int n = observations.count();
    double[] u = posterior.prior().toUnconstrained(theta);
    double[] prior = posterior.prior().logDensity(theta);
    double[] out = new double[n];
    int chunk = StrictMath.max(1, StrictMath.min(n, 256));
    for (int from = 0; from < n; from += chunk) {
      int start = StrictMath.max(0, StrictMath.min(from, n - chunk));
      Executable e = density(observations.sample(), chunk);
      e.input("data").write(observations.values(), start * observations.sample().size());
      e.input("u").write(u, start * p);
      e.run();
      double[] part = e.output("log_prob").doubles();
      for (int i = from - start; i < chunk; i++) {
        double base = 0;
        for (int j = 0; j < p; j++) {
          double v = u[(start + i) * p + j];
          base += -0.5 * v * v - 0.9189385332046727;
        }
        // log q(theta) = log q(u) + log |du / dtheta|, and p(theta) = N(u) |du / dtheta|.
        out[start + i] = part[i] - base + prior[start + i];
      }
    }
    return out;
  }

  private Executable density(Shape sample, int b) {
    return network.program(
        "density " + sample + b,
        () -> {
          Trace t = new Trace("posterior_log_prob");
          Var data = t.data("data", new Type(DType.FLOAT32, sample.times(b)));
          Var u = t.data("u", Type.f32(b, posterior.prior().size()));
          Scope scope = network.evaluating(t);
          Var context = posterior.summary().apply(scope.child("summary"), data);
          t.output("log_prob", posterior.density().logProb(scope.child("density"), u, context));
          return t.program();
        });
  }

  /// Mean of the posterior of each data set, from draws.
  ///
  /// @return `(n, p)`
  public double[] mean(Observations observations, int draws, long seed) {
    int p = posterior.prior().size();
    double[] all = sample(observations, draws, seed);
    double[] mean = new double[observations.count() * p];
    for (int i = 0; i < all.length; i++) {
      mean[i / (draws * p) * p + i % p] += all[i] / draws;
    }
    return mean;
  }

  /// Quantiles of the posterior of each data set, from draws; linear between order statistics.
  ///
  /// @param levels in [0, 1]
  /// @return `(n, levels, p)`
  public double[] quantiles(Observations observations, int draws, long seed, double... levels) {
    int p = posterior.prior().size();
    int n = observations.count();
    double[] all = sample(observations, draws, seed);
    double[] q = new double[n * levels.length * p];
    double[] column = new double[draws];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < p; j++) {
        for (int d = 0; d < draws; d++) {
          column[d] = all[(i * draws + d) * p + j];
        }
        java.util.Arrays.sort(column);
        for (int l = 0; l < levels.length; l++) {
          q[(i * levels.length + l) * p + j] = Quantiles.ofSorted(column, levels[l]);
        }
      }
    }
    return q;
  }

  /// Mode of the posterior of each data set, in natural units: the densest of the draws, then a
  /// pattern search on the density that halves its step until it is 1e-4 of the draws' spread.
  ///
  /// @return `(n, p)`
  public double[] mode(Observations observations, int draws, long seed) {
    return new ModeSearch(this, posterior.prior())
        .modes(observations, sample(observations, draws, seed), draws);
  }

  /// Writes the network with a card that names prior and architecture, see
  /// [NetworkFile][org.amortis.nn.NetworkFile].
  ///
  /// @throws org.amortis.engine.Failure STORAGE on a full disk, a missing permission or folder
  public void save(Path file) {
    Json.Obj card =
        Json.Obj.empty()
            .with("kind", "neural posterior")
            .with("prior", posterior.prior().toString());
    network.save(file, posterior.toString(), card);
  }

  /// Reads a network that was saved for the same prior, summary network and density.
  ///
  /// @param sample shape of one data set
  /// @throws org.amortis.engine.Failure DATA for a file that is absent or damaged, or of another
  ///   prior, network or density; STORAGE if it cannot be read
  public static AmortizedPosterior load(
      Path file, NeuralPosterior posterior, Shape sample, Device device) {
    ParameterLayout layout = posterior.layout(sample);
    NetworkFile f = NetworkFile.read(file, layout, posterior.toString());
    return new AmortizedPosterior(posterior, layout, f.parameters(), f.statistics(), device);
  }

  /// The model and its trained parameters.
  public NeuralPosterior posterior() {
    return posterior;
  }

  /// Where the parameters lie.
  public ParameterLayout layout() {
    return network.layout();
  }

  /// The flat vector of parameters.
  public double[] parameters() {
    return network.parameters();
  }

  /// The flat vector of running statistics.
  public double[] statistics() {
    return network.statistics();
  }

  @Override
  public void close() {
    network.close();
  }
}
