package org.amortis.nn.train;

import org.amortis.engine.device.Device;
import org.amortis.engine.device.Executable;
import org.amortis.nn.ParameterLayout;

/// The bound program of one optimiser step, with the training data on the device.
///
/// [Trainer] drives it; a caller with a loop of its own calls [#begin] for each epoch and [#run]
/// for each step.
public final class TrainingStep implements AutoCloseable {
  private final Executable program;
  private final TrainingOptions options;
  private final boolean hasStatistics;
  private final int steps;
  private Dataset data;

  /// Binds the step and writes the first parameters.
  ///
  /// @param data N samples; its values are written by [#begin]
  /// @param parameters first values, in the order of the layout
  /// @param statistics first running statistics, empty when there are none
  /// @throws org.amortis.engine.Failure UNAVAILABLE when the device has no room for a whole batch
  public TrainingStep(
      Device device,
      Objective objective,
      ParameterLayout layout,
      Dataset data,
      Augmentation augmentation,
      TrainingOptions options,
      double[] parameters,
      double[] statistics) {
    this(device, objective, layout, data, augmentation, options, parameters, statistics, 1);
  }

  /// @param parts of a batch, one after the other
  TrainingStep(
      Device device,
      Objective objective,
      ParameterLayout layout,
      Dataset data,
      Augmentation augmentation,
      TrainingOptions options,
      double[] parameters,
      double[] statistics,
      int parts) {
    this.options = options;
    this.steps = data.count() / options.batch();
    this.program =
        device.bind(StepPrograms.train(objective, layout, data, augmentation, options, parts));
    this.hasStatistics = program.program().inputs().containsKey("statistics");
    try {
      // All memory is asked for here, so that it is known now whether there is room.
      program.program().inputs().keySet().forEach(program::input);
      program.input("parameters").write(parameters);
      if (hasStatistics) {
        program.input("statistics").write(statistics);
      }
      program.input("seed").write((int) options.seed(), (int) (options.seed() >>> 32));
    } catch (RuntimeException | Error e) {
      program.close();
      throw e;
    }
  }

  /// The parameters that an objective declares.
  ///
  /// @param data its shapes matter, its values do not
  public static ParameterLayout layout(Objective objective, Dataset data, int batch) {
    return StepPrograms.layout(objective, data, batch);
  }

  /// Starts an epoch.
  ///
  /// @param now samples of the epoch, as many as the step was bound for
  /// @param order of the samples `(N,)`: indices from 0 on
  public void begin(Dataset now, int[] order) {
    if (now != data) {
      for (Column c : now.columns()) {
        if (program.program().inputs().containsKey("data." + c.name())) {
          program.input("data." + c.name()).write(c.values(), 0);
        }
      }
      data = now;
    }
    program.input("order").write(order, 0);
    program.input("batch").write(0);
    program.input("loss_sum").write(0.0);
  }

  /// Runs one step.
  ///
  /// @param step index in the run, 0 for the first
  /// @param total planned steps of the run
  public void run(long step, long total) {
    run(step, 1, total);
  }

  /// Runs several steps of one epoch; the device need not be done when this returns.
  ///
  /// @param step index of the first in the run, 0 for the first of all
  /// @param times number of steps, none beyond the end of the epoch
  /// @param total planned steps of the run
  public void run(long step, int times, long total) {
    if (step % steps == 0) {
      control(step, total);
    }
    program.run(times);
  }

  /// Waits until the device is done.
  void finish() {
    program.finish();
  }

  /// Writes rates and bias corrections of the epoch that begins at `step`.
  private void control(long step, long total) {
    double[] control = new double[3 * steps];
    for (int s = 0; s < steps; s++) {
      double t = step + s + 1;
      control[3 * s] = options.learningRate().at(step + s, total);
      control[3 * s + 1] = 1 - StrictMath.pow(0.9, t);
      control[3 * s + 2] = 1 - StrictMath.pow(0.999, t);
    }
    program.input("control").write(control, 0);
  }

  /// Mean loss of the epoch's first `steps` steps.
  public double meanLoss(int steps) {
    return program.input("loss_sum").doubles()[0] / steps;
  }

  /// The flat vector of parameters.
  public double[] parameters() {
    return program.input("parameters").doubles();
  }

  /// The running statistics; empty when there are none.
  public double[] statistics() {
    return hasStatistics ? program.input("statistics").doubles() : new double[0];
  }

  @Override
  public void close() {
    program.close();
  }
}
