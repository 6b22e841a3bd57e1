package org.amortis.nn.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import org.amortis.engine.device.Executable;
import org.amortis.engine.device.cpu.CpuDevice;
import org.amortis.engine.op.Activation;
import org.amortis.engine.program.Program;
import org.amortis.engine.program.Var;
import org.amortis.engine.program.Verify;
import org.amortis.engine.shape.Shape;
import org.amortis.nn.Network;
import org.amortis.nn.ParameterLayout;
import org.amortis.nn.layer.ConvPool;
import org.amortis.nn.layer.Dense;
import org.amortis.nn.layer.Flatten;
import org.amortis.nn.layer.Sequential;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The launches of one training step of the paper's CNN (16 x 16 images; conv 64, conv 128, dense
/// 64, dense 1; squared error; clipping; Adam), pinned so that a lost fusion or a new barrier is
/// noticed. A better list is welcome: change the text with the code.
@Tag("pure")
class LaunchListTest {
  private static final Network CNN =
      Sequential.of(
          new ConvPool(64),
          new ConvPool(128),
          new Flatten(),
          new Dense(64, Activation.leakyRelu(0.01)),
          new Dense(1));

  private static Program step(Augmentation augmentation) {
    Objective objective =
        (scope, batch) -> {
          Var y = CNN.apply(scope, batch.get("data"));
          return batch.get("theta").sub(y).square().sum(1);
        };
    Dataset data =
        Dataset.of(
            new Column("theta", Shape.of(1), new float[64]),
            new Column("data", Shape.of(16, 16, 1), new float[64 * 256]));
    ParameterLayout layout = StepPrograms.layout(objective, data, 32);
    return StepPrograms.train(objective, layout, data, augmentation, TrainingOptions.of(1, 7));
  }

  /// Split, items and name of each launch, without attributes.
  private static List<String> launches(Program p) {
    try (CpuDevice cpu = new CpuDevice(2);
        Executable e = cpu.bind(Verify.check(p))) {
      return e.explain()
          .lines()
          .filter(line -> !line.startsWith("work"))
          .map(line -> line.replaceAll("\\[[^\\]]*\\]+", "").replaceAll(" +\\d+ flop", ""))
          .map(line -> line.strip().replaceAll(" +", " "))
          .collect(Collectors.toList());
    }
  }

  @Test
  void theStepOfThePapersCnn() {
    assertThat(launches(step(Augmentation.NONE)))
        .containsExactly(
            """
            phase 0
            single 1 mul
            single 1 window
            single 1 add
            single 1 add
            single 1 update batch
            single 1 update step
            phase 1
            rows 32 window
            rows 32 gather
            rows 32 gather
            rows 32 conv_pool
            rows 32 conv_pool
            rows 32 dense
            rows 32 dense
            rows 32 loop sub square mul mul neg
            rows 32 sum
            rows 32 matmul
            rows 32 loop less
            rows 32 loop mul select
            rows 32 matmul
            rows 32 conv_pool_input_gradient
            phase 2
            single 1 sum
            ranges 64 matmul
            single 1 sum
            ranges 2048 matmul
            ranges 64 sum
            ranges 128 conv_pool_weight_gradient
            ranges 64 conv_pool_weight_gradient
            single 1 loop mul add
            single 1 update loss_sum
            phase 3
            rows 205697 loop square
            phase 4
            single 1 sum
            single 1 loop sqrt div min
            phase 5
            rows 205697 adam
            """
                .lines()
                .toArray(String[]::new));
  }

  @Test
  void augmentationAddsOnlyItsOwnLaunches() {
    List<String> plain = launches(step(Augmentation.NONE));
    List<String> augmented = launches(step(new LatticeSymmetry("data", 16, true)));
    plain.removeIf(line -> line.startsWith("phase"));
    augmented.removeIf(line -> line.startsWith("phase"));
    assertThat(augmented).containsAll(plain);
    assertThat(augmented.size() - plain.size()).isLessThanOrEqualTo(10);
  }
}
