package org.amortis.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.amortis.engine.Failure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunFolderTest {
  private static final List<String> FILES = List.of("table.csv", "draws_*.npy", "*.safetensors");
  private static final Json.Obj SETTINGS =
      Json.Obj.empty()
          .with("study", "gp")
          .with("seed", 1)
          .with("net", Json.Obj.empty().with("width", 64));

  @TempDir Path parent;

  private RunFolder open(Path folder, boolean force) {
    return RunFolder.open(folder, SETTINGS, FILES, force);
  }

  @Test
  void startsResumesAndRecords() throws IOException {
    Path folder = parent.resolve("läufe mit Leerzeichen/gp θ");
    try (RunFolder run = open(folder, false)) {
      assertThat(run.resumed()).isFalse();
      assertThat(Files.readString(folder.resolve("run.json")))
          .contains("\"fingerprint\": \"" + RunFolder.fingerprint(SETTINGS) + "\"");
      assertThat(run.has("table.csv")).isFalse();
      run.write("table.csv", out -> out.write('x'));
      run.record(Json.Obj.empty().with("seconds", 1.5));
      assertThatThrownBy(() -> run.write("other.txt", out -> {}))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> run.path("draws_../../x.npy"))
          .isInstanceOf(IllegalArgumentException.class);
    }
    Json.Obj reordered =
        Json.Obj.empty()
            .with("net", Json.Obj.empty().with("width", 64))
            .with("seed", 1)
            .with("study", "gp");
    try (RunFolder run = RunFolder.open(folder, reordered, FILES, false)) {
      assertThat(run.resumed()).isTrue();
      assertThat(run.has("table.csv")).isTrue();
      assertThat(run.recorded()).isEqualTo(Json.Obj.empty().with("seconds", 1.5));
    }
    assertThat(folder.resolve(".lock")).isEmptyFile();
  }

  @Test
  void refusesOtherSettingsAndSaysWhich() throws IOException {
    Path folder = parent.resolve("run");
    open(folder, false).close();
    TreeMap<String, String> before = snapshot(folder);
    Json.Obj other = SETTINGS.with("net", Json.Obj.empty().with("width", 32));
    assertThatThrownBy(() -> RunFolder.open(folder, other, FILES, false))
        .isInstanceOfSatisfying(
            Failure.class, f -> assertThat(f.kind()).isEqualTo(Failure.Kind.USAGE))
        .hasMessage(folder + ": holds a run of other settings: net.width is 64 there and 32 here");
    assertThat(snapshot(folder)).isEqualTo(before);
    try (RunFolder run = RunFolder.open(folder, other, FILES, true)) {
      assertThat(run.resumed()).isFalse();
    }
    RunFolder.open(folder, other, FILES, false).close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void refusesFoldersThatNoRunWrote(boolean force) throws IOException {
    Path folder = Files.createDirectory(parent.resolve("models"));
    Files.writeString(folder.resolve("mine.safetensors"), "precious");
    TreeMap<String, String> before = snapshot(folder);
    assertThatThrownBy(() -> open(folder, force))
        .isInstanceOfSatisfying(
            Failure.class, f -> assertThat(f.kind()).isEqualTo(Failure.Kind.USAGE))
        .hasMessageContaining("holds 'mine.safetensors', which no run of this program wrote");
    for (String run : List.of("", "{\"name\": \"something else\"}", "[]")) {
      Files.writeString(folder.resolve("run.json"), run);
      assertThatThrownBy(() -> open(folder, force))
          .isInstanceOfSatisfying(
              Failure.class, f -> assertThat(f.kind()).isEqualTo(Failure.Kind.USAGE))
          .hasMessageContaining("run.json is not one of this program");
    }
    Files.delete(folder.resolve("run.json"));
    assertThat(snapshot(folder)).isEqualTo(before);
  }

  @Test
  void forceDeletesOnlyItsOwnFiles() throws IOException {
    Path folder = parent.resolve("run");
    try (RunFolder run = open(folder, false)) {
      run.write("table.csv", out -> out.write('x'));
      run.write("draws_mh.npy", out -> out.write('y'));
    }
    Files.writeString(folder.resolve("notes.txt"), "mine");
    Files.writeString(folder.resolve(".amortis-1-1.partial"), "stray");
    assertThatThrownBy(() -> open(folder, false)).hasMessageContaining("'notes.txt'");
    assertThat(folder.resolve(".amortis-1-1.partial")).exists();
    try (RunFolder run = open(folder, true)) {
      assertThat(run.has("table.csv")).isFalse();
    }
    assertThat(snapshot(folder).keySet()).containsExactly(".lock", "notes.txt", "run.json");
  }

  /// Files of the other study would stay among those of this one.
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anotherStudysFolderIsNotTakenOver(boolean force) throws IOException {
    Path folder = parent.resolve("gp");
    try (RunFolder run =
        RunFolder.open(
            folder, Json.Obj.empty().with("study", "gp"), List.of("draws_*.npy"), false)) {
      run.write("draws_fkl.npy", out -> out.write(1));
    }
    Json.Obj other = Json.Obj.empty().with("study", "ratio");
    assertThatThrownBy(() -> RunFolder.open(folder, other, List.of("pairs.npz"), force))
        .hasMessageContaining("study is \"gp\" there and \"ratio\" here");
    assertThat(folder.resolve("draws_fkl.npy")).exists();
  }

  @Test
  void damagedRunJsonNeedsForce() throws IOException {
    Path folder = parent.resolve("run");
    open(folder, false).close();
    String text = Files.readString(folder.resolve("run.json"));
    Files.writeString(folder.resolve("run.json"), text.replace("\"seed\": 1", "\"seed\": 2"));
    assertThatThrownBy(() -> open(folder, false))
        .hasMessageContaining("fingerprint and settings disagree");
    open(folder, true).close();
    open(folder, false).close();
  }

  @Test
  void removesStraysOfAKilledRun() throws IOException {
    Path folder = parent.resolve("run");
    open(folder, false).close();
    Files.writeString(folder.resolve(".amortis-123-4.partial"), "torn");
    Files.writeString(folder.resolve(".lock"), "process 123 on elsewhere");
    open(folder, false).close();
    assertThat(snapshot(folder).keySet()).containsExactly(".lock", "run.json");
  }

  @Test
  void oneRunAFolderInThisProcess() {
    Path folder = parent.resolve("run");
    try (RunFolder first = open(folder, false)) {
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> open(folder, true))
            .isInstanceOfSatisfying(
                Failure.class, f -> assertThat(f.kind()).isEqualTo(Failure.Kind.USAGE))
            .hasMessageContaining("another run is writing here (this process)");
      }
      first.write("table.csv", out -> {});
    }
    open(folder, false).close();
  }

  /// A second Java process holds the folder, then is killed; its lock must not outlive it.
  @Test
  void oneRunAFolderAcrossProcesses() throws Exception {
    Path folder = parent.resolve("run");
    Process holder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                Holder.class.getName(),
                folder.toString())
            .redirectErrorStream(true)
            .start();
    try {
      assertThat(holder.inputReader().readLine()).isEqualTo("held");
      assertThatThrownBy(() -> open(folder, false))
          .isInstanceOfSatisfying(
              Failure.class, f -> assertThat(f.kind()).isEqualTo(Failure.Kind.USAGE))
          .hasMessageContaining("process " + holder.pid() + " on " + FolderLock.host());
    } finally {
      holder.destroyForcibly().waitFor(30, TimeUnit.SECONDS);
    }
    try (RunFolder run = open(folder, false)) {
      assertThat(run.resumed()).isTrue();
      assertThat(run.has("table.csv")).isTrue();
    }
  }

  /// The main class of the other process.
  static final class Holder {
    public static void main(String[] args) throws Exception {
      RunFolder run = RunFolder.open(Path.of(args[0]), SETTINGS, FILES, false);
      run.write("table.csv", out -> out.write('x'));
      System.out.println("held");
      Thread.sleep(60_000);
      run.close();
    }
  }

  /// A run of three files; every operation fails in turn, then the run is tried again.
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anyFailingOperationCanBeResumed(boolean forGood) throws IOException {
    Path undisturbed = parent.resolve("undisturbed");
    wholeRun(Disk.REAL, undisturbed, false);
    TreeMap<String, String> expected = snapshot(undisturbed);
    for (int n = 1; ; n++) {
      Path folder = parent.resolve("run " + n);
      FaultyDisk disk = new FaultyDisk(n, forGood);
      Failure failure = catchThrowableOfType(Failure.class, () -> wholeRun(disk, folder, false));
      if (!disk.fired()) {
        assertThat(failure).isNull();
        assertThat(n).isGreaterThan(20);
        break;
      }
      if (failure != null) {
        assertThat(failure.kind()).isEqualTo(Failure.Kind.STORAGE);
        assertThat(failure.getMessage()).contains(folder.toString());
      }
      if (Files.exists(folder)) {
        TreeMap<String, String> left = snapshot(folder);
        left.keySet().removeIf(name -> AtomicFile.isPartial(name) && forGood);
        left.remove("run.json"); // with or without its facts
        assertThat(expected).containsAllEntriesOf(left);
      }
      wholeRun(Disk.REAL, folder, false);
      assertThat(snapshot(folder)).isEqualTo(expected);
    }
  }

  @Test
  void aFailedStartOverCanBeRepeated() throws IOException {
    for (int n = 1; ; n++) {
      Path folder = parent.resolve("run " + n);
      wholeRun(Disk.REAL, folder, false);
      FaultyDisk disk = new FaultyDisk(n, true);
      catchThrowableOfType(
          Failure.class,
          () -> RunFolder.open(disk, folder, SETTINGS.with("seed", 2), FILES, true).close());
      try (RunFolder again = RunFolder.open(folder, SETTINGS.with("seed", 2), FILES, true)) {
        assertThat(again.has("table.csv")).isFalse();
      }
      if (!disk.fired()) {
        break;
      }
    }
  }

  private static void wholeRun(Disk disk, Path folder, boolean force) {
    try (RunFolder run = RunFolder.open(disk, folder, SETTINGS, FILES, force)) {
      for (String name : List.of("draws_mh.npy", "net.safetensors", "table.csv")) {
        if (!run.has(name)) {
          run.write(name, out -> out.write(name.repeat(20_000).getBytes()));
        }
      }
      run.record(Json.Obj.empty().with("done", true));
    }
  }

  @Test
  void placesThatCannotBeWritten() throws IOException {
    assertThatThrownBy(() -> open(Path.of("/proc/amortis/run"), false))
        .isInstanceOfSatisfying(
            Failure.class, f -> assertThat(f.kind()).isEqualTo(Failure.Kind.STORAGE))
        .hasMessageContaining("/proc/amortis");
    Path file = Files.writeString(parent.resolve("file"), "x");
    assertThatThrownBy(() -> open(file, false))
        .isInstanceOfSatisfying(
            Failure.class, f -> assertThat(f.kind()).isEqualTo(Failure.Kind.USAGE))
        .hasMessageContaining("is a file, expected a folder");
    assertThatThrownBy(() -> open(file.resolve("run"), false))
        .isInstanceOfSatisfying(
            Failure.class, f -> assertThat(f.kind()).isEqualTo(Failure.Kind.STORAGE));
    Path nowhere = Files.createSymbolicLink(parent.resolve("nowhere"), parent.resolve("gone"));
    assertThatThrownBy(() -> open(nowhere, false))
        .isInstanceOfSatisfying(
            Failure.class, f -> assertThat(f.advice().orElseThrow()).doesNotContain("space"))
        .hasMessageContaining("a link to nothing");
  }

  private static TreeMap<String, String> snapshot(Path folder) throws IOException {
    TreeMap<String, String> contents = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        contents.put(file.getFileName().toString(), Files.readString(file));
      }
    }
    return contents;
  }
}
