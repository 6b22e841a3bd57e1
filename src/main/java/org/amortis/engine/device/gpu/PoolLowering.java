package org.amortis.engine.device.gpu;

import org.amortis.engine.op.MaxPool;

/// Launches of max-pooling.
final class PoolLowering {
  private PoolLowering() {}

  static void forward(Emit e, MaxPool p) {
    throw GpuLowerings.todo(e);
  }

  static void inputGradient(Emit e, MaxPool.InputGradient p) {
    throw GpuLowerings.todo(e);
  }
}
