package org.amortis.inference.ratio;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.amortis.engine.Cancellation;
import org.amortis.engine.Failure;
import org.amortis.engine.Progress;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.Executable;
import org.amortis.engine.program.Program;
import org.amortis.engine.program.Trace;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.Type;
import org.amortis.inference.Marginal;
import org.amortis.inference.Observations;
import org.amortis.inference.Prior;
import org.amortis.inference.likelihood.BatchLikelihood;
import org.amortis.inference.likelihood.LogLikelihood;
import org.amortis.inference.posterior.GridPosterior;
import org.amortis.io.Json;
import org.amortis.nn.NetworkFile;
import org.amortis.nn.ParameterLayout;
import org.amortis.nn.Scope;
import org.amortis.nn.train.BoundNetwork;
import org.amortis.nn.train.Trained;

/// A trained ratio `r(theta, Z) = p(Z | theta) / p(Z)`: log ratios of any pairs, and posteriors on
/// grids, by Markov chains or by importance resampling.
///
/// As a function of theta the ratio is the likelihood up to a constant, so every posterior method
/// takes a prior: the one of training or another with support inside it, without training again. A
/// ratio of several subsets of the parameters answers for the first one, [#marginal] for the
/// others. Programs are bound once a shape and kept; an instance belongs to one thread at a time.
/// Data sets of another shape than those of training throw `IllegalArgumentException`. Legend: n or
/// F data sets, G points, p parameters.
public final class AmortizedRatio implements AutoCloseable {
  /// Data sets whose grids are computed together.
  private static final int BLOCK = 512;

  private static final int MOST_VALUES = 1 << 16;

  private final NeuralRatio ratio;
  private final int subset;
  private final BoundNetwork network;

  /// A ratio with trained parameters.
  ///
  /// @param device where it computes; stays the caller's to close
  public AmortizedRatio(NeuralRatio ratio, Trained trained, Device device) {
    this(ratio, trained.layout(), trained.parameters(), trained.statistics(), device);
  }

  /// A ratio with the given parameters.
  public AmortizedRatio(
      NeuralRatio ratio,
      ParameterLayout layout,
      double[] parameters,
      double[] statistics,
      Device device) {
    this(ratio, 0, new BoundNetwork(layout, parameters, statistics, device));
  }

  private AmortizedRatio(NeuralRatio ratio, int subset, BoundNetwork network) {
    this.ratio = ratio;
    this.subset = subset;
    this.network = network;
  }

  /// The marginal ratio of a subset of the parameters that was trained; to be closed by itself.
  ///
  /// @throws IllegalArgumentException when there is none for these parameters
  public AmortizedRatio marginal(Integer... some) {
    int k = ratio.subsets().indexOf(List.of(some));
    if (k < 0) {
      throw new IllegalArgumentException(
          "no ratio of parameters " + Arrays.toString(some) + ", there are " + ratio.subsets());
    }
    return new AmortizedRatio(ratio, k, network.unbound());
  }

  /// The prior of training, of this ratio's parameters.
  public Prior prior() {
    return ratio.prior(subset);
  }

  /// Log ratio of data set i at theta i.
  ///
  /// @param theta `(n, p)`, inside the prior's support
  /// @return `(n,)`
  /// @throws IllegalArgumentException when there are fewer points than data sets
  public double[] logRatio(double[] theta, Observations observations) {
    int p = prior().size();
    int n = observations.count();
    double[] u = prior().toUnconstrained(theta);
    double[] out = new double[n];
    int chunk = chunk(observations);
    for (int from = 0; from < n; from += chunk) {
      int start = StrictMath.min(from, n - chunk);
      Executable e =
          network.program(
              "pairs " + observations.sample() + chunk, () -> pairs(observations, chunk));
      e.input("data").write(observations.values(), start * observations.sample().size());
      e.input("u").write(u, start * p);
      e.run();
      double[] part = e.output("log_ratio").doubles();
      System.arraycopy(part, from - start, out, from, chunk - (from - start));
    }
    return out;
  }

  private Program pairs(Observations observations, int b) {
    Trace t = new Trace("ratio_pairs");
    Var data = t.data("data", new Type(DType.FLOAT32, observations.sample().times(b)));
    Var u = t.data("u", Type.f32(b, prior().size()));
    Scope scope = network.evaluating(t);
    Var context = ratio.context(scope, data);
    Scope head = ratio.headScope(scope, subset);
    Var shares = ratio.head().ofData(head, context);
    Var own = ratio.head().ofParameters(head, u);
    t.output("log_ratio", ratio.head().each(head, shares, own, 1));
    return t.program();
  }

  /// Log ratios of every data set at every theta.
  ///
  /// @param theta `(G, p)`, inside the prior's support
  /// @return `(F, G)`
  public double[] logRatios(double[] theta, Observations observations) {
    int p = prior().size();
    int g = theta.length / p;
    int f = observations.count();
    double[] out = new double[f * g];
    LogLikelihood likelihood = of(observations);
    int chunk = StrictMath.max(1, StrictMath.min(g, (1 << 18) / f));
    try (Executable e = network.device().bind(GridPosterior.program(prior(), likelihood, chunk))) {
      likelihood.bind(e);
      double[] part = new double[chunk * f];
      for (int from = 0; from < g; from += chunk) {
        int start = StrictMath.min(from, g - chunk);
        e.input("theta").write(theta, start * p);
        e.run();
        e.output("log_likelihood").read(part, 0);
        for (int k = 0; k < chunk; k++) {
          for (int i = 0; i < f; i++) {
            out[i * g + start + k] = part[k * f + i];
          }
        }
      }
    }
    return out;
  }

