package org.amortis.nn.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.amortis.engine.Cancellation;
import org.amortis.engine.Failure;
import org.amortis.engine.Progress;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.gpu.FaultyDriver;
import org.amortis.engine.device.gpu.GpuDevice;
import org.amortis.engine.device.opencl.OnOpenCl;
import org.amortis.engine.device.opencl.OpenCl;
import org.amortis.engine.op.Activation;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.Shape;
import org.amortis.nn.Network;
import org.amortis.nn.Scope;
import org.amortis.nn.layer.BatchNorm;
import org.amortis.nn.layer.Dense;
import org.amortis.nn.layer.Sequential;
import org.junit.jupiter.api.Test;

/// Training on a device without room for a whole batch: the same steps in parts, or one failure.
@OnOpenCl
class MicroBatchTest {
  private static final Network NETWORK =
      Sequential.of(
          new Dense(48, Activation.RELU),
          new Dense(48, Activation.RELU),
          new Dense(48, Activation.RELU),
          new Dense(1));

  /// Squared error of a network, or of one that sees its batch as a whole.
  private record Error(Network network, boolean separable) implements Objective {
    @Override
    public Var losses(Scope scope, Map<String, Var> batch) {
      Var y = batch.get("y");
      return network.apply(scope, batch.get("x")).sub(y).square().reshape(y.dim(0));
    }
  }

  private static Dataset pairs() {
    SplittableRandom random = new SplittableRandom(1);
    int n = 2048;
    float[] x = new float[2 * n];
    float[] y = new float[n];
    for (int i = 0; i < n; i++) {
      x[2 * i] = (float) random.nextGaussian();
      x[2 * i + 1] = (float) random.nextGaussian();
      y[i] = x[2 * i] - 0.5f * x[2 * i + 1];
    }
    return Dataset.of(new Column("x", Shape.of(2), x), new Column("y", Shape.of(1), y));
  }

  private record Notes(List<String> lines) implements Progress {
    @Override
    public void start(String phase, long total) {}

    @Override
    public void advance(long done) {}

    @Override
    public void note(String text) {
      lines.add(text);
    }

    @Override
    public void done() {}
  }

  private static Trained train(Device device, Objective objective, Notes notes) {
    TrainingOptions options =
        new TrainingOptions(1024, 4, 0, new LearningRate.Constant(1e-3), 5, 0, 1);
    return new Trainer(device, notes, Cancellation.create())
        .fit("parts", objective, Simulations.fixed(pairs()), null, Augmentation.NONE, options);
  }

  @Test
  void partsOfABatchGiveTheSameStepsInLessMemory() {
    FaultyDriver driver = new FaultyDriver(OpenCl.open(-1));
    try (GpuDevice device = new GpuDevice(driver)) {
      Notes notes = new Notes(new ArrayList<>());
      Trained whole = train(device, new Error(NETWORK, true), notes);
      assertThat(notes.lines).noneMatch(l -> l.contains("no room"));
      long most = driver.most();
      driver.limit(most / 2);
      Trained parts = train(device, new Error(NETWORK, true), notes);
      assertThat(notes.lines)
          .anyMatch(l ->
              l.matches("parts: no room for a batch of 1024 on faulty, taken in [48] parts.*"));
      assertThat(parts.parameters()).containsExactly(whole.parameters(), within(1e-4));
      for (int i = 0; i < 4; i++) {
        assertThat(parts.history().get(i).train())
            .isCloseTo(whole.history().get(i).train(), within(1e-5));
      }
    }
  }

  @Test
  void lossesThatCompareSamplesAndBatchNormFailInOneLine() {
    FaultyDriver driver = new FaultyDriver(OpenCl.open(-1));
    try (GpuDevice device = new GpuDevice(driver)) {
      driver.limit(200_000);
      Network norm = Sequential.of(NETWORK, new BatchNorm());
      for (Objective o : List.of(new Error(NETWORK, false), new Error(norm, true))) {
        assertThatThrownBy(() -> train(device, o, new Notes(new ArrayList<>())))
            .isInstanceOfSatisfying(
                Failure.class,
                f -> {
                  assertThat(f.kind().exitCode()).isEqualTo(69);
                  assertThat(f.advice().orElseThrow()).contains("compares the samples of a batch");
                });
      }
    }
  }

  @Test
  void whatFitsInNoPartIsTheDevicesOwnFailure() {
    FaultyDriver driver = new FaultyDriver(OpenCl.open(-1));
    try (GpuDevice device = new GpuDevice(driver)) {
      driver.limit(20_000);
      TrainingOptions options =
          new TrainingOptions(4, 1, 0, new LearningRate.Constant(1e-3), 5, 0, 1);
      assertThatThrownBy(() ->
              Trainer.on(device)
                  .fit(
                      "parts",
                      new Error(NETWORK, true),
                      Simulations.fixed(pairs()),
                      null,
                      Augmentation.NONE,
                      options))
          .isInstanceOf(Failure.class)
          .hasMessageContaining("device faulty is out of memory");
    }
  }
}
