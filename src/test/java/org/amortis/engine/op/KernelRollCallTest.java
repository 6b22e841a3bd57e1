package org.amortis.engine.op;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.amortis.engine.device.gpu.GpuDevice;
import org.amortis.engine.device.gpu.Kernel;
import org.amortis.engine.device.gpu.KernelSource;
import org.amortis.engine.device.gpu.KernelVariants;
import org.amortis.engine.shape.DType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Every op has kernels, and every kernel has an op: on a driver that only takes notes.
@Tag("pure")
class KernelRollCallTest {
  @Test
  void everyOpIsLaunchedAndEveryKernelIsUsed() throws IOException {
    KernelNotes notes = new KernelNotes();
    Set<String> launched = new TreeSet<>();
    try (GpuDevice device = new GpuDevice(notes)) {
      for (DType f : List.of(DType.FLOAT32, DType.FLOAT64)) {
        for (OpCase c : OpCases.of(f)) {
          Set<String> own = notes.of(device, c);
          boolean nothing =
              c.op() instanceof Source
                  || c.op() instanceof Move
                  || c.op().infer(c.types()).stream().allMatch(t -> t.size() == 0);
          assertThat(own.size()).as(c.toString()).isGreaterThan(nothing ? -1 : 0);
          launched.addAll(own);
        }
        ChainPrograms.of(f).forEach(c -> launched.addAll(notes.of(device, c.program())));
      }
    }
    Set<String> written = new TreeSet<>();
    try (Stream<Path> files = Files.list(Path.of("../kernels"))) {
      for (Path p : files.filter(p -> p.toString().endsWith(".c")).toList()) {
        String family = p.getFileName().toString().replace(".c", "");
        // Families of one dialect are a driver's own choice: what takes their place is launched.
        if (KernelSource.of(family).dialects().size() > 1) {
          written.addAll(KernelSource.of(family).entries().keySet());
        }
      }
    }
    assertThat(launched).containsExactlyInAnyOrderElementsOf(written);
  }

  /// Bins of splines and rows of filters are the user's; every other choice is the lowerings'.
  @Test
  void everyKernelThatIsLaunchedIsBuiltBeforehand() {
    KernelNotes notes = new KernelNotes();
    try (GpuDevice device = new GpuDevice(notes)) {
      for (DType f : List.of(DType.FLOAT32, DType.FLOAT64)) {
        OpCases.of(f).forEach(c -> notes.of(device, c));
      }
    }
    assertThat(notes.kernels).hasSizeGreaterThan(150);
    int open = 0;
    for (Kernel k : notes.kernels) {
      int bins = k.defines().getOrDefault("BINS", 8);
      int rows = k.defines().getOrDefault("FILTER_SIZE", 3);
      if (Set.of(4, 5, 6, 8, 10, 12, 16).contains(bins) && Set.of(1, 3, 5).contains(rows)) {
        assertThat(KernelVariants.of(k.family())).contains(k);
      } else {
        open++;
      }
    }
    assertThat(open).isLessThan(notes.kernels.size() / 4);
  }

  @Test
  void thePointwiseKernelKnowsEveryFunction() {
    String text = KernelSource.of("pointwise").text();
    for (Unary u : Unary.values()) {
      assertThat(text).contains("case OP_" + u.name() + ":");
    }
    for (Binary b : Binary.values()) {
      assertThat(text).contains("case OP_" + b.name() + ":");
    }
  }
}
