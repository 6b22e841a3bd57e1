package org.amortis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.amortis.studies.gp.TinyStudy;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The study in processes of its own: killed, short of disk, short of memory.
@Tag("shell")
class StudyProcessTest {
  private static final String QUICK =
      "study gp --methods exact,mcmc,nbe,fkl --profile quick --device cpu --progress none --out";

  @TempDir Path folder;

  private Process start(List<String> before, List<String> flags, Class<?> main, String line)
      throws IOException {
    List<String> command = new ArrayList<>(DefaultSignals.prefix());
    command.addAll(before);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:-UsePerfData", "--add-modules", "jdk.incubator.vector"));
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(flags);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(line.split(" ")));
    return new ProcessBuilder(command)
        .directory(folder.toFile())
        .redirectError(folder.resolve("err").toFile())
        .redirectOutput(folder.resolve("out").toFile())
        .start();
  }

  private int end(Process process) throws InterruptedException {
    try {
      assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
      return process.exitValue();
    } finally {
      process.destroyForcibly();
    }
  }

  /// What the program wrote to standard error, without the Java runtime's own line.
  private List<String> err() throws IOException {
    return Files.readAllLines(folder.resolve("err")).stream()
        .filter(l -> !l.startsWith("WARNING: Using incubator"))
        .toList();
  }

  @ParameterizedTest
  @CsvSource({"KILL, draws_exact.npy, 137", "KILL, nbe.safetensors, 137", "INT, exact.npz, 130"})
  void aStoppedProcessGoesOnWhereItStopped(String signal, String after, int exitCode)
      throws Exception {
    Process process = start(List.of(), List.of(), TinyMain.class, QUICK + " run");
    Path run = folder.resolve("run");
    try {
      while (process.isAlive() && !Files.exists(run.resolve(after))) {
        Thread.sleep(2);
      }
      new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();
    } finally {
      if (signal.equals("KILL")) {
        process.destroyForcibly();
      }
    }
    assertThat(end(process)).isEqualTo(exitCode);
    assertThat(run.resolve("report.html")).doesNotExist();
    new TinyStudy(run).run();
    assertThat(TinyStudy.differences(TinyStudy.undisturbed(), run)).isEmpty();
  }

  @Test
  void aDiskThatTakesNoMoreEndsWith74AndLeavesWholeFiles() throws Exception {
    // A limit on the size of files is the full disk that needs no privilege.
    List<String> limited = List.of("sh", "-c", "ulimit -f 200; exec \"$@\"", "sh");
    assertThat(end(start(limited, List.of(), TinyMain.class, QUICK + " run"))).isEqualTo(74);
    assertThat(err()).hasSizeLessThanOrEqualTo(2);
    assertThat(err().getFirst()).startsWith("amortis: error: ").contains("nbe.safetensors");
    Path run = folder.resolve("run");
    assertThat(TinyStudy.files(run)).containsKey("draws_mcmc.npy");
    assertThat(TinyStudy.files(run).keySet()).noneMatch(n -> n.contains("partial"));
    new TinyStudy(run).run();
    assertThat(TinyStudy.differences(TinyStudy.undisturbed(), run)).isEmpty();
  }

  @Test
  void aHeapThatIsTooSmallEndsInTwoLines() throws Exception {
    String line = "study gp --methods fkl --progress none --out run";
    assertThat(end(start(List.of(), List.of("-Xmx24m"), Main.class, line))).isEqualTo(70);
    assertThat(err()).hasSize(2);
    assertThat(err().getFirst()).startsWith("amortis: error: out of memory");
    assertThat(err().getLast()).contains("AMORTIS_JVM_FLAGS=-Xmx");
  }
}
