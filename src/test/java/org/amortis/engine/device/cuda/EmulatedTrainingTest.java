package org.amortis.engine.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.amortis.engine.device.Device;
import org.amortis.engine.device.cpu.CpuDevice;
import org.amortis.engine.device.gpu.GpuDevice;
import org.amortis.engine.op.Activation;
import org.amortis.engine.shape.Shape;
import org.amortis.nn.Network;
import org.amortis.nn.layer.ConvPool;
import org.amortis.nn.layer.Dense;
import org.amortis.nn.layer.Flatten;
import org.amortis.nn.layer.Sequential;
import org.amortis.nn.train.Augmentation;
import org.amortis.nn.train.Column;
import org.amortis.nn.train.Dataset;
import org.amortis.nn.train.LearningRate;
import org.amortis.nn.train.Objective;
import org.amortis.nn.train.TrainingOptions;
import org.amortis.nn.train.TrainingStep;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Training by the shipped PTX, whose graphs run in any order that their edges allow.
@Tag("op")
class EmulatedTrainingTest {
  private static final int STEPS = 8;
  private static final int BATCH = 2;

  /// Parameters after some steps, so many of them at once.
  private static double[] train(EmulatedCuda driver, int atOnce) {
    return train(new GpuDevice(driver), FIELDS, atOnce);
  }

  private static final Network FIELDS =
      Sequential.of(new ConvPool(4), new Flatten(), new Dense(4, Activation.RELU), new Dense(1));
  private static final Network VECTORS =
      Sequential.of(new Flatten(), new Dense(16, Activation.RELU), new Dense(1));

  /// The device is closed.
  private static double[] train(Device open, Network network, int atOnce) {
    Objective error =
        (scope, columns) ->
            network
                .apply(scope, columns.get("data"))
                .sub(columns.get("theta"))
                .square()
                .reshape(columns.get("data").dim(0));
    int n = STEPS * BATCH;
    float[] x = new float[n * 16];
    float[] y = new float[n];
    int[] order = new int[n];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) Math.sin(i * 0.7);
      y[i / 16] += x[i] * (i % 5);
      order[i / 16] = i / 16 * 7 % n;
    }
    Dataset data =
        Dataset.of(new Column("theta", Shape.of(1), y), new Column("data", Shape.of(4, 4, 1), x));
    var layout = TrainingStep.layout(error, data, BATCH);
    try (Device device = open;
        TrainingStep step =
            new TrainingStep(
                device,
                error,
                layout,
                data,
                Augmentation.NONE,
                new TrainingOptions(BATCH, 1, 0, new LearningRate.Constant(1e-2), 0.5, 0, 1),
                layout.initial(1),
                layout.initialStatistics(1))) {
      step.begin(data, order);
      for (int s = 0; s < STEPS; s += atOnce) {
        step.run(s, atOnce, Long.MAX_VALUE);
      }
      return step.parameters();
    }
  }

  @Test
  void graphsInAnyAllowedOrderGiveTheBytesOfSingleSteps() {
    EmulatedCuda one = EmulatedCuda.open(90);
    EmulatedCuda all = EmulatedCuda.open(90);
    assertThat(train(all, STEPS)).isEqualTo(train(one, 1));
    assertThat(all.calls.graphs).isEqualTo(3);
    assertThat(all.calls.overtaken).isPositive();
    assertThat(all.calls.alive).isEmpty();
  }

  /// Steps of Adam of size 0.01 magnify a difference of rounding where a gradient is about 0.
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void parametersAreThoseOfTheProcessor(boolean fields) {
    Network network = fields ? FIELDS : VECTORS;
    double[] cuda = train(EmulatedCuda.device(), network, STEPS);
    double[] cpu = train(new CpuDevice(1), network, 1);
    assertThat(cuda).containsExactly(cpu, within(1e-5));
  }
}
