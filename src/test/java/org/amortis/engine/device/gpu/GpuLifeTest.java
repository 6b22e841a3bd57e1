package org.amortis.engine.device.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.amortis.engine.Failure;
import org.amortis.engine.device.Buffer;
import org.amortis.engine.device.Executable;
import org.amortis.engine.device.opencl.OnOpenCl;
import org.amortis.engine.device.opencl.OpenCl;
import org.amortis.engine.program.Program;
import org.amortis.engine.program.Trace;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.Type;
import org.junit.jupiter.api.Test;

/// Programs come and go, and faults leave nothing behind.
@OnOpenCl
class GpuLifeTest {
  /// `y = tanh(x) + table`, and a state that counts.
  private static Program program() {
    Trace t = new Trace("life");
    Var x = t.data("x", Type.f32(100));
    Var count = t.state("count", Type.f32());
    double[] table = new double[100];
    java.util.Arrays.setAll(table, i -> i);
    t.output("y", x.tanh().add(t.table(Type.f32(100), table)).slice(0, 10, 20));
    t.update(count, count.add(1));
    return t.program();
  }

  private static void use(Executable e) {
    e.input("x").write(new float[100], 0);
    e.run();
    assertThat(e.output("y").floats()).startsWith(10, 11).endsWith(19);
    e.run();
    assertThat(e.input("count").floats()).containsExactly(2);
  }

  @Test
  void anyAllocationThatFailsLeavesTheDeviceUsable() {
    FaultyDriver driver = new FaultyDriver(OpenCl.open(-1));
    try (GpuDevice device = new GpuDevice(driver)) {
      int faults = 0;
      for (int n = 0; ; n++) {
        driver.failAfter(n);
        try (Executable e = device.bind(program())) {
          use(e);
        } catch (Failure f) {
          assertThat(f.kind()).isEqualTo(Failure.Kind.UNAVAILABLE);
          assertThat(f).hasMessageContaining("out of memory");
        }
        boolean failed = driver.failed();
        driver.failAfter(Integer.MAX_VALUE);
        assertThat(driver.alive).as("after a fault at call %d", n).isZero();
        try (Executable e = device.bind(program())) {
          use(e);
        }
        if (!failed) {
          break;
        }
        faults++;
      }
      assertThat(faults).isGreaterThan(10);
    }
  }

  @Test
  void whatIsAskedForBeyondTheMemoryIsOneClearFailure() {
    try (GpuDevice device = new GpuDevice(OpenCl.open(-1))) {
      Type huge = Type.f32(1 << 30);
      assertThatThrownBy(
              () -> {
                Buffer[] held = new Buffer[1 << 10];
                for (int i = 0; i < held.length; i++) {
                  held[i] = device.allocate(huge);
                }
              })
          .isInstanceOf(Failure.class)
          .hasMessageContaining("out of memory")
          .hasMessageContaining("MiB");
      try (Executable e = device.bind(program())) {
        use(e);
      }
    }
  }

  @Test
  void closingTheDeviceReleasesWhatIsStillOpen() {
    FaultyDriver driver = new FaultyDriver(OpenCl.open(-1));
    GpuDevice device = new GpuDevice(driver);
    device.allocate(Type.f32(10));
    use(device.bind(program()));
    assertThat(driver.alive).isPositive();
    device.close();
    assertThat(driver.alive).isZero();
    device.close();
    assertThatThrownBy(() -> device.bind(program())).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void memoryOfBuffersThatNobodyHoldsComesBack() throws InterruptedException {
    FaultyDriver driver = new FaultyDriver(OpenCl.open(-1));
    try (GpuDevice device = new GpuDevice(driver)) {
      for (int i = 0; i < 100; i++) {
        device.allocate(Type.f32(1000));
      }
      for (int i = 0; i < 100 && driver.alive > 50; i++) {
        System.gc();
        Thread.sleep(10);
        device.allocate(Type.f32(1));
      }
      assertThat(driver.alive).isLessThan(51 + 100);
    }
  }

  @Test
  void withoutFloat64SuchProgramsAreRefusedAndOthersRun() {
    FaultyDriver driver = new FaultyDriver(OpenCl.open(-1));
    driver.withoutFloat64();
    try (GpuDevice device = new GpuDevice(driver)) {
      Trace t = new Trace("double");
      t.output("y", t.data("x", Type.f64(3)).exp());
      assertThatThrownBy(() -> device.bind(t.program()))
          .isInstanceOf(Failure.class)
          .hasMessageContaining("no float64")
          .hasMessageContaining("GpuLifeTest.java");
      try (Executable e = device.bind(program())) {
        use(e);
      }
    }
  }

  @Test
  void tenThousandProgramsLeaveNoMemoryBehind() throws IOException {
    try (GpuDevice device = new GpuDevice(OpenCl.open(-1))) {
      Program p = program();
      cycles(device, p, 2_000);
      long before = resident();
      cycles(device, p, 10_000);
      long growth = resident() - before;
      // A leak of one memory object or one kernel a cycle is more than 1 KiB times 10,000.
      assertThat(growth).as("growth of resident memory in KiB").isLessThan(8 << 10);
    }
  }

  private static void cycles(GpuDevice device, Program p, int n) {
    for (int i = 0; i < n; i++) {
      try (Executable e = device.bind(p)) {
        e.run();
      }
    }
    device.allocate(Type.f32(1)).floats();
  }

  /// Memory of this process outside the heap, in KiB; the heap is full from the start.
  private static long resident() throws IOException {
    System.gc();
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("RssAnon:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) - heap();
      }
    }
    return 0;
  }

  private static long heap() {
    return Runtime.getRuntime().totalMemory() >> 10;
  }
}
