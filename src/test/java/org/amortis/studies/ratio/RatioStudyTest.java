package org.amortis.studies.ratio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.amortis.engine.Failure;
import org.amortis.io.Npz;
import org.amortis.studies.StudyRun;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The study from end to end with a budget of a second.
@Tag("studies")
class RatioStudyTest {
  private static final RatioBudget TINY = new RatioBudget(640, 128, 2, 32, 400, 100, 20, 10);

  @TempDir Path folder;

  private static String run(Path out, Path networks, int threads, String... methods) {
    return new StudyRun(new RatioStudy(p -> TINY), out)
        .networks(networks)
        .threads(threads)
        .methods(methods)
        .run();
  }

  @Test
  void writesEveryFileAndGoesOnWhereItStopped() throws IOException {
    Path whole = folder.resolve("whole");
    String printed = run(whole, null, 2, "bayes", "learned", "published");
    assertThat(printed).contains("bayes", "learned", "published", "balance", "report: ");
    assertThat(StudyRun.files(whole).keySet())
        .containsExactlyInAnyOrder(
            "table.csv",
            "pairs.npz",
            "classifier_bayes.npz",
            "classifier_learned.npz",
            "classifier_published.npz",
            "learned.safetensors",
            "published.safetensors",
            "sequence_learned.npz",
            "report.html");
    assertThat(whole.resolve("run.json")).exists();
    List<String> table = Files.readAllLines(whole.resolve("table.csv"));
    assertThat(table).hasSize(4);
    assertThat(table.get(0)).startsWith("method,mae,mae_se,mae_grid,abs_z_99");
    assertThat(table.get(1)).startsWith("bayes,0,");

    // One method, then the others; another number of threads; a file lost in between.
    Path parts = folder.resolve("parts");
    run(parts, null, 1, "bayes");
    run(parts, null, 1, "learned");
    Files.delete(parts.resolve("classifier_learned.npz"));
    run(parts, null, 1, "bayes", "learned", "published");
    assertThat(StudyRun.differences(whole, parts)).isEmpty();

    // Networks of the first run, nothing trained: the same table.
    Path adopted = folder.resolve("adopted");
    run(adopted, whole, 2, "bayes", "learned", "published");
    assertThat(StudyRun.differences(whole, adopted)).containsExactly("report.html");
    assertThatThrownBy(() -> run(folder.resolve("none"), folder, 2, "learned"))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("no such network");
  }

  /// Fewer pairs than the figure shows: as many as were asked for, down to one a bin.
  @Test
  void testFieldsIsTheNumberOfTestPairs() {
    for (int n : new int[] {60, RatioReport.BINS}) {
      Path out = folder.resolve("of" + n);
      new StudyRun(new RatioStudy(p -> TINY), out).methods("bayes").testFields(n).run();
      assertThat(Npz.read(out.resolve("pairs.npz")).array("z").shape()).containsExactly(n);
      assertThat(out.resolve("report.html")).exists();
    }
    Path none = folder.resolve("none");
    StudyRun few = new StudyRun(new RatioStudy(p -> TINY), none).testFields(RatioReport.BINS - 1);
    assertThatThrownBy(few::run)
        .isInstanceOf(Failure.class)
        .hasMessageContaining("--test-fields " + (RatioReport.BINS - 1));
    assertThat(none).doesNotExist();
  }
}
