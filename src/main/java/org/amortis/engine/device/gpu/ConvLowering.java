package org.amortis.engine.device.gpu;

import org.amortis.engine.op.Conv2d;

/// Launches of convolutions.
final class ConvLowering {
  private ConvLowering() {}

  static void forward(Emit e, Conv2d c) {
    throw GpuLowerings.todo(e);
  }

  static void inputGradient(Emit e, Conv2d.InputGradient c) {
    throw GpuLowerings.todo(e);
  }

  static void weightGradient(Emit e, Conv2d.WeightGradient c) {
    throw GpuLowerings.todo(e);
  }
}
