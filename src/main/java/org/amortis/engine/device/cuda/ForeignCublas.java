package org.amortis.engine.device.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import org.amortis.engine.Failure;
import org.amortis.engine.shape.DType;

/// cuBLAS through java.lang.foreign: version 13, which JCublas does not know, or 12 without it. The
/// functions and their types are the same in both.
final class ForeignCublas implements Products {
  private static final MemoryLayout[] GEMM = {
    ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT,
    JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT
  };

  private final Arena arena = Arena.ofShared();
  private final SymbolLookup library;
  private final MemorySegment handle;
  private final MethodHandle single;
  private final MethodHandle dual;
  private final MethodHandle destroy;
  private final MemorySegment ones;
  private final MemorySegment zeros;
  private final String name;

  /// @param stream address of the stream
  /// @param workspace address of [Cublas#WORKSPACE] bytes of device memory
  @SuppressWarnings("restricted") // the launcher and the manifest allow native access
  ForeignCublas(String file, long stream, long workspace) {
    library = SymbolLookup.libraryLookup(file, Arena.global());
    ones = arena.allocate(8);
    zeros = arena.allocate(8);
    MemorySegment out = arena.allocate(ADDRESS);
    try {
      single = function("cublasSgemmStridedBatched", GEMM);
      dual = function("cublasDgemmStridedBatched", GEMM);
      destroy = function("cublasDestroy_v2", ADDRESS);
      check("cublasCreate_v2", function("cublasCreate_v2", ADDRESS), out);
      handle = out.get(ADDRESS, 0);
      try {
        check(
            "cublasSetStream_v2",
            function("cublasSetStream_v2", ADDRESS, JAVA_LONG),
            handle,
            stream);
        check(
            "cublasSetWorkspace_v2",
            function("cublasSetWorkspace_v2", ADDRESS, JAVA_LONG, JAVA_LONG),
            handle,
            workspace,
            Cublas.WORKSPACE);
        MemoryLayout[] mode = {ADDRESS, JAVA_INT};
        check("cublasSetMathMode", function("cublasSetMathMode", mode), handle, Cublas.MATH);
        check(
            "cublasSetAtomicsMode", function("cublasSetAtomicsMode", mode), handle, Cublas.ATOMICS);
        check(
            "cublasGetVersion_v2", function("cublasGetVersion_v2", ADDRESS, ADDRESS), handle, out);
      } catch (RuntimeException | Error e) {
        call(destroy, handle);
        throw e;
      }
    } catch (RuntimeException | Error e) {
      arena.close();
      throw e;
    }
    name = Cublas.name(out.get(JAVA_INT, 0));
  }

  @SuppressWarnings("restricted") // as above
  private MethodHandle function(String symbol, MemoryLayout... parameters) {
    MemorySegment at =
        library
            .find(symbol)
            .orElseThrow(() -> Failure.unavailable("cuBLAS has no function " + symbol));
    return Linker.nativeLinker().downcallHandle(at, FunctionDescriptor.of(JAVA_INT, parameters));
  }

  private static void check(String what, MethodHandle function, Object... arguments) {
    Cublas.check(call(function, arguments), what);
  }

  private static int call(MethodHandle function, Object... arguments) {
    try {
      return (int) function.invokeWithArguments(arguments);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public String describe() {
    return name;
  }

  private static long at(Product.Operand o) {
    return ((JCudaCalls.Address) o.memory()).value() + o.from();
  }

  @Override
  public int multiply(Product p) {
    GemmShape s = p.shape();
    boolean wide = p.real() == DType.FLOAT64;
    if (wide) {
      ones.set(JAVA_DOUBLE, 0, 1);
    } else {
      ones.set(JAVA_FLOAT, 0, 1);
    }
    return call(
        wide ? dual : single,
        handle,
        s.firstTransposed() ? 1 : 0,
        s.secondTransposed() ? 1 : 0,
        s.rows(),
        s.columns(),
        s.inner(),
        ones,
        at(p.b()),
        s.firstLine(),
        s.firstStep(),
        at(p.a()),
        s.secondLine(),
        s.secondStep(),
        zeros,
        at(p.c()),
        s.rows(),
        s.resultStep(),
        p.batch());
  }

  @Override
  public void close() {
    call(destroy, handle);
    arena.close();
  }
}
