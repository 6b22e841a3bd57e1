package org.amortis.engine.device.gpu;

/// Launches of sorting.
final class SortLowering {
  private SortLowering() {}

  static void lower(Emit e) {
    throw GpuLowerings.todo(e);
  }
}
