package org.amortis.studies.gp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.amortis.engine.Cancellation;
import org.amortis.engine.Progress;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.Devices;
import org.amortis.io.Json;
import org.amortis.io.Npy;
import org.amortis.io.NpyArray;
import org.amortis.io.Npz;
import org.amortis.io.Safetensors;
import org.amortis.studies.SampleOptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What docs/cli.md promises of every method of the study, whichever are there.
@Tag("study")
class EveryMethodTest {
  /// The table's order; those before `nle` are the default set.
  private static final List<String> ORDER =
      List.of(
          "exact",
          "mcmc",
          "nbe",
          "fkl",
          "rkl1",
          "rkl2",
          "rkl3",
          "nre",
          "nle",
          "sl",
          "rkl1-gaussian",
          "rkl1-published");

  /// The phases that a run starts.
  private record Phases(List<String> names) implements Progress {
    @Override
    public void start(String phase, long total) {
      names.add(phase);
    }

    @Override
    public void advance(long done) {}

    @Override
    public void note(String text) {
      names.add("note: " + text);
    }

    @Override
    public void done() {}
  }

  static Stream<String> names() {
    return Methods.names().stream();
  }

  static Stream<String> networks() {
    return Methods.all().stream().filter(m -> !m.parts().isEmpty()).map(Method::name);
  }

  static Stream<String> amortized() {
    return Methods.all().stream().filter(m -> m instanceof AmortizedMethod).map(Method::name);
  }

  private static Path file(String name) {
    return TinyStudy.whole().resolve(name);
  }

  @Test
  void theOrderIsTheTablesAndTheDefaultSetTheReviews() throws IOException {
    assertThat(Methods.names())
        .isEqualTo(ORDER.stream().filter(Methods.names()::contains).toList());
    assertThat(Methods.byDefault())
        .isEqualTo(ORDER.subList(0, 8).stream().filter(Methods.names()::contains).toList());
    assertThat(Files.readAllLines(file("table.csv")).stream().skip(1).map(l -> l.split(",")[0]))
        .containsExactlyElementsOf(Methods.names());
    assertThat(Methods.all().stream().map(Method::label)).doesNotHaveDuplicates();
    assertThat(file("report.html"))
        .content()
        .contains(Methods.all().stream().map(Method::label).toList());
  }

  @Test
  void theFolderHoldsWhatEveryMethodWrites() {
    TreeSet<String> expected =
        new TreeSet<>(
            List.of(
                "table.csv",
                "test.npz",
                "exact.npz",
                "micro.npz",
                "report.html",
                "estimates_nbe.npy"));
    for (Method m : Methods.all()) {
      expected.add("micro_" + m.name() + ".npy");
      if (!m.name().equals("nbe")) {
        expected.add("draws_" + m.name() + ".npy");
      }
      if (!m.parts().isEmpty()) {
        expected.add(m.file());
      }
      if (TinyStudy.files(TinyStudy.whole()).containsKey("gap_" + m.name() + ".json")) {
        assertThat(m).isInstanceOf(AmortizedMethod.class);
        expected.add("gap_" + m.name() + ".json");
      }
    }
    assertThat(expected).contains("gap_fkl.json", "gap_rkl1.json");
    assertThat(TinyStudy.files(TinyStudy.whole()).keySet()).containsExactlyElementsOf(expected);
  }

  @ParameterizedTest
  @MethodSource("names")
  void drawsLieStrictlyInsideThePrior(String method) {
    if (method.equals("nbe")) {
      return; // it has estimates, see FilesTest
    }
    for (String kind : List.of("draws_", "micro_")) {
      NpyArray draws = Npy.read(file(kind + method + ".npy"));
      int n = kind.equals("draws_") ? TinyStudy.FIELDS : Run.MICRO.length;
      assertThat(draws.shape()).containsExactly(n, TinyStudy.DRAWS);
      assertThat(Arrays.stream(draws.toDoubles())).allMatch(t -> t > 0 && t < 0.6);
    }
  }

  @ParameterizedTest
  @MethodSource("networks")
  void theFileHoldsEveryNetworkAndItsRecord(String name) {
    Method method = Methods.of(name);
    List<Fitted> networks = NetworkCard.read(file(method.file()), method);
    assertThat(networks).hasSize(method.parts().size());
    Safetensors s = Safetensors.read(file(method.file()));
    Json.Obj card = Json.parse(s.metadata().get("card"), "card").asObject();
    Json.Obj training = card.require("training").asObject();
    for (NetworkPart part : method.parts()) {
      Json.Obj record =
          method.parts().size() == 1 ? training : training.require(part.name()).asObject();
      assertThat(record.require("losses")).isInstanceOf(Json.Arr.class);
      if (method.parts().size() > 1) {
        assertThat(s.tensors().keySet()).anyMatch(t -> t.startsWith(part.name() + "."));
      }
    }
    assertThat(networks).allMatch(f -> !f.trained().history().isEmpty());
  }

