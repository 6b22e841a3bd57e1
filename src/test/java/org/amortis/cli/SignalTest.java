package org.amortis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Signals sent to a process that works until it is asked to stop.
@Tag("shell")
class SignalTest {
  @ParameterizedTest
  @CsvSource({"INT, 130", "TERM, 143"})
  void aSignalLetsTheWorkWriteWhatIsFinished(String signal, int exitCode) throws Exception {
    List<String> command = new ArrayList<>(DefaultSignals.prefix());
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            "org.amortis.cli.ToyMain",
            "study",
            "gp",
            "--progress",
            "plain"));
    Process process = new ProcessBuilder(command).start();
    try (BufferedReader err = process.errorReader()) {
      assertThat(err.readLine()).isEqualTo("toy: working");
      new ProcessBuilder(List.of("kill", "-" + signal, Long.toString(process.pid())))
          .start()
          .waitFor();
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(exitCode);
      assertThat(err.lines())
          .anyMatch(line -> line.contains("wrote what is finished"))
          .anyMatch(line -> line.startsWith("amortis: stopped"));
    } finally {
      process.destroyForcibly();
    }
  }
}
