package org.amortis.nn.train;

import java.util.ArrayList;
import java.util.List;
import org.amortis.engine.Cancellation;
import org.amortis.engine.Failure;
import org.amortis.engine.Progress;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.Pace;
import org.amortis.engine.math.RandomKey;
import org.amortis.engine.math.Streams;
import org.amortis.engine.program.Program;
import org.amortis.nn.ParameterLayout;

/// Fits the parameters of an objective by Adam on random batches, early-stopped on a validation
/// set.
///
/// Minimises `E loss(theta, Z; w)` over the parameters w of the objective by Adam (Kingma and Ba
/// 2015) with betas 0.9 and 0.999, epsilon 1e-8 and decoupled weight decay (Loshchilov and Hutter
/// 2019). The whole step (batch gather, augmentation, loss, gradient, clipping, update) is one
/// program. Every epoch visits each sample once in an order drawn from the seed; the remainder of
/// fewer than a batch is left out. Where a device has no room for a whole batch and the losses are
/// separable, the step takes it in parts. Results are the same bytes for any number of threads.
public final class Trainer {
  private static final int ORDER_STREAM = 400;

  private final Device device;
  private final Progress progress;
  private final Cancellation cancellation;
  private final Watcher watcher;

  /// Sees the parameters while they are trained.
  @FunctionalInterface
  public interface Watcher {
    /// Called before the first epoch, as 0, and after each one.
    ///
    /// @param epochs epochs done
    /// @param parameters gives the present parameters, at the cost of reading them from the device
    void see(int epochs, java.util.function.Supplier<double[]> parameters);
  }

  /// A trainer that reports to `progress` and stops when `cancellation` asks.
  public Trainer(Device device, Progress progress, Cancellation cancellation) {
    this(device, progress, cancellation, (epochs, parameters) -> {});
  }

  private Trainer(Device device, Progress progress, Cancellation cancellation, Watcher watcher) {
    this.device = device;
    this.progress = progress;
    this.cancellation = cancellation;
    this.watcher = watcher;
  }

  /// This trainer with a watcher, which replaces an earlier one.
  public Trainer watched(Watcher by) {
    return new Trainer(device, progress, cancellation, by);
  }

  /// A silent trainer.
  public static Trainer on(Device device) {
    return new Trainer(device, Progress.NONE, Cancellation.create());
  }

  /// Fits an objective.
  ///
  /// @param name of the run in progress and messages
  /// @param objective what is minimised
  /// @param simulations training pairs of each epoch, at least a batch of them
  /// @param validation held-out pairs, not augmented; null for none, then every epoch is run and
  ///   the last one's parameters are the result
  /// @param augmentation change of each batch, [Augmentation#NONE] for none
  /// @param options settings
  /// @throws Failure DATA when there are fewer pairs than a batch or a mean loss is not finite;
  ///   UNAVAILABLE when the device has no room, not even for a batch in parts
  /// @throws Cancellation.Cancelled once a stop was requested
  /// @throws IllegalArgumentException when an epoch has not as many pairs as the first
  public Trained fit(
      String name,
      Objective objective,
      Simulations simulations,
      Dataset validation,
      Augmentation augmentation,
      TrainingOptions options) {
    long started = System.nanoTime();
    Dataset data = simulations.epoch(0);
    int steps = data.count() / options.batch();
    if (steps == 0) {
      throw Failure.data(
          name
              + ": "
              + data.count()
              + " training samples are fewer than a batch of "
              + options.batch());
    }
    ParameterLayout layout = StepPrograms.layout(objective, data, options.batch());
    List<Trained.Epoch> history = new ArrayList<>();
    double best = Double.POSITIVE_INFINITY;
    int bestEpoch = -1;
    double[] parameters = layout.initial(options.seed());
    double[] statistics = layout.initialStatistics(options.seed());
    long total = (long) steps * options.epochs();
    progress.start("train " + name, total);
    try (Bound bound =
        bind(
            name,
            objective,
            layout,
            data,
            validation,
            augmentation,
            options,
            parameters,
            statistics)) {
      TrainingStep step = bound.step;
      Evaluation evaluation = bound.evaluation;
      Pace pace = new Pace();
      watcher.see(0, step::parameters);
      for (int epoch = 0; epoch < options.epochs(); epoch++) {
        Dataset now = epoch == 0 ? data : simulations.epoch(epoch);
        if (now.count() != data.count()) {
          throw new IllegalArgumentException(
              "epoch " + epoch + " has " + now.count() + " samples, the first had " + data.count());
        }
        int[] order =
            Streams.permutation(new RandomKey(options.seed(), ORDER_STREAM), epoch, now.count());
        step.begin(now, order);
        for (int s = 0; s < steps; ) {
          cancellation.check();
          long begun = System.nanoTime();
          int some = pace.next(steps - s);
          step.run((long) epoch * steps + s, some, total);
          step.finish();
          pace.took(some, System.nanoTime() - begun);
          s += some;
          progress.advance((long) epoch * steps + s);
        }
        watcher.see(epoch + 1, step::parameters);
        double train = step.meanLoss(steps);
        double held = evaluation == null ? Double.NaN : evaluation.meanLoss(step);
        requireFinite(name, epoch, train, evaluation == null ? train : held);
        history.add(new Trained.Epoch(train, held));
        double score = evaluation == null ? -epoch : held;
        if (score < best) {
          best = score;
          bestEpoch = epoch;
          parameters = step.parameters();
          statistics = step.statistics();
        }
        progress.note(
            String.format(
                java.util.Locale.ROOT,
                "%s epoch %d/%d: train %.4f, validation %.4f",
                name,
                epoch + 1,
                options.epochs(),
                train,
                held));
        if (options.patience() > 0 && epoch - bestEpoch >= options.patience()) {
          break;
        }
      }
    }
    progress.done();
    double seconds = (System.nanoTime() - started) * 1e-9;
    return new Trained(layout, parameters, statistics, List.copyOf(history), bestEpoch, seconds);
  }

