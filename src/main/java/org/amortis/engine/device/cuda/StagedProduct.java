package org.amortis.engine.device.cuda;

import org.amortis.engine.device.gpu.Grid;
import org.amortis.engine.device.gpu.Kernel;
import org.amortis.engine.shape.DType;

/// A large matrix product of float32 whose tiles are copied ahead, in the place of a launch of
/// `matmul_tiled` of the largest tile: the same arguments, the same geometry, the same bytes.
final class StagedProduct {
  /// The compute capability from which on copies to shared memory pass no registers.
  private static final int COPIES = 80;

  private static final int TILE = 128;

  private StagedProduct() {}

  /// Whether a launch has got this kernel here.
  ///
  /// @param arguments of `matmul_tiled`: a, b, bias, c, batch, m, n, k, depth, epilogue, slope
  static boolean takes(CudaDevice device, Kernel kernel, Object[] arguments) {
    return device.capability() >= COPIES
        && kernel.entry().equals("matmul_tiled")
        && kernel.real() == DType.FLOAT32
        && kernel.defines().get("TILE_M") == TILE
        && kernel.defines().get("TILE_N") == TILE
        && (Integer) arguments[7] > 0;
  }

  /// The launch that takes the place of one of `matmul_tiled`.
  static CudaLaunch of(CudaDriver driver, Kernel tiled, Grid grid, Object[] arguments) {
    Kernel kernel =
        Kernel.of("staged_product", DType.FLOAT32)
            .define("TRANSPOSE_A", tiled.defines().get("TRANSPOSE_A"))
            .define("TRANSPOSE_B", tiled.defines().get("TRANSPOSE_B"));
    return driver.launch(kernel, grid, arguments);
  }
}
