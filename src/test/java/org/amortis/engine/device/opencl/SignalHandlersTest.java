package org.amortis.engine.device.opencl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.Devices;
import org.amortis.engine.device.Executable;
import org.amortis.engine.program.Trace;
import org.amortis.engine.shape.Type;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Java's own signal handlers survive a driver that replaces them: seen in a process of its own,
/// which a missing handler would end.
@OnOpenCl
class SignalHandlersTest {
  private static Process start(String what) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:-UsePerfData", "--add-modules", "jdk.incubator.vector"));
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-XX:-CreateCoredumpOnCrash"));
    command.add("-XX:TieredStopAtLevel=1"); // this compiler leaves such checks to signals
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(SignalHandlersTest.class.getName(), what));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }

  /// Listing, which `auto` does on every machine, and use of a device.
  @ParameterizedTest
  @ValueSource(strings = {"list", "run"})
  void everySignalKeepsItsHandler(String what) throws Exception {
    Process process = start(what);
    String out = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor()).as("exit code; output %s", out).isZero();
    assertThat(out.strip()).isEqualTo("changed [], NullPointerException, ArithmeticException");
  }

  @Test
  void terminationIsStillSeen() throws Exception {
    Process process = start("wait");
    try {
      assertThat(process.inputReader().readLine()).isEqualTo("ready");
      process.toHandle().destroy(); // leaves its output open
      assertThat(process.inputReader().readLine()).isEqualTo("stopped");
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(143);
    } finally {
      process.destroyForcibly();
    }
  }

  /// Loads the driver, then does what the argument says.
  public static void main(String[] arguments) throws InterruptedException {
    byte[][] before = SignalHandlers.handlers();
    if (arguments[0].equals("list")) {
      Devices.auto();
    } else {
      try (Device device = Devices.open("opencl", 1)) {
        Trace t = new Trace("one");
        t.output("y", t.data("x", Type.f32(5)).exp());
        try (Executable e = device.bind(t.program())) {
          e.run();
          e.output("y").floats();
        }
      }
    }
    if (arguments[0].equals("wait")) {
      Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("stopped")));
      System.out.println("ready");
      Thread.sleep(60_000);
      return;
    }
    byte[][] after = SignalHandlers.handlers();
    List<Integer> changed = new ArrayList<>();
    for (int s = 1; s < before.length; s++) {
      if (!SignalHandlers.same(before[s], after[s])) {
        changed.add(s);
      }
    }
    int[][] arrays = new int[1_000][3];
    long sum = 0;
    for (int i = 0; i < 1_000; i++) {
      sum += lengths(arrays) + quotients(new int[] {3, 5, 7});
    }
    String found = "changed " + (sum > 0 ? changed : "and computed nothing");
    arrays[999] = null;
    try {
      lengths(arrays);
    } catch (NullPointerException e) {
      found += ", NullPointerException";
    }
    try {
      quotients(new int[] {3, 0});
    } catch (ArithmeticException e) {
      found += ", ArithmeticException";
    }
    System.out.println(found);
  }

  private static int lengths(int[][] arrays) {
    int sum = 0;
    for (int[] a : arrays) {
      sum += a.length;
    }
    return sum;
  }

  private static int quotients(int[] divisors) {
    int sum = 0;
    for (int d : divisors) {
      sum += 1_000 / d;
    }
    return sum;
  }
}
