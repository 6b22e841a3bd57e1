package org.amortis.studies.gp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.amortis.engine.Failure;
import org.amortis.io.Npy;
import org.amortis.io.Npz;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// `--data`: every form that is taken, every fault that is named.
@Tag("study")
class DataTest {
  private static final int N = 4;

  @TempDir Path folder;

  private static double[] z() {
    double[] all = Npz.read(TinyStudy.undisturbed().resolve("test.npz")).array("z").toDoubles();
    return Arrays.copyOf(all, N * 256);
  }

  private static double[] theta() {
    double[] all = Npz.read(TinyStudy.undisturbed().resolve("test.npz")).array("theta").toDoubles();
    return Arrays.copyOf(all, N);
  }

  private static byte[] plain(double[] x, int... shape) {
    return NpyBytes.of("<f8", false, x, shape);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          <f4 | false | 4 16 16
          <f8 | false | 4 16 16
          >f4 | false | 4 16 16
          >f8 | true  | 4 16 16
          <f4 | true  | 4 16 16
          <f4 | false | 4 256
          >f8 | true  | 4 256
          <f8 | false | 4 1 16 16
          <f4 | true  | 4 1 16 16
          <f4 | false | 4 16 16 1
          """)
  void everyFormGivesTheSameFields(String descr, boolean fortran, String dims) throws IOException {
    int[] shape = Stream.of(dims.split(" ")).mapToInt(Integer::parseInt).toArray();
    Path file = folder.resolve("z.npy");
    Files.write(file, NpyBytes.of(descr, fortran, z(), shape));
    String printed = new TinyStudy(folder.resolve("run")).methods("exact").data(file).run();
    Npz test = Npz.read(folder.resolve("run/test.npz"));
    assertThat(test.names()).containsExactly("z");
    assertThat(test.array("z").shape()).containsExactly(N, 16, 16);
    assertThat(test.array("z").toDoubles()).containsExactly(z());
    // Without theta nothing is scored and draws are still written.
    assertThat(printed).contains("theta is not known", "report: " + folder.resolve("run"));
    assertThat(folder.resolve("run/table.csv")).doesNotExist();
    assertThat(folder.resolve("run/report.html")).exists();
    assertThat(Npy.read(folder.resolve("run/draws_exact.npy")).shape())
        .containsExactly(N, TinyStudy.DRAWS);
  }

  @Test
  void fieldsWithThetaAreScoredByEveryMethod() throws IOException {
    Path file = folder.resolve("with blank.npz");
    NpyBytes.zip(file, Map.of("theta", plain(theta(), N), "z", plain(z(), N, 16, 16)));
    Path run = folder.resolve("run of mine");
    String printed = new TinyStudy(run).data(file).networks(TinyStudy.undisturbed()).run();
    assertThat(printed).contains("exact", "mcmc", "nbe", "fkl").doesNotContain("not known");
    assertThat(Files.readAllLines(run.resolve("table.csv"))).hasSize(5);
    // Renaming the file is no other run, changing it is.
    Path renamed = Files.move(file, folder.resolve("renamed.npz"));
    new TinyStudy(run).data(renamed).networks(TinyStudy.undisturbed()).run();
    NpyBytes.zip(file, Map.of("z", plain(z(), N, 16, 16)));
    Throwable other =
        catchThrowable(() -> new TinyStudy(run).data(file).networks(TinyStudy.undisturbed()).run());
    assertThat(other).isInstanceOf(Failure.class).hasMessageContaining("data_sha256");
  }

  @Test
  void oneFieldIsEnough() throws IOException {
    Path file = folder.resolve("one.npz");
    double[] one = Arrays.copyOf(z(), 256);
    NpyBytes.zip(
        file, Map.of("theta", plain(new double[] {theta()[0]}, 1, 1), "z", plain(one, 1, 256)));
    new TinyStudy(folder.resolve("run"))
        .data(file)
        .methods("exact", "nbe", "fkl")
        .networks(TinyStudy.undisturbed())
        .run();
    assertThat(folder.resolve("run/table.csv")).content().doesNotContain("NaN");
  }

  /// Squares of such fields overflow float32, so that the gap diagnostic has no weights.
  @Test
  void fieldsFarOutsideTheModelStillGetTheirReport() throws IOException {
    Path file = folder.resolve("huge.npy");
    double[] huge = Arrays.stream(z()).map(x -> 1e20 * x).toArray();
    Files.write(file, plain(huge, N, 16, 16));
    Path run = folder.resolve("run");
    new TinyStudy(run).data(file).methods("exact", "fkl").networks(TinyStudy.undisturbed()).run();
    assertThat(run.resolve("report.html"))
        .content()
        .contains("not computed: importance weights of data set 0");
    assertThat(run.resolve("gap_fkl.json")).doesNotExist();
    assertThat(Npy.read(run.resolve("draws_fkl.npy")).shape()).containsExactly(N, TinyStudy.DRAWS);
  }

  static Stream<Arguments> faults() {
    double[] nan = z();
    nan[2 * 256 + 17] = Double.NaN;
    double[] infinite = z();
    infinite[3 * 256] = Double.NEGATIVE_INFINITY;
    double[] large = z();
    large[256 + 255] = 1e300;
    byte[] good = plain(z(), N, 16, 16);
    double[] outside = theta();
    outside[1] = 0.6;
    double[] below = theta();
    below[0] = 0;
    double[] unknown = theta();
    unknown[3] = Double.NaN;
    return Stream.of(
        Arguments.of("z.npy", Map.of("", plain(nan, N, 256)), "NaN in row 2"),
        Arguments.of("z.npy", Map.of("", plain(infinite, N, 256)), "-Infinity in row 3"),
        Arguments.of("z.npy", Map.of("", plain(large, N, 256)), "in row 1, too large"),
        Arguments.of("z.npy", Map.of("", NpyBytes.of("<i4", false, z(), N, 16, 16)), "float32 or"),
        Arguments.of("z.npy", Map.of("", plain(z(), 16, 4, 16)), "[16, 4, 16], expected (n, 16"),
        Arguments.of("z.npy", Map.of("", plain(z(), N * 256)), "[1024], expected (n, 16"),
        Arguments.of("z.npy", Map.of("", plain(new double[0], 0, 16, 16)), "no field"),
        Arguments.of("z.npy", Map.of("", new byte[0]), "z.npy"),
        Arguments.of("z.npy", Map.of("", Arrays.copyOf(good, good.length / 2)), "z.npy"),
        Arguments.of("z.npy", Map.of("", Arrays.copyOf(good, 20)), "z.npy"),
        Arguments.of("z.csv", Map.of("", good), ".npy or .npz"),
        Arguments.of("z.npz", Map.of("", good), "z.npz"),
        Arguments.of("z.npz", Map.of("x", good), "no array z"),
        Arguments.of("z.npz", Map.of("z", good, "theta", plain(theta(), 2, 2)), "theta has shape"),
        Arguments.of(
            "z.npz",
            Map.of("z", good, "theta", plain(Arrays.copyOf(theta(), 3), 3)),
            "expected (4,) as z has 4 fields"),
        Arguments.of("z.npz", Map.of("z", good, "theta", plain(outside, N)), "0.6 in row 1"),
        Arguments.of("z.npz", Map.of("z", good, "theta", plain(below, N)), "0.0 in row 0"),
        Arguments.of("z.npz", Map.of("z", good, "theta", plain(unknown, N)), "NaN in row 3"));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void faultsAreNamedInOneLineBeforeAnythingIsWritten(
      String name, Map<String, byte[]> arrays, String line) throws IOException {
    Path file = folder.resolve(name);
    if (arrays.containsKey("")) {
      Files.write(file, arrays.get(""));
    } else {
      NpyBytes.zip(file, arrays);
    }
    Throwable thrown = catchThrowable(() -> new TinyStudy(folder.resolve("run")).data(file).run());
    assertThat(thrown).isInstanceOf(Failure.class);
    assertThat(((Failure) thrown).kind()).isEqualTo(Failure.Kind.DATA);
    assertThat(thrown.getMessage()).contains(name).contains(line).hasLineCount(1);
    assertThat(folder.resolve("run")).doesNotExist();
  }
}
