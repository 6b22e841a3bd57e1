package org.amortis.engine.device.gpu;

import org.amortis.engine.op.AffineCoupling;
import org.amortis.engine.op.ChebyshevSeries;
import org.amortis.engine.op.RationalQuadratic;

/// Launches of splines, affine couplings and Chebyshev series.
final class FlowLowering {
  private FlowLowering() {}

  static void spline(Emit e, RationalQuadratic r) {
    throw GpuLowerings.todo(e);
  }

  static void splineGradient(Emit e, RationalQuadratic.Gradient r) {
    throw GpuLowerings.todo(e);
  }

  static void affine(Emit e, AffineCoupling a) {
    throw GpuLowerings.todo(e);
  }

  static void affineGradient(Emit e, AffineCoupling.Gradient a) {
    throw GpuLowerings.todo(e);
  }

  static void chebyshev(Emit e, ChebyshevSeries c) {
    throw GpuLowerings.todo(e);
  }
}
