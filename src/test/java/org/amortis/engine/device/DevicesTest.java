package org.amortis.engine.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.amortis.engine.Failure;
import org.amortis.engine.device.cuda.Cuda;
import org.amortis.engine.device.opencl.OpenCl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DevicesTest {
  @Test
  void autoIsAGpuOrTheCpuAndSaysWhy() {
    Devices.Choice choice = Devices.auto();
    boolean gpu = OpenCl.list().devices().stream().anyMatch(d -> d.gpu());
    boolean cuda = Cuda.list().devices().stream().anyMatch(d -> d.supported());
    assertThat(choice.name()).startsWith(cuda ? "cuda:" : gpu ? "opencl:" : "cpu");
    assertThat(choice.why()).contains("GPU");
    try (Device device = Devices.open("auto", 1)) {
      assertThat(device.name()).isEqualTo(choice.name());
    }
  }

  @Test
  void theListHoldsWhatCanBeOpened() {
    for (DeviceEntry e : Devices.list(1)) {
      if (e.ready()) {
        try (Device device = Devices.open(e.name(), 1)) {
          assertThat(device.name()).isEqualTo(e.name());
          assertThat(device.describe()).contains(e.what());
        }
      } else {
        assertThat(e.what()).isNotEmpty();
        assertThatThrownBy(() -> Devices.open(e.name(), 1)).isInstanceOf(Failure.class);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"cuda:x", "opencl:", "opencl:x", "opencl:-1", "gpu", "cpus"})
  void namesThatAreNoneAreUsageErrors(String name) {
    assertThatThrownBy(() -> Devices.open(name, 1))
        .isInstanceOfSatisfying(
            Failure.class, f -> assertThat(f.kind()).isEqualTo(Failure.Kind.USAGE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"opencl:999", "cuda:999"})
  void aNamedDeviceNeverFallsBack(String name) {
    assertThatThrownBy(() -> Devices.open(name, 1))
        .isInstanceOfSatisfying(
            Failure.class, f -> assertThat(f.kind()).isEqualTo(Failure.Kind.UNAVAILABLE));
  }
}
