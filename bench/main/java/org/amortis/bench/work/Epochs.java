package org.amortis.bench.work;

import java.util.ArrayList;
import java.util.List;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.reference.ReferenceDevice;
import org.amortis.engine.math.RandomKey;
import org.amortis.engine.math.Streams;
import org.amortis.nn.ParameterLayout;
import org.amortis.nn.train.Augmentation;
import org.amortis.nn.train.Column;
import org.amortis.nn.train.Dataset;
import org.amortis.nn.train.Evaluation;
import org.amortis.nn.train.LearningRate;
import org.amortis.nn.train.Objective;
import org.amortis.nn.train.TrainingOptions;
import org.amortis.nn.train.TrainingStep;

/// Training that can be asked for one more epoch: shuffled batches, then the held-out loss if there
/// is a held-out set.
public final class Epochs implements Work {
  private final Device device;
  private final Objective objective;
  private final Dataset data;
  private final TrainingOptions options;
  private final ParameterLayout layout;
  private final TrainingStep step;
  private final Evaluation evaluation;
  private final int steps;
  private final Runnable settle;
  private int epoch;

  /// Prepares training.
  ///
  /// @param held held-out pairs, or null for none
  /// @param clip largest norm of the gradient; 0 for no clipping
  public Epochs(
      Device device,
      Objective objective,
      Dataset data,
      Dataset held,
      int batch,
      double rate,
      double clip) {
    this.device = device;
    this.objective = objective;
    this.data = data;
    this.options = new TrainingOptions(batch, 1, 0, new LearningRate.Constant(rate), clip, 0, 1);
    this.layout = TrainingStep.layout(objective, data, batch);
    this.steps = data.count() / batch;
    this.settle = Work.settle(device);
    this.step = step(device, data, options);
    this.evaluation = held == null ? null : new Evaluation(device, objective, layout, held);
  }

  private TrainingStep step(Device device, Dataset pairs, TrainingOptions o) {
    return new TrainingStep(
        device,
        objective,
        layout,
        pairs,
        Augmentation.NONE,
        o,
        layout.initial(1),
        layout.initialStatistics(1));
  }

  /// Where the parameters lie.
  public ParameterLayout layout() {
    return layout;
  }

  /// Epochs so far.
  public int count() {
    return epoch;
  }

  /// Present parameters.
  public double[] parameters() {
    return step.parameters();
  }

  /// Samples that one epoch trains on.
  public int samples() {
    return steps * options.batch();
  }

  @Override
  public double seconds() {
    return Work.time(() -> {
      int n = data.count();
      step.begin(data, Streams.permutation(new RandomKey(1, 400), epoch, n));
      step.run((long) epoch * steps, steps, Long.MAX_VALUE);
      if (evaluation != null) {
        evaluation.meanLoss(step);
      }
      settle.run();
      epoch++;
    });
  }

  /// Two steps on a few samples: losses of the device against the oracle.
  @Override
  public void check() {
    int batch = 4;
    List<Column> few = new ArrayList<>();
    for (Column c : data.columns()) {
      few.add(c.rows(0, 2 * batch));
    }
    Dataset small = new Dataset(few);
    double[] actual = losses(device, small, batch);
    double[] expected = losses(new ReferenceDevice(), small, batch);
    Work.agree("loss of a step", actual, expected, 2e-4);
  }

  /// Losses of the first and of both steps.
  private double[] losses(Device device, Dataset small, int batch) {
    TrainingOptions o =
        new TrainingOptions(
            batch, 1, 0, options.learningRate(), options.clipNorm(), 0, options.seed());
    int[] order = Streams.permutation(new RandomKey(1, 400), 0, small.count());
    double[] losses = new double[2];
    try (TrainingStep both = step(device, small, o)) {
      both.begin(small, order);
      for (int s = 0; s < 2; s++) {
        both.run(s, Long.MAX_VALUE);
        losses[s] = both.meanLoss(1);
      }
    }
    return losses;
  }

  @Override
  public void close() {
    step.close();
    if (evaluation != null) {
      evaluation.close();
    }
  }
}
