package org.amortis.engine.device.cuda;

import java.util.Locale;
import org.amortis.engine.Failure;
import org.amortis.engine.device.gpu.Kernel;
import org.amortis.engine.shape.DType;

/// Who computes large matrix products: `AMORTIS_PRODUCTS` is `auto`, `cublas`, `own`, `tf32x3` or
/// `tf32`, with `:all` behind it for products of any size that are computed by tiles.
///
/// @param all whether small products go there, too: for checks
record ProductChoice(Who who, boolean all) {
  /// Least multiply-adds of a launch for somebody else: 512^3. Below, launches of the library gain
  /// nothing and its results differ from those of other devices for no reason.
  static final long LEAST = 1L << 27;

  /// The compute capability from which on tensor cores multiply TF32.
  static final int TENSOR = 80;

  enum Who {
    /// cuBLAS where it loads, own kernels otherwise.
    AUTO,
    /// cuBLAS.
    CUBLAS,
    /// Own kernels of fused multiply-adds.
    OWN,
    /// Own kernels on tensor cores, three products of TF32 for one of float32; float64 as `AUTO`.
    TF32X3,
    /// Own kernels on tensor cores, operands rounded to TF32; float64 as `AUTO`.
    TF32
  }

  /// What a user wished for.
  ///
  /// @param wish the variable's value; `null` or empty for `auto`
  /// @throws Failure USAGE for a wish that is none
  static ProductChoice of(String wish) {
    String text = wish == null || wish.isEmpty() ? "auto" : wish;
    boolean all = text.endsWith(":all");
    String name = all ? text.substring(0, text.length() - 4) : text;
    for (Who w : Who.values()) {
      if (w.name().toLowerCase(Locale.ROOT).equals(name)) {
        return new ProductChoice(w, all);
      }
    }
    throw Failure.usage(
        "AMORTIS_PRODUCTS is '"
            + wish
            + "'; expected auto, cublas, own, tf32x3 or tf32, perhaps with :all behind it");
  }

  /// Fails where the device or the libraries have not got what is wished for.
  ///
  /// @param products the library, or `null`
  /// @throws Failure UNAVAILABLE
  void check(CudaDevice device, Products products) {
    if (who == Who.CUBLAS && products == null) {
      throw Failure.unavailable("AMORTIS_PRODUCTS asks for cuBLAS, which does not load")
          .advise(
              "install cuBLAS of CUDA 12 or 13, unset AMORTIS_CUBLAS, or set AMORTIS_PRODUCTS=own");
    }
    if (tensor() && device.capability() < TENSOR) {
      throw Failure.unavailable(
              "AMORTIS_PRODUCTS asks for tensor cores with TF32, which "
                  + device.name()
                  + " has not got: compute capability "
                  + device.capability() / 10.0
                  + ", needed 8.0")
          .advise("set AMORTIS_PRODUCTS=auto or own");
    }
  }

  /// Whether a library is looked for.
  boolean library() {
    return who != Who.OWN;
  }

  /// Whether products of float32 are for tensor cores.
  boolean tensor() {
    return who == Who.TF32X3 || who == Who.TF32;
  }

  /// Products of TF32 for one of float32.
  int terms() {
    return who == Who.TF32 ? 1 : 3;
  }

  /// One line for people.
  String describe(Products products) {
    String library = products == null ? "own kernels" : products.describe();
    String size = all ? "all tiled matrix products by " : "large matrix products by ";
    return size
        + switch (who) {
          case AUTO, CUBLAS, OWN -> library;
          case TF32X3 -> "own kernels on tensor cores (3xTF32), in float64 by " + library;
          case TF32 -> "own kernels on tensor cores (TF32), in float64 by " + library;
        };
  }

  /// Whether a launch is for somebody else than the kernel it names.
  ///
  /// @param arguments of `matmul_tiled`: a, b, bias, c, batch, m, n, k, depth, epilogue, slope
  boolean takes(Kernel kernel, Object[] arguments) {
    if (!kernel.entry().equals("matmul_tiled") || (Integer) arguments[7] == 0) {
      return false;
    }
    boolean here = tensor() && kernel.real() == DType.FLOAT32;
    long work = here ? (Integer) arguments[4] : 1;
    for (int i = 5; i <= 7; i++) {
      work *= (Integer) arguments[i];
    }
    // Tiles for few rows or columns stay with the kernel that has such tiles.
    boolean narrow = kernel.defines().get("TILE_M") < 32 || kernel.defines().get("TILE_N") < 32;
    return all || work >= LEAST && !(here && narrow);
  }
}
