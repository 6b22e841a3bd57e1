package org.amortis.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Child processes of the launcher in a checkout whose build is a stand-in: `mvnw` copies a small
/// jar that points at the compiled classes of this build.
@Tag("shell")
class LauncherTest {
  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

  @TempDir private Path folder;
  private Path checkout;

  /// What a child process wrote, and its exit code.
  record Ended(int exitCode, String out, String err) {}

  @BeforeEach
  void copyTheLauncher() throws IOException {
    checkout = folder.resolve("a check out");
    Files.createDirectories(checkout.resolve(".mvn"));
    for (String file : List.of("amortis", ".mvn/find-jdk.sh", "pom.xml")) {
      Files.copy(ROOT.resolve(file), checkout.resolve(file));
    }
    Path sources = Files.createDirectories(checkout.resolve("src/main/java"));
    Files.createDirectories(checkout.resolve("src/generate"));
    Files.createDirectories(checkout.resolve("kernels"));
    Files.createDirectories(checkout.resolve("src/target"));
    Files.copy(ROOT.resolve("src/pom.xml"), checkout.resolve("src/pom.xml"));
    Files.writeString(sources.resolve("A.java"), "class A {}");
    writeJar(checkout.resolve("prepared.jar"));
    buildRuns("cp \"$here/prepared.jar\" \"$here/src/target/amortis-0-cli.jar\"");
    try (Stream<Path> all = Files.walk(checkout)) {
      all.forEach(path -> touch(path, -100));
    }
  }

  private void buildRuns(String commands) throws IOException {
    script(
        checkout.resolve("mvnw"),
        "here=$(dirname \"$0\")\necho built >>\"$here/builds\"\n" + commands);
  }

