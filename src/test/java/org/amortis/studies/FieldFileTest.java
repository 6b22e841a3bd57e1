package org.amortis.studies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.amortis.engine.Failure;
import org.amortis.inference.Marginal;
import org.amortis.inference.Prior;
import org.amortis.io.AtomicFile;
import org.amortis.io.Npy;
import org.amortis.io.NpyArray;
import org.amortis.io.Npz;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FieldFileTest {
  private static final FieldFile ONE =
      new FieldFile(
          4,
          Prior.of(new Marginal.Uniform("theta", 0, 1)),
          "a value inside (0, 1)",
          FieldFile.Values.FINITE);

  private static final FieldFile TWO =
      new FieldFile(
          4,
          Prior.box(new String[] {"a", "b"}, new double[] {0, 1}, new double[] {1, 2}),
          "a inside (0, 1) and b inside (1, 2)",
          FieldFile.Values.POSITIVE);

  @TempDir Path folder;

  private Path npy(double[] values, int... shape) {
    Path file = folder.resolve("z.npy");
    AtomicFile.write(file, out -> Npy.write(out, NpyArray.of(values, shape)));
    return file;
  }

  private Path npz(NpyArray z, NpyArray theta) {
    Map<String, NpyArray> arrays = new LinkedHashMap<>();
    arrays.put("z", z);
    arrays.put("theta", theta);
    Path file = folder.resolve("z.npz");
    AtomicFile.write(file, out -> Npz.write(out, arrays));
    return file;
  }

  private static double[] ones(int n) {
    double[] x = new double[n];
    java.util.Arrays.fill(x, 1);
    return x;
  }

  private void refused(FieldFile format, Path file, String line) {
    assertThatThrownBy(() -> format.read(file))
        .isInstanceOf(Failure.class)
        .hasMessage(file + ": " + line);
  }

  @Test
  void everyDocumentedShapeIsRead() {
    for (int[] shape : new int[][] {{2, 4, 4}, {2, 16}, {2, 1, 4, 4}, {2, 4, 4, 1}}) {
      assertThat(ONE.read(npy(ones(32), shape)).count()).isEqualTo(2);
      assertThat(TWO.read(npy(ones(32), shape)).count()).isEqualTo(2);
    }
  }

  /// As many numbers as a field has, but not a field.
  @Test
  void otherShapesAreRefused() {
    String expected = ", expected (n, 4, 4), (n, 16) or (n, 1, 4, 4)";
    for (FieldFile format : new FieldFile[] {ONE, TWO}) {
      refused(format, npy(ones(16), 1, 2, 4, 2), "z has shape [1, 2, 4, 2]" + expected);
      refused(format, npy(ones(16), 1, 2, 8), "z has shape [1, 2, 8]" + expected);
      refused(format, npy(ones(16), 16), "z has shape [16]" + expected);
      refused(format, npy(new double[0], 0, 16), "z holds no field");
    }
  }

  @Test
  void badValuesAreNamedWithTheirRow() {
    double[] z = ones(32);
    z[20] = Double.NaN;
    refused(ONE, npy(z, 2, 16), "z has NaN in row 1, expected finite numbers");
    z[20] = 1e300;
    refused(ONE, npy(z, 2, 16), "z has 1.0E300 in row 1, too large for float32");
    z[20] = 0;
    assertThat(ONE.read(npy(z, 2, 16)).count()).isEqualTo(2);
    refused(TWO, npy(z, 2, 16), "z has 0.0 in row 1, expected positive finite numbers");
  }

  @Test
  void parametersComeAsColumnsInsideThePrior() {
    NpyArray z = NpyArray.of(ones(32), 2, 16);
    assertThat(ONE.read(npz(z, NpyArray.of(new double[] {0.1, 0.2}, 2))).theta())
        .containsExactly(0.1, 0.2);
    assertThat(ONE.read(npz(z, NpyArray.of(new double[] {0.1, 0.2}, 2, 1))).theta())
        .containsExactly(0.1, 0.2);
    refused(
        ONE,
        npz(z, NpyArray.of(ones(4), 2, 2)),
        "theta has shape [2, 2], expected (2,) as z has 2 fields");
    refused(
        ONE,
        npz(z, NpyArray.of(new double[] {0.1, 1.5}, 2)),
        "theta is 1.5 in row 1, expected a value inside (0, 1)");
    refused(
        TWO,
        npz(z, NpyArray.of(ones(2), 2)),
        "theta has shape [2], expected (2, 2) as z has 2 fields");
    refused(
        TWO,
        npz(z, NpyArray.of(new double[] {0.1, 1.5, 0.2, 2.5}, 2, 2)),
        "theta is (0.2, 2.5) in row 1, expected a inside (0, 1) and b inside (1, 2)");
  }
}
