package org.amortis.engine.device.gpu;

import java.util.List;
import org.amortis.engine.op.Solve;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Shape;

/// Launches of factorizations and triangular solves.
final class SolveLowering {
  /// Rows and columns of a block on the diagonal, and rows of a panel below it.
  private static final int BLOCK = 32;

  private static final int PANEL = 64;
  private static final int ITEMS = 128;

  /// Widths of the parts of many right-hand sides, and of few.
  private static final int MANY = 64;

  private static final int FEW = 8;

  private SolveLowering() {}

  /// Two launches a block column, one for the last.
  static void cholesky(Emit e) {
    Shape s = e.in(0).shape();
    DType real = e.in(0).dtype();
    int n = s.dim(-1);
    int batch = s.product(0, s.rank() - 2);
    Place a = e.operand(0);
    Place l = e.result(0);
    for (int from = 0; from < n; from += BLOCK) {
      e.launch(Kernel.of("cholesky_diagonal", real), groups(batch, 1), a, l, n, from);
      int below = n - from - BLOCK;
      if (below > 0) {
        int panels = MatMulTile.ceil(below, PANEL);
        e.launch(Kernel.of("cholesky_panel", real), groups(batch, panels), a, l, n, from);
      }
    }
  }

  static void triangularSolve(Emit e, Solve.TriangularSolve t) {
    Shape s = e.in(0).shape();
    int n = s.dim(-1);
    int batch = s.product(0, s.rank() - 2);
    int r = e.in(1).shape().dim(-1);
    int columns = columns(r);
    e.launch(
        solve(e.in(0).dtype(), columns),
        groups(batch, MatMulTile.ceil(r, columns)),
        e.operand(0),
        e.operand(1),
        e.result(0),
        n,
        r,
        t.transposed() ? 1 : 0);
  }

  private static Kernel solve(DType real, int columns) {
    boolean many = columns == MANY;
    return Kernel.of("cholesky_solve", real)
        .define("COLUMNS", columns)
        .define("THREAD_M", many ? 4 : 2)
        .define("THREAD_N", many ? 4 : 1);
  }

  /// Every kernel of a solve.
  static List<Kernel> variants(DType real) {
    return List.of(solve(real, FEW), solve(real, MANY));
  }

  /// Right-hand sides that a group solves side by side.
  private static int columns(int r) {
    return r > 2 * FEW ? MANY : FEW;
  }

  private static Grid groups(int batch, int each) {
    return Grid.groups(Math.multiplyExact(batch, each), 1, 1).of(ITEMS, 1, 1);
  }
}
