package org.amortis.engine.device.cpu;

import org.amortis.engine.device.cpu.scalar.ScalarChebyshev32;
import org.amortis.engine.device.cpu.scalar.ScalarChebyshev64;
import org.amortis.engine.device.cpu.scalar.ScalarCholesky32;
import org.amortis.engine.device.cpu.scalar.ScalarCholesky64;
import org.amortis.engine.device.cpu.scalar.ScalarConvPool32;
import org.amortis.engine.device.cpu.scalar.ScalarConvPool64;
import org.amortis.engine.device.cpu.scalar.ScalarGaussianKernels64;
import org.amortis.engine.device.cpu.scalar.ScalarMatMul32;
import org.amortis.engine.device.cpu.scalar.ScalarMatMul64;
import org.amortis.engine.device.cpu.scalar.ScalarPointwise32;
import org.amortis.engine.device.cpu.scalar.ScalarPointwise64;
import org.amortis.engine.device.cpu.scalar.ScalarReductions32;
import org.amortis.engine.device.cpu.scalar.ScalarReductions64;
import org.amortis.engine.device.cpu.scalar.ScalarSpline32;
import org.amortis.engine.device.cpu.scalar.ScalarSpline64;
import org.amortis.engine.device.cpu.vector.VectorChebyshev32;
import org.amortis.engine.device.cpu.vector.VectorChebyshev64;
import org.amortis.engine.device.cpu.vector.VectorCholesky32;
import org.amortis.engine.device.cpu.vector.VectorCholesky64;
import org.amortis.engine.device.cpu.vector.VectorConvPool32;
import org.amortis.engine.device.cpu.vector.VectorConvPool64;
import org.amortis.engine.device.cpu.vector.VectorGaussianKernels64;
import org.amortis.engine.device.cpu.vector.VectorMatMul32;
import org.amortis.engine.device.cpu.vector.VectorMatMul64;
import org.amortis.engine.device.cpu.vector.VectorPointwise32;
import org.amortis.engine.device.cpu.vector.VectorPointwise64;
import org.amortis.engine.device.cpu.vector.VectorReductions32;
import org.amortis.engine.device.cpu.vector.VectorReductions64;
import org.amortis.engine.device.cpu.vector.VectorSpline32;
import org.amortis.engine.device.cpu.vector.VectorSpline64;
import org.amortis.engine.device.cpu.vector.VectorUnit;

/// The kernels of one worker: vector ones where the Vector API is there, plain ones otherwise.
///
/// Kernels may hold work arrays, so each worker has its own set.
record CpuKernels(
    String kind,
    PointwiseKernels32 pointwise32,
    PointwiseKernels64 pointwise64,
    ReductionKernels32 reductions32,
    ReductionKernels64 reductions64,
    MatMulKernels32 matmul32,
    MatMulKernels64 matmul64,
    SplineKernels32 spline32,
    SplineKernels64 spline64,
    Convolution32 conv32,
    Convolution64 conv64,
    ConvPoolKernels32 convPool32,
    ConvPoolKernels64 convPool64,
    CouplingKernels32 coupling32,
    CouplingKernels64 coupling64,
    CholeskyKernels32 cholesky32,
    CholeskyKernels64 cholesky64,
    GaussianKernels64 gaussian64,
    ChebyshevKernels32 chebyshev32,
    ChebyshevKernels64 chebyshev64) {

  /// The fastest kernels that this virtual machine can run.
  static CpuKernels best() {
    boolean wanted = Boolean.parseBoolean(System.getProperty("amortis.vector", "true"));
    boolean there = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    return wanted && there ? Vector.create() : plain();
  }

  /// Kernels without the Vector API.
  static CpuKernels plain() {
    return new CpuKernels(
        "plain Java",
        new ScalarPointwise32(),
        new ScalarPointwise64(),
        new ScalarReductions32(),
        new ScalarReductions64(),
        new ScalarMatMul32(),
        new ScalarMatMul64(),
        new ScalarSpline32(),
        new ScalarSpline64(),
        new Convolution32(new ScalarMatMul32()),
        new Convolution64(new ScalarMatMul64()),
        new ScalarConvPool32(),
        new ScalarConvPool64(),
        new CouplingKernels32(new ScalarPointwise32()),
        new CouplingKernels64(new ScalarPointwise64()),
        new ScalarCholesky32(),
        new ScalarCholesky64(),
        new ScalarGaussianKernels64(),
        new ScalarChebyshev32(),
        new ScalarChebyshev64());
  }

  /// Apart, so that nothing of the Vector API is loaded where the module is absent.
  private static final class Vector {
    static CpuKernels create() {
      int bits = VectorUnit.bits();
      return new CpuKernels(
          "Vector API of " + bits + " bits",
          new VectorPointwise32(),
          new VectorPointwise64(),
          new VectorReductions32(),
          new VectorReductions64(),
          new VectorMatMul32(),
          new VectorMatMul64(),
          new VectorSpline32(),
          new VectorSpline64(),
          new Convolution32(new VectorMatMul32()),
          new Convolution64(new VectorMatMul64()),
          new VectorConvPool32(),
          new VectorConvPool64(),
          new CouplingKernels32(new VectorPointwise32()),
          new CouplingKernels64(new VectorPointwise64()),
          new VectorCholesky32(),
          new VectorCholesky64(),
          new VectorGaussianKernels64(),
          new VectorChebyshev32(),
          new VectorChebyshev64());
    }
  }
}
