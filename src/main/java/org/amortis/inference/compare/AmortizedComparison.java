package org.amortis.inference.compare;

import java.nio.file.Path;
import org.amortis.engine.Failure;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.Executable;
import org.amortis.engine.math.Special;
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

/// A trained comparison of models: posterior probabilities and Bayes factors of any data set.
///
/// With logits g and the prior tau of training, `log p(Z | M_k) = (g_k(Z) - log tau_k) / T` up to a
/// term that all models share; T is the temperature of [#calibrated], 1 before. So the same network
/// answers for any prior probabilities of the models. Programs are bound once a shape and kept; an
/// instance belongs to one thread at a time. Data sets of another shape than those of training
/// throw `IllegalArgumentException`. Legend: n data sets, K models.
public final class AmortizedComparison implements AutoCloseable {
  private static final int BATCH = 256;
  private static final double MOST_LOG_TEMPERATURE = 3;

  private final ModelComparison comparison;
  private final BoundNetwork network;
  private final double temperature;

  /// A comparison with trained parameters.
  ///
  /// @param device where it computes; stays the caller's to close
  public AmortizedComparison(ModelComparison comparison, Trained trained, Device device) {
    this(comparison, trained.layout(), trained.parameters(), trained.statistics(), 1, device);
  }

  /// A comparison with the given parameters.
  ///
  /// @param temperature that divides log evidence, positive
  /// @throws IllegalArgumentException when it is not
  public AmortizedComparison(
      ModelComparison comparison,
      ParameterLayout layout,
      double[] parameters,
      double[] statistics,
      double temperature,
      Device device) {
    this(comparison, new BoundNetwork(layout, parameters, statistics, device), temperature);
  }

  private AmortizedComparison(
      ModelComparison comparison, BoundNetwork network, double temperature) {
    if (!(temperature > 0) || Double.isInfinite(temperature)) {
      throw new IllegalArgumentException("temperature must be positive, found " + temperature);
    }
    this.comparison = comparison;
    this.network = network;
    this.temperature = temperature;
  }

  private int models() {
    return comparison.models().size();
  }

  /// Log evidence `log p(Z | M_k)` of each model, up to a constant of each data set.
  ///
  /// @return `(n, K)`
  public double[] logEvidence(Observations observations) {
    int k = models();
    int n = observations.count();
    int size = observations.sample().size();
    double[] all = new double[n * k];
    int chunk = StrictMath.max(1, StrictMath.min(n, BATCH));
    for (int from = 0; from < n; from += chunk) {
      int start = StrictMath.min(from, n - chunk);
      Executable e = program(observations.sample(), chunk);
      e.input("data").write(observations.values(), start * size);
      e.run();
      double[] part = e.output("logits").doubles();
      System.arraycopy(part, 0, all, start * k, part.length);
    }
    for (int i = 0; i < all.length; i++) {
      all[i] = (all[i] - Special.log(comparison.prior().get(i % k))) / temperature;
    }
    return all;
  }

  private Executable program(Shape sample, int b) {
    return network.program(
        sample + " " + b,
        () -> {
          Trace t = new Trace("compare");
          Var data = t.data("data", new Type(DType.FLOAT32, sample.times(b)));
          t.output("logits", comparison.logits(network.evaluating(t), data));
          return t.program();
        });
  }

  /// Posterior probabilities of the models under the prior of training.
  ///
  /// @return `(n, K)`
  public double[] probabilities(Observations observations) {
    return probabilities(observations, comparison.prior().stream().mapToDouble(v -> v).toArray());
  }

  /// Posterior probabilities of the models under another prior.
  ///
  /// @param prior weights of the models, not negative; 0 leaves one out
  /// @return `(n, K)`
  /// @throws IllegalArgumentException when there are not as many weights as models
  public double[] probabilities(Observations observations, double... prior) {
    if (prior.length != models()) {
      throw new IllegalArgumentException(
          prior.length + " prior probabilities for " + models() + " models");
    }
    return probabilities(logEvidence(observations), prior);
  }

  private static double[] probabilities(double[] evidence, double[] prior) {
    int k = prior.length;
    double[] p = new double[evidence.length];
    for (int at = 0; at < p.length; at += k) {
      double most = Double.NEGATIVE_INFINITY;
      for (int j = 0; j < k; j++) {
        p[at + j] = evidence[at + j] + Special.log(prior[j]);
        most = StrictMath.max(most, p[at + j]);
      }
      double sum = 0;
      for (int j = 0; j < k; j++) {
        p[at + j] = Special.exp(p[at + j] - most);
        sum += p[at + j];
      }
      for (int j = 0; j < k; j++) {
        p[at + j] /= sum;
      }
    }
    return p;
  }

