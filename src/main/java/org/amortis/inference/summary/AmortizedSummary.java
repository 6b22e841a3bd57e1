package org.amortis.inference.summary;

import java.nio.file.Path;
import org.amortis.engine.Cancellation;
import org.amortis.engine.Progress;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.Executable;
import org.amortis.engine.program.Trace;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.Type;
import org.amortis.inference.Observations;
import org.amortis.inference.Prior;
import org.amortis.inference.posterior.NeuralPosterior;
import org.amortis.io.Json;
import org.amortis.nn.Network;
import org.amortis.nn.NetworkFile;
import org.amortis.nn.ParameterLayout;
import org.amortis.nn.Scope;
import org.amortis.nn.train.BoundNetwork;
import org.amortis.nn.train.Trained;

/// A trained summary network S: data sets to summaries `(n, d)`.
///
/// It serves whatever objective trained it: one of [MutualInformation], or a [NeuralPosterior],
/// whose summary network is learned end to end. Programs are bound once a shape and kept; an
/// instance belongs to one thread at a time.
public final class AmortizedSummary implements AutoCloseable {
  private static final int CHUNK = 256;

  private final Network summary;
  private final String architecture;
  private final BoundNetwork network;

  /// The summary of a trained mutual-information objective.
  public AmortizedSummary(MutualInformation objective, Trained trained, Device device) {
    this(
        objective.summary(),
        objective.toString(),
        trained.layout(),
        trained.parameters(),
        trained.statistics(),
        device);
  }

  /// The summary network of a trained posterior.
  public AmortizedSummary(NeuralPosterior posterior, Trained trained, Device device) {
    this(
        posterior.summary(),
        posterior.toString(),
        trained.layout(),
        trained.parameters(),
        trained.statistics(),
        device);
  }

  /// A summary network with the given parameters, which lie under `summary.` in the layout.
  ///
  /// @param architecture description of everything the layout holds
  public AmortizedSummary(
      Network summary,
      String architecture,
      ParameterLayout layout,
      double[] parameters,
      double[] statistics,
      Device device) {
    this.summary = summary;
    this.architecture = architecture;
    this.network = new BoundNetwork(layout, parameters, statistics, device);
  }

  /// The summaries of each data set.
  ///
  /// @param observations n data sets of the shape that was trained on
  /// @return `(n, d)`
  /// @throws IllegalArgumentException for data sets of another shape than those of training
  public double[] apply(Observations observations) {
    return apply(observations, Progress.NONE, Cancellation.create());
  }

  /// The summaries of each data set, telling how far it is and stopping on request.
  ///
  /// @throws Cancellation.Cancelled once a stop was requested
  public double[] apply(Observations observations, Progress progress, Cancellation cancellation) {
    int n = observations.count();
    int size = observations.sample().size();
    int chunk = StrictMath.max(1, StrictMath.min(n, CHUNK));
    Executable e = program(new Type(DType.FLOAT32, observations.sample().times(chunk)));
    int d = e.output("summaries").doubles().length / chunk;
    double[] all = new double[n * d];
    progress.start("summaries", n);
    for (int from = 0; from < n; from += chunk) {
      cancellation.check();
      int start = StrictMath.max(0, StrictMath.min(from, n - chunk));
      e.input("data").write(observations.values(), start * size);
      e.run();
      double[] part = e.output("summaries").doubles();
      int skip = (from - start) * d;
      System.arraycopy(part, skip, all, from * d, part.length - skip);
      progress.advance(start + chunk);
    }
    progress.done();
    return all;
  }

  private Executable program(Type data) {
    return network.program(
        data.toString(),
        () -> {
          Trace t = new Trace("summary");
          t.output("summaries", of(t.data("data", data)));
          return t.program();
        });
  }

  /// Traces the summaries inside another program, with fixed parameters.
  ///
  /// @param data `(B, ...)`
  /// @return `(B, d)`
  public Var of(Var data) {
    Scope scope = network.frozen(data.trace(), data.type().dtype());
    return summary.apply(scope.child("summary"), data);
  }

  /// Writes the network with a card that names the architecture, see
  /// [NetworkFile][org.amortis.nn.NetworkFile].
  ///
  /// @throws org.amortis.engine.Failure STORAGE on a full disk, a missing permission or folder
  public void save(Path file) {
    Json.Obj card = Json.Obj.empty().with("kind", "neural summary");
    network.save(file, architecture, card);
  }

  /// Reads the summary of a mutual-information objective that was saved for the same networks.
  ///
  /// @param prior of the parameters that the critic was trained with
  /// @param sample shape of one data set
  /// @throws org.amortis.engine.Failure DATA for a file that is absent or damaged, or of other
  ///   networks; STORAGE if it cannot be read
  public static AmortizedSummary load(
      Path file, MutualInformation objective, Prior prior, Shape sample, Device device) {
    ParameterLayout layout = objective.layout(prior, sample);
    NetworkFile f = NetworkFile.read(file, layout, objective.toString());
    return new AmortizedSummary(
        objective.summary(), objective.toString(), layout, f.parameters(), f.statistics(), device);
  }

  @Override
  public void close() {
    network.close();
  }
}
