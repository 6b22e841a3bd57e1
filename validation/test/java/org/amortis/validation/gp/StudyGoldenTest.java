package org.amortis.validation.gp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.amortis.engine.Cancellation;
import org.amortis.engine.Progress;
import org.amortis.io.Npz;
import org.amortis.studies.Studies;
import org.amortis.studies.StudyOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `study gp --methods exact --data` on 200 fields equals NumPy's and SciPy's exact posteriors,
/// which factor the dense covariance at each of the same 1,200 cells.
class StudyGoldenTest {
  private static final Path GOLDEN = Path.of(System.getProperty("basedir", "."), "golden", "gp");
  private static final int FIELDS = 200;
  private static final int CELLS = 1_200;

  /// The golden file has seven digits.
  private static final double TOLERANCE = 2e-7;

  @Test
  void everyFieldHasTheGoldenPosterior(@TempDir Path folder) throws IOException {
    Path data = GOLDEN.resolve("gp_fields.npz");
    Studies.byName("gp")
        .orElseThrow()
        .run(
            new StudyOptions(
                "gp",
                StudyOptions.Profile.STANDARD,
                List.of("exact"),
                "cpu",
                2,
                1,
                folder,
                Optional.empty(),
                Optional.of(data),
                false,
                OptionalInt.empty(),
                1,
                Progress.NONE,
                Cancellation.create(),
                false),
            new PrintStream(OutputStream.nullOutputStream()));
    Npz exact = Npz.read(folder.resolve("exact.npz"));
    assertThat(exact.array("log_density").shape()).containsExactly(FIELDS, CELLS);
    List<String> lines = Files.readAllLines(GOLDEN.resolve("gp_exact.csv"));
    List<String> header = List.of(lines.getFirst().split(","));
    assertThat(lines).hasSize(FIELDS + 1);
    for (int i = 0; i < FIELDS; i++) {
      String[] golden = lines.get(i + 1).split(",");
      for (String name : List.of("mean", "q05", "q50", "q95")) {
        double expected = Double.parseDouble(golden[header.indexOf(name)]);
        assertThat(StrictMath.abs(exact.array(name).value(i) - expected))
            .as("%s of field %d, golden %s", name, i, expected)
            .isLessThan(TOLERANCE);
      }
    }
  }
}
