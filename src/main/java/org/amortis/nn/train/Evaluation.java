package org.amortis.nn.train;

import org.amortis.engine.device.Device;
import org.amortis.engine.device.Executable;
import org.amortis.nn.ParameterLayout;

/// The mean loss over a fixed data set: `(1/N) sum_i loss_i`, in evaluation.
///
/// Batches have up to 256 samples; a last incomplete one counts.
public final class Evaluation implements AutoCloseable {
  private static final int MOST = 256;

  private final Executable program;
  private final int count;
  private final int size;

  /// Binds the loss and writes the data.
  ///
  /// @param data N samples, at least one, with the columns of the objective
  /// @throws org.amortis.engine.Failure UNAVAILABLE when the device has no room
  public Evaluation(Device device, Objective objective, ParameterLayout layout, Dataset data) {
    this.count = data.count();
    this.size = StrictMath.min(MOST, count);
    this.program = device.bind(StepPrograms.evaluate(objective, layout, data, size));
    try {
      program.program().inputs().keySet().forEach(program::input);
      for (Column c : data.columns()) {
        if (program.program().inputs().containsKey("data." + c.name())) {
          program.input("data." + c.name()).write(c.values(), 0);
        }
      }
    } catch (RuntimeException | Error e) {
      program.close();
      throw e;
    }
  }

  /// The mean loss at a step's present parameters.
  public double meanLoss(TrainingStep step) {
    program.input("parameters").write(step.parameters());
    if (program.program().inputs().containsKey("statistics")) {
      program.input("statistics").write(step.statistics());
    }
    double sum = 0;
    float[] weight = new float[size];
    for (int from = 0; from < count; from += size) {
      // The last window reaches back over samples that have been counted; their weight is 0.
      int start = StrictMath.min(from, count - size);
      for (int i = 0; i < size; i++) {
        weight[i] = start + i >= from ? 1 : 0;
      }
      program.input("start").write(start);
      program.input("weight").write(weight, 0);
      program.run();
      sum += program.output("sum").doubles()[0];
    }
    return sum / count;
  }

  @Override
  public void close() {
    program.close();
  }
}
