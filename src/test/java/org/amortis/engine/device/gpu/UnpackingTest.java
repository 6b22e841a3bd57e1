package org.amortis.engine.device.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Native parts are unpacked where nobody else has put anything.
@Tag("pure")
class UnpackingTest {
  @TempDir Path folder;

  private static String property() {
    return System.getProperty("java.io.tmpdir");
  }

  @Test
  void theFolderIsNewAndGoneAfterwards() {
    String usual = property();
    Path used =
        Unpacking.privately(() -> {
          Path own = Path.of(property());
          assertThat(own).isNotEqualTo(Path.of(usual)).isEmptyDirectory();
          try {
            Files.writeString(own.resolve("libSomething.so"), "x");
          } catch (IOException e) {
            throw new IllegalStateException(e);
          }
          return own;
        });
    assertThat(property()).isEqualTo(usual);
    assertThat(used).doesNotExist();
    assertThatThrownBy(() ->
            Unpacking.privately(() -> {
              throw new UnsatisfiedLinkError("no library");
            }))
        .isInstanceOf(UnsatisfiedLinkError.class);
    assertThat(property()).isEqualTo(usual);
  }

  @Test
  void aFolderThatTakesNothingIsPassedOver() throws IOException {
    Path file = Files.createFile(folder.resolve("a file"));
    Path good = folder.resolve("not yet there");
    assertThat(Unpacking.folder(List.of(file, good))).hasParent(good).isEmptyDirectory();
    assertThat(Unpacking.folder(List.of(file))).isNull();
  }
}
