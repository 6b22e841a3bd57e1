package org.amortis.inference.point;

import java.nio.file.Path;
import java.util.List;
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
import org.amortis.io.Json;
import org.amortis.nn.NetworkFile;
import org.amortis.nn.ParameterLayout;
import org.amortis.nn.train.BoundNetwork;
import org.amortis.nn.train.Trained;

/// A trained neural Bayes estimator.
///
/// Programs are bound once a shape and kept; an instance belongs to one thread at a time.
public final class AmortizedEstimator implements AutoCloseable {
  private final NeuralBayesEstimator estimator;
  private final BoundNetwork network;

  /// An estimator with trained parameters.
  ///
  /// @param device where it computes; stays the caller's to close
  public AmortizedEstimator(NeuralBayesEstimator estimator, Trained trained, Device device) {
    this(estimator, trained.layout(), trained.parameters(), trained.statistics(), device);
  }

  /// An estimator with the given parameters.
  public AmortizedEstimator(
      NeuralBayesEstimator estimator,
      ParameterLayout layout,
      double[] parameters,
      double[] statistics,
      Device device) {
    this.estimator = estimator;
    this.network = new BoundNetwork(layout, parameters, statistics, device);
  }

  /// Estimates for each data set.
  ///
  /// @param observations n data sets of the shape that was trained on
  /// @return `(n, targets, p)` in natural units, inside the prior's support; quantiles in order
  /// @throws IllegalArgumentException for data sets of another shape than those of training
  public double[] estimate(Observations observations) {
    return estimate(observations, Progress.NONE, Cancellation.create());
  }

  /// Estimates for each data set, telling how far it is and stopping on request.
  ///
  /// @throws Cancellation.Cancelled once a stop was requested
  public double[] estimate(
      Observations observations, Progress progress, Cancellation cancellation) {
    int width = estimator.targets().size() * estimator.prior().size();
    int n = observations.count();
    double[] all = new double[n * width];
    int chunk = StrictMath.max(1, StrictMath.min(n, 256));
    progress.start("estimates", n);
    for (int from = 0; from < n; from += chunk) {
      cancellation.check();
      int start = StrictMath.max(0, StrictMath.min(from, n - chunk));
      Executable e = program(observations.sample(), chunk);
      e.input("data").write(observations.values(), start * observations.sample().size());
      e.run();
      double[] part = e.output("estimates").doubles();
      int skip = (from - start) * width;
      System.arraycopy(part, skip, all, from * width, part.length - skip);
      progress.advance(start + chunk);
    }
    progress.done();
    return all;
  }

  private Executable program(Shape sample, int b) {
    return network.program(
        sample + " " + b,
        () -> {
          Trace t = new Trace("estimate");
          Var data = t.data("data", new Type(DType.FLOAT32, sample.times(b)));
          List<Var> estimates = estimator.estimates(network.evaluating(t), data);
          t.output("estimates", t.concat(estimates, 1));
          return t.program();
        });
  }

  /// Writes the network with a card that names prior and architecture, see
  /// [NetworkFile][org.amortis.nn.NetworkFile].
  ///
  /// @throws org.amortis.engine.Failure STORAGE on a full disk, a missing permission or folder
  public void save(Path file) {
    Json.Obj card =
        Json.Obj.empty()
            .with("kind", "neural Bayes estimator")
            .with("prior", estimator.prior().toString());
    network.save(file, estimator.toString(), card);
  }

  /// Reads a network that was saved for the same prior, network and targets.
  ///
  /// @param sample shape of one data set
  /// @throws org.amortis.engine.Failure DATA for a file that is absent or damaged, or of another
  ///   prior, network or targets; STORAGE if it cannot be read
  public static AmortizedEstimator load(
      Path file, NeuralBayesEstimator estimator, Shape sample, Device device) {
    ParameterLayout layout = estimator.layout(sample);
    NetworkFile f = NetworkFile.read(file, layout, estimator.toString());
    return new AmortizedEstimator(estimator, layout, f.parameters(), f.statistics(), device);
  }

  /// The model.
  public NeuralBayesEstimator estimator() {
    return estimator;
  }

  /// Where the parameters lie.
  public ParameterLayout layout() {
    return network.layout();
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
