package org.amortis.engine.device.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.amortis.engine.Failure;
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
    List<Memory> held = new ArrayList<>();
    try (Driver driver = OpenCl.open(-1)) {
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 1 << 20; i++) {
                  held.add(driver.allocate(1L << 30));
                }
              })
          .isInstanceOf(Failure.class)
          .hasMessageContaining("out of memory")
          .hasMessageContaining("KiB wanted");
      held.forEach(Memory::close);
      driver.allocate(1 << 20).close();
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
      for (int i = 0; i < 1000; i++) {
        device.allocate(Type.f32(1000));
      }
      for (int i = 0; i < 100 && driver.alive > 500; i++) {
        System.gc();
        Thread.sleep(10);
        device.allocate(Type.f32(1));
      }
      assertThat(driver.alive).isLessThan(500);
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
          .hasMessageContaining("program double at ");
      try (Executable e = device.bind(program())) {
        use(e);
      }
    }
  }

  /// A process with a fixed heap, so that resident memory is native memory. Compilers and the
  /// allocator move it in steps; a leak adds to every 10,000 cycles, so the least growth counts: it
  /// must not be 100 bytes a cycle.
  @Test
  void tenThousandProgramsLeaveNoMemoryBehind() throws IOException, InterruptedException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Process process =
        new ProcessBuilder(
                java,
                "-Xms128m",
                "-Xmx128m",
                "-XX:+AlwaysPreTouch",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--add-modules",
                "jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                GpuLifeTest.class.getName())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String[] found = new String(process.getInputStream().readAllBytes()).strip().split("\\s+");
    assertThat(process.waitFor()).isZero();
    long least = Long.MAX_VALUE;
    for (int i = 1; i < found.length; i++) {
      least = Math.min(least, Long.parseLong(found[i]) - Long.parseLong(found[i - 1]));
    }
    assertThat(least).as("growth in KiB over 10,000 cycles of %s", List.of(found)).isLessThan(1000);
  }

  /// Prints the resident memory in KiB after 10,000, 20,000 and 30,000 cycles.
  public static void main(String[] arguments) throws IOException {
    try (GpuDevice device = new GpuDevice(OpenCl.open(-1))) {
      Program p = program();
      for (int part = 0; part < 3; part++) {
        for (int i = 0; i < 10_000; i++) {
          try (Executable e = device.bind(p)) {
            e.run();
          }
        }
        System.gc();
        String status = Files.readString(Path.of("/proc/self/status"));
        System.out.println(status.replaceAll("(?s).*RssAnon:\\s*(\\d+) kB.*", "$1"));
      }
    }
  }
}
