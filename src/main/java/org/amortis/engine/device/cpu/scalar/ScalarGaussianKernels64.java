package org.amortis.engine.device.cpu.scalar;

import org.amortis.engine.device.cpu.GaussianDensity64;
import org.amortis.engine.device.cpu.GaussianKernels64;
import org.amortis.engine.op.GramStructure;

/// Gaussian log-densities in plain Java.
public final class ScalarGaussianKernels64 implements GaussianKernels64 {
  @Override
  public GaussianDensity64 prepare(GramStructure structure) {
    return new ScalarGaussian64(structure);
  }
}
