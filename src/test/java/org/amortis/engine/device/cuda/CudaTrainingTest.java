package org.amortis.engine.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.amortis.engine.device.gpu.GpuDevice;
import org.amortis.engine.op.Activation;
import org.amortis.engine.shape.Shape;
import org.amortis.nn.Network;
import org.amortis.nn.layer.Dense;
import org.amortis.nn.layer.Sequential;
import org.amortis.nn.train.Augmentation;
import org.amortis.nn.train.Column;
import org.amortis.nn.train.Dataset;
import org.amortis.nn.train.LearningRate;
import org.amortis.nn.train.Objective;
import org.amortis.nn.train.Simulations;
import org.amortis.nn.train.Trainer;
import org.amortis.nn.train.TrainingOptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Training on a CUDA device, as its driver sees it: graphs of many steps, and between the steps of
/// an epoch nothing that the host brings or takes.
@Tag("pure")
class CudaTrainingTest {
  private static final int STEPS = 200;
  private static final int EPOCHS = 3;

  private static FakeCalls train() {
    Network network = Sequential.of(new Dense(16, Activation.RELU), new Dense(1));
    Objective error =
        (scope, batch) ->
            network
                .apply(scope, batch.get("x"))
                .sub(batch.get("y"))
                .square()
                .reshape(batch.get("y").dim(0));
    int n = 8 * STEPS;
    Dataset data =
        Dataset.of(
            new Column("x", Shape.of(2), new float[2 * n]),
            new Column("y", Shape.of(1), new float[n]));
    FakeCalls calls = new FakeCalls();
    CudaDevice h100 = new CudaDevice(0, "Fake H100", 90, 132, 80L << 30, 12040);
    try (GpuDevice device = new GpuDevice(new CudaDriver(h100, calls))) {
      Trainer.on(device)
          .fit(
              "fake",
              error,
              Simulations.fixed(data),
              null,
              Augmentation.NONE,
              new TrainingOptions(8, EPOCHS, 0, new LearningRate.Constant(1e-3), 5, 0, 1));
    }
    assertThat(calls.alive).isEmpty();
    return calls;
  }

  @Test
  void everyStepRunsOnceAndMostOfThemInGraphsOfMany() {
    FakeCalls calls = train();
    long updates = calls.ran.stream().filter(l -> l.startsWith("launch adam_step")).count();
    assertThat(updates).isEqualTo((long) STEPS * EPOCHS);
    long asked = calls.log.stream().filter(l -> l.startsWith("launch graph of ")).count();
    assertThat(asked).isLessThan(STEPS * EPOCHS / 8);
    List<Integer> sizes = new ArrayList<>();
    for (String l : calls.log) {
      if (l.startsWith("launch graph of ")) {
        sizes.add(Integer.parseInt(l.substring(16)));
      }
    }
    assertThat(sizes).allMatch(s -> s <= 8192);
  }

  @Test
  void betweenTheStepsOfAnEpochTheHostOnlyWaits() {
    List<String> log = train().log;
    int epochs = 0;
    boolean within = false;
    for (String l : log) {
      if (l.startsWith("launch ")) {
        epochs += within ? 0 : 1;
        within = true;
      } else if (l.startsWith("upload") || l.startsWith("download")) {
        within = false;
      } else if (within) {
        assertThat(l)
            .matches(
                "synchronize|graph|add .*|instantiate|destroy .*|await .*|record .*|free.*|unload|release.*|close");
      }
    }
    assertThat(epochs).as("runs of launches without a transfer").isEqualTo(EPOCHS);
  }
}
