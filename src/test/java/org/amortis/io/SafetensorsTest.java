package org.amortis.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.amortis.engine.Failure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Sound files; the hostile ones are in [SafetensorsAttackTest].
class SafetensorsTest {
  @TempDir Path folder;

  private static Map<String, NpyArray> tensors() {
    Map<String, NpyArray> tensors = new HashMap<>();
    tensors.put("b.weight", NpyArray.of(Golden.singles(12), 3, 4));
    tensors.put("a.bias", NpyArray.of(Golden.singles(4), 4));
    tensors.put("scale θ", NpyArray.of(new double[] {0.1}));
    tensors.put("steps", NpyArray.of(new long[] {1, -2}, 2));
    tensors.put("index", NpyArray.of(new int[] {7}, 1));
    tensors.put("none", NpyArray.of(new float[0], 0, 3));
    return tensors;
  }

  @Test
  void readsTheReferenceImplementationsFile() {
    Safetensors read = Safetensors.read(Golden.file("reference.safetensors"));
    assertThat(read.metadata()).isEqualTo(Map.of("card", "{\"title\": \"Größe θ\"}"));
    assertThat(read.digest()).isEmpty();
    assertThat(read.tensors())
        .containsEntry("layer.weight", NpyArray.of(Golden.singles(12), 3, 4))
        .containsEntry("layer.bias", NpyArray.of(Golden.singles(4), 4))
        .containsEntry("scale", NpyArray.of(Golden.floats(1)))
        .containsEntry("steps", NpyArray.of(Golden.integers(2), 2))
        .containsEntry("none", NpyArray.of(new float[0], 0, 3));
    assertThat(read.tensors().get("mask").toLongs()).containsExactly(1, 0, 0, 1, 0);
    assertThat(read.tensors().get("half").toFloats()).isEqualTo(Golden.singles(3));
    assertThat(read.tensors().get("bytes").toLongs()).containsExactly(0, 37, 74);
    assertThat(Safetensors.readMetadata(Golden.file("reference.safetensors")))
        .isEqualTo(read.metadata());
    assertThatThrownBy(() ->
            Safetensors.read(
                Golden.file("reference.safetensors"), new Safetensors.Policy(false, true)))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("no SHA-256");
  }

  @Test
  void writesSortedPaddedAndSigned() throws IOException {
    byte[] bytes = bytes(tensors(), Map.of("card", "{}", "a", "ä"));
    int headerSize = (int) ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
    assertThat((8 + headerSize) % 64).isZero();
    String text = new String(bytes, 8, headerSize, StandardCharsets.UTF_8);
    assertThat(text)
        .startsWith("{\"__metadata__\":{\"a\":\"ä\",\"card\":\"{}\",\"content_sha256\":\"");
    assertThat(text.replaceFirst("\\{\"__metadata__\":\\{[^}]*\\}[^}]*\\},", "").strip())
        .isEqualTo(
            "\"scale θ\":{\"dtype\":\"F64\",\"shape\":[],\"data_offsets\":[0,8]},"
                + "\"steps\":{\"dtype\":\"I64\",\"shape\":[2],\"data_offsets\":[8,24]},"
                + "\"a.bias\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[24,40]},"
                + "\"b.weight\":{\"dtype\":\"F32\",\"shape\":[3,4],\"data_offsets\":[40,88]},"
                + "\"index\":{\"dtype\":\"I32\",\"shape\":[1],\"data_offsets\":[88,92]},"
                + "\"none\":{\"dtype\":\"F32\",\"shape\":[0,3],\"data_offsets\":[92,92]}}");
    assertThat(bytes).hasSize(8 + headerSize + 92);
    Map<String, NpyArray> reordered = new LinkedHashMap<>();
    tensors().entrySet().stream()
        .sorted(Map.Entry.<String, NpyArray>comparingByKey().reversed())
        .forEach(e -> reordered.put(e.getKey(), e.getValue()));
    assertThat(bytes(reordered, Map.of("a", "ä", "card", "{}"))).isEqualTo(bytes);
  }

  @Test
  void comesBackVerified() {
    Path file = folder.resolve("net.safetensors");
    Safetensors.write(file, tensors(), Map.of("card", "{\"θ\":1}"));
    Safetensors read = Safetensors.read(file, new Safetensors.Policy(false, true));
    assertThat(read.tensors()).containsExactlyInAnyOrderEntriesOf(tensors());
    assertThat(read.metadata()).isEqualTo(Map.of("card", "{\"θ\":1}"));
    assertThat(read.digest()).isPresent();
    assertThat(read.tensor("steps", 2).toLongs()).containsExactly(1, -2);
    assertThatThrownBy(() -> read.tensor("steps", 3)).hasMessageContaining("has shape (2,)");
    assertThatThrownBy(() -> read.tensor("step", 3)).hasMessageContaining("is absent");
    Safetensors.write(file, read.tensors(), read.metadata());
    assertThat(Safetensors.read(file)).isEqualTo(read);
  }

  @Test
  void refusesNonFiniteNumbersBothWays() throws IOException {
    Path file = folder.resolve("nan.safetensors");
    Map<String, NpyArray> bad = Map.of("w", NpyArray.of(new float[] {1, Float.NaN}, 2));
    assertThatThrownBy(() -> Safetensors.write(file, bad, Map.of()))
        .isInstanceOfSatisfying(
            Failure.class, f -> assertThat(f.kind()).isEqualTo(Failure.Kind.DATA))
        .hasMessageContaining("tensor 'w': NaN at element 1");
    assertThat(file).doesNotExist();
    Files.write(file, bytes(bad, Map.of()));
    assertThatThrownBy(() -> Safetensors.read(file)).hasMessageContaining("NaN at element 1");
    assertThat(Safetensors.read(file, new Safetensors.Policy(true, true)).tensors()).isEqualTo(bad);
  }

  @Test
  void refusesToWriteWhatItWouldNotRead() {
    Path file = folder.resolve("no.safetensors");
    NpyArray one = NpyArray.of(new float[1], 1);
    for (String name : new String[] {"", "__metadata__", "a\nb", "n".repeat(1025)}) {
      assertThatThrownBy(() -> Safetensors.write(file, Map.of(name, one), Map.of()))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(
            () -> Safetensors.write(file, Map.of(), Map.of("card", "x".repeat((1 << 21) + 1))))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void anEmptyFileIsSound() {
    Path file = folder.resolve("empty.safetensors");
    Safetensors.write(file, Map.of(), Map.of());
    assertThat(Safetensors.read(file).tensors()).isEmpty();
  }

  private static byte[] bytes(Map<String, NpyArray> tensors, Map<String, String> metadata)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Safetensors.write(out, tensors, metadata);
    return out.toByteArray();
  }
}
