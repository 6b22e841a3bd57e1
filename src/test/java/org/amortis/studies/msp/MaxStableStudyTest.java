package org.amortis.studies.msp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.amortis.engine.Cancellation;
import org.amortis.engine.Failure;
import org.amortis.engine.Progress;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.reference.ReferenceDevice;
import org.amortis.io.Json;
import org.amortis.io.Npy;
import org.amortis.io.NpyArray;
import org.amortis.io.Npz;
import org.amortis.studies.SampleOptions;
import org.amortis.studies.Study;
import org.amortis.studies.StudyRun;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The study with a budget of a second: its files, their bytes, what it refuses.
@Tag("study")
class MaxStableStudyTest {
  private static final int FIELDS = 6;
  private static final int DRAWS = 30;
  private static final List<String> ALL = List.of("pairwise", "nbe", "fkl", "nre");

  @TempDir static Path shared;
  @TempDir Path folder;
  private static String printed;

  private static StudyRun run(Path out) {
    return new StudyRun(study(), out);
  }

  private static Study study() {
    return new MaxStableStudy(p -> new Budget(64, 32, FIELDS, 2, DRAWS, 12));
  }

  @BeforeAll
  static void once() {
    printed = run(shared.resolve("run")).run();
  }

  private static Path file(String name) {
    return shared.resolve("run").resolve(name);
  }

  private static void same(Path run) {
    assertThat(StudyRun.differences(shared.resolve("run"), run)).isEmpty();
  }

  @Test
  void filesHaveTheirShapes() throws IOException {
    for (String name : List.of("test.npz", "micro.npz")) {
      int n = name.equals("test.npz") ? FIELDS : 3;
      Npz npz = Npz.read(file(name));
      assertThat(npz.array("theta").shape()).containsExactly(n, 2);
      assertThat(npz.array("z").shape()).containsExactly(n, 16, 16);
    }
    for (String kind : List.of("draws_", "micro_")) {
      for (String method : List.of("fkl", "nre")) {
        NpyArray a = Npy.read(file(kind + method + ".npy"));
        assertThat(a.shape()).containsExactly(kind.equals("draws_") ? FIELDS : 3, DRAWS, 2);
        assertThat(Schlather.PRIOR.firstOutside(a.toDoubles())).isNegative();
      }
    }
    NpyArray nbe = Npy.read(file("estimates_nbe.npy"));
    assertThat(nbe.shape()).containsExactly(FIELDS, 3, 2);
    for (int i = 0; i < 2 * FIELDS; i++) {
      int at = i / 2 * 6 + i % 2;
      assertThat(nbe.value(at + 2)).isLessThanOrEqualTo(nbe.value(at + 4));
    }
    assertThat(Npy.read(file("estimates_pairwise.npy")).shape()).containsExactly(FIELDS, 2);
    List<String> lines = Files.readAllLines(file("table.csv"));
    assertThat(lines.getFirst())
        .isEqualTo("method,parameter,rmspe,mis90,crps,cov90,rmspe_se,mis90_se,crps_se");
    assertThat(lines).hasSize(1 + 2 * ALL.size());
    assertThat(lines.get(1)).matches("pairwise,lambda,[0-9.]+,,,,[0-9.]+,,");
    assertThat(printed)
        .contains("lambda", "pairwise", "fKL against the pairwise likelihood, RMSPE: lambda ")
        .contains("report.html");
    assertThat(Files.readString(file("report.html"))).contains("fKL", "NRE", "pairwise likelihood");
    Json.Obj run = Json.parse(Files.readAllBytes(file("run.json")), "run.json").asObject();
    assertThat(run.require("methods").asObject().members().keySet()).containsAll(ALL);
  }

  @Test
  void threadsAndPartsDoNotChangeAByte() throws IOException {
    run(folder.resolve("a")).threads(3).methods("nre").run();
    run(folder.resolve("a")).threads(1).run();
    same(folder.resolve("a"));
  }

  @Test
  void repeatsTrainAgainAndLeaveTheFirstTrainingAlone() throws IOException {
    Path out = folder.resolve("r");
    assertThat(run(out).methods("pairwise", "nbe").repeats(2).run())
        .contains("means over 2 trainings");
    List<String> lines = Files.readAllLines(out.resolve("repeats.csv"));
    assertThat(lines).hasSize(5);
    assertThat(lines.get(1)).startsWith("nbe,1,lambda,");
    assertThat(lines.get(4)).startsWith("nbe,2,k,");
    assertThat(Files.readAllBytes(out.resolve("nbe.safetensors")))
        .isEqualTo(Files.readAllBytes(file("nbe.safetensors")))
        .isNotEqualTo(Files.readAllBytes(out.resolve("repeat2_nbe.safetensors")));
    assertThat(Files.readString(out.resolve("report.html"))).contains("Repeated training");
    StudyRun networks = run(folder.resolve("n")).networks(out).repeats(2);
    assertThat(catchThrowable(networks::run)).hasMessageContaining("exclude each other");
    StudyRun none = run(folder.resolve("n")).methods("pairwise").repeats(2);
    assertThat(catchThrowable(none::run)).hasMessageContaining("no network to train");
    assertThat(folder.resolve("n")).doesNotExist();
  }

