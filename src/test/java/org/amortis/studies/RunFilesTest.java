package org.amortis.studies;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.amortis.io.Json;
import org.amortis.io.RunFolder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFilesTest {
  @TempDir Path temp;

  private RunFolder folder() {
    return RunFolder.open(
        temp.resolve("run"), Json.Obj.empty().with("study", "gp"), List.of("*.npy"), false);
  }

  @Test
  void laterTrainingsHaveFilesAndFactsOfTheirOwn() {
    try (RunFolder folder = folder()) {
      RunFiles first = new RunFiles(folder, 1);
      RunFiles second = new RunFiles(folder, 2);
      first.write("draws.npy", new double[] {1, 2}, 2);
      assertThat(second.has("draws.npy")).isFalse();
      second.write("draws.npy", new double[] {3}, 1);
      assertThat(first.read("draws.npy")).containsExactly(1, 2);
      assertThat(second.read("draws.npy")).containsExactly(3);
      assertThat(second.path("draws.npy")).hasFileName("repeat2_draws.npy");

      second.record("fkl", Json.Obj.empty().with("epochs", 8));
      assertThat(first.fact("fkl", "epochs")).isNaN();
      assertThat(second.fact("fkl", "epochs")).isEqualTo(8);
    }
  }

  @Test
  void factsOfAMethodAreAddedAndReplacedByName() {
    try (RunFolder folder = folder()) {
      RunFiles files = new RunFiles(folder, 1);
      files.record("mcmc", Json.Obj.empty().with("acceptance", 0.4).with("chains", 1));
      files.record("fkl", Json.Obj.empty().with("gap", Json.Obj.empty().with("mean", 0.25)));
      files.record("mcmc", Json.Obj.empty().with("acceptance", 0.5));
      assertThat(files.fact("mcmc", "acceptance")).isEqualTo(0.5);
      assertThat(files.fact("mcmc", "chains")).isEqualTo(1);
      assertThat(files.fact("fkl", "gap", "mean")).isEqualTo(0.25);
      assertThat(files.fact("fkl", "gap", "mean", "more")).isNaN();
      assertThat(files.fact("fkl", "gap")).isNaN();
      assertThat(files.fact("nre", "gap")).isNaN();
    }
    try (RunFolder again = folder()) {
      assertThat(new RunFiles(again, 1).fact("mcmc", "chains")).isEqualTo(1);
    }
  }
}
