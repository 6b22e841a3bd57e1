package org.amortis.engine.device.cuda;

import org.amortis.engine.Failure;
import org.amortis.engine.device.gpu.Unpacking;

/// Chooses the library for large matrix products: `AMORTIS_CUBLAS` is `auto`, `12`, `13` or `off`.
///
/// Results of a library repeat on one device and version of it (no atomics, a workspace of its own,
/// no reduced precision), and differ in their last bits from those of the own kernels.
final class Cublas {
  /// Bytes of the workspace; what NVIDIA recommends for compute capability 9.0.
  static final long WORKSPACE = 32L << 20;

  /// No tensor cores of reduced precision (`CUBLAS_PEDANTIC_MATH`).
  static final int MATH = 2;

  /// `CUBLAS_ATOMICS_NOT_ALLOWED`.
  static final int ATOMICS = 0;

  private Cublas() {}

  /// What is tried, in order: file names of libraries; empty for none.
  ///
  /// @throws Failure USAGE for a wish that is none
  static String[] candidates(String wish) {
    return switch (wish == null || wish.isEmpty() ? "auto" : wish) {
      case "auto" -> new String[] {"libcublas.so.12", "libcublas.so.13"};
      case "12" -> new String[] {"libcublas.so.12"};
      case "13" -> new String[] {"libcublas.so.13"};
      case "off" -> new String[0];
      default ->
          throw Failure.usage("AMORTIS_CUBLAS is '" + wish + "'; expected auto, 12, 13 or off");
    };
  }

  /// The library that is there, with its workspace in place; `null` for own kernels.
  ///
  /// @throws Failure UNAVAILABLE when one is wished for by number and not there
  static Products open(JCudaCalls.Stream stream, JCudaCalls.Address workspace) {
    String wish = System.getenv("AMORTIS_CUBLAS");
    String[] all = candidates(wish);
    for (String library : all) {
      if (Cuda.loads(library)) {
        return open(library, stream, workspace);
      }
    }
    if (all.length == 1) {
      throw Failure.unavailable("AMORTIS_CUBLAS asks for " + all[0] + ", which does not load")
          .advise("install cuBLAS of CUDA " + wish + " or set AMORTIS_CUBLAS=auto");
    }
    return null;
  }

  private static Products open(
      String library, JCudaCalls.Stream stream, JCudaCalls.Address workspace) {
    if (library.endsWith(".12")) {
      try {
        return Unpacking.privately(() -> new JCublasProducts(stream, workspace));
      } catch (LinkageError e) {
        // Without JCublas on the class path the library is bound like its successor.
        return new ForeignCublas(library, stream.value(), workspace.value());
      }
    }
    return new ForeignCublas(library, stream.value(), workspace.value());
  }

  /// Name and version, for people, from the number that the library gives.
  static String name(int version) {
    return "cuBLAS " + version / 10000 + "." + version / 100 % 100;
  }

  /// Throws for a status of a library other than 0.
  static void check(int status, String what) {
    if (status != 0) {
      throw Failure.unavailable("cuBLAS does not start: " + what + " returned " + status)
          .advise("set AMORTIS_CUBLAS=off to use the own kernels");
    }
  }
}
