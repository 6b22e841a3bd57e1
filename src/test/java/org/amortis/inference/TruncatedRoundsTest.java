package org.amortis.inference;

import static org.assertj.core.api.Assertions.assertThat;

import org.amortis.engine.Cancellation;
import org.amortis.engine.Progress;
import org.amortis.engine.device.cpu.CpuDevice;
import org.amortis.engine.op.Activation;
import org.amortis.inference.ratio.AmortizedRatio;
import org.amortis.inference.ratio.BinaryRatioLoss;
import org.amortis.inference.ratio.NeuralRatio;
import org.amortis.inference.ratio.RatioHead;
import org.amortis.inference.ratio.TruncatedRounds;
import org.amortis.nn.layer.Dense;
import org.amortis.nn.layer.Sequential;
import org.amortis.nn.train.LearningRate;
import org.amortis.nn.train.TrainingOptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Truncated rounds on a linear-Gaussian model in a wide box, where the flat-prior posterior of
/// each parameter is known.
@Tag("inference")
class TruncatedRoundsTest {
  @Test
  void theBoxShrinksAroundTheTruthAndStops() {
    LinearGaussian model = new LinearGaussian(new double[][] {{1, 0}, {0, 1}}, 0.5, 2);
    Prior box = Prior.of(new Marginal.Uniform("a", -10, 10), new Marginal.Uniform("b", -10, 10));
    double[] truth = {2, -6};
    Observations z = model.simulate(truth, 99);
    Sequential rest = Sequential.of(new Dense(32, Activation.RELU), new Dense(1));
    RatioHead head = new RatioHead(new Dense(16, Activation.RELU), 32, Activation.RELU, rest);
    TrainingOptions options =
        new TrainingOptions(32, 6, 0, new LearningRate.WarmupCosine(5e-3, 0.05, 1e-5), 5, 0, 3);
    TruncatedRounds rounds = new TruncatedRounds(1e-3, 0.7, 6, 3_200, 400);
    try (CpuDevice device = new CpuDevice(1)) {
      TruncatedRounds.Result result =
          rounds.run(
              box,
              prior ->
                  NeuralRatio.ofEach(
                      prior, new Dense(32, Activation.RELU), head, new BinaryRatioLoss()),
              model::simulate,
              z,
              options,
              device,
              Progress.NONE,
              Cancellation.create());
      try (AmortizedRatio ratio = result.ratio()) {
        assertThat(result.settled()).isTrue();
        assertThat(result.boxes().size()).isGreaterThan(1);
        for (Prior b : result.boxes()) {
          assertThat(b.firstOutside(truth)).isEqualTo(-1);
        }
        for (int i = 1; i < result.volumes().size(); i++) {
          assertThat(result.volumes().get(i)).isLessThan(result.volumes().get(i - 1));
          assertThat(result.simulated().get(i)).isLessThan(3_200);
        }
        // Posterior sd 0.35; a Gaussian falls to 1e-3 of its top at 3.7 sd: a box of 2.6 a side.
        assertThat(result.volumes().getLast()).isBetween(0.008, 0.06);
        for (int j = 0; j < 2; j++) {
          try (AmortizedRatio one = ratio.marginal(j)) {
            double mean = (z.values()[j] + z.values()[2 + j]) / 2;
            assertThat(StrictMath.abs(one.grid(z, 300).mean(0, 0) - mean)).isLessThan(0.15);
          }
        }
      }
    }
  }
}
