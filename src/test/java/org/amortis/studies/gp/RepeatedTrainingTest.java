package org.amortis.studies.gp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.amortis.engine.Failure;
import org.amortis.io.Npz;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `--repeats`: networks trained again from other seeds beside the run itself.
@Tag("study")
class RepeatedTrainingTest {
  @Test
  void theRunStaysAndTheOthersDiffer(@TempDir Path folder) throws IOException {
    String printed = new TinyStudy(folder).methods("exact", "nbe", "fkl").repeats(3).run();
    assertThat(printed).contains("means over 3 trainings");
    for (String name : List.of("fkl.safetensors", "draws_fkl.npy", "estimates_nbe.npy")) {
      byte[] first = Files.readAllBytes(folder.resolve(name));
      assertThat(first).isEqualTo(Files.readAllBytes(TinyStudy.undisturbed().resolve(name)));
      byte[] second = Files.readAllBytes(folder.resolve("repeat2_" + name));
      byte[] third = Files.readAllBytes(folder.resolve("repeat3_" + name));
      assertThat(second).isNotEqualTo(first).isNotEqualTo(third);
    }
    List<String> lines = Files.readAllLines(folder.resolve("repeats.csv"));
    assertThat(lines.getFirst())
        .isEqualTo("method,training,rmspe,mis90,crps,cov90,rmspe_excess,mis90_excess,crps_excess");
    assertThat(lines.stream().skip(1).map(l -> l.split(",")[0] + l.split(",")[1]))
        .containsExactly("nbe1", "nbe2", "nbe3", "fkl1", "fkl2", "fkl3");
    String table =
        Files.readAllLines(folder.resolve("table.csv")).stream()
            .filter(l -> l.startsWith("fkl,"))
            .findFirst()
            .orElseThrow();
    String one = lines.stream().filter(l -> l.startsWith("fkl,1,")).findFirst().orElseThrow();
    assertThat(one.split(",")[2]).isEqualTo(table.split(",")[1]);
    assertThat(folder.resolve("report.html")).content().contains("Repeated training");
    // Finished trainings are found again, and the files of the run are those of one without.
    var before = Files.getLastModifiedTime(folder.resolve("repeat2_fkl.safetensors"));
    new TinyStudy(folder).methods("exact", "nbe", "fkl").repeats(2).run();
    assertThat(Files.getLastModifiedTime(folder.resolve("repeat2_fkl.safetensors")))
        .isEqualTo(before);
    assertThat(Files.readAllLines(folder.resolve("repeats.csv"))).hasSize(5);
  }

  @Test
  void networksOfAnotherRunAndFieldsWithoutThetaAreRefused(@TempDir Path folder)
      throws IOException {
    Path run = folder.resolve("run");
    Throwable networks =
        catchThrowable(() -> new TinyStudy(run).networks(TinyStudy.undisturbed()).repeats(2).run());
    assertThat(networks).isInstanceOf(Failure.class).hasMessageContaining("exclude each other");
    double[] z = Npz.read(TinyStudy.undisturbed().resolve("test.npz")).array("z").toDoubles();
    Path file = folder.resolve("z.npy");
    Files.write(file, NpyBytes.of("<f4", false, Arrays.copyOf(z, 512), 2, 16, 16));
    Throwable unknown = catchThrowable(() -> new TinyStudy(run).data(file).repeats(2).run());
    assertThat(unknown).isInstanceOf(Failure.class).hasMessageContaining("no theta");
    Throwable none = catchThrowable(() -> new TinyStudy(run).methods("exact").repeats(2).run());
    assertThat(none).isInstanceOf(Failure.class).hasMessageContaining("no network to train");
    assertThat(run).doesNotExist();
  }
}