  /// Logarithm of the Bayes factor `p(Z | model) / p(Z | other)` of each data set.
  ///
  /// @return `(n,)`
  /// @throws IllegalArgumentException when there is no model of that name
  public double[] logBayesFactor(Observations observations, String model, String other) {
    int a = index(model);
    int b = index(other);
    double[] evidence = logEvidence(observations);
    double[] factor = new double[observations.count()];
    for (int i = 0; i < factor.length; i++) {
      factor[i] = evidence[i * models() + a] - evidence[i * models() + b];
    }
    return factor;
  }

  private int index(String model) {
    int k = comparison.models().indexOf(model);
    if (k < 0) {
      throw new IllegalArgumentException(
          "no model " + model + ", there are " + comparison.models());
    }
    return k;
  }

  /// The same comparison at the temperature that minimises the cross-entropy of held-out data sets
  /// (temperature scaling, Guo et al. 2017); to be closed by itself.
  ///
  /// A temperature above 1 says that training left the classifier too sure of itself. The data sets
  /// must be drawn with the prior of training and not be those of training.
  ///
  /// @param models the model that made each data set, `(n,)`
  public AmortizedComparison calibrated(Observations observations, int[] models) {
    double[] evidence = logEvidence(observations);
    double[] prior = comparison.prior().stream().mapToDouble(v -> v).toArray();
    double golden = (StrictMath.sqrt(5) - 1) / 2;
    double low = -MOST_LOG_TEMPERATURE;
    double high = MOST_LOG_TEMPERATURE;
    // The cross-entropy is convex in 1 / T, so it has one minimum in log T.
    double a = high - golden * (high - low);
    double b = low + golden * (high - low);
    double atA = crossEntropy(evidence, prior, models, a);
    double atB = crossEntropy(evidence, prior, models, b);
    while (high - low > 1e-6) {
      if (atA < atB) {
        high = b;
        b = a;
        atB = atA;
        a = high - golden * (high - low);
        atA = crossEntropy(evidence, prior, models, a);
      } else {
        low = a;
        a = b;
        atA = atB;
        b = low + golden * (high - low);
        atB = crossEntropy(evidence, prior, models, b);
      }
    }
    double t = temperature * Special.exp((low + high) / 2);
    return new AmortizedComparison(comparison, network.unbound(), t);
  }

  private static double crossEntropy(
      double[] evidence, double[] prior, int[] models, double logTemperature) {
    int k = prior.length;
    double scale = Special.exp(-logTemperature);
    double total = 0;
    double[] x = new double[k];
    for (int i = 0; i < models.length; i++) {
      double most = Double.NEGATIVE_INFINITY;
      for (int j = 0; j < k; j++) {
        x[j] = evidence[i * k + j] * scale + Special.log(prior[j]);
        most = StrictMath.max(most, x[j]);
      }
      double sum = 0;
      for (double v : x) {
        sum += Special.exp(v - most);
      }
      total += most + Special.log(sum) - x[models[i]];
    }
    return total / models.length;
  }

  /// What log evidence is divided by.
  public double temperature() {
    return temperature;
  }

  /// Writes the network with a card that names models, prior and temperature, see
  /// [NetworkFile][org.amortis.nn.NetworkFile].
  ///
  /// @throws org.amortis.engine.Failure STORAGE on a full disk, a missing permission or folder
  public void save(Path file) {
    Json.Obj card =
        Json.Obj.empty()
            .with("kind", "model comparison")
            .with("prior", comparison.prior().toString())
            .with("temperature", Json.of(temperature));
    network.save(file, comparison.toString(), card);
  }

  /// Reads a network that was saved for the same models, prior and network.
  ///
  /// @param sample shape of one data set
  /// @throws org.amortis.engine.Failure DATA for a file that is absent or damaged, or of other
  ///   models, prior or network; STORAGE if it cannot be read
  public static AmortizedComparison load(
      Path file, ModelComparison comparison, Shape sample, Device device) {
    ParameterLayout layout = comparison.layout(sample);
    NetworkFile f = NetworkFile.read(file, layout, comparison.toString());
    double t = f.card().require("temperature") instanceof Json.Num n ? n.asDouble() : Double.NaN;
    if (!(t > 0) || Double.isInfinite(t)) {
      throw Failure.data(file + ": the card's temperature is no positive number");
    }
    return new AmortizedComparison(comparison, layout, f.parameters(), f.statistics(), t, device);
  }

  /// The models and their network.
  public ModelComparison comparison() {
    return comparison;
  }

  @Override
  public void close() {
    network.close();
  }
}
