package org.amortis.engine.device.cuda;

import jcuda.Pointer;
import jcuda.jcublas.JCublas2;
import jcuda.jcublas.cublasHandle;
import jcuda.runtime.cudaStream_t;
import org.amortis.engine.shape.DType;

/// cuBLAS 12 through JCublas.
final class JCublasProducts implements Products {
  private final cublasHandle handle = new cublasHandle();
  private final String name;

  JCublasProducts(JCudaCalls.Stream stream, JCudaCalls.Address workspace) {
    JCublas2.setExceptionsEnabled(false);
    Cublas.check(JCublas2.cublasCreate(handle), "cublasCreate");
    try {
      Cublas.check(JCublas2.cublasSetStream(handle, new cudaStream_t(stream)), "cublasSetStream");
      Cublas.check(
          JCublas2.cublasSetWorkspace(handle, workspace, Cublas.WORKSPACE), "cublasSetWorkspace");
      Cublas.check(JCublas2.cublasSetMathMode(handle, Cublas.MATH), "cublasSetMathMode");
      Cublas.check(JCublas2.cublasSetAtomicsMode(handle, Cublas.ATOMICS), "cublasSetAtomicsMode");
      int[] version = new int[1];
      JCublas2.cublasGetVersion(handle, version);
      name = Cublas.name(version[0]);
    } catch (RuntimeException | Error e) {
      JCublas2.cublasDestroy(handle);
      throw e;
    }
  }

  @Override
  public String describe() {
    return name;
  }

  private static Pointer at(Product.Operand o) {
    JCudaCalls.Address a = (JCudaCalls.Address) o.memory();
    return o.from() == 0 ? a : a.withByteOffset(o.from());
  }

  @Override
  public int multiply(Product p) {
    GemmShape s = p.shape();
    int first = s.firstTransposed() ? 1 : 0;
    int second = s.secondTransposed() ? 1 : 0;
    Pointer x = at(p.b());
    Pointer y = at(p.a());
    Pointer z = at(p.c());
    if (p.real() == DType.FLOAT64) {
      return JCublas2.cublasDgemmStridedBatched(
          handle,
          first,
          second,
          s.rows(),
          s.columns(),
          s.inner(),
          Pointer.to(new double[] {1}),
          x,
          s.firstLine(),
          s.firstStep(),
          y,
          s.secondLine(),
          s.secondStep(),
          Pointer.to(new double[] {0}),
          z,
          s.rows(),
          s.resultStep(),
          p.batch());
    }
    return JCublas2.cublasSgemmStridedBatched(
        handle,
        first,
        second,
        s.rows(),
        s.columns(),
        s.inner(),
        Pointer.to(new float[] {1}),
        x,
        s.firstLine(),
        s.firstStep(),
        y,
        s.secondLine(),
        s.secondStep(),
        Pointer.to(new float[] {0}),
        z,
        s.rows(),
        s.resultStep(),
        p.batch());
  }

  @Override
  public void close() {
    JCublas2.cublasDestroy(handle);
  }
}
