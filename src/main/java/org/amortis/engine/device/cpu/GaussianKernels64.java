package org.amortis.engine.device.cpu;

import org.amortis.engine.op.GramStructure;

/// Gaussian log-densities under structured covariance matrices, one implementation a kind of CPU.
public interface GaussianKernels64 {
  /// Lays out memory and tables for one structure; the result holds no mutable state and may be
  /// shared by threads.
  GaussianDensity64 prepare(GramStructure structure);
}