  private static void writeJar(Path jar) throws IOException {
    Manifest manifest = new Manifest();
    Attributes main = manifest.getMainAttributes();
    main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    main.put(Attributes.Name.MAIN_CLASS, "org.amortis.cli.Main");
    List<String> entries = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(":")) {
      if (entry.endsWith("/classes") || entry.contains("picocli") || entry.contains("jackson")) {
        entries.add(Path.of(entry).toUri().toString());
      }
    }
    main.put(Attributes.Name.CLASS_PATH, String.join(" ", entries));
    try (OutputStream out = Files.newOutputStream(jar)) {
      new JarOutputStream(out, manifest).close();
    }
  }

  private static void touch(Path path, int secondsFromNow) {
    try {
      Files.setLastModifiedTime(path, FileTime.from(Instant.now().plusSeconds(secondsFromNow)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Ended run(Path directory, Map<String, String> environment, String... command)
      throws Exception {
    Path out = Files.createTempFile(folder, "out", "");
    Path err = Files.createTempFile(folder, "err", "");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().remove("AMORTIS_JVM_FLAGS");
    builder.environment().remove("JDK_JAVA_OPTIONS");
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    builder.environment().putAll(environment);
    Process process = builder.start();
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    return new Ended(
        process.exitValue(), Files.readString(out, UTF_8), Files.readString(err, UTF_8));
  }

  private Ended launch(String... args) throws Exception {
    List<String> command = new ArrayList<>(List.of(checkout.resolve("amortis").toString()));
    command.addAll(List.of(args));
    return run(folder, Map.of(), command.toArray(String[]::new));
  }

  private long builds() throws IOException {
    Path file = checkout.resolve("builds");
    return Files.exists(file) ? Files.readAllLines(file).size() : 0;
  }

  @Test
  void buildsOnceThenRunsWithoutAWordAndBuildsAgainAfterAChange() throws Exception {
    Ended first = launch("devices");
    assertThat(first.exitCode()).isZero();
    assertThat(first.out()).contains("Vector API");
    assertThat(first.err())
        .hasLineCount(1)
        .startsWith("amortis: building, once")
        .contains("a check out/target/launch/build.log");
    Ended second = launch("devices");
    assertThat(second.err()).isEmpty();
    assertThat(second.out()).isEqualTo(first.out());
    assertThat(builds()).isEqualTo(1);

    touch(checkout.resolve("src/main/java/A.java"), 5);
    Ended third = launch("devices");
    assertThat(third.exitCode()).isZero();
    assertThat(third.err()).hasLineCount(1).contains("sources changed");
    assertThat(builds()).isEqualTo(2);
    assertThat(checkout.resolve("target/launch")).isDirectoryNotContaining("glob:**.jar.*");
  }

  @Test
  void errorsOfTheProgramReachStandardErrorAndTheExitCode() throws Exception {
    launch("devices");
    Ended wrong = launch("study", "g p");
    assertThat(wrong.exitCode()).isEqualTo(64);
    assertThat(wrong.err())
        .startsWith("amortis: error: ")
        .contains("unknown study 'g p'")
        .hasLineCount(2);
  }

  @Test
  void runsThroughALinkFromAnotherFolder() throws Exception {
    Path elsewhere = Files.createDirectories(folder.resolve("else where"));
    Files.createSymbolicLink(elsewhere.resolve("one"), Path.of("../a check out/amortis"));
    Files.createSymbolicLink(elsewhere.resolve("two"), elsewhere.resolve("one"));
    Ended ended = run(elsewhere, Map.of(), "./two", "--version");
    assertThat(ended.exitCode()).isZero();
    assertThat(ended.out()).startsWith("amortis ");
  }

  @Test
  void aFolderThatCannotBeWrittenAndHoldsNoBuildSaysSo() throws Exception {
    // A file where the folder should be stands for a read-only disk, which root would write to.
    Files.writeString(checkout.resolve("target"), "");
    Ended none = launch("devices");
    assertThat(none.exitCode()).isEqualTo(74);
    assertThat(none.err()).hasLineCount(1).contains("cannot be written");
    assertThat(builds()).isZero();
  }

  @Test
  void aRunOfAFreshBuildWritesNothingIntoTheCheckout() throws Exception {
    launch("devices");
    List<String> before = listing();
    assertThat(launch("devices").exitCode()).isZero();
    assertThat(listing()).isEqualTo(before);
  }

  private List<String> listing() throws IOException {
    try (Stream<Path> all = Files.walk(checkout)) {
      return all.sorted().map(path -> path + " " + path.toFile().lastModified()).toList();
    }
  }

  @Test
  void aMissingOrOldJdkGetsOneLineAnd69() throws Exception {
    Path jdks = folder.resolve("jd ks");
    jdk(jdks.resolve("old"), "25.0.2");
    Path tools = Files.createDirectories(folder.resolve("tools"));
    for (String tool : List.of("sh", "dirname", "readlink", "sed", "head", "tr", "sort")) {
      script(tools.resolve(tool), "exec " + whereIs(tool) + " \"$@\"");
    }
    Map<String, String> bare =
        Map.of("PATH", tools.toString(), "JAVA_HOME", "", "AMORTIS_JDK_FOLDERS", jdks.toString());
    Ended ended = run(folder, bare, checkout.resolve("amortis").toString(), "devices");
    assertThat(ended.exitCode()).isEqualTo(69);
    assertThat(ended.err())
        .hasLineCount(1)
        .contains("no JDK 25.0.3", "25.0.2 in " + jdks.resolve("old"), "JAVA_HOME");
  }

  @Test
  void theJdkIsFoundInTheFoldersWhereJavaHomeIsUnfit() throws Exception {
    Path jdks = folder.resolve("jd ks");
    jdk(jdks.resolve("fit"), "25.0.3");
    jdk(folder.resolve("older"), "17.0.15");
    Map<String, String> environment =
        Map.of(
            "JAVA_HOME",
            folder.resolve("older").toString(),
            "AMORTIS_JDK_FOLDERS",
            "/nowhere:" + jdks,
            "PATH",
            "/usr/bin:/bin");
    Ended found = run(folder, environment, checkout.resolve("amortis").toString(), "--version");
    assertThat(found.exitCode()).isZero();
    assertThat(found.out()).startsWith("amortis ");
  }

  @ParameterizedTest
  @CsvSource({
    "25, false", "25.0.2, false", "25.0.3, true", "25.0.10, true", "25.0.3.1, true",
    "25.1, true", "26, false", "26.0.1, false", "24.0.9, false", "250.0.3, false"
  })
  void theRangeOfTheJdkIsFrom25_0_3To26(String version, boolean fits) throws Exception {
    String sh = ". \"$0/.mvn/find-jdk.sh\"; amortis_jdk_fits " + version;
    Ended ended = run(folder, Map.of(), "sh", "-euc", sh, checkout.toString());
    assertThat(ended.exitCode() == 0).isEqualTo(fits);
  }

  /// A folder that looks like a JDK of that version; its `java` is the one that runs this test.
  private static void jdk(Path home, String version) throws IOException {
    Path bin = Files.createDirectories(home.resolve("bin"));
    Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    for (String tool : List.of("java", "javac")) {
      Path real = Path.of(System.getProperty("java.home"), "bin", tool);
      script(bin.resolve(tool), "exec '" + real + "' \"$@\"");
    }
  }

  private static void script(Path file, String body) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + body + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static Path whereIs(String tool) {
    return Stream.of("/bin", "/usr/bin")
        .map(place -> Path.of(place, tool))
        .filter(Files::exists)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aFailedBuildEndsWith70AndAMissingNetworkWith74() throws Exception {
    buildRuns("echo 'COMPILATION ERROR'; exit 1");
    Ended broken = launch("devices");
    assertThat(broken.exitCode()).isEqualTo(70);
    assertThat(broken.err()).contains("the build failed, log: ").hasLineCount(2);
    assertThat(checkout.resolve("target/launch/build.log")).content().contains("COMPILATION");

    buildRuns("echo 'Unknown host repo.maven.apache.org'; exit 1");
    Ended offline = launch("devices");
    assertThat(offline.exitCode()).isEqualTo(74);
    assertThat(offline.err()).contains("network").hasLineCount(2);
  }

  @Test
  void twoFirstUsesBuildOnce() throws Exception {
    buildRuns("sleep 1; cp \"$here/prepared.jar\" \"$here/src/target/amortis-0-cli.jar\"");
    Ended both =
        run(checkout, Map.of(), "sh", "-c", "./amortis --version & ./amortis --version; wait $!");
    assertThat(both.exitCode()).isZero();
    assertThat(both.out()).hasLineCount(2);
    assertThat(builds()).isEqualTo(1);
  }

  @Test
  void flagsOfTheUserReachJavaAndWrongOnesAreNamed() throws Exception {
    String amortis = checkout.resolve("amortis").toString();
    Ended big = run(folder, Map.of("AMORTIS_JVM_FLAGS", "-Xmx96m -Xss1m"), amortis, "devices");
    assertThat(big.out()).containsPattern("heap up to [0-9]{2} MiB");
    Ended wrong = run(folder, Map.of("AMORTIS_JVM_FLAGS", "-Xnope"), amortis, "devices");
    assertThat(wrong.exitCode()).isEqualTo(64);
    assertThat(wrong.err()).hasLineCount(1).contains("AMORTIS_JVM_FLAGS", "-Xnope");
  }

  @Test
  void aReaderThatGoesAwayIsNoFaultAndAFullDiskIs() throws Exception {
    launch("devices");
    Ended closed =
        run(checkout, Map.of(), "bash", "-o", "pipefail", "-c", "./amortis --help | true");
    assertThat(closed.err()).isEmpty();
    assertThat(closed.exitCode()).isZero();
    if (Files.exists(Path.of("/dev/full"))) {
      Ended full = run(checkout, Map.of(), "sh", "-c", "./amortis devices >/dev/full");
      assertThat(full.exitCode()).isEqualTo(74);
      assertThat(full.err()).hasLineCount(1).contains("cannot write standard output");
    }
  }

  @Test
  void closedStandardStreamsAreNoOtherFiles() throws Exception {
    launch("devices");
    Ended out = run(checkout, Map.of(), "sh", "-c", "./amortis --version >&-");
    assertThat(out.exitCode()).as(out.err()).isEqualTo(74);
    assertThat(out.err()).hasLineCount(1).contains("cannot write standard output");
    Ended err = run(checkout, Map.of(), "sh", "-c", "./amortis nope 2>&-");
    assertThat(err.exitCode()).isEqualTo(64);
    assertThat(err.out()).isEmpty();
    Ended all = run(checkout, Map.of(), "sh", "-c", "./amortis --version <&- 2>&- ");
    assertThat(all.exitCode()).isZero();
    assertThat(all.out()).startsWith("amortis ");
  }

  @Test
  void standardErrorMayBeAPipeOrAFileThatIsAppendedTo() throws Exception {
    launch("devices");
    Ended piped = run(checkout, Map.of(), "sh", "-c", "./amortis nope 2>&1 | cat");
    assertThat(piped.out()).startsWith("amortis: error: unknown command 'nope'").hasLineCount(2);
    Ended appended =
        run(checkout, Map.of(), "sh", "-c", "echo before >&2; ./amortis nope; echo after >&2");
    assertThat(appended.err().lines().toList().getFirst()).isEqualTo("before");
    assertThat(appended.err().lines().toList().getLast()).isEqualTo("after");
    assertThat(appended.err()).hasLineCount(4);
  }

  @Test
  void aNumberFormatsTheSameUnderEveryLocale() throws Exception {
    launch("devices");
    String plain = launch("--help").out();
    String amortis = checkout.resolve("amortis").toString();
    for (String locale : List.of("C", "tr_TR.UTF-8", "de_DE.UTF-8")) {
      assertThat(run(folder, Map.of("LC_ALL", locale, "LANG", locale), amortis, "--help").out())
          .isEqualTo(plain);
    }
  }
}
