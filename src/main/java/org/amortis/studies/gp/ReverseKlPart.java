package org.amortis.studies.gp;

import java.util.ArrayList;
import java.util.List;
import org.amortis.engine.shape.Shape;
import org.amortis.inference.Observations;
import org.amortis.inference.likelihood.ChebyshevLikelihood;
import org.amortis.inference.posterior.NeuralPosterior;
import org.amortis.inference.variational.Bound;
import org.amortis.inference.variational.PriorTerm;
import org.amortis.inference.variational.ReverseKl;
import org.amortis.nn.ParameterLayout;
import org.amortis.nn.density.ConditionalDensity;
import org.amortis.nn.train.Column;
import org.amortis.nn.train.Dataset;
import org.amortis.nn.train.TrainingOptions;
import org.amortis.nn.train.TrainingStep;

/// A posterior network trained by reverse divergence with the exact likelihood.
///
/// The likelihood comes with the fields as the coefficients of its Chebyshev series: computed once,
/// after which a draw's value and slope cost a sum of 80 terms in place of a factorisation. They
/// are the same under the field's symmetries.
record ReverseKlPart(String name, ConditionalDensity density, PriorTerm priorTerm, Seeds seed)
    implements NetworkPart {
  /// Draws a field and step.
  static final int DRAWS = 4;

  private static final int MOST_EPOCHS = 20;
  private static final int CHUNK = 4_000;

  NeuralPosterior posterior() {
    return new NeuralPosterior(GaussianProcess.PRIOR, Models.cnn(), density);
  }

  @Override
  public String architecture() {
    return posterior().toString();
  }

  /// In the order in which training declares them: draws go through a flow backwards.
  @Override
  public ParameterLayout layout() {
    return TrainingStep.layout(objective(), shapes(2), 2);
  }

  /// A training set that only gives programs their shapes.
  static Dataset shapes(int n) {
    int terms = GaussianProcess.PANELS.getFirst().terms();
    return Dataset.of(
        new Column("data", GaussianProcess.FIELD, Explanation.zeros(n).values()),
        new Column("chebyshev0", Shape.of(terms), new float[n * terms]));
  }

  /// What training minimises.
  ReverseKl objective() {
    return new ReverseKl(
        GaussianProcess.PRIOR,
        Models.cnn(),
        density,
        ChebyshevLikelihood.batch(GaussianProcess.PANELS),
        priorTerm,
        new Bound.Evidence(DRAWS));
  }

  @Override
  public Fitted train(Run run) {
    return run.training()
        .fit(
            name,
            objective(),
            columns(run.training().pairs().fields(), run),
            columns(run.training().validation().fields(), run),
            Training.symmetries(),
            Training.SYMMETRIES,
            options(run));
  }

  /// The usual settings, but at most 20 epochs: a step sees the whole likelihood of its fields.
  private TrainingOptions options(Run run) {
    TrainingOptions o = run.training().usual(seed);
    int epochs = StrictMath.min(o.epochs(), MOST_EPOCHS);
    return new TrainingOptions(
        o.batch(), epochs, o.patience(), o.learningRate(), o.clipNorm(), o.weightDecay(), o.seed());
  }

  /// Fields and the coefficients of their likelihoods.
  private static Dataset columns(Observations fields, Run run) {
    List<Column> all = new ArrayList<>();
    all.add(new Column("data", GaussianProcess.FIELD, fields.values()));
    run.progress().start("likelihoods of the training fields", fields.count());
    for (int from = 0; from < fields.count(); from += CHUNK) {
      run.cancellation().check();
      int to = StrictMath.min(fields.count(), from + CHUNK);
      List<Column> part = GaussianProcess.chebyshev(fields.rows(from, to), run.device).columns();
      for (int i = 0; i < part.size(); i++) {
        Column c = part.get(i);
        if (from == 0) {
          float[] room = new float[fields.count() * c.sample().size()];
          all.add(new Column(c.name(), c.sample(), room));
        }
        int at = from * c.sample().size();
        System.arraycopy(c.values(), 0, all.get(1 + i).values(), at, c.values().length);
      }
      run.progress().advance(to);
    }
    run.progress().done();
    return new Dataset(all);
  }
}
