package org.amortis.engine.device.gpu;

import org.amortis.engine.op.Solve;

/// Launches of factorizations and triangular solves.
final class SolveLowering {
  private SolveLowering() {}

  static void cholesky(Emit e) {
    throw GpuLowerings.todo(e);
  }

  static void triangularSolve(Emit e, Solve.TriangularSolve t) {
    throw GpuLowerings.todo(e);
  }
}