  /// The program of one optimiser step, for explanations and measurements.
  ///
  /// @param data its shapes matter, its values do not
  public static Program program(
      Objective objective, Dataset data, Augmentation augmentation, TrainingOptions options) {
    ParameterLayout layout = StepPrograms.layout(objective, data, options.batch());
    return StepPrograms.train(objective, layout, data, augmentation, options, 1);
  }

  /// The programs of a run.
  private record Bound(TrainingStep step, Evaluation evaluation) implements AutoCloseable {
    @Override
    public void close() {
      step.close();
      if (evaluation != null) {
        evaluation.close();
      }
    }
  }

  /// Binds both programs; where the device has no room for a whole batch, the step takes it in 2,
  /// 4, ... parts, down to one sample, if the objective's losses are separable.
  private Bound bind(
      String name,
      Objective objective,
      ParameterLayout layout,
      Dataset data,
      Dataset validation,
      Augmentation augmentation,
      TrainingOptions options,
      double[] parameters,
      double[] statistics) {
    for (int parts = 1; ; parts = StrictMath.min(2 * parts, options.batch())) {
      TrainingStep step = null;
      try {
        step =
            new TrainingStep(
                device,
                objective,
                layout,
                data,
                augmentation,
                options,
                parameters,
                statistics,
                parts);
        Evaluation evaluation =
            validation == null ? null : new Evaluation(device, objective, layout, validation);
        if (parts > 1) {
          progress.note(
              name
                  + ": no room for a batch of "
                  + options.batch()
                  + " on "
                  + device.name()
                  + ", taken in "
                  + parts
                  + " parts; the steps are the same");
        }
        return new Bound(step, evaluation);
      } catch (Failure f) {
        if (step != null) {
          step.close();
        }
        if (!f.shortOfMemory()) {
          throw f;
        }
        if (!objective.separable() || layout.statisticsSize() > 0) {
          throw f.advise(
              "the loss of "
                  + name
                  + " compares the samples of a batch, so it cannot be taken in parts; use a smaller"
                  + " batch or --device cpu");
        }
        if (parts >= options.batch()) {
          throw f;
        }
      }
    }
  }

  private static void requireFinite(String name, int epoch, double train, double held) {
    if (!Double.isFinite(train) || !Double.isFinite(held)) {
      throw Failure.data(
          name
              + ": training diverged in epoch "
              + (epoch + 1)
              + ": mean loss "
              + train
              + ", expected a finite number; try a lower learning rate");
    }
  }
}
