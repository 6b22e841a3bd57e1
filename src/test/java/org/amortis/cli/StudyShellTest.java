package org.amortis.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.amortis.engine.Cancellation;
import org.amortis.io.ElementType;
import org.amortis.io.Json;
import org.amortis.io.Npy;
import org.amortis.io.NpyArray;
import org.amortis.io.Npz;
import org.amortis.nn.NetworkFile;
import org.amortis.nn.ParameterLayout;
import org.amortis.studies.gp.NpyBytes;
import org.amortis.studies.gp.TinyStudy;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Commands of the command line over the study itself, with a tiny budget.
@Tag("study")
class StudyShellTest {
  @TempDir Path folder;
  private final ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
  private final ByteArrayOutputStream errBytes = new ByteArrayOutputStream();

  private int run(String... args) {
    outBytes.reset();
    errBytes.reset();
    return new Shell(
            new Session(
                new PrintStream(outBytes, true, UTF_8),
                new PrintStream(errBytes, true, UTF_8),
                false,
                Map.of(),
                Cancellation.create(),
                List.of(TinyStudy.study())))
        .run(args);
  }

  /// Those of [TinyStudy#undisturbed].
  private static final String METHODS = "exact,mcmc,nbe,fkl";

  private int study(Path out, String... more) {
    String[] args = {"study", "gp", "--profile", "quick", "--progress", "none", "--out", "" + out};
    if (!List.of(more).contains("--methods")) {
      more = Stream.concat(Stream.of(more), Stream.of("--methods", METHODS)).toArray(String[]::new);
    }
    return run(Stream.concat(Stream.of(args), Stream.of(more)).toArray(String[]::new));
  }

  private String err() {
    return errBytes.toString(UTF_8);
  }

  private void failed(int exitCode, int expected, String... words) {
    assertThat(exitCode).as(err()).isEqualTo(expected);
    assertThat(err()).startsWith("amortis: error: ").contains(words);
    assertThat(err().lines()).hasSizeLessThanOrEqualTo(3);
    assertThat(outBytes.size()).isZero();
  }

  private Path copyOfTheRun() throws IOException {
    Path copy = Files.createDirectory(folder.resolve("a copy"));
    try (Stream<Path> files = Files.list(TinyStudy.undisturbed())) {
      for (Path p : files.toList()) {
        Files.copy(p, copy.resolve(p.getFileName().toString()));
      }
    }
    return copy;
  }

