package org.amortis.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.amortis.engine.Failure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AtomicFileTest {
  @TempDir Path folder;

  @Test
  void createsAndReplaces() throws IOException {
    Path file = folder.resolve("mit Leerzeichen und θ.txt");
    AtomicFile.write(file, out -> out.write(new byte[] {1, 2}));
    AtomicFile.write(file, out -> out.write(new byte[] {3}));
    assertThat(Files.readAllBytes(file)).containsExactly(3);
    assertThat(names()).containsExactly(file.getFileName().toString());
  }

  /// Every operation fails in turn; the file is then the old one or the new one, whole.
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anyFailingOperationLeavesOldOrNew(boolean forGood) throws IOException {
    byte[] old = bytes(200_000, 1);
    byte[] fresh = bytes(300_000, 2);
    Path file = folder.resolve("a.bin");
    int failures = 0;
    for (int n = 1; ; n++) {
      Files.write(file, old);
      FaultyDisk disk = new FaultyDisk(n, forGood);
      Failure failure =
          catchThrowableOfType(
              Failure.class, () -> AtomicFile.write(disk, file, out -> writeInPieces(out, fresh)));
      if (!disk.fired()) {
        assertThat(failure).isNull();
        break;
      }
      if (failure != null) {
        failures++;
        assertThat(failure.kind()).isEqualTo(Failure.Kind.STORAGE);
        assertThat(failure.getMessage()).contains(file.toString()).contains("No space left");
      }
      byte[] now = Files.readAllBytes(file);
      assertThat(Arrays.equals(now, old) || Arrays.equals(now, fresh))
          .as("operation %d", n)
          .isTrue();
      if (!forGood) {
        assertThat(names()).containsExactly("a.bin");
      } else {
        for (String stray : names()) {
          assertThat(stray.equals("a.bin") || AtomicFile.isPartial(stray)).isTrue();
          if (!stray.equals("a.bin")) {
            Files.delete(folder.resolve(stray));
          }
        }
      }
    }
    assertThat(failures).isGreaterThanOrEqualTo(8);
    assertThat(Files.readAllBytes(file)).isEqualTo(fresh);
  }

  @Test
  void contentThatThrowsLeavesTheOldFile() throws IOException {
    Path file = folder.resolve("a.bin");
    Files.write(file, new byte[] {7});
    assertThatThrownBy(() ->
            AtomicFile.write(
                file,
                out -> {
                  out.write(1);
                  throw new IllegalStateException("stop");
                }))
        .isInstanceOf(IllegalStateException.class);
    assertThat(Files.readAllBytes(file)).containsExactly(7);
    assertThat(names()).containsExactly("a.bin");
  }

  @Test
  void namesMissingFoldersAndFolderTargets() throws IOException {
    Path missing = folder.resolve("no/such/a.bin");
    assertThatThrownBy(() -> AtomicFile.write(missing, out -> {}))
        .isInstanceOfSatisfying(
            Failure.class, f -> assertThat(f.kind()).isEqualTo(Failure.Kind.STORAGE))
        .hasMessageContaining(missing.toString())
        .hasMessageContaining("no such folder");
    Path sub = Files.createDirectory(folder.resolve("sub"));
    assertThatThrownBy(() -> AtomicFile.write(sub, out -> {})).hasMessageContaining("is a folder");
    assertThat(names()).containsExactly("sub");
  }

  /// The kernel's own full disk and read-only places, where this system has them.
  @Test
  void realDisksFailWithThePath() {
    Path readOnly = Path.of("/proc/amortis.bin");
    assertThatThrownBy(() -> AtomicFile.write(readOnly, out -> out.write(1)))
        .isInstanceOfSatisfying(
            Failure.class, f -> assertThat(f.kind()).isEqualTo(Failure.Kind.STORAGE))
        .hasMessageContaining("/proc/amortis.bin: cannot write");
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(p -> p.getFileName().toString()).sorted().toList();
    }
  }

  private static void writeInPieces(java.io.OutputStream out, byte[] bytes) throws IOException {
    for (int at = 0; at < bytes.length; at += 10_000) {
      out.write(bytes, at, 10_000);
    }
  }

  private static byte[] bytes(int n, int seed) {
    byte[] bytes = new byte[n];
    new java.util.Random(seed).nextBytes(bytes);
    return bytes;
  }
}
