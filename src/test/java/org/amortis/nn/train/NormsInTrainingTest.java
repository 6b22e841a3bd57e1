package org.amortis.nn.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.cpu.CpuDevice;
import org.amortis.engine.op.Activation;
import org.amortis.engine.shape.Shape;
import org.amortis.nn.Network;
import org.amortis.nn.layer.Activate;
import org.amortis.nn.layer.BatchNorm;
import org.amortis.nn.layer.Dense;
import org.amortis.nn.layer.Dropout;
import org.amortis.nn.layer.Sequential;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Batch norm and dropout in the trainer: statistics are learned by running, evaluation uses them.
@Tag("op")
class NormsInTrainingTest {
  private static final Network NETWORK =
      Sequential.of(
          new BatchNorm(),
          new Dense(16, Activation.NONE),
          new Activate(Activate.Kind.TANH),
          new Dropout(0.05),
          new Dense(1));

  private static Dataset pairs(int n, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] x = new float[2 * n];
    float[] y = new float[n];
    for (int i = 0; i < n; i++) {
      double a = random.nextGaussian();
      double b = random.nextGaussian();
      x[2 * i] = (float) (30 + 2 * a);
      x[2 * i + 1] = (float) (-5 + 0.1 * b);
      y[i] = (float) (a - 0.5 * b);
    }
    return Dataset.of(new Column("x", Shape.of(2), x), new Column("y", Shape.of(1), y));
  }

  private static Trained train(int threads, int epochs) {
    Objective error =
        (scope, batch) ->
            NETWORK
                .apply(scope, batch.get("x"))
                .sub(batch.get("y"))
                .square()
                .reshape(batch.get("y").dim(0));
    TrainingOptions options = TrainingOptions.of(epochs, 1).with(new LearningRate.Constant(3e-3));
    try (Device cpu = new CpuDevice(threads)) {
      return Trainer.on(cpu)
          .fit(
              "norms",
              error,
              Simulations.fixed(pairs(1024, 1)),
              pairs(256, 2),
              Augmentation.NONE,
              options);
    }
  }

  @Test
  void runningStatisticsBecomeThoseOfTheDataAndServeEvaluation() {
    Trained t = train(1, 40);
    // Order of declaration: mean (2), variance (2). Ten per cent of the standard deviations.
    assertThat(t.statistics()[0]).isCloseTo(30, within(0.2));
    assertThat(t.statistics()[1]).isCloseTo(-5, within(0.02));
    assertThat(t.statistics()[2]).isCloseTo(4, within(0.8));
    assertThat(t.statistics()[3]).isCloseTo(0.01, within(0.002));
    // The variance of y is 1.25.
    assertThat(t.history().get(t.bestEpoch()).validation()).isLessThan(0.05);
  }

  @Test
  void sameBytesForAnyNumberOfThreads() {
    Trained one = train(1, 3);
    Trained two = train(2, 3);
    assertThat(two.parameters()).isEqualTo(one.parameters());
    assertThat(two.statistics()).isEqualTo(one.statistics());
  }
}
