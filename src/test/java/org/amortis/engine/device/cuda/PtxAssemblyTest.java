package org.amortis.engine.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.amortis.engine.device.gpu.KernelSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Every kernel through NVIDIA's assembler, for A100 (sm_80) and H100 (sm_90): it assembles, hot
/// kernels spill nothing, and registers and memory are those in `native/registers.csv`.
///
/// `-Damortis.registers.write=true` writes that file anew.
@Tag("pure")
class PtxAssemblyTest {
  private static final Path REGISTERS = Path.of("..", "native", "registers.csv");
  private static final List<String> ARCHITECTURES = List.of("sm_80", "sm_90");
  private static final String HEADER =
      "kernel,architecture,registers,stack_bytes,spill_bytes,shared_bytes";

  /// Kernels in which training and chains spend their time. A spill there is a fault.
  private static final Pattern HOT =
      Pattern.compile(
          "(matmul_tiled|staged_|tensor_|conv2d_|convpool_|adam_|flow_|mh_|reduce_|move_).*REAL_BITS=32.*"
              + "|spline_.*REAL_BITS=32.*|(matmul_tiled|flow_chebyshev|mh_|dense_|cholesky_diagonal|cholesky_panel).*REAL_BITS=64.*"
              + "|whole_.*REAL_BITS=64.*TILES=330.*");

  @Test
  void everyKernelAssemblesAndHotOnesSpillNothing() throws IOException {
    Map<String, List<String>> keys = new HashMap<>();
    for (String family : PtxTest.families()) {
      for (int architecture : KernelSource.of(family).architectures()) {
        Ptx.modules(family, architecture)
            .forEach((key, text) -> keys.computeIfAbsent(text, t -> new ArrayList<>()).add(key));
      }
    }
    Map<String, Assembler.Found> found = new ConcurrentHashMap<>();
    keys.keySet().parallelStream()
        .forEach(text -> {
          for (String architecture : ARCHITECTURES) {
            Assembler.Found f = Assembler.assemble(text, architecture);
            keys.get(text).forEach(key -> found.put(key + "," + architecture, f));
          }
        });
    List<String> lines = new ArrayList<>(List.of(HEADER));
    List<String> spilling = new ArrayList<>();
    for (String key : new TreeSet<>(found.keySet())) {
      Assembler.Found f = found.get(key);
      lines.add("%s,%d,%d,%d,%d".formatted(key, f.registers(), f.stack(), f.spills(), f.shared()));
      if (f.spills() > 0 && HOT.matcher(key).matches()) {
        spilling.add(lines.getLast());
      }
      assertThat(f.shared()).as(key).isLessThanOrEqualTo(48 << 10);
    }
    assertThat(spilling).as("hot kernels that spill registers").isEmpty();
    if (Boolean.getBoolean("amortis.registers.write")) {
      Files.writeString(REGISTERS, lines.stream().collect(Collectors.joining("\n", "", "\n")));
    }
    assertThat(Files.readAllLines(REGISTERS))
        .as("registers have changed: run native/build and look at the difference")
        .isEqualTo(lines);
  }
}
