package org.amortis.engine.op;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.amortis.engine.device.gpu.Driver;
import org.amortis.engine.device.gpu.GpuDevice;
import org.amortis.engine.device.gpu.Grid;
import org.amortis.engine.device.gpu.Kernel;
import org.amortis.engine.device.gpu.KernelSource;
import org.amortis.engine.device.gpu.Memory;
import org.amortis.engine.device.gpu.Prepared;
import org.amortis.engine.shape.DType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Every op has kernels, and every kernel has an op: on a driver that only takes notes.
@Tag("pure")
class KernelRollCallTest {
  /// Kernels for which the cases of the registry are too small; a test of their family launches
  /// them.
  private static final Set<String> LARGE = Set.of("matmul_add_parts");

  private final Set<String> launched = new TreeSet<>();
  private int prepared;

  /// Takes notes of what is prepared.
  private final class Notes implements Driver {
    private record Nothing(long bytes) implements Memory {
      @Override
      public void close() {}
    }

    @Override
    public String name() {
      return "notes";
    }

    @Override
    public String describe() {
      return "notes: takes notes";
    }

    @Override
    public boolean float64() {
      return true;
    }

    @Override
    public Memory allocate(long bytes) {
      return new Nothing(bytes);
    }

    @Override
    public void fill(Memory memory, long from, long bytes, int pattern) {}

    @Override
    public void write(Memory memory, long from, ByteBuffer host) {}

    @Override
    public void read(Memory memory, long from, ByteBuffer host) {}

    @Override
    public Prepared prepare(Kernel kernel, Grid grid, Object[] arguments) {
      launched.add(kernel.entry());
      prepared++;
      return new Prepared() {
        @Override
        public void set(int parameter, Memory memory, int at) {}

        @Override
        public void enqueue() {}

        @Override
        public void close() {}
      };
    }

    @Override
    public void finish() {}

    @Override
    public void close() {}
  }

  @Test
  void everyOpIsLaunchedAndEveryKernelIsUsed() throws IOException {
    try (GpuDevice device = new GpuDevice(new Notes())) {
      for (DType f : List.of(DType.FLOAT32, DType.FLOAT64)) {
        for (OpCase c : OpCases.of(f)) {
          int before = prepared;
          device.bind(c.program()).close();
          boolean nothing =
              c.op() instanceof Source
                  || c.op() instanceof Move
                  || c.op().infer(c.types()).stream().allMatch(t -> t.size() == 0);
          assertThat(prepared - before).as(c.toString()).isGreaterThan(nothing ? -1 : 0);
        }
      }
    }
    Set<String> written = new TreeSet<>();
    try (Stream<Path> files = Files.list(Path.of("../kernels"))) {
      for (Path p : files.filter(p -> p.toString().endsWith(".c")).toList()) {
        String family = p.getFileName().toString().replace(".c", "");
        written.addAll(KernelSource.of(family).entries().keySet());
      }
    }
    assertThat(launched).doesNotContainAnyElementsOf(LARGE);
    launched.addAll(LARGE);
    assertThat(launched).containsExactlyInAnyOrderElementsOf(written);
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
