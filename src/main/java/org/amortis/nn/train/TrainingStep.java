package org.amortis.nn.train;

import org.amortis.engine.device.Device;
import org.amortis.engine.device.Executable;
import org.amortis.nn.ParameterLayout;

/// The bound program of one optimiser step, with the training data on the device.
final class TrainingStep implements AutoCloseable {
  private final Executable program;
  private final TrainingOptions options;
  private final boolean hasStatistics;
  private final int steps;
  private Dataset data;

  TrainingStep(
      Device device,
      Objective objective,
      ParameterLayout layout,
      Dataset data,
      Augmentation augmentation,
      TrainingOptions options,
      double[] parameters,
      double[] statistics) {
    this.options = options;
    this.steps = data.count() / options.batch();
    this.program = device.bind(StepPrograms.train(objective, layout, data, augmentation, options));
    this.hasStatistics = program.program().inputs().containsKey("statistics");
    program.input("parameters").write(parameters);
    if (hasStatistics) {
      program.input("statistics").write(statistics);
    }
    program.input("seed").write((int) options.seed(), (int) (options.seed() >>> 32));
  }

  /// Starts an epoch.
  void begin(Dataset now, int[] order) {
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
  /// @param step index in the run
  /// @param total planned steps of the run
  void run(long step, long total) {
    if (step % steps == 0) {
      control(step, total);
    }
    program.run();
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

  double meanLoss(int steps) {
    return program.input("loss_sum").doubles()[0] / steps;
  }

  double[] parameters() {
    return program.input("parameters").doubles();
  }

  double[] statistics() {
    return hasStatistics ? program.input("statistics").doubles() : new double[0];
  }

  @Override
  public void close() {
    program.close();
  }
}
