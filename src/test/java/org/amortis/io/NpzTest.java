package org.amortis.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TimeZone;
import java.util.zip.ZipFile;
import org.amortis.engine.Failure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Archives by NumPy and by this room; the hostile ones are in [ZipAttackTest].
class NpzTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"plain.npz", "deflated.npz"})
  void readsNumpysArchives(String name) {
    Npz npz = Npz.read(Golden.file(name));
    assertThat(npz.array("theta")).isEqualTo(NpyArray.of(Golden.floats(4), 4));
    assertThat(npz.array("z")).isEqualTo(NpyArray.of(Golden.singles(24), 4, 2, 3));
    assertThat(npz.names()).startsWith("theta", "z");
    assertThat(npz.has("zeros")).isEqualTo(name.equals("deflated.npz"));
    assertThatThrownBy(() -> npz.array("Z"))
        .isInstanceOf(Failure.class)
        .hasMessageContaining(name + ": no array 'Z', found 'theta, z");
  }

  @Test
  void readsFortranAndStreamedArchives() {
    assertThat(Npz.read(Golden.file("fortran.npz")).array("z"))
        .isEqualTo(NpyArray.of(Golden.floats(12), 4, 3));
    assertThat(Npz.read(Golden.file("streamed.npz")).array("z"))
        .isEqualTo(NpyArray.of(Golden.floats(12), 3, 4));
  }

  @Test
  void refusesObjectsAndNamesTheEntry() {
    assertThatThrownBy(() -> Npz.read(Golden.file("refuse_object.npz")))
        .isInstanceOfSatisfying(
            Failure.class, f -> assertThat(f.advice()).get().asString().contains("pickle"))
        .hasMessageContaining("refuse_object.npz: entry 'z.npy': type '|O'");
  }

  @Test
  void looksOnlyAtTheArraysThatAreWanted() {
    Npz some = Npz.read(Golden.file("refuse_object.npz"), Set.of("theta"));
    assertThat(some.names()).contains("z");
    assertThat(some.has("z")).isFalse();
    assertThatThrownBy(() -> Npz.read(Golden.file("refuse_object.npz"), Set.of("z")))
        .hasMessageContaining("entry 'z.npy': type '|O'");
  }

  @Test
  void writesTheSameBytesAnywhere() throws IOException {
    Map<String, NpyArray> arrays = new LinkedHashMap<>();
    arrays.put("theta", NpyArray.of(Golden.floats(1000), 1000));
    arrays.put("größe", NpyArray.of(Golden.singles(24), 4, 2, 3));
    arrays.put("none", NpyArray.of(new float[0], 0, 3));
    byte[] first = bytes(arrays);
    TimeZone before = TimeZone.getDefault();
    try {
      TimeZone.setDefault(TimeZone.getTimeZone("Pacific/Chatham"));
      assertThat(bytes(arrays)).isEqualTo(first);
    } finally {
      TimeZone.setDefault(before);
    }
    Path file = folder.resolve("test.npz");
    Npz.write(file, arrays);
    assertThat(Files.readAllBytes(file)).isEqualTo(first);
    Npz read = Npz.read(file);
    assertThat(read.names()).containsExactly("theta", "größe", "none");
    arrays.forEach((name, array) -> assertThat(read.array(name)).isEqualTo(array));
    try (ZipFile zip = new ZipFile(file.toFile())) {
      assertThat(zip.size()).isEqualTo(3);
    }
  }

  /// The end records of an archive with more entries or bytes than 16 and 32 bits can count.
  @Test
  void readsZip64Directories() throws IOException {
    byte[] plain = bytes(Map.of("z", NpyArray.of(Golden.floats(4), 4)));
    ByteBuffer old = ByteBuffer.wrap(plain).order(ByteOrder.LITTLE_ENDIAN);
    int end = plain.length - 22;
    int start = old.getInt(end + 16);
    ByteBuffer wide = ByteBuffer.allocate(end + 56 + 20 + 22).order(ByteOrder.LITTLE_ENDIAN);
    wide.put(plain, 0, end);
    wide.putInt(0x06064b50)
        .putLong(44)
        .putShort((short) 45)
        .putShort((short) 45)
        .putInt(0)
        .putInt(0);
    wide.putLong(1).putLong(1).putLong(end - start).putLong(start);
    wide.putInt(0x07064b50).putInt(0).putLong(end).putInt(1);
    wide.putInt(0x06054b50).putInt(0).putInt(-1).putInt(-1).putInt(-1);
    Path file = Files.write(folder.resolve("wide.npz"), wide.array());
    assertThat(Npz.read(file).array("z")).isEqualTo(NpyArray.of(Golden.floats(4), 4));
    for (int at = end; at < end + 76; at++) {
      byte[] damaged = wide.array().clone();
      damaged[at] ^= (byte) 0x80;
      Files.write(file, damaged);
      try {
        assertThat(Npz.read(file).names()).containsExactly("z");
      } catch (Failure refused) {
        assertThat(refused.kind()).isEqualTo(Failure.Kind.DATA);
      }
    }
  }

  @Test
  void readsAnEmptyArchive() {
    Path file = folder.resolve("empty.npz");
    Npz.write(file, Map.of());
    assertThat(Npz.read(file).names()).isEmpty();
  }

  private static byte[] bytes(Map<String, NpyArray> arrays) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Npz.write(out, arrays);
    return out.toByteArray();
  }
}
