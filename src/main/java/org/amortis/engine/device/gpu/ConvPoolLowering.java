package org.amortis.engine.device.gpu;

import org.amortis.engine.op.ConvPool;

/// Launches of pooled convolutions.
final class ConvPoolLowering {
  private ConvPoolLowering() {}

  static void forward(Emit e) {
    throw GpuLowerings.todo(e);
  }

  static void inputGradient(Emit e, ConvPool.InputGradient c) {
    throw GpuLowerings.todo(e);
  }

  static void weightGradient(Emit e, ConvPool.WeightGradient c) {
    throw GpuLowerings.todo(e);
  }
}
