package org.amortis.engine.device.gpu;

import java.util.ArrayList;
import java.util.List;
import org.amortis.engine.op.GaussianField;
import org.amortis.engine.op.GaussianLogDensity;
import org.amortis.engine.shape.DType;

/// Launches of Gaussian log-densities, their gradients, and fields.
final class GaussianLowering {
  /// Local memory of a group, in bytes.
  private static final int LOCAL = 32 * 1024;

  /// Elements from one tile to the next in local memory.
  private static final int TILE = 17;

  /// Groups that work in global memory at the same time, each with a slot of its own.
  private static final int SLOTS = 512;

  /// Most elements of such memory.
  private static final long ROOM = 1L << 30;

  private GaussianLowering() {}

  /// Tile rows of right-hand sides that `kernels/dense.c` takes at a time.
  private static final int DENSE_ROWS = 32;

  /// How a factorization is laid out.
  ///
  /// @param panel tile columns in local memory; 0 where matrices may be larger than it
  /// @param rows tile rows of right-hand sides at a time
  private record Layout(int panel, int rows) {
    /// Whole matrices in local memory where they fit, with as many of the wanted tile rows of
    /// right-hand sides as do; otherwise panels of 32 columns, through a slot of global memory a
    /// group. Few sizes, so that few programs are compiled.
    static Layout of(GaussianTables t, int bytes, int wanted) {
      int panel = columns(t);
      for (int rows : new int[] {16, 4, 1}) {
        int elements = local(panel, rows) + 4 * rows;
        boolean enough = rows == 1 || (rows + 3) / 4 < StrictMath.max(wanted, (t.sides() + 3) / 4);
        if (4 * rows >= t.sides() && enough && elements * bytes <= LOCAL) {
          return new Layout(panel, rows);
        }
      }
      return new Layout(0, DENSE_ROWS);
    }

    boolean dense() {
      return panel == 0;
    }

    int items() {
      return dense() ? 128 : 64;
    }

    Kernel kernel(DType real) {
      return dense()
          ? Kernel.of("dense_density", real)
          : Kernel.of("gaussian_density", real)
              .define("PANEL", panel)
              .define("ROWS", rows)
              .define("GROUP_SIZE", items());
    }
  }

  /// Every kernel of densities and gradients that may be asked for.
  static List<Kernel> variants(DType real) {
    List<Kernel> all = new ArrayList<>();
    all.add(gradient(real, 0, 0, false));
    for (int panel = 4; local(panel, 1) * real.bytes() <= LOCAL; panel *= 2) {
      for (int rows : new int[] {16, 4, 1}) {
        if ((local(panel, rows) + 4 * rows) * real.bytes() <= LOCAL) {
          all.add(new Layout(panel, rows).kernel(real));
        }
      }
      for (int rows = 1; rows <= 4; rows++) {
        if (local(panel, rows) * real.bytes() <= LOCAL) {
          all.add(gradient(real, panel, rows, true));
        }
      }
    }
    return all;
  }

  /// Elements of a panel and the tile rows below it in local memory.
  private static int local(int panel, int rows) {
    return (GaussianTables.triangle(panel) + rows * panel) * TILE;
  }

  private static Kernel gradient(DType real, int panel, int rows, boolean local) {
    return Kernel.of("gaussian_gradient", real)
        .define("PANEL", local ? panel : 1)
        .define("ROWS", local ? rows : 1)
        .define("SCRATCH", local ? 0 : 1)
        .define("GROUP_SIZE", items(local));
  }

  private static int items(boolean local) {
    return local ? 64 : 256;
  }

  /// Tile columns of whole matrices, one of few numbers.
  private static int columns(GaussianTables t) {
    int panel = 4;
    while (panel < t.tiles()) {
      panel *= 2;
    }
    return panel;
  }

  private static int slots(int matrices, int parts, int slot) {
    long fit = StrictMath.max(1, ROOM / ((long) slot * parts));
    return (int) StrictMath.min(StrictMath.min(matrices, SLOTS), fit);
  }

