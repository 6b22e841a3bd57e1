package org.amortis.engine.device.cpu.vector;

import org.amortis.engine.device.cpu.GaussianDensity64;
import org.amortis.engine.device.cpu.GaussianKernels64;
import org.amortis.engine.op.GramStructure;

/// Gaussian log-densities on vector lanes.
///
/// Large blocks are factored one matrix at a time in panel layout; small ones as many at a time as
/// there are lanes.
public final class VectorGaussianKernels64 implements GaussianKernels64 {
  @Override
  public GaussianDensity64 prepare(GramStructure structure) {
    return new VectorGaussian64(structure);
  }
}
