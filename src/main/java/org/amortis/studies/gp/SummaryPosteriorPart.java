package org.amortis.studies.gp;

import java.util.ArrayList;
import java.util.List;
import org.amortis.engine.device.Device;
import org.amortis.engine.op.Activation;
import org.amortis.engine.program.Program;
import org.amortis.inference.Observations;
import org.amortis.inference.likelihood.AmortizedLikelihood;
import org.amortis.inference.likelihood.BatchLikelihood;
import org.amortis.inference.likelihood.Scaling;
import org.amortis.inference.posterior.NeuralPosterior;
import org.amortis.inference.variational.ReverseKl;
import org.amortis.nn.Network;
import org.amortis.nn.ParameterLayout;
import org.amortis.nn.layer.Activate;
import org.amortis.nn.layer.Dense;
import org.amortis.nn.layer.Sequential;
import org.amortis.nn.train.Augmentation;
import org.amortis.nn.train.Column;
import org.amortis.nn.train.Dataset;
import org.amortis.nn.train.Trained;
import org.amortis.nn.train.Trainer;
import org.amortis.nn.train.TrainingStep;

/// A posterior network trained by reverse divergence with the synthetic likelihood of a summary.
///
/// The published network reads the field itself; a posterior given S depends on the field through S
/// alone, so this one reads S, which costs a thousandth and leaves nothing to learn but the curve.
record SummaryPosteriorPart(String name, BindingPart binding, Seeds seed) implements NetworkPart {
  /// Draws a summary and step.
  private static final int DRAWS = 8;

  /// The network as it is described: with the moments of its file once it is trained.
  NeuralPosterior posterior() {
    return posterior(Scaling.none(1));
  }

  private static NeuralPosterior posterior(Scaling scaling) {
    Network features =
        Sequential.of(
            scaling,
            new Dense(32, Activation.NONE),
            new Activate(Activate.Kind.TANH),
            new Dense(32, Activation.NONE),
            new Activate(Activate.Kind.TANH));
    return new NeuralPosterior(GaussianProcess.PRIOR, features, Models.fkl().density());
  }

  private static ReverseKl objective(Scaling scaling, BatchLikelihood likelihood) {
    NeuralPosterior q = posterior(scaling);
    return ReverseKl.of(q.prior(), q.summary(), q.density(), likelihood, DRAWS);
  }

  @Override
  public String architecture() {
    return posterior().toString();
  }

  @Override
  public ParameterLayout layout() {
    BatchLikelihood none = (theta, batch, repeat) -> theta.sum(1);
    return TrainingStep.layout(
        objective(Scaling.none(1), none),
        columns(new Observations(FieldSummary.SHAPE, new float[2])),
        2);
  }

  @Override
  public Fitted train(Run run) {
    Trained trained = run.networks().part(binding).trained();
    Observations s = binding.summaries(run.training().pairs().fields(), run);
    Observations validation = binding.summaries(run.training().validation().fields(), run);
    try (AmortizedLikelihood likelihood =
        new AmortizedLikelihood(binding.likelihood(), trained, run.device)) {
      Fitted fitted =
          run.training()
              .fit(
                  name,
                  objective(BindingPart.scaling(s), likelihood.batch()),
                  columns(s),
                  columns(validation),
                  Augmentation.NONE,
                  "none",
                  BindingPart.options(s.count(), run.trainingSeed(seed)));
      return new Fitted(fitted.trained(), fitted.record().with("pairs", s.count()));
    }
  }

  /// The program of a training step, with a binding function of first values.
  Program step(Device device) {
    try (AmortizedLikelihood likelihood = binding.untrained(device)) {
      return Trainer.program(
          objective(Scaling.none(1), likelihood.batch()),
          columns(new Observations(FieldSummary.SHAPE, new float[BindingPart.BATCH])),
          Augmentation.NONE,
          BindingPart.options(BindingPart.BATCH, 1));
    }
  }

  /// The network reads what the likelihood reads.
  private static Dataset columns(Observations s) {
    List<Column> columns = new ArrayList<>();
    columns.add(new Column("data", s.sample(), s.values()));
    columns.add(new Column("summaries", s.sample(), s.values()));
    return new Dataset(columns);
  }
}
