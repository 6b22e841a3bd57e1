package org.amortis.engine.device.gpu;

import org.amortis.engine.op.Dense;
import org.amortis.engine.op.MatMul;

/// Launches of matrix products and dense layers.
final class MatMulLowering {
  private MatMulLowering() {}

  static void matmul(Emit e, MatMul m) {
    throw GpuLowerings.todo(e);
  }

  static void dense(Emit e, Dense d) {
    throw GpuLowerings.todo(e);
  }
}
