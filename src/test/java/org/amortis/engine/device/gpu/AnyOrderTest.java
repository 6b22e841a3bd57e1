package org.amortis.engine.device.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import org.amortis.engine.device.Device;
import org.amortis.engine.device.opencl.OnOpenCl;
import org.amortis.engine.device.opencl.OpenCl;
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

/// Training whose launches run in any order that their dependencies allow.
@Tag("op")
@OnOpenCl
class AnyOrderTest {
  private static final int STEPS = 8;

  /// Parameters and mean loss after some steps.
  private static double[] train(Device device) {
    Network network =
        Sequential.of(
            new ConvPool(4),
            new ConvPool(8),
            new Flatten(),
            new Dense(8, Activation.leakyRelu(0.01)),
            new Dense(1));
    Objective error =
        (scope, columns) ->
            network
                .apply(scope, columns.get("data"))
                .sub(columns.get("theta"))
                .square()
                .reshape(columns.get("data").dim(0));
    int batch = 4;
    int n = STEPS * batch;
    float[] x = new float[n * 64];
    float[] y = new float[n];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) Math.sin(i * 0.7);
      y[i / 64] += x[i] * (i % 5);
    }
    Dataset data =
        Dataset.of(new Column("theta", Shape.of(1), y), new Column("data", Shape.of(8, 8, 1), x));
    int[] order = new int[n];
    for (int i = 0; i < n; i++) {
      order[i] = i * 7 % n;
    }
    var layout = TrainingStep.layout(error, data, batch);
    try (TrainingStep step =
        new TrainingStep(
            device,
            error,
            layout,
            data,
            Augmentation.NONE,
            new TrainingOptions(batch, 1, 0, new LearningRate.Constant(1e-2), 0.5, 0, 1),
            layout.initial(1),
            layout.initialStatistics(1))) {
      step.begin(data, order);
      step.run(0, STEPS, Long.MAX_VALUE);
      double[] parameters = step.parameters();
      double[] all = java.util.Arrays.copyOf(parameters, parameters.length + 1);
      all[parameters.length] = step.meanLoss(STEPS);
      return all;
    }
  }

  private static double[] train(AnyOrderDriver driver) {
    try (GpuDevice device = new GpuDevice(driver)) {
      return train((Device) device);
    }
  }

  @Test
  void anyOrderThatDependenciesAllowGivesTheSameBytes() {
    double[] expected = train(OnOpenCl.Shared.DEVICE);
    for (int seed = 0; seed < 6; seed++) {
      AnyOrderDriver driver = new AnyOrderDriver(OpenCl.open(-1), seed, null);
      assertThat(train(driver)).as("order %d", seed).isEqualTo(expected);
      assertThat(driver.overtaken).isGreaterThan(STEPS);
    }
  }

  @Test
  void smallLaunchesInOneGiveTheBytesOfEachAlone() {
    double[] expected = train(OnOpenCl.Shared.DEVICE);
    System.setProperty("amortis.plan", "false");
    try {
      assertThat(train(OnOpenCl.Shared.DEVICE)).isEqualTo(expected);
    } finally {
      System.clearProperty("amortis.plan");
    }
  }

  @Test
  void aLaunchThatWaitsForNothingIsFound() {
    double[] expected = train(OnOpenCl.Shared.DEVICE);
    for (String hasty : new String[] {"adam_step", "convpool_add_parts", "small_run"}) {
      AnyOrderDriver driver = new AnyOrderDriver(OpenCl.open(-1), 3, hasty);
      assertThat(train(driver)).as(hasty).isNotEqualTo(expected);
    }
  }
}
