package org.amortis.engine.device.gpu;

import org.amortis.engine.op.GaussianField;
import org.amortis.engine.op.GaussianLogDensity;

/// Launches of Gaussian log-densities and fields.
final class GaussianLowering {
  private GaussianLowering() {}

  static void logDensity(Emit e, GaussianLogDensity g) {
    throw GpuLowerings.todo(e);
  }

  static void gradient(Emit e, GaussianLogDensity.Gradient g) {
    throw GpuLowerings.todo(e);
  }

  static void field(Emit e, GaussianField g) {
    throw GpuLowerings.todo(e);
  }
}
