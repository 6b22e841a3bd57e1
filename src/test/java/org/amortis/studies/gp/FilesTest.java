package org.amortis.studies.gp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.amortis.io.ElementType;
import org.amortis.io.Json;
import org.amortis.io.Npy;
import org.amortis.io.NpyArray;
import org.amortis.io.Npz;
import org.amortis.io.Safetensors;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Every file that docs/cli.md promises: names, shapes, types, ranges.
@Tag("study")
class FilesTest {
  private static final int N = TinyStudy.FIELDS;

  private static Path file(String name) {
    return TinyStudy.undisturbed().resolve(name);
  }

  private static void check(NpyArray a, ElementType type, int... shape) {
    assertThat(a.type()).isEqualTo(type);
    assertThat(a.shape()).containsExactly(shape);
    assertThat(a.firstNonFinite()).isNegative();
  }

  @Test
  void theFolderHoldsThePromisedFilesAndNoOthers() {
    assertThat(TinyStudy.files(TinyStudy.undisturbed()).keySet())
        .containsExactlyInAnyOrder(
            "table.csv",
            "test.npz",
            "exact.npz",
            "draws_exact.npy",
            "draws_mcmc.npy",
            "draws_fkl.npy",
            "estimates_nbe.npy",
            "micro.npz",
            "micro_exact.npy",
            "micro_mcmc.npy",
            "micro_nbe.npy",
            "micro_fkl.npy",
            "nbe.safetensors",
            "fkl.safetensors",
            "gap_fkl.json",
            "report.html");
  }

  @ParameterizedTest
  @CsvSource({"test.npz, 10", "micro.npz, 3"})
  void fieldsAreFloat32WithTheirParameters(String name, int n) {
    Npz npz = Npz.read(file(name));
    assertThat(npz.names()).containsExactlyInAnyOrder("theta", "z");
    check(npz.array("theta"), ElementType.FLOAT64, n);
    check(npz.array("z"), ElementType.FLOAT32, n, 16, 16);
    if (n == 3) {
      assertThat(npz.array("theta").toDoubles()).containsExactly(0.1, 0.3, 0.5);
    } else {
      assertThat(Arrays.stream(npz.array("theta").toDoubles())).allMatch(t -> t > 0 && t < 0.6);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"exact", "mcmc", "fkl"})
  void drawsAreFloat64StrictlyInsideThePrior(String method) {
    for (String kind : List.of("draws_", "micro_")) {
      NpyArray draws = Npy.read(file(kind + method + ".npy"));
      check(draws, ElementType.FLOAT64, kind.equals("draws_") ? N : 3, TinyStudy.DRAWS);
      assertThat(Arrays.stream(draws.toDoubles())).allMatch(t -> t > 0 && t < 0.6);
    }
  }

  @Test
  void estimatesAreMeanAndOrderedQuantiles() {
    for (String name : List.of("estimates_nbe.npy", "micro_nbe.npy")) {
      NpyArray a = Npy.read(file(name));
      int n = name.startsWith("est") ? N : 3;
      check(a, ElementType.FLOAT64, n, 3);
      double[] x = a.toDoubles();
      assertThat(Arrays.stream(x)).allMatch(t -> t > 0 && t < 0.6);
      for (int i = 0; i < n; i++) {
        assertThat(x[3 * i + 1]).isLessThanOrEqualTo(x[3 * i + 2]);
      }
    }
  }

  @Test
  void theExactPosteriorIsADensityOnCellMidpoints() {
    Npz npz = Npz.read(file("exact.npz"));
    int g = TinyStudy.CELLS;
    assertThat(npz.names())
        .containsExactlyInAnyOrder("grid", "log_density", "mean", "q05", "q50", "q95");
    check(npz.array("grid"), ElementType.FLOAT64, g);
    check(npz.array("log_density"), ElementType.FLOAT64, N, g);
    double[] grid = npz.array("grid").toDoubles();
    double[] log = npz.array("log_density").toDoubles();
    double cell = 0.6 / g;
    double[][] q = new double[3][];
    for (int k = 0; k < 3; k++) {
      q[k] = npz.array(List.of("q05", "q50", "q95").get(k)).toDoubles();
      assertThat(q[k]).hasSize(N);
    }
    double[] draws = Npy.read(file("draws_exact.npy")).toDoubles();
    for (int i = 0; i < N; i++) {
      double mass = 0;
      double mean = 0;
      for (int k = 0; k < g; k++) {
        assertThat(grid[k]).isCloseTo((k + 0.5) * cell, Offset.offset(1e-15));
        mass += StrictMath.exp(log[i * g + k]) * cell;
        mean += StrictMath.exp(log[i * g + k]) * cell * grid[k];
      }
      assertThat(mass).isCloseTo(1, Offset.offset(1e-9));
      assertThat(npz.array("mean").value(i)).isCloseTo(mean, Offset.offset(1e-9));
      assertThat(q[0][i]).isLessThan(q[1][i]);
      assertThat(q[1][i]).isLessThan(q[2][i]);
      // Draw j is the quantile at (j + 1/2) / draws, so a twentieth of them lies below q05.
      double[] row = Arrays.copyOfRange(draws, i * TinyStudy.DRAWS, (i + 1) * TinyStudy.DRAWS);
      assertThat(row).isSorted();
      double q05 = q[0][i];
      assertThat(Arrays.stream(row).filter(t -> t < q05).count()).isEqualTo(TinyStudy.DRAWS / 20);
    }
  }

