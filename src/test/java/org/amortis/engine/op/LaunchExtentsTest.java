package org.amortis.engine.op;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.amortis.engine.device.gpu.Argument;
import org.amortis.engine.device.gpu.GpuDevice;
import org.amortis.engine.device.gpu.Grid;
import org.amortis.engine.device.gpu.GuardedDriver;
import org.amortis.engine.device.gpu.Kernel;
import org.amortis.engine.device.gpu.Memory;
import org.amortis.engine.device.opencl.OnOpenCl;
import org.amortis.engine.device.opencl.OpenCl;
import org.amortis.engine.program.Program;
import org.amortis.engine.shape.DType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Launches touch the memory that they say and no other: the order of launches in a graph relies on
/// it.
@Tag("op")
@OnOpenCl
class LaunchExtentsTest {
  @Test
  void launchesReadAndWriteWhatTheySay() {
    GuardedDriver driver = new GuardedDriver(OpenCl.open(-1));
    try (GpuDevice device = new GpuDevice(driver)) {
      for (OpCase c : OpCases.of(DType.FLOAT32)) {
        check(c.toString(), c.program(), c.values(), driver, device);
      }
      List<OpCase> doubles = OpCases.of(DType.FLOAT64);
      for (int i = 0; i < doubles.size(); i += 5) {
        OpCase c = doubles.get(i);
        if (!c.wrt().isEmpty()) {
          check("gradient of " + c, c.gradient(), c.values(), driver, device);
        }
      }
    }
  }

  @Test
  void whatIsTouchedBeyondIsFound() {
    GuardedDriver driver = new GuardedDriver(OpenCl.open(-1));
    try (driver;
        Memory x = driver.allocate(32);
        Memory y = driver.allocate(32)) {
      driver.fill(x, 0, 32, 7);
      driver.fill(y, 0, 32, 0);
      Kernel copy = Kernel.of("move_copy", DType.FLOAT32);
      Object[] arguments = {
        new Argument.Buffer(x, 0, 7, true), new Argument.Buffer(y, 0, 8, false), 8
      };
      driver.prepare(copy, Grid.items(8), arguments).enqueue();
      assertThat(driver.faults).isEmpty();
      assertThat(last(driver, y)).as("a word that was not to be read").isNotEqualTo(7);
      arguments[0] = new Argument.Buffer(x, 0, 8, true);
      arguments[1] = new Argument.Buffer(y, 0, 7, false);
      driver.prepare(copy, Grid.items(8), arguments).enqueue();
      assertThat(driver.faults).hasSize(1);
    }
  }

  private static int last(GuardedDriver driver, Memory m) {
    ByteBuffer b = ByteBuffer.allocateDirect(4).order(ByteOrder.nativeOrder());
    driver.read(m, 28, b);
    return b.clear().getInt();
  }

  private static void check(
      String label, Program p, List<double[]> values, GuardedDriver driver, GpuDevice device) {
    List<double[]> expected = OpCase.run(OnOpenCl.Shared.DEVICE, p, values);
    List<double[]> found = OpCase.run(device, p, values);
    assertThat(driver.faults).as(label).isEmpty();
    for (int i = 0; i < found.size(); i++) {
      assertThat(found.get(i)).as("%s result %d", label, i).isEqualTo(expected.get(i));
    }
  }
}
