package org.amortis.studies.msp;

import java.util.LinkedHashMap;
import java.util.Map;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.Type;
import org.amortis.nn.ParameterLayout;
import org.amortis.nn.train.Augmentation;
import org.amortis.nn.train.Column;
import org.amortis.nn.train.Dataset;
import org.amortis.nn.train.LatticeSymmetry;
import org.amortis.nn.train.LearningRate;
import org.amortis.nn.train.Objective;
import org.amortis.nn.train.Simulations;
import org.amortis.nn.train.Trained;
import org.amortis.nn.train.Trainer;
import org.amortis.nn.train.TrainingOptions;

/// The training of a run's networks: pairs, simulated once when the first network asks for them,
/// and the settings that all share.
final class Training {
  /// Columns once they are simulated; shared by the repeats of a run.
  private static final class Data {
    private Dataset pairs;
    private Dataset validation;
  }

  private final Run run;
  private final Data data;

  /// @param first the training of the run that this one repeats, or null
  Training(Run run, Training first) {
    this.run = run;
    this.data = first == null ? new Data() : first.data;
  }

  /// Batch 32, the budget's epochs, a warm-up and cosine schedule with peak 1e-3, clipping at 5.
  TrainingOptions options(Seeds part) {
    return new TrainingOptions(
        32,
        run.budget.epochs(),
        0,
        new LearningRate.WarmupCosine(1e-3, 0.02, 0),
        5,
        0,
        run.trainingSeed(part));
  }

  /// Fits a method's network to the run's pairs, under the symmetries of the lattice.
  Trained fit(NetworkMethod method) {
    if (data.pairs == null) {
      data.pairs = dataset(simulate(run.budget.train(), Seeds.TRAIN));
      data.validation = dataset(simulate(run.budget.validation(), Seeds.VALIDATION));
    }
    return new Trainer(run.device, run.progress(), run.cancellation())
        .fit(
            method.name(),
            method.objective(),
            Simulations.fixed(data.pairs),
            data.validation,
            symmetries(),
            options(method.seed()));
  }

  private Schlather.Pairs simulate(int n, Seeds part) {
    return Schlather.simulate(
        n, run.seed(part), run.options.threads(), run.progress(), run.cancellation());
  }

  /// Rotations and reflections of the column `data`.
  static Augmentation symmetries() {
    return new LatticeSymmetry("data", Schlather.SIDE, false);
  }

  /// Columns `theta`, `u` (unconstrained) and `data`.
  static Dataset dataset(Schlather.Pairs pairs) {
    double[] unconstrained = Schlather.PRIOR.toUnconstrained(pairs.theta());
    return Dataset.of(
        new Column("theta", Shape.of(2), floats(pairs.theta())),
        new Column("u", Shape.of(2), floats(unconstrained)),
        new Column("data", Schlather.FIELD, pairs.fields().values()));
  }

  private static float[] floats(double[] x) {
    float[] y = new float[x.length];
    for (int i = 0; i < y.length; i++) {
      y[i] = (float) x[i];
    }
    return y;
  }

  /// The parameters of a network of the study.
  static ParameterLayout layout(Objective objective) {
    return ParameterLayout.of(scope -> {
      Map<String, Var> batch = new LinkedHashMap<>();
      int side = Schlather.SIDE;
      batch.put("theta", scope.trace().data("column.theta", Type.f32(2, 2)));
      batch.put("u", scope.trace().data("column.u", Type.f32(2, 2)));
      batch.put("data", scope.trace().data("column.data", Type.f32(2, side, side, 1)));
      objective.losses(scope, batch);
    });
  }
}