  /// The ratio of fixed data sets in the place of their likelihood, for grids and Markov chains;
  /// the summary network runs here, once a data set.
  public LogLikelihood of(Observations observations) {
    int w = ratio.head().width();
    int n = observations.count();
    float[] shares = new float[n * w];
    int chunk = chunk(observations);
    for (int from = 0; from < n; from += chunk) {
      int start = StrictMath.min(from, n - chunk);
      Executable e =
          network.program(
              "shares " + observations.sample() + chunk,
              () -> {
                Trace t = new Trace("ratio_shares");
                Var data =
                    t.data("data", new Type(DType.FLOAT32, observations.sample().times(chunk)));
                Scope scope = network.evaluating(t);
                Var context = ratio.context(scope, data);
                t.output("shares", ratio.head().ofData(ratio.headScope(scope, subset), context));
                return t.program();
              });
      e.input("data").write(observations.values(), start * observations.sample().size());
      e.run();
      e.output("shares").read(shares, start * w);
    }
    return new RatioLikelihood(ratio, subset, this::scope, shares);
  }

  private Scope scope(Trace t) {
    return network.frozen(t, DType.FLOAT32);
  }

  /// The ratio in the place of the likelihood of data sets that come with a batch, column `data`.
  public BatchLikelihood batch() {
    return (theta, batch, repeat) -> {
      Trace t = theta.trace();
      Scope scope = scope(t);
      Scope head = ratio.headScope(scope, subset);
      Var shares = ratio.head().ofData(head, ratio.context(scope, batch.get("data")));
      Var u = RatioLikelihood.unconstrained(prior(), theta);
      Var own = ratio.head().ofParameters(head, u);
      return t.cast(ratio.head().each(head, shares, own, repeat), theta.type().dtype());
    };
  }

  /// The posterior of every data set on a grid of cell midpoints, for one or two parameters; draws
  /// come by [GridPosterior#draws].
  ///
  /// @param other the prior of the posterior, inside the support of the one of training
  /// @param cells cells a parameter, at least 2
  /// @throws Failure DATA when that prior's support is not inside the one of training, or a data
  ///   set has no finite density on the grid
  /// @throws IllegalArgumentException for more than two parameters, or another number of cells than
  ///   of parameters
  /// @throws Cancellation.Cancelled once a stop was requested
  public GridPosterior grid(
      Observations observations,
      Prior other,
      int[] cells,
      Progress progress,
      Cancellation cancellation) {
    requireInside(other);
    int f = observations.count();
    double[] log = null;
    GridPosterior last = null;
    for (int from = 0; from < f; from += BLOCK) {
      int to = StrictMath.min(f, from + BLOCK);
      LogLikelihood likelihood = of(observations.rows(from, to));
      last = GridPosterior.of(other, likelihood, cells, network.device(), progress, cancellation);
      int g = last.logDensity().length / (to - from);
      log = log == null ? new double[f * g] : log;
      System.arraycopy(last.logDensity(), 0, log, from * g, last.logDensity().length);
    }
    return new GridPosterior(last.axes(), log, f);
  }

  /// The posterior on a grid under the prior of training.
  ///
  /// @throws Failure DATA when a data set has no finite density on the grid
  public GridPosterior grid(Observations observations, int... cells) {
    return grid(observations, prior(), cells, Progress.NONE, Cancellation.create());
  }

  /// Checks that another prior puts no mass where the ratio was never trained.
  ///
  /// @throws Failure DATA when it has another number of parameters, or its support is not inside
  ///   that of the prior of training
  public void requireInside(Prior other) {
    Prior own = prior();
    if (other.size() != own.size()) {
      throw Failure.data("a prior of " + other.size() + " parameters, expected " + own.size());
    }
    for (int i = 0; i < own.size(); i++) {
      Marginal from = own.marginals().get(i);
      Marginal to = other.marginals().get(i);
      boolean inside =
          switch (from) {
            case Marginal.Normal n -> true;
            case Marginal.LogNormal l ->
                to instanceof Marginal.LogNormal
                    || to instanceof Marginal.Uniform u && u.low() >= 0;
            case Marginal.Uniform b ->
                to instanceof Marginal.Uniform u && u.low() >= b.low() && u.high() <= b.high();
          };
      if (!inside) {
        throw Failure.data(
                "prior " + to + " reaches outside " + from + ", where the ratio was trained")
            .advise("train with a wider prior, or truncate the new one");
      }
    }
  }

  private static int chunk(Observations observations) {
    int most = StrictMath.max(256, MOST_VALUES / observations.sample().size());
    return StrictMath.min(observations.count(), most);
  }

  /// Writes the network with a card that names prior and architecture, see
  /// [NetworkFile][org.amortis.nn.NetworkFile].
  ///
  /// @throws Failure STORAGE on a full disk, a missing permission or folder
  public void save(Path file) {
    Json.Obj card =
        Json.Obj.empty().with("kind", "neural ratio").with("prior", ratio.prior().toString());
    network.save(file, ratio.toString(), card);
  }

  /// Reads a network that was saved for the same prior, networks, loss and subsets.
  ///
  /// @param sample shape of one data set
  /// @throws Failure DATA for a file that is absent or damaged, or of another prior, networks, loss
  ///   or subsets; STORAGE if it cannot be read
  public static AmortizedRatio load(Path file, NeuralRatio ratio, Shape sample, Device device) {
    ParameterLayout layout = ratio.layout(sample);
    NetworkFile f = NetworkFile.read(file, layout, ratio.toString());
    return new AmortizedRatio(ratio, layout, f.parameters(), f.statistics(), device);
  }

  /// The model.
  public NeuralRatio ratio() {
    return ratio;
  }

  /// The flat vector of parameters.
  public double[] parameters() {
    return network.parameters();
  }

  @Override
  public void close() {
    network.close();
  }
}
