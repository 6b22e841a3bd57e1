package org.amortis.engine.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.amortis.engine.Failure;
import org.amortis.engine.device.gpu.Kernel;
import org.amortis.engine.device.gpu.KernelSource;
import org.amortis.engine.device.gpu.KernelVariants;
import org.amortis.engine.shape.DType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The PTX that comes with the library: there for every kernel, and made from the texts of today.
@Tag("pure")
class PtxTest {
  static List<String> families() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("..", "kernels"))) {
      return files
          .map(f -> f.getFileName().toString())
          .filter(f -> f.endsWith(".c"))
          .map(f -> f.substring(0, f.length() - 2))
          .sorted()
          .toList();
    }
  }

  @Test
  void everyFileIsMadeFromTheSourcesOfToday() throws IOException {
    List<String> expected = new ArrayList<>();
    for (String f : families()) {
      for (int architecture : KernelSource.of(f).architectures()) {
        expected.add(Ptx.hash(f, architecture) + "  " + Ptx.file(f, architecture));
      }
    }
    assertThat(Files.readAllLines(Path.of("..", "native", "ptx", "SOURCES.sha256")))
        .as("kernels or their variants have changed: run native/build and commit native/ptx")
        .containsExactlyElementsOf(expected);
  }

  @Test
  void everyKernelHasAModuleOfItsOwn() throws IOException {
    for (String f : families()) {
      List<String> keys = KernelVariants.of(f).stream().map(Ptx::key).toList();
      assertThat(keys).doesNotHaveDuplicates();
      for (int architecture : KernelSource.of(f).architectures()) {
        Map<String, String> modules = Ptx.modules(f, architecture);
        assertThat(modules.keySet()).as(f).containsExactlyInAnyOrderElementsOf(keys);
        modules.forEach((key, text) -> {
          assertThat(text).as(key).startsWith(".version 8.0\n.target sm_" + architecture + "\n");
          assertThat(text.split("\\.visible \\.entry ", -1)).as(key).hasSize(2);
          assertThat(text).as(key).contains(".entry " + key.split(" ")[0] + "(");
          assertThat(text).as(key).doesNotContainPattern("\\b(atom|red)\\.");
        });
      }
    }
  }

  @Test
  void aDeviceTakesTheNewestFileThatItCanRun() {
    Kernel adam = Kernel.of("adam_step", DType.FLOAT32);
    Kernel tensor = KernelVariants.of("tensor").getFirst();
    assertThat(new String(Ptx.of(adam, 90), StandardCharsets.US_ASCII)).contains(".target sm_70");
    assertThat(new String(Ptx.of(tensor, 89), StandardCharsets.US_ASCII)).contains(".target sm_80");
    assertThatThrownBy(() -> Ptx.of(tensor, 75))
        .isInstanceOfSatisfying(
            Failure.class, f -> assertThat(f.kind()).isEqualTo(Failure.Kind.UNAVAILABLE))
        .hasMessageContaining("compute capability 7.5");
  }

  @Test
  void aKernelOfUnusualSizeIsOneClearFailureWithoutACompiler() {
    Kernel odd = Kernel.of("convpool_border", DType.FLOAT32).define("FILTER_SIZE", 99);
    if (RunTimeCompiler.missing() == null) {
      return;
    }
    assertThatThrownBy(() -> Ptx.of(odd, 90))
        .isInstanceOfSatisfying(
            Failure.class, f -> assertThat(f.kind()).isEqualTo(Failure.Kind.UNAVAILABLE))
        .hasMessageContaining("FILTER_SIZE=99")
        .hasMessageContaining("libnvrtc.so.12");
  }
}