  /// Everything about a folder that a refused run must not change.
  private static String state(Path folder) throws IOException {
    StringBuilder s = new StringBuilder();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path p : files.sorted().toList()) {
        s.append(p).append(' ').append(Files.getLastModifiedTime(p)).append('\n');
        if (Files.isRegularFile(p)) {
          s.append(Arrays.hashCode(Files.readAllBytes(p))).append('\n');
        }
      }
    }
    return s.toString();
  }

  @Test
  void aFinishedRunPrintsItsTablesAgain() throws IOException {
    Path copy = copyOfTheRun();
    assertThat(study(copy)).isZero();
    // On the terminal methods are called what the user types.
    assertThat(outBytes.toString(UTF_8))
        .contains("exact", "mcmc", "nbe", "fkl", "break-even", "report.html")
        .contains("mcmc chains converged: ")
        .doesNotContain("fKL");
    assertThat(err()).isEmpty();
    assertThat(TinyStudy.differences(TinyStudy.undisturbed(), copy)).isEmpty();
  }

  @Test
  void aRunOfOtherSettingsIsRefusedAndUntouched() throws IOException {
    Path copy = copyOfTheRun();
    String before = state(copy);
    failed(study(copy, "--seed", "2"), 64, "other settings: seed is 1 there and 2 here", "--force");
    failed(study(copy, "--test-fields", "3"), 64, "budget.test is 10 there and 3");
    failed(study(copy, "--networks", copy.toString()), 64, "networks_sha256");
    assertThat(state(copy)).isEqualTo(before);
  }

  @Test
  void foreignFilesAreRefusedAndUntouched() throws IOException {
    Path foreign = Files.createDirectory(folder.resolve("thesis"));
    Files.writeString(foreign.resolve("thesis.tex"), "years of work");
    String before = state(foreign);
    failed(study(foreign), 64, "thesis.tex");
    failed(study(foreign, "--force"), 64, "thesis.tex");
    assertThat(state(foreign)).isEqualTo(before);
    Files.writeString(foreign.resolve("run.json"), "{\"steps\": 12}");
    before = state(foreign);
    failed(study(foreign), 64, "run.json");
    failed(study(foreign, "--force"), 64, "run.json");
    assertThat(state(foreign)).isEqualTo(before);
  }

  @Test
  void aPlaceWhereNoFolderCanBeEndsWith74() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    failed(study(file.resolve("below")), 74, "below");
    failed(study(file), 64, "a file stands there");
  }

  @Test
  void theFileDecidesHowManyFields() throws IOException {
    Path data = TinyStudy.undisturbed().resolve("test.npz");
    failed(study(folder.resolve("r"), "--data", "" + data, "--test-fields", "3"), 64, "exclude");
    failed(study(folder.resolve("r"), "--test-fields", "10000000"), 64, "expected at most");
  }

  @Test
  void theReferenceDeviceFindsTheSamePosterior() {
    Path out = folder.resolve("reference");
    assertThat(study(out, "--device", "reference", "--methods", "exact")).as(err()).isZero();
    for (String name : List.of("mean", "q05", "q95")) {
      double[] oracle = Npz.read(out.resolve("exact.npz")).array(name).toDoubles();
      double[] cpu = Npz.read(TinyStudy.undisturbed().resolve("exact.npz")).array(name).toDoubles();
      assertThat(cpu).containsExactly(oracle, Offset.offset(1e-6));
    }
  }

  private int sample(String network, Path data, Path out, String... more) {
    String net = TinyStudy.undisturbed().resolve(network).toString();
    String[] args = {"sample", net, "--data", "" + data, "--out", "" + out, "--progress", "none"};
    return run(Stream.concat(Stream.of(args), Stream.of(more)).toArray(String[]::new));
  }

  private Path fields() throws IOException {
    double[] z = Npz.read(TinyStudy.undisturbed().resolve("test.npz")).array("z").toDoubles();
    Path file = folder.resolve("my fields.npy");
    return Files.write(file, NpyBytes.of("<f4", false, z, 10, 16, 16));
  }

  @Test
  void sampleWritesDrawsThatRepeatForASeed() throws IOException {
    Path one = folder.resolve("one.npy");
    assertThat(sample("fkl.safetensors", fields(), one, "--draws", "70")).as(err()).isZero();
    NpyArray draws = Npy.read(one);
    assertThat(draws.type()).isEqualTo(ElementType.FLOAT64);
    assertThat(draws.shape()).containsExactly(10, 70);
    assertThat(Arrays.stream(draws.toDoubles())).allMatch(t -> t > 0 && t < 0.6);
    Path two = folder.resolve("two.npy");
    assertThat(sample("fkl.safetensors", fields(), two, "--draws", "70", "--seed", "1")).isZero();
    assertThat(two).hasSameBinaryContentAs(one);
    assertThat(sample("fkl.safetensors", fields(), two, "--draws", "70", "--seed", "2")).isZero();
    assertThat(Files.mismatch(one, two)).isNotNegative();
  }

  @Test
  void sampleRefusesWhatItCannotUse() throws IOException {
    Path out = folder.resolve("draws.npy");
    failed(sample("nbe.safetensors", fields(), out), 64, "method nbe gives no draws");
    failed(sample("none.safetensors", fields(), out), 65, "no such file");
    failed(sample("table.csv", fields(), out), 65, "table.csv");
    failed(sample("fkl.safetensors", folder.resolve("no.npy"), out), 65, "no such file");
    failed(sample("fkl.safetensors", fields(), out, "--draws", "0"), 64, "--draws 0");
    failed(sample("fkl.safetensors", fields(), out, "--draws", "2147483647"), 64, "at most");
    failed(sample("fkl.safetensors", fields(), folder.resolve("no/d.npy")), 74, "d.npy");
    failed(sample("fkl.safetensors", fields(), folder), 74, "is a folder");
    failed(sample("fkl.safetensors", fields(), fields()), 64, "a file that is read");
    assertThat(out).doesNotExist();
  }

  @Test
  void theNetworkSaysWhichStudyItBelongsTo() throws IOException {
    Path network = folder.resolve("msp.safetensors");
    try (OutputStream out = Files.newOutputStream(network)) {
      ParameterLayout none = new ParameterLayout(List.of(), List.of());
      Json.Obj card = Json.Obj.empty().with("study", "msp").with("method", "fkl");
      NetworkFile.write(out, none, new double[0], new double[0], "none", card);
    }
    String[] line = {
      "sample", "" + network, "--data", "" + fields(), "--out", "" + folder.resolve("d.npy")
    };
    failed(run(line), 64, "study 'msp' is not yet in this version"); // here gp is the only one
    String[] forced =
        Stream.concat(Stream.of(line), Stream.of("--study", "gp")).toArray(String[]::new);
    failed(run(forced), 65, "not a network of the gp study");
  }

  @Test
  void sampleLooksAtTheFileToWriteBeforeItReadsTheNetwork() throws IOException {
    failed(sample("table.csv", fields(), folder.resolve("no/d.npy")), 74, "no such folder");
    failed(sample("table.csv", fields(), folder), 74, "is a folder");
  }

  @ParameterizedTest
  @CsvSource({
    "exact, log-likelihood of 8 fields",
    "mcmc, one Metropolis-Hastings step",
    "nbe, one training step",
    "fkl, draws for one field"
  })
  void explainPrintsProgramsMemoryAndOperations(String method, String program) {
    assertThat(run("explain", "gp", "--method", method)).as(err()).isZero();
    assertThat(outBytes.toString(UTF_8))
        .contains("== simulate 64 fields", "== " + program)
        .containsPattern("floating-point operations a run: [1-9]")
        .containsPattern("phase 0\n  \\w+ +\\d+ +\\d+ flop ")
        .containsIgnoringCase("work")
        .doesNotContainPattern("@[0-9a-f]{5}"); // names of Java objects
    assertThat(err()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "study gp --profile quick --device cuda:999",
        "explain gp --method fkl --device cuda:999"
      })
  void aCudaDeviceThatIsNotThereEndsWith69InOneLineAndItsAdvice(String arguments) {
    assertThat(run(arguments.split(" "))).isEqualTo(69);
    assertThat(outBytes.toString(UTF_8)).isEmpty();
    assertThat(err())
        .startsWith("amortis: error: no ")
        .containsPattern("CUDA|cuda:999")
        .hasLineCount(2);
  }

  @Test
  void devicesDescribesWhatRuns() {
    assertThat(run("devices")).isZero();
    assertThat(outBytes.toString(UTF_8))
        .containsPattern("cpu +ready .*threads")
        .containsPattern("reference +ready .*oracle")
        .containsPattern("cuda(:0)? +(absent|ready)");
  }

  @Test
  void devicesAsJsonHoldsTheSame() {
    assertThat(run("devices", "--json")).isZero();
    Json.Obj all = (Json.Obj) Json.parse(outBytes.toString(UTF_8), "devices");
    List<Json> list = ((Json.Arr) all.require("devices")).items();
    assertThat(((Json.Obj) list.getFirst()).require("name")).isEqualTo(Json.of("cpu"));
    assertThat(((Json.Obj) all.require("auto")).require("why").toString()).contains("GPU");
    assertThat(list.toString()).contains("opencl").contains("float64").contains("driver");
  }
}