  static void logDensity(Emit e, GaussianLogDensity g) {
    GaussianTables t = GaussianTables.of(g.structure());
    DType real = e.in(0).dtype();
    int matrices = e.in(0).shape().dim(0);
    int fields = e.in(1).shape().dim(0);
    int sets = g.pairs() ? fields : 1;
    Layout l = Layout.of(t, real.bytes(), g.pairs() ? (fields * t.sides() + 3) / 4 : 1);
    int rows = StrictMath.min(l.rows(), (sets * t.sides() + 3) / 4);
    int slot = 16 * (GaussianTables.triangle(t.tiles()) + rows * t.tiles());
    int groups = l.dense() ? slots(matrices, t.parts(), slot) : matrices;
    Place blocks = e.table(t.blocks());
    Place logs = e.scratch(real, matrices * t.parts());
    Place squares = e.scratch(real, e.out(0).size() * t.parts());
    e.launch(
        l.kernel(real),
        Grid.groups(groups, t.parts(), 1).of(l.items(), 1, 1),
        e.operand(0),
        e.operand(1),
        blocks,
        e.table(t.index()),
        e.table(t.weight(), real),
        logs,
        squares,
        e.scratch(real, l.dense() ? groups * t.parts() * slot : 1),
        matrices,
        g.structure().lags(),
        g.structure().order(),
        g.pairs() ? 0 : matrices / fields,
        sets,
        0,
        slot);
    e.launch(
        Kernel.of("gaussian_density_sum", real),
        Grid.items(e.out(0).size()),
        blocks,
        logs,
        squares,
        e.result(0),
        e.out(0).size(),
        sets,
        t.parts(),
        -0.5 * g.structure().order() * 1.8378770664093453);
  }

  static void gradient(Emit e, GaussianLogDensity.Gradient g) {
    GaussianTables t = GaussianTables.of(g.structure());
    GaussianTables.Transposed back = t.transposed();
    DType real = e.in(0).dtype();
    int matrices = e.in(0).shape().dim(0);
    int lags = g.structure().lags();
    int rows = (t.sides() + 3) / 4;
    int slot = (GaussianTables.triangle(t.tiles()) + rows * t.tiles()) * TILE;
    int panel = columns(t);
    boolean local = local(panel, rows) * real.bytes() <= LOCAL;
    int groups = local ? matrices : slots(matrices, t.parts(), slot);
    Place partial = e.scratch(real, matrices * t.parts() * lags);
    e.launch(
        gradient(real, panel, rows, local),
        Grid.groups(groups, t.parts(), 1).of(items(local), 1, 1),
        e.operand(0),
        e.operand(1),
        e.table(t.blocks()),
        e.table(t.index()),
        e.table(t.weight(), real),
        e.table(back.start()),
        e.table(back.element()),
        e.table(back.factor(), real),
        partial,
        e.scratch(real, local ? 1 : groups * t.parts() * slot),
        matrices,
        lags,
        g.structure().order(),
        matrices / e.in(1).shape().dim(0),
        slot);
    e.launch(
        Kernel.of("gaussian_gradient_sum", real),
        Grid.items((long) matrices * lags),
        partial,
        e.operand(2),
        e.result(0),
        matrices,
        t.parts(),
        lags);
  }

  static void field(Emit e, GaussianField g) {
    GaussianTables t = GaussianTables.of(g.structure());
    DType real = e.in(0).dtype();
    int matrices = e.in(0).shape().dim(0);
    int lags = g.structure().lags();
    int n = g.structure().order();
    Layout l = Layout.of(t, real.bytes(), 1);
    int slot = 16 * GaussianTables.triangle(t.tiles());
    int most = (int) StrictMath.max(1, StrictMath.min(matrices, ROOM / 4 / slot));
    Place factors = e.scratch(real, most * slot);
    Place logs = e.scratch(real, most);
    Place none = e.scratch(real, 1);
    for (int from = 0; from < matrices; from += most) {
      int some = StrictMath.min(most, matrices - from);
      e.launch(
          l.kernel(real),
          Grid.groups(some, 1, 1).of(l.items(), 1, 1),
          e.operand(0).plus(from * lags),
          e.operand(1),
          e.table(t.blocks()),
          e.table(t.index()),
          e.table(t.weight(), real),
          logs,
          none,
          factors,
          some,
          lags,
          n,
          0,
          0,
          1,
          slot);
      e.launch(
          Kernel.of("gaussian_field", real),
          Grid.items((long) some * n),
          factors,
          e.operand(1).plus(from * n),
          e.result(0).plus(from * n).first(some * n),
          some,
          n,
          slot);
    }
  }
}
