package org.amortis.engine.device.gpu;

import org.amortis.engine.op.Draw;

/// Launches of random draws.
final class RandomLowering {
  private RandomLowering() {}

  static void lower(Emit e, Draw d) {
    throw GpuLowerings.todo(e);
  }
}