  @Test
  void sharedNetworksAreTheSameAndTrainedOnce(@TempDir Path folder) {
    List<String> parts =
        Methods.all().stream().flatMap(m -> m.parts().stream()).map(NetworkPart::name).toList();
    List<String> shared =
        parts.stream().distinct().filter(p -> Collections.frequency(parts, p) > 1).toList();
    assertThat(shared).isNotEmpty();
    // Backwards and one by one: what a method finds must not depend on who came before.
    Phases phases = new Phases(new ArrayList<>());
    for (Method method : Methods.all().reversed()) {
      if (method.parts().stream().map(NetworkPart::name).anyMatch(shared::contains)) {
        new TinyStudy(folder).methods(method.name()).progress(phases, Cancellation.create()).run();
      }
    }
    for (String part : shared) {
      assertThat(phases.names().stream().filter(("train " + part)::equals)).as(part).hasSize(1);
    }
    new TinyStudy(folder).methods(Methods.names().toArray(String[]::new)).run();
    assertThat(TinyStudy.differences(TinyStudy.whole(), folder)).isEmpty();
  }

  @Test
  void networksOfAnEarlierRunGiveItsFilesWithoutTraining(@TempDir Path folder) {
    Phases phases = new Phases(new ArrayList<>());
    new TinyStudy(folder)
        .methods(Methods.names().toArray(String[]::new))
        .networks(TinyStudy.whole())
        .progress(phases, Cancellation.create())
        .run();
    assertThat(phases.names()).noneMatch(p -> p.startsWith("train"));
    assertThat(TinyStudy.differences(TinyStudy.whole(), folder)).isEmpty();
  }

  @Test
  void fieldsWithoutThetaGetDrawsOfEveryMethod(@TempDir Path folder) throws IOException {
    double[] z = Npz.read(file("test.npz")).array("z").toDoubles();
    Path data = folder.resolve("z.npy");
    Files.write(data, NpyBytes.of("<f8", true, Arrays.copyOf(z, 3 * 256), 3, 256));
    Path run = folder.resolve("run");
    String printed =
        new TinyStudy(run)
            .methods(Methods.names().toArray(String[]::new))
            .networks(TinyStudy.whole())
            .data(data)
            .run();
    assertThat(printed)
        .contains("mcmc chains converged: ", "nle chains converged: ", "sl chains converged: ");
    assertThat(run.resolve("table.csv")).doesNotExist();
    for (Method m : Methods.all()) {
      String name = m.name().equals("nbe") ? "estimates_nbe.npy" : "draws_" + m.name() + ".npy";
      assertThat(Npy.read(run.resolve(name)).shape()[0]).as(name).isEqualTo(3);
    }
  }

  @ParameterizedTest
  @MethodSource("amortized")
  void sampleDrawsFromItsFileAlone(String method, @TempDir Path folder) throws IOException {
    Path network = Files.copy(file(method + ".safetensors"), folder.resolve("any.safetensors"));
    Path out = folder.resolve("draws.npy");
    Phases phases = new Phases(new ArrayList<>());
    TinyStudy.study()
        .sample(
            new SampleOptions(
                network, file("micro.npz"), out, 37, "cpu", 4, phases, Cancellation.create()));
    NpyArray draws = Npy.read(out);
    assertThat(draws.shape()).containsExactly(3, 37);
    assertThat(Arrays.stream(draws.toDoubles())).allMatch(t -> t > 0 && t < 0.6);
    boolean chains = method.equals("nle") || method.equals("sl");
    assertThat(phases.names().stream().anyMatch(n -> n.startsWith("note: chains converged: ")))
        .isEqualTo(chains);
  }

  @ParameterizedTest
  @MethodSource("networks")
  void explainPrintsAStepOfItsTraining(String method) {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    try (Device cpu = Devices.open("cpu", 1)) {
      TinyStudy.study().explain(method, cpu, new PrintStream(printed, true, UTF_8));
    }
    assertThat(printed.toString(UTF_8))
        .contains("== one training step", "floating-point operations a run", "== simulate");
  }
}
