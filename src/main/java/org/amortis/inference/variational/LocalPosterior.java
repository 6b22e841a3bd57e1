package org.amortis.inference.variational;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.Executable;
import org.amortis.engine.program.Trace;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.Type;
import org.amortis.inference.posterior.AmortizedPosterior;
import org.amortis.inference.posterior.NeuralPosterior;
import org.amortis.nn.ParameterLayout;
import org.amortis.nn.Scope;
import org.amortis.nn.train.Column;
import org.amortis.nn.train.Dataset;

/// Posteriors of n given data sets, each with variational parameters of its own: what an amortized
/// posterior starts and [Refinement] improves.
///
/// The family is the amortized density, with one context a data set in place of the summary
/// network's output, followed by one affine map a data set. So any amortized posterior can be
/// refined, and even one whose network ignores the data reaches the posterior's location and scale.
///
/// `u = m + T v` with v from the density at the data set's own context, T lower triangular and
/// positive on the diagonal; `log q(u) = log q_0(v) - log|T|`. Legend: n data sets, C context
/// features, p parameters.
public final class LocalPosterior {
  /// Data sets a program.
  static final int CHUNK = 32;

  private final NeuralPosterior model;
  private final ParameterLayout layout;
  private final double[] parameters;
  private final double[] statistics;
  private final Dataset data;
  private final int width;
  private final double[] contexts;
  private final double[] affine;

  private LocalPosterior(LocalPosterior like, double[] contexts, double[] affine) {
    this.model = like.model;
    this.layout = like.layout;
    this.parameters = like.parameters;
    this.statistics = like.statistics;
    this.data = like.data;
    this.width = like.width;
    this.contexts = contexts;
    this.affine = affine;
  }

  private LocalPosterior(AmortizedPosterior q, Dataset data, double[] contexts) {
    this.model = q.posterior();
    this.layout = q.layout();
    this.parameters = q.parameters();
    this.statistics = q.statistics();
    this.data = data;
    this.width = contexts.length / data.count();
    this.contexts = contexts;
    this.affine = new double[data.count() * LocalDensity.affineWidth(model.prior().size())];
  }

  /// The amortized answers themselves.
  ///
  /// @param data the data sets: column `data`, and what a likelihood reads
  /// @throws IllegalArgumentException when there is no column `data`
  public static LocalPosterior of(AmortizedPosterior q, Dataset data, Device device) {
    int n = data.count();
    int c = StrictMath.min(n, CHUNK);
    Column column = column(data, "data");
    Trace t = new Trace("contexts");
    Scope scope = Scope.frozen(t, DType.FLOAT32, q.layout(), q.parameters(), q.statistics());
    Var z = t.data("data", new Type(DType.FLOAT32, column.sample().times(c)));
    Var context = q.posterior().summary().apply(scope.child("summary"), z);
    t.output("context", context);
    double[] all = new double[n * context.dim(1)];
    try (Executable e = device.bind(t.program())) {
      for (int from = 0; from < n; from += c) {
        int start = StrictMath.min(from, n - c);
        e.input("data").write(column.rows(start, start + c).values(), 0);
        e.run();
        double[] part = e.output("context").doubles();
        System.arraycopy(part, 0, all, start * context.dim(1), part.length);
      }
    }
    return new LocalPosterior(q, data, all);
  }

  private static Column column(Dataset data, String name) {
    return data.columns().stream()
        .filter(c -> c.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("the data sets have no column " + name));
  }

  /// The same family with other parameters of each data set.
  LocalPosterior with(double[] newContexts, double[] newAffine) {
    return new LocalPosterior(this, newContexts, newAffine);
  }

  /// This posterior where `other` is not to be taken.
  LocalPosterior or(LocalPosterior other, boolean[] take) {
    double[] c = contexts.clone();
    double[] a = affine.clone();
    int w = a.length / count();
    for (int i = 0; i < take.length; i++) {
      if (take[i]) {
        System.arraycopy(other.contexts, i * width, c, i * width, width);
        System.arraycopy(other.affine, i * w, a, i * w, w);
      }
    }
    return with(c, a);
  }

  /// Number of data sets n.
  public int count() {
    return data.count();
  }

  /// Model and family.
  public NeuralPosterior model() {
    return model;
  }

  /// The contexts `(n, C)`.
  public double[] contexts() {
    return contexts.clone();
  }

  /// The affine maps `(n, 2p + p(p-1)/2)`: shift, log diagonal, lower entries.
  public double[] affine() {
    return affine.clone();
  }

  int contextWidth() {
    return width;
  }

  /// Traces the densities of c data sets with the given parameters.
  LocalDensity trace(Trace t, Var context, Var map) {
    Supplier<Scope> scope =
        () -> Scope.frozen(t, DType.FLOAT32, layout, parameters, statistics).child("density");
    return new LocalDensity(model.density(), scope, context, map, model.prior().size());
  }

  /// Traces the columns of c data sets.
  Map<String, Var> batch(Trace t, int c) {
    Map<String, Var> batch = new LinkedHashMap<>();
    for (Column column : data.columns()) {
      Shape shape = column.sample().times(c);
      batch.put(column.name(), t.data("column." + column.name(), new Type(DType.FLOAT32, shape)));
    }
    return batch;
  }

  /// Writes the columns of the data sets from `start` on, where the program reads them.
  void write(Executable e, int start, int c) {
    for (Column column : data.columns()) {
      String label = "column." + column.name();
      if (e.program().inputs().containsKey(label)) {
        e.input(label).write(column.rows(start, start + c).values(), 0);
      }
    }
  }
}
