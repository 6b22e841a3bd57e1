package org.amortis.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.amortis.engine.Failure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Files cut at every byte and with every bit flipped: a typed refusal or, where a checksum covers
/// the bytes, the very same content; never another exception and never silently other numbers.
class DamageTest {
  @TempDir Path folder;

  private interface Reading {
    Object from(Path file);
  }

  private static Object npz(Path file) {
    Npz npz = Npz.read(file, new Npz.Limits(1024, 1 << 24));
    List<Object> content = new ArrayList<>(npz.names());
    npz.names().forEach(name -> content.add(npz.array(name)));
    return content;
  }

  private static Object safetensors(Path file) {
    return Safetensors.read(file, new Safetensors.Policy(true, true));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "same_f8_3x4",
        "same_i4_scalar",
        "fortran_f8_2x3x4",
        "version2_f8_3x4",
        "read_b_b1_3x4"
      })
  void npyCutAnywhereIsRefused(String name) throws IOException {
    cut(Golden.bytes(name + ".npy"), Npy::read);
  }

  /// Npy files have no checksum: a flipped bit of data is another number, but nothing else happens.
  @ParameterizedTest
  @ValueSource(strings = {"same_f8_3x4", "fortran_be_f4_5x3", "version3_f8_3x4", "extreme_u8"})
  void npyFlippedAnywhereStaysTyped(String name) throws IOException {
    byte[] bytes = Golden.bytes(name + ".npy");
    List<Object> accepted = flip(bytes, Npy::read);
    assertThat(accepted).isNotEmpty();
    for (Object read : accepted) {
      NpyArray array = (NpyArray) read;
      assertThat((long) array.size() * array.type().size()).isLessThan(bytes.length);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain.npz", "streamed.npz"})
  void npzCutOrFlippedAnywhereIsRefusedOrEqual(String name) throws IOException {
    byte[] bytes = Golden.bytes(name);
    cut(bytes, DamageTest::npz);
    assertThat(flip(bytes, DamageTest::npz)).containsOnly(npz(Golden.file(name)));
  }

  @Test
  void safetensorsCutOrFlippedAnywhereIsRefused() throws IOException {
    Path file = folder.resolve("sound");
    Safetensors.write(
        file,
        Map.of(
            "w", NpyArray.of(Golden.singles(60), 3, 20),
            "b", NpyArray.of(Golden.floats(4), 4),
            "steps", NpyArray.of(new long[] {17})),
        Map.of("card", "{\"format\":1}"));
    byte[] bytes = Files.readAllBytes(file);
    cut(bytes, DamageTest::safetensors);
    assertThat(flip(bytes, DamageTest::safetensors)).isEmpty();
  }

  /// Every proper prefix must be refused.
  private void cut(byte[] bytes, Reading reading) throws IOException {
    Path file = Files.write(folder.resolve("cut"), bytes);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      for (int length = bytes.length - 1; length >= 0; length--) {
        channel.truncate(length);
        assertThat(outcome(file, reading)).as("%d bytes", length).isNull();
      }
    }
  }

  /// What is read from the files with one flipped bit that are not refused.
  private List<Object> flip(byte[] bytes, Reading reading) throws IOException {
    Path file = Files.write(folder.resolve("flipped"), bytes);
    List<Object> accepted = new ArrayList<>();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      for (int bit = 0; bit < 8 * bytes.length; bit++) {
        byte damaged = (byte) (bytes[bit >> 3] ^ 1 << (bit & 7));
        channel.write(ByteBuffer.wrap(new byte[] {damaged}), bit >> 3);
        Object read = outcome(file, reading);
        if (read != null) {
          accepted.add(read);
        }
        channel.write(ByteBuffer.wrap(bytes, bit >> 3, 1), bit >> 3);
      }
    }
    return accepted;
  }

  /// What was read, or null if it was refused as a data fault.
  private static Object outcome(Path file, Reading reading) {
    try {
      return reading.from(file);
    } catch (Failure refused) {
      assertThat(refused.kind()).isEqualTo(Failure.Kind.DATA);
      return null;
    }
  }
}
