package org.amortis.inference.mcmc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.cuda.EmulatedCuda;
import org.amortis.engine.device.gpu.GpuDevice;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Chains on the `cuda` device over the emulator: many steps in one launch are those of so many
/// steps one by one, byte for byte.
@Tag("op")
class EmulatedRunTest {
  static List<WholeRunTest.Case> cases() {
    return WholeRunTest.cases();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theSameBytesAsStepByStep(WholeRunTest.Case c) {
    EmulatedCuda driver = EmulatedCuda.open(90);
    try (Device device = new GpuDevice(driver)) {
      WholeRunTest.State whole = WholeRunTest.run(device, c);
      assertThat(driver.ran()).contains("whole_chains");
      WholeRunTest.State single = WholeRunTest.apart(device, c);
      for (int i = 0; i < single.values().size(); i++) {
        assertThat(whole.values().get(i)).isEqualTo(single.values().get(i));
      }
    }
  }
}
