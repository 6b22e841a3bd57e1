package org.amortis.engine.device.gpu;

import org.amortis.engine.op.Conv2d;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Shape;

/// Launches of convolutions and their adjoints as implicit matrix products (`kernels/conv2d.c`).
///
/// Every choice here follows from shapes alone, so that results are the same bytes on every run;
/// only the number of parts of a weight gradient shows in them.
final class ConvLowering {
  /// Terms of the sum brought to the group's memory at a time.
  private static final int TERMS = 16;

  /// Groups that fill a large device.
  private static final int GROUPS = 256;

  private ConvLowering() {}

  /// Extent of the part of a product that a group computes; a group has `rows * columns / 64`
  /// items. Few tiles, for each is a program to build.
  record Tile(int rows, int columns) {
    private static final Tile SQUARE = new Tile(64, 64);
    private static final Tile NARROW = new Tile(128, 16);

    /// For a product of so many columns.
    static Tile of(int columns) {
      return columns <= 16 ? NARROW : SQUARE;
    }

    /// The kernel with this tile's open names.
    Kernel kernel(String entry, DType real, int channels) {
      return Kernel.of(entry, real)
          .define("TILE_M", rows)
          .define("TILE_N", columns)
          .define("TILE_K", TERMS)
          .define("RUN", channels % 4 == 0 ? 4 : 1);
    }

    /// Groups for a product of `m x n` in `parts`.
    Grid grid(int m, int n, int parts) {
      return Grid.groups(ceil(m, rows), ceil(n, columns), parts).of(rows * columns / 64, 1, 1);
    }
  }

  /// How a sum over pixels is cut: parts of `share` pixels, the last one of what is left.
  record Parts(int count, int share) {
    /// Parts of whole steps, at least 16 of them, as many as fill the device.
    static Parts of(int pixels, int groups) {
      int wanted = StrictMath.min(ceil(GROUPS, groups), ceil(pixels, 16 * TERMS));
      int share = ceil(ceil(pixels, StrictMath.max(1, wanted)), TERMS) * TERMS;
      return new Parts(share == 0 ? 0 : ceil(pixels, share), share);
    }
  }

  static int ceil(int n, int by) {
    return (n + by - 1) / by;
  }

  static void forward(Emit e, Conv2d c) {
    Shape x = e.in(0).shape();
    Shape w = e.in(1).shape();
    Shape y = e.out(0).shape();
    int pixels = y.product(0, 3);
    Tile tile = Tile.of(w.dim(3));
    e.launch(
        tile.kernel("conv2d_forward", e.out(0).dtype(), x.dim(3)),
        tile.grid(pixels, w.dim(3), 1),
        e.operand(0),
        e.operand(1),
        e.result(0),
        x.dim(0),
        x.dim(1),
        x.dim(2),
        x.dim(3),
        w.dim(0),
        w.dim(1),
        w.dim(3),
        y.dim(1),
        y.dim(2),
        c.stride(),
        c.pad());
  }

  static void inputGradient(Emit e, Conv2d.InputGradient c) {
    Shape y = e.in(0).shape();
    Shape w = e.in(1).shape();
    Shape x = e.out(0).shape();
    int pixels = x.product(0, 3);
    Tile tile = Tile.of(x.dim(3));
    e.launch(
        tile.kernel("conv2d_input_gradient", e.out(0).dtype(), w.dim(3)),
        tile.grid(pixels, x.dim(3), 1),
        e.operand(0),
        e.operand(1),
        e.result(0),
        x.dim(0),
        x.dim(1),
        x.dim(2),
        x.dim(3),
        w.dim(0),
        w.dim(1),
        w.dim(3),
        y.dim(1),
        y.dim(2),
        c.conv().stride(),
        c.conv().pad());
  }

  static void weightGradient(Emit e, Conv2d.WeightGradient c) {
    DType real = e.out(0).dtype();
    Shape x = e.in(0).shape();
    Shape y = e.in(1).shape();
    Shape w = e.out(0).shape();
    int rows = w.product(0, 3);
    int columns = w.dim(3);
    Tile tile = Tile.of(columns);
    Parts parts =
        Parts.of(y.product(0, 3), ceil(rows, tile.rows()) * ceil(columns, tile.columns()));
    Place part = e.scratch(real, StrictMath.max(1, parts.count() * w.size()));
    if (parts.count() > 0) {
      e.launch(
          tile.kernel("conv2d_weight_gradient", real, x.dim(3)),
          tile.grid(rows, columns, parts.count()),
          e.operand(0),
          e.operand(1),
          part,
          x.dim(0),
          x.dim(1),
          x.dim(2),
          x.dim(3),
          w.dim(0),
          w.dim(1),
          w.dim(3),
          y.dim(1),
          y.dim(2),
          c.conv().stride(),
          c.conv().pad(),
          parts.share());
    }
    e.launch(
        Kernel.of("conv2d_add_parts", real),
        Grid.items(w.size()),
        part,
        e.result(0),
        parts.count(),
        w.size());
  }
}