  @Test
  void theTableHasItsColumnsAndTheExactRowFirst() throws IOException {
    List<String> lines = Files.readAllLines(file("table.csv"));
    assertThat(lines.getFirst())
        .isEqualTo(
            "method,rmspe,mis90,crps,cov90,rmspe_se,mis90_se,crps_se,rmspe_excess,mis90_excess,"
                + "crps_excess,rmspe_published,mis90_published,mcrps_published,train_seconds,"
                + "seconds_per_field");
    assertThat(lines.stream().skip(1).map(l -> l.substring(0, l.indexOf(','))))
        .containsExactly("exact", "mcmc", "nbe", "fkl");
    for (String line : lines.subList(1, 5)) {
      String[] cells = line.split(",", -1);
      assertThat(cells).hasSize(16);
      // Files repeat byte for byte, so times stand in run.json.
      assertThat(cells[14] + cells[15]).isEmpty();
      assertThat(Double.parseDouble(cells[1])).isPositive();
      assertThat(Double.parseDouble(cells[4])).isBetween(0.0, 1.0);
      // The exact row has no excess, a method without draws no CRPS.
      assertThat(cells[8].isEmpty()).isEqualTo(cells[0].equals("exact"));
      assertThat(cells[3].isEmpty()).isEqualTo(cells[0].equals("nbe"));
    }
  }

  @Test
  void networksCarryACard() {
    for (String method : List.of("nbe", "fkl")) {
      Safetensors s = Safetensors.read(file(method + ".safetensors"));
      Json.Obj card = Json.parse(s.metadata().get("card"), "card").asObject();
      assertThat(card.require("method")).isEqualTo(Json.of(method));
      assertThat(card.require("format_version")).isEqualTo(Json.of(1L));
      assertThat(card.require("study")).isEqualTo(Json.of("gp"));
      assertThat(s.tensors()).isNotEmpty();
    }
  }

  @Test
  void runJsonHoldsSettingsAndFacts() throws IOException {
    Json.Obj run = Json.parse(Files.readAllBytes(file("run.json")), "run.json").asObject();
    Json.Obj methods = run.require("methods").asObject();
    assertThat(run.require("settings").asObject().require("seed")).isEqualTo(Json.of(1L));
    assertThat(run.require("seeds").asObject().members()).hasSize(Seeds.values().length);
    assertThat(run.require("threads")).isEqualTo(Json.of(2L));
    for (String fact : List.of("started", "java", "system", "version", "device_description")) {
      assertThat(run.require(fact).toString()).as(fact).isNotEmpty();
    }
    Json.Obj mcmc = methods.require("mcmc").asObject();
    for (String fact : List.of("acceptance", "rhat_max", "ess_bulk_min", "ess_bulk_median")) {
      assertThat(((Json.Num) mcmc.require(fact)).asDouble()).as(fact).isPositive();
    }
    assertThat(((Json.Num) mcmc.require("rhat_share_above_1.01")).asDouble()).isBetween(0.0, 1.0);
    assertThat(((Json.Num) mcmc.require("converged")).asLong()).isNotNegative();
    assertThat(Diagnostics.line(mcmc).orElseThrow()).startsWith("converged: ");
    for (String method : List.of("nbe", "fkl")) {
      Json.Obj facts = methods.require(method).asObject();
      assertThat(((Json.Num) facts.require("train_seconds")).asDouble()).isPositive();
      assertThat(((Json.Arr) facts.require("validation_loss")).items()).hasSize(2);
    }
    assertThat(run.require("break_even_fields")).isNotNull();
  }

  @Test
  void theReportNamesEveryMethodAndHoldsNoTimes() throws IOException {
    String html = Files.readString(file("report.html"));
    assertThat(html).startsWith("<!DOCTYPE html>").contains("MCMC", "NBE", "fKL", "Break-even");
    assertThat(html).contains("Markov chains", "MCMC chains converged: ");
    assertThat(html).doesNotContain(file("run.json").toString());
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
