package org.amortis.studies.gp;

import java.util.EnumMap;
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
/// and the settings that most networks share.
final class Training {
  static final String SYMMETRIES = "lattice symmetries and sign";

  private final Run run;
  private final Map<Seeds, GaussianProcess.Pairs> simulated;

  /// @param first the training of the run that this one repeats, whose pairs it takes, or null
  Training(Run run, Training first) {
    this.run = run;
    this.simulated = first == null ? new EnumMap<>(Seeds.class) : first.simulated;
  }

  /// The training pairs.
  GaussianProcess.Pairs pairs() {
    return simulated.computeIfAbsent(Seeds.TRAIN, s -> simulate(run.budget.train(), s));
  }

  /// The validation pairs.
  GaussianProcess.Pairs validation() {
    return simulated.computeIfAbsent(Seeds.VALIDATION, s -> simulate(run.budget.validation(), s));
  }

  private GaussianProcess.Pairs simulate(int n, Seeds part) {
    return GaussianProcess.simulate(
        n, run.seed(part), run.device, run.progress(), run.cancellation());
  }

  /// Batch 32, the budget's epochs, a warm-up and cosine schedule with peak 1e-3, clipping at 5.
  TrainingOptions usual(Seeds part) {
    return new TrainingOptions(
        32,
        run.budget.epochs(),
        0,
        new LearningRate.WarmupCosine(1e-3, 0.02, 0),
        5,
        0,
        run.trainingSeed(part));
  }

  /// Fits an objective to the run's pairs, under the symmetries of the field.
  ///
  /// @param name of the network in progress and messages
  Fitted fit(String name, Objective objective, TrainingOptions options) {
    return fit(
        name,
        objective,
        dataset(pairs()),
        dataset(validation()),
        symmetries(),
        SYMMETRIES,
        options);
  }

  /// Fits an objective to other columns.
  ///
  /// @param words the augmentation in words, for the card
  Fitted fit(
      String name,
      Objective objective,
      Dataset training,
      Dataset validation,
      Augmentation augmentation,
      String words,
      TrainingOptions options) {
    Trained trained =
        new Trainer(run.device, run.progress(), run.cancellation())
            .fit(name, objective, Simulations.fixed(training), validation, augmentation, options);
    return Fitted.of(trained, run.budget, options, words);
  }

  /// Rotations, reflections and the sign of the column `data`.
  static Augmentation symmetries() {
    return new LatticeSymmetry("data", GaussianProcess.SIDE, true);
  }

  /// Columns `theta`, `u` (unconstrained) and `data`.
  static Dataset dataset(GaussianProcess.Pairs pairs) {
    int n = pairs.count();
    double[] unconstrained = GaussianProcess.PRIOR.toUnconstrained(pairs.theta());
    float[] theta = new float[n];
    float[] u = new float[n];
    for (int i = 0; i < n; i++) {
      theta[i] = (float) pairs.theta()[i];
      u[i] = (float) unconstrained[i];
    }
    return Dataset.of(
        new Column("theta", Shape.of(1), theta),
        new Column("u", Shape.of(1), u),
        new Column("data", GaussianProcess.FIELD, pairs.fields().values()));
  }

  /// The parameters of a network of the study that reads the columns of [#dataset].
  static ParameterLayout layout(Objective objective) {
    return ParameterLayout.of(scope -> {
      Map<String, Var> batch = new LinkedHashMap<>();
      int side = GaussianProcess.SIDE;
      batch.put("theta", scope.trace().data("column.theta", Type.f32(2, 1)));
      batch.put("u", scope.trace().data("column.u", Type.f32(2, 1)));
      batch.put("data", scope.trace().data("column.data", Type.f32(2, side, side, 1)));
      objective.losses(scope, batch);
    });
  }
}
