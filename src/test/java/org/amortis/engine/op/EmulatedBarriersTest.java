package org.amortis.engine.op;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.amortis.engine.device.cuda.EmulatedCuda;
import org.amortis.engine.device.cuda.emulator.PtxFault;
import org.amortis.engine.device.gpu.GpuDevice;
import org.amortis.engine.shape.DType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Shipped kernels with one barrier taken out: the emulator misses none.
@Tag("op")
class EmulatedBarriersTest {
  private static final String BARRIER = "bar.sync \t0;";
  private static final int MOST_ELEMENTS = 20_000;

  private static List<Integer> barriers(String text) {
    List<Integer> at = new ArrayList<>();
    for (int i = text.indexOf(BARRIER); i >= 0; i = text.indexOf(BARRIER, i + 1)) {
      at.add(i);
    }
    return at;
  }

  @ParameterizedTest
  @CsvSource({
    "sum, reduce_axis",
    "softmax, reduce_softmax",
    "matmul, matmul_tiled",
    "conv_pool, conv2d_pooled"
  })
  void aBarrierThatIsMissingIsSeen(String op, String entry) {
    List<OpCase> cases =
        OpCases.of(DType.FLOAT32).stream()
            .filter(c -> c.op().name().equals(op) && KernelNotes.shipped(c.program()))
            .filter(c -> c.types().stream().mapToLong(t -> t.size()).sum() < MOST_ELEMENTS)
            .toList();
    Set<String> modules = new HashSet<>();
    for (OpCase c : cases) {
      EmulatedCuda driver = EmulatedCuda.open(90);
      driver.edit(text -> {
        modules.add(text);
        return text;
      });
      try (GpuDevice device = new GpuDevice(driver)) {
        device.bind(c.program()).close();
      }
    }
    int removed = 0;
    for (String module : modules) {
      for (int at :
          module.contains(".entry " + entry + "(") ? barriers(module) : List.<Integer>of()) {
        String cut = module.substring(0, at) + module.substring(at + BARRIER.length());
        assertThat(cases.stream().anyMatch(c -> races(c, module, cut)))
            .as("barrier at %d of %s", at, entry)
            .isTrue();
        removed++;
      }
    }
    assertThat(removed).isGreaterThan(1);
  }

  private static boolean races(OpCase c, String module, String cut) {
    EmulatedCuda driver = EmulatedCuda.open(90);
    driver.few(true);
    driver.edit(text -> text.equals(module) ? cut : text);
    try (GpuDevice device = new GpuDevice(driver)) {
      OpCase.run(device, c.program(), c.values());
      return false;
    } catch (PtxFault f) {
      return f.kind() == PtxFault.Kind.RACE || f.kind() == PtxFault.Kind.UNWRITTEN;
    }
  }
}
