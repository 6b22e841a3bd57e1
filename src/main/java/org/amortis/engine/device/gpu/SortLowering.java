package org.amortis.engine.device.gpu;

import static org.amortis.engine.device.gpu.ReduceLowering.ceil;
import static org.amortis.engine.device.gpu.ReduceLowering.powerOfTwo;

import org.amortis.engine.shape.DType;

/// Launches of sorting: one for rows that fit local memory, a network of launches for longer ones.
final class SortLowering {
  /// Items of a group and places in local memory, as in `sort.c`.
  private static final int GROUP = 256;

  private static final int TILE = 2048;

  private SortLowering() {}

  static void lower(Emit e) {
    DType real = e.out(0).dtype();
    Place y = e.result(0);
    int n = e.out(0).shape().dim(-1);
    int rows = e.out(0).size() / n;
    int width = StrictMath.min(TILE, powerOfTwo(n));
    int parts = ceil(n, width);
    int lines = rows * parts;
    Grid tiles = Grid.groups(ceil(lines, TILE / width), 1, 1).of(GROUP, 1, 1);
    e.launch(Kernel.of("sort_tiles", real), tiles, e.operand(0), y, lines, n, parts, width);
    for (int merged = TILE; merged < n; merged *= 2) {
      step(e, y, rows, n, merged, 1);
      for (int reach = merged / 2; reach >= TILE; reach /= 2) {
        step(e, y, rows, n, reach, 0);
      }
      e.launch(Kernel.of("sort_merge", real), tiles, y, lines, n, parts);
    }
  }

  private static void step(Emit e, Place y, int rows, int n, int reach, int mirror) {
    int pairs = ceil(n, 2 * reach) * reach;
    Grid grid = Grid.groups(ceil(pairs, GROUP), StrictMath.min(rows, 4096), 1).of(GROUP, 1, 1);
    e.launch(Kernel.of("sort_step", e.out(0).dtype()), grid, y, rows, n, reach, mirror, pairs);
  }
}