  @Test
  void aStoppedRunGoesOn() throws IOException {
    AtomicInteger steps = new AtomicInteger();
    Cancellation stop = Cancellation.create();
    Progress progress =
        new Progress() {
          @Override
          public void start(String phase, long total) {}

          @Override
          public void advance(long done) {
            if (steps.incrementAndGet() == 40) {
              stop.request();
            }
          }

          @Override
          public void note(String text) {}

          @Override
          public void done() {}
        };
    StudyRun stopped = run(folder.resolve("b")).progress(progress, stop);
    assertThat(catchThrowable(stopped::run)).isInstanceOf(Cancellation.Cancelled.class);
    run(folder.resolve("b")).run();
    same(folder.resolve("b"));
  }

  @Test
  void networksAndDataOfAnEarlierRun() throws IOException {
    Path out = folder.resolve("c");
    run(out)
        .networks(shared.resolve("run"))
        .data(file("test.npz"))
        .methods("nbe", "fkl", "nre")
        .run();
    for (String name : List.of("draws_fkl.npy", "draws_nre.npy", "estimates_nbe.npy")) {
      assertThat(Files.readAllBytes(out.resolve(name))).isEqualTo(Files.readAllBytes(file(name)));
    }
    Path bare = folder.resolve("z.npy");
    NpyArray z = Npz.read(file("test.npz")).array("z");
    Npy.write(bare, z);
    StudyRun unknown = run(folder.resolve("d")).data(bare).methods("pairwise");
    assertThat(unknown.run()).contains("theta is not known");
    assertThat(folder.resolve("d").resolve("table.csv")).doesNotExist();
    Path draws = folder.resolve("sample.npy");
    study()
        .sample(
            new SampleOptions(
                file("fkl.safetensors"),
                bare,
                draws,
                7,
                "cpu",
                3,
                Progress.NONE,
                Cancellation.create()));
    assertThat(Npy.read(draws).shape()).containsExactly(FIELDS, 7, 2);
  }

  private void refused(String line, Map<String, NpyArray> arrays) throws IOException {
    Path bad = folder.resolve("bad.npz");
    Npz.write(bad, arrays);
    Throwable t = catchThrowable(() -> run(folder.resolve("e")).data(bad).run());
    assertThat(t).isInstanceOf(Failure.class).hasMessageContaining(line);
    assertThat(((Failure) t).kind()).isEqualTo(Failure.Kind.DATA);
    assertThat(folder.resolve("e")).doesNotExist();
  }

  @Test
  void badDataAndNetworksAreRefused() throws IOException {
    float[] ones = new float[256];
    Arrays.fill(ones, 1);
    float[] zero = ones.clone();
    zero[3] = 0;
    refused("z has 0.0 in row 0, expected positive", Map.of("z", NpyArray.of(zero, 1, 256)));
    refused("z has shape [2, 128]", Map.of("z", NpyArray.of(ones, 2, 128)));
    refused("no array z", Map.of("y", NpyArray.of(ones, 1, 256)));
    Map<String, NpyArray> both = new LinkedHashMap<>();
    both.put("z", NpyArray.of(ones, 1, 256));
    both.put("theta", NpyArray.of(new double[] {0.1}, 1));
    refused("theta has shape [1], expected (1, 2)", both);
    both.put("theta", NpyArray.of(new double[] {0.1, 3.5}, 1, 2));
    refused("theta is (0.1, 3.5) in row 0", both);
    Path networks = Files.createDirectory(folder.resolve("networks"));
    Files.copy(file("fkl.safetensors"), networks.resolve("nre.safetensors"));
    StudyRun o = run(folder.resolve("f")).networks(networks).methods("nre");
    assertThat(catchThrowable(o::run)).hasMessageContaining("network of method fkl, expected nre");
    o.methods("fkl");
    assertThat(catchThrowable(o::run)).hasMessageContaining("no such network");
    assertThat(folder.resolve("f")).doesNotExist();
  }

  @Test
  void explainPrintsTheTrainingStep() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Device cpu = new ReferenceDevice();
    study().explain("fkl", cpu, new PrintStream(bytes, true, UTF_8));
    assertThat(bytes.toString(UTF_8)).contains("one training step", "floating-point operations");
    assertThat(catchThrowable(() -> study().explain("pairwise", cpu, System.err)))
        .hasMessageContaining("computed on the host");
  }

  @Test
  void seedsOfThePartsAreAllDifferent() {
    assertThat(
            IntStream.range(-50, 50)
                .boxed()
                .flatMap(s -> Arrays.stream(Seeds.values()).map(p -> p.of(s))))
        .doesNotHaveDuplicates();
  }
}
