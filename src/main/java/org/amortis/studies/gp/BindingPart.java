package org.amortis.studies.gp;

import java.util.List;
import java.util.function.Function;
import org.amortis.engine.device.Device;
import org.amortis.engine.shape.Shape;
import org.amortis.inference.Observations;
import org.amortis.inference.likelihood.AmortizedLikelihood;
import org.amortis.inference.likelihood.LearnedLikelihood;
import org.amortis.inference.likelihood.Scaling;
import org.amortis.nn.ParameterLayout;
import org.amortis.nn.train.Augmentation;
import org.amortis.nn.train.Column;
import org.amortis.nn.train.Dataset;
import org.amortis.nn.train.LearningRate;
import org.amortis.nn.train.Trained;
import org.amortis.nn.train.TrainingOptions;

/// A learned likelihood of a summary: the density of S given theta, trained on summaries of fields
/// that the summary was not trained on.
///
/// @param family the likelihood for given moments of the summaries, which training finds and the
///   file keeps
record BindingPart(
    String name, FieldSummary summary, Function<Scaling, LearnedLikelihood> family, Seeds seed)
    implements NetworkPart {
  /// Summaries a step.
  static final int BATCH = 128;

  /// The likelihood as it is described: with the moments of its file once it is trained.
  LearnedLikelihood likelihood() {
    return family.apply(Scaling.none(1));
  }

  @Override
  public String architecture() {
    return likelihood().toString();
  }

  @Override
  public ParameterLayout layout() {
    return likelihood().layout();
  }

  @Override
  public Fitted train(Run run) {
    GaussianProcess.Pairs pairs = run.training().pairs();
    GaussianProcess.Pairs held = run.training().validation();
    if (!summary.parts().isEmpty()) {
      // A summary of fields that it was trained on is less noisy than one of other fields: what
      // reads a learned summary sees the validation fields, all of their symmetric images.
      int first = StrictMath.max(1, held.count() * 4 / 5);
      pairs = images(held.rows(0, first));
      held = held.rows(first, held.count());
    }
    Dataset training = columns(pairs, run);
    Column s = training.columns().getLast();
    Fitted fitted =
        run.training()
            .fit(
                name,
                family.apply(scaling(new Observations(s.sample(), s.values()))),
                training,
                columns(held, run),
                Augmentation.NONE,
                "none",
                options(pairs.count(), run.trainingSeed(seed)));
    return new Fitted(
        fitted.trained(),
        fitted.record().with("pairs", pairs.count()).with("validation_pairs", held.count()));
  }

  /// The pairs with each field in its eight rotations and reflections, every other one with its
  /// sign changed.
  private static GaussianProcess.Pairs images(GaussianProcess.Pairs pairs) {
    int side = GaussianProcess.SIDE;
    int sites = side * side;
    int n = pairs.count();
    double[] theta = new double[8 * n];
    float[] z = new float[8 * n * sites];
    for (int k = 0; k < 8; k++) {
      System.arraycopy(pairs.theta(), 0, theta, k * n, n);
      for (int f = 0; f < n; f++) {
        for (int i = 0; i < side; i++) {
          for (int j = 0; j < side; j++) {
            int r = (k & 1) == 0 ? i : side - 1 - i;
            int c = (k & 2) == 0 ? j : side - 1 - j;
            int from = (k & 4) == 0 ? r * side + c : c * side + r;
            float v = pairs.fields().values()[f * sites + from];
            z[(k * n + f) * sites + i * side + j] = (k & 1) == 0 ? v : -v;
          }
        }
      }
    }
    return new GaussianProcess.Pairs(theta, new Observations(GaussianProcess.FIELD, z));
  }

  /// Small networks on single numbers: some 2,500 steps whatever the profile.
  static TrainingOptions options(int pairs, long seed) {
    int epochs = StrictMath.clamp(320_000 / StrictMath.max(1, pairs), 10, 80);
    LearningRate rate = new LearningRate.WarmupCosine(5e-3, 0.05, 0);
    int batch = StrictMath.min(BATCH, pairs);
    return new TrainingOptions(batch, epochs, 0, rate, 5, 0, seed);
  }

  /// The likelihood with first values, for explanations.
  AmortizedLikelihood untrained(Device device) {
    ParameterLayout layout = layout();
    return new AmortizedLikelihood(
        likelihood(), layout, layout.initial(1), layout.initialStatistics(1), device);
  }

  /// Columns `theta` and `summaries`.
  private Dataset columns(GaussianProcess.Pairs pairs, Run run) {
    Observations s = summaries(pairs.fields(), run);
    float[] theta = new float[pairs.count()];
    for (int i = 0; i < theta.length; i++) {
      theta[i] = (float) pairs.theta()[i];
    }
    return Dataset.of(
        new Column("theta", Shape.of(1), theta),
        new Column("summaries", FieldSummary.SHAPE, s.values()));
  }

  /// Summaries by the run's networks.
  Observations summaries(Observations fields, Run run) {
    List<Trained> networks =
        summary.parts().stream().map(p -> run.networks().part(p).trained()).toList();
    return summary.of(fields, networks, run.device);
  }

  /// The moments of summaries.
  static Scaling scaling(Observations s) {
    double[] y = new double[s.count()];
    for (int i = 0; i < y.length; i++) {
      y[i] = s.values()[i];
    }
    return Scaling.of(y, 1);
  }
}
