package org.amortis.engine.device.cuda;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.amortis.engine.device.gpu.Grid;
import org.amortis.engine.device.gpu.Kernel;

/// Whether a group fits a multiprocessor: its threads' registers, as NVIDIA's assembler counts them
/// (`native/registers.csv`), are 65,536 at most. A launch of more fails with
/// LAUNCH_OUT_OF_RESOURCES.
///
/// Source: NVIDIA, *CUDA Occupancy Calculator*: registers come 256 a warp at a time, warps by
/// fours.
final class Registers {
  private static final int ALL = 65536;
  private static final Map<String, Integer> REGISTERS = read();

  private Registers() {}

  private static Map<String, Integer> read() {
    try {
      Path file = Path.of("..", "native", "registers.csv");
      List<String> lines =
          Files.readAllLines(Files.exists(file) ? file : Path.of("native", "registers.csv"));
      Map<String, Integer> found = new HashMap<>();
      for (String line : lines.subList(1, lines.size())) {
        String[] cells = line.split(",");
        found.put(cells[0] + " " + cells[1], Integer.parseInt(cells[2]));
      }
      return found;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Registers of a group of so many threads with so many registers each.
  static int of(int threads, int registers) {
    int warps = (threads + 31) / 32;
    return (warps + 3) / 4 * 4 * ((32 * registers + 255) / 256 * 256);
  }

  /// Fails for a kernel whose group would not fit an A100 or an H100.
  static void check(Kernel kernel, Grid grid) {
    for (String architecture : List.of("sm_80", "sm_90")) {
      Integer registers = REGISTERS.get(Ptx.key(kernel) + " " + architecture);
      int threads = grid.itemsX() * grid.itemsY() * grid.itemsZ();
      if (registers != null && of(threads, registers) > ALL) {
        throw new AssertionError(
            "%s as %s: %d registers a thread on %s"
                .formatted(kernel, grid, registers, architecture));
      }
    }
  }
}
