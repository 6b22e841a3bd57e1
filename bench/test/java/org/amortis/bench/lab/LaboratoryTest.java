package org.amortis.bench.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;
import org.amortis.engine.Failure;
import org.amortis.engine.device.gpu.Driver;
import org.amortis.engine.device.gpu.KernelSource;
import org.amortis.engine.device.opencl.OpenCl;
import org.amortis.io.Json;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/// The laboratory measures what is right and finds what is wrong.
@Tag("opencl")
@EnabledIf("present")
class LaboratoryTest {
  private static Driver driver;

  /// Whether there is an OpenCL device; fails where the run requires one.
  static boolean present() {
    String missing = OpenCl.list().missing();
    if (missing != null && System.getProperty("amortis.require", "").contains("opencl")) {
      throw new IllegalStateException("this run requires an OpenCL device: " + missing);
    }
    return missing == null;
  }

  @BeforeAll
  static void open() {
    driver = OpenCl.open(-1);
  }

  @AfterAll
  static void close() {
    driver.close();
  }

  private record Ran(boolean right, String text, Json json) {}

  private static Ran run(Driver on, int repetitions, String... families) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    Settings s = new Settings(Set.of(families), repetitions, 0, true);
    Laboratory laboratory = new Laboratory(on, false, s, out);
    boolean right = laboratory.run();
    return new Ran(right, bytes.toString(StandardCharsets.UTF_8), laboratory.json());
  }

  @Test
  void familiesAreRightAtEveryLaunchSizeAndThenTimed() {
    Ran ran = run(driver, 1, "adam", "move");
    assertThat(ran.right).as(ran.text).isTrue();
    assertThat(ran.text).contains("no claims about speed").doesNotContain("never launched");
    Json.Obj all = ran.json.asObject();
    assertThat(all.require("peak_bytes_per_second").asNumber()).isPositive();
    assertThat(all.require("rows").asItems()).hasSizeGreaterThan(8);
    for (Json row : all.require("rows").asItems()) {
      Json.Obj r = row.asObject();
      assertThat(r.require("launch_sizes").asInteger()).isEqualTo(16);
      assertThat(r.require("seconds").asNumber()).isPositive();
      assertThat(r.require("bytes").asInteger()).isPositive();
    }
  }

  @Test
  void aKernelWithoutItsLoopIsFoundAtTheFirstLaunchThatIsTooSmall() {
    Driver wrong = new PlantedKernel(driver, "pointwise_from_int", "planted_without_loop");
    Ran ran = run(wrong, 0, "pointwise");
    assertThat(ran.right).isFalse();
    assertThat(ran.text).contains("WRONG: other bytes at 1 groups of 1: element 1 of result 0");
    assertThat(ran.text).contains(" 1 wrong");
  }

  @Test
  void aWrongNumberIsFoundByTheOracleAndEndsTheProcessWithAnotherCode() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    Options check = Options.parse("--device", "opencl", "--family", "pointwise", "--check");
    int code =
        check.run(
            out,
            n -> new PlantedKernel(OpenCl.open(n), "pointwise_from_int", "planted_off_by_one"));
    assertThat(code).isEqualTo(1);
    assertThat(bytes.toString(StandardCharsets.UTF_8))
        .contains("WRONG: element 1020 of result 0 is ")
        .contains(" 1 wrong");
  }

  @Test
  void resultsAreWrittenAsJson(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("adam.json");
    Options right = Options.parse("--family", "adam", "--check", "--out", file.toString());
    assertThat(right.run(new PrintStream(PrintStream.nullOutputStream()))).isZero();
    Json.Obj all = Json.parse(Files.readString(file), "adam.json").asObject();
    assertThat(all.require("rows").asItems()).hasSize(1);
  }

  @Test
  void everyFamilyOfKernelsHasAnExperiment() throws Exception {
    try (Stream<Path> files = Files.list(Path.of("../kernels"))) {
      Stream<String> names =
          files
              .map(f -> f.getFileName().toString())
              .filter(n -> n.endsWith(".c"))
              .map(n -> n.replace(".c", ""));
      assertThat(Laboratory.experiments().stream().map(Experiment::family).distinct())
          .containsExactlyInAnyOrderElementsOf(
              // A family of one dialect is a driver's own choice; nothing is lowered to it.
              names.filter(n -> KernelSource.of(n).dialects().size() > 1).toList());
    }
  }

  @Test
  void unknownNamesAreRefused() {
    assertThatThrownBy(() -> Options.parse("--family", "matmul,nonsense"))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("no family nonsense");
    assertThatThrownBy(() -> Options.parse("--device", "cuda")).isInstanceOf(Failure.class);
    assertThatThrownBy(() -> Options.parse("--seconds", "soon")).isInstanceOf(Failure.class);
    assertThatThrownBy(() -> Options.parse("--seconds")).isInstanceOf(Failure.class);
    assertThatThrownBy(() -> Options.parse("--fast")).isInstanceOf(Failure.class);
  }
}
