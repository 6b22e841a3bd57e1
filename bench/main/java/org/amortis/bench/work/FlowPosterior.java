package org.amortis.bench.work;

import java.util.List;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.reference.ReferenceDevice;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.Type;
import org.amortis.inference.Marginal;
import org.amortis.inference.Observations;
import org.amortis.inference.Prior;
import org.amortis.inference.posterior.AmortizedPosterior;
import org.amortis.inference.posterior.NeuralPosterior;
import org.amortis.nn.Network;
import org.amortis.nn.density.FlowDensity;
import org.amortis.nn.flow.Composition;
import org.amortis.nn.flow.Flows;
import org.amortis.nn.flow.Standardise;
import org.amortis.nn.train.Column;
import org.amortis.nn.train.Dataset;
import org.amortis.studies.gp.GaussianProcess;

/// Posteriors by sbi's default flow: of fields through the paper's network, and of two moons.
///
/// Data and parameters are standardised as sbi does. Ours live on the unconstrained space of the
/// prior, so all draws lie inside it.
public final class FlowPosterior implements AutoCloseable {
  /// Fields that training goes over.
  public static final int FIELDS = 3200;

  private static final int EPOCHS = 10;

  private final Device device;
  private final NeuralPosterior posterior;
  private final Epochs training;
  private AmortizedPosterior trained;

  private FlowPosterior(
      Device device, NeuralPosterior posterior, Dataset train, Dataset held, int batch) {
    this.device = device;
    this.posterior = posterior;
    this.training = new Epochs(device, posterior, train, held, batch, 5e-4, 5);
  }

  /// 3,200 fields in batches of 32, 352 held out; 228,547 parameters.
  public static FlowPosterior ofFields(Device device) {
    return ofFields(device, FIELDS);
  }

  /// The same on so many fields, and 11 % more held out.
  public static FlowPosterior ofFields(Device device, int n) {
    int held = 32 * StrictMath.max(1, n * 11 / 100 / 32);
    Dataset all = Pairs.columns(Pairs.fields(device, n + held, 1));
    Dataset train = Pairs.rows(all, 0, n);
    Network summary = standardised(column(train, "data"), PaperNetwork.of(8));
    NeuralPosterior posterior = posterior(GaussianProcess.PRIOR, summary, train, 8);
    return new FlowPosterior(device, posterior, train, Pairs.rows(all, n, n + held), 32);
  }

  /// Two moons: 9,000 pairs in batches of 200, 1,000 held out; 60,925 parameters.
  public static FlowPosterior ofMoons(Device device) {
    return ofMoons(device, 10_000);
  }

  /// The same on so many pairs, a tenth held out.
  public static FlowPosterior ofMoons(Device device, int n) {
    double[][] pairs = Pairs.moons(n);
    Prior prior = Prior.of(new Marginal.Uniform("a", -1, 1), new Marginal.Uniform("b", -1, 1));
    Dataset all =
        Dataset.of(
            new Column("u", Shape.of(2), Pairs.floats(prior.toUnconstrained(pairs[0]))),
            new Column("data", Shape.of(2), Pairs.floats(pairs[1])));
    Dataset train = Pairs.rows(all, 0, n - n / 10);
    Network summary = standardised(column(train, "data"), (scope, x) -> x);
    NeuralPosterior posterior = posterior(prior, summary, train, 2);
    return new FlowPosterior(device, posterior, train, Pairs.rows(all, n - n / 10, n), 200);
  }

  private static Column column(Dataset data, String name) {
    return data.columns().stream().filter(c -> c.name().equals(name)).findFirst().orElseThrow();
  }

  private static NeuralPosterior posterior(
      Prior prior, Network summary, Dataset train, int features) {
    int p = prior.size();
    Standardise first = Standardise.of(doubles(column(train, "u").values()), p);
    return new NeuralPosterior(
        prior,
        summary,
        new FlowDensity(new Composition(List.of(first, Flows.sbiNsf(p, features)))));
  }

  private static double[] doubles(float[] x) {
    double[] y = new double[x.length];
    for (int i = 0; i < y.length; i++) {
      y[i] = x[i];
    }
    return y;
  }

  /// Each element by its own mean and standard deviation over the training data, then a network.
  private static Network standardised(Column data, Network network) {
    int n = data.sample().size();
    Standardise s = Standardise.of(doubles(data.values()), n);
    double[] mean = s.mean().stream().mapToDouble(v -> v).toArray();
    double[] factor = s.sd().stream().mapToDouble(v -> 1 / StrictMath.max(v, 1e-7)).toArray();
    return (scope, x) -> {
      Type type = new Type(scope.dtype(), data.sample());
      Var m = scope.trace().table(type, mean);
      Var f = scope.trace().table(type, factor);
      return network.apply(scope, x.sub(m).mul(f));
    };
  }

  /// Training, an epoch a measure.
  public Epochs training() {
    return training;
  }

  /// The posterior after at least ten epochs.
  public AmortizedPosterior trained() {
    if (trained == null) {
      while (training.count() < EPOCHS) {
        training.seconds();
      }
      trained = bound(device);
    }
    return trained;
  }

  private AmortizedPosterior bound(Device d) {
    return new AmortizedPosterior(
        posterior, training.layout(), training.parameters(), new double[0], d);
  }

  /// Draws for each of so many observations; checked against the oracle on few.
  public Work draws(Observations observations, int draws) {
    AmortizedPosterior after = trained();
    return new Work() {
      @Override
      public double seconds() {
        return Work.time(() -> after.sample(observations, draws, 1));
      }

      @Override
      public void check() {
        int n = StrictMath.min(2, observations.count());
        try (AmortizedPosterior oracle = bound(new ReferenceDevice());
            AmortizedPosterior ours = bound(device)) {
          double[] a = ours.sample(observations.rows(0, n), 5, 1);
          double[] b = oracle.sample(observations.rows(0, n), 5, 1);
          Work.agree("draws", a, b, 1e-3);
        }
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public void close() {
    training.close();
    if (trained != null) {
      trained.close();
    }
  }
}
