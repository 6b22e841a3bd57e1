package org.amortis.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.LongStream;
import org.amortis.engine.Failure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Files by NumPy (validation/generators/npy_goldens.py) against this room's reader and writer.
class NpyTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"scalar", "0", "1", "5", "3x4", "2x3x4", "0x3", "1x1x1x1x1x1x1x1", "123"})
  void writesWhatNumpyWrites(String shapeText) throws IOException {
    int[] shape = Golden.shape(shapeText);
    int n = Golden.count(shape);
    double[] values = Golden.floats(n);
    long[] whole = Golden.integers(n);
    assertThat(bytes(NpyArray.of(values, shape)))
        .isEqualTo(Golden.bytes("same_f8_" + shapeText + ".npy"));
    assertThat(bytes(NpyArray.of(Golden.singles(n), shape)))
        .isEqualTo(Golden.bytes("same_f4_" + shapeText + ".npy"));
    assertThat(bytes(NpyArray.of(whole, shape)))
        .isEqualTo(Golden.bytes("same_i8_" + shapeText + ".npy"));
    int[] narrow = Arrays.stream(whole).mapToInt(Math::toIntExact).toArray();
    assertThat(bytes(NpyArray.of(narrow, shape)))
        .isEqualTo(Golden.bytes("same_i4_" + shapeText + ".npy"));
    for (String type : new String[] {"f8", "f4", "i8", "i4"}) {
      NpyArray read = Npy.read(Golden.file("same_" + type + "_" + shapeText + ".npy"));
      assertThat(read.shape()).isEqualTo(shape);
      assertThat(bytes(read)).isEqualTo(Golden.bytes("same_" + type + "_" + shapeText + ".npy"));
    }
  }

  @Test
  void padsHeadersOfEveryRankAsNumpyDoes() throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int rank = 1; rank <= 32; rank++) {
      int[] shape = new int[rank];
      Arrays.fill(shape, 1);
      Npy.write(all, NpyArray.of(Golden.singles(1), shape));
    }
    assertThat(all.toByteArray()).isEqualTo(Golden.bytes("ranks_f4.bin"));
  }

  @ParameterizedTest
  @CsvSource({
    "b_i1,INT8", "le_i2,INT16", "be_i2,INT16", "be_i4,INT32", "be_i8,INT64", "b_u1,UINT8",
    "le_u2,UINT16", "be_u2,UINT16", "le_u4,UINT32", "be_u4,UINT32", "le_u8,UINT64", "be_u8,UINT64",
    "b_b1,BOOL"
  })
  void readsIntegers(String name, ElementType type) {
    NpyArray read = Npy.read(Golden.file("read_" + name + "_3x4.npy"));
    assertThat(read.type()).isEqualTo(type);
    assertThat(read.shape()).containsExactly(3, 4);
    long[] expected =
        switch (name.charAt(name.length() - 2)) {
          case 'i' -> Golden.integers(12);
          case 'u' -> Arrays.stream(Golden.integers(12)).map(v -> v + 50).toArray();
          default -> LongStream.range(0, 12).map(k -> k % 3 == 0 ? 1 : 0).toArray();
        };
    assertThat(read.toLongs()).isEqualTo(expected);
    assertThat(read.toDoubles()).isEqualTo(Arrays.stream(expected).asDoubleStream().toArray());
  }

  @ParameterizedTest
  @ValueSource(strings = {"be_f4", "be_f8", "le_f2", "be_f2"})
  void readsFloats(String name) {
    NpyArray read = Npy.read(Golden.file("read_" + name + "_3x4.npy"));
    assertThat(read.toDoubles()).isEqualTo(Golden.floats(12));
    assertThat(read.toFloats()).isEqualTo(Golden.singles(12));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"fortran_f8_2x3x4", "fortran_be_f4_5x3", "version2_f8_3x4", "version3_f8_3x4"})
  void readsOtherLayouts(String name) {
    int[] shape = Golden.shape(name.substring(name.lastIndexOf('_') + 1));
    NpyArray read = Npy.read(Golden.file(name + ".npy"));
    assertThat(read.shape()).isEqualTo(shape);
    assertThat(read.toDoubles()).isEqualTo(Golden.floats(Golden.count(shape)));
  }

  @Test
  void readsExtremes() {
    float[] halves = Npy.read(Golden.file("extreme_f2.npy")).toFloats();
    float[] expected = new float[halves.length];
    for (int i = 0; i < halves.length; i++) {
      expected[i] = Float.float16ToFloat((short) (i * 997));
    }
    assertThat(halves).hasSize(66).isEqualTo(expected);
    NpyArray unsigned = Npy.read(Golden.file("extreme_u8.npy"));
    double big = 9223372036854775808.0;
    assertThat(unsigned.toDoubles()).containsExactly(0, 1, 9007199254740992.0, big, big, 2 * big);
    assertThat(unsigned.toFloats()[5]).isEqualTo((float) (2 * big));
    NpyArray doubles = Npy.read(Golden.file("extreme_f8.npy"));
    assertThat(doubles)
        .isEqualTo(
            NpyArray.of(
                new double[] {
                  0.0,
                  -0.0,
                  Double.POSITIVE_INFINITY,
                  Double.NEGATIVE_INFINITY,
                  Double.MIN_VALUE,
                  Double.MAX_VALUE,
                  Double.NaN
                },
                7));
    assertThat(doubles.firstNonFinite()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({
    "object,pickle",
    "structured,field",
    "text,numbers",
    "bytes,numbers",
    "complex,astype",
    "longdouble,astype",
    "date,astype"
  })
  void refusesOtherTypesAndSaysWhatToDo(String name, String advice) {
    assertThatThrownBy(() -> Npy.read(Golden.file("refuse_" + name + ".npy")))
        .isInstanceOfSatisfying(
            Failure.class,
            f -> {
              assertThat(f.kind()).isEqualTo(Failure.Kind.DATA);
              assertThat(f.getMessage()).contains("refuse_" + name + ".npy").contains("expected");
              assertThat(f.advice()).get().asString().contains(advice);
            });
  }

  @Test
  void writesEveryOtherTypeBack() throws IOException {
    for (String name :
        new String[] {"b_i1", "le_i2", "b_u1", "le_u2", "le_u4", "le_u8", "le_f2", "b_b1"}) {
      assertThat(bytes(Npy.read(Golden.file("read_" + name + "_3x4.npy"))))
          .isEqualTo(Golden.bytes("read_" + name + "_3x4.npy"));
    }
  }

  @Test
  void filesLongerThanOneBufferSurvive() throws IOException {
    int n = 100_003;
    Path file = folder.resolve("große Datei θ.npy");
    NpyArray array = NpyArray.of(Golden.floats(n), n);
    Npy.write(file, array);
    assertThat(Npy.read(file)).isEqualTo(array);
    byte[] bytes = Files.readAllBytes(file);
    assertThatThrownBy(
            () -> Npy.read(new ByteArrayInputStream(bytes, 0, bytes.length - 1), bytes.length, "x"))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("byte " + (bytes.length - 1) + ": the data end early");
  }

  @Test
  void namesAbsentFilesAndFolders() {
    assertThatThrownBy(() -> Npy.read(folder.resolve("absent.npy")))
        .isInstanceOfSatisfying(
            Failure.class, f -> assertThat(f.kind()).isEqualTo(Failure.Kind.DATA))
        .hasMessageContaining("absent.npy: no such file");
    assertThatThrownBy(() -> Npy.read(folder))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("not a regular file");
  }

  @Test
  void arraysCheckTheirShape() {
    assertThatThrownBy(() -> NpyArray.of(new double[3], 2, 2))
        .hasMessageContaining("(2, 2) holds 4");
    assertThatThrownBy(() -> NpyArray.of(new double[1], 1).toLongs())
        .isInstanceOf(IllegalStateException.class);
    double[] values = {1, 2};
    NpyArray array = NpyArray.of(values, 2);
    values[0] = 9;
    array.toDoubles()[1] = 9;
    array.shape()[0] = 9;
    assertThat(array.toDoubles()).containsExactly(1, 2);
    assertThat(array)
        .hasToString("FLOAT64 (2,)")
        .hasSameHashCodeAs(NpyArray.of(new double[] {1, 2}, 2));
  }

  private static byte[] bytes(NpyArray array) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Npy.write(out, array);
    return out.toByteArray();
  }
}
