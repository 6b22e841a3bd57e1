package org.amortis.engine.device.cuda;

import org.amortis.engine.device.gpu.Grid;
import org.amortis.engine.device.gpu.Kernel;
import org.amortis.engine.shape.DType;

/// A matrix product on tensor cores, in the place of a launch of `matmul_tiled`: the same
/// arguments, the same parts of the sums over k.
final class TensorProduct {
  private static final int LARGE = 128;
  private static final int SMALL = 64;

  private TensorProduct() {}

  /// The launch that takes the place of one of `matmul_tiled`.
  ///
  /// Results do not depend on the tile: large ones where there is one for each multiprocessor.
  ///
  /// @param terms products of TF32 for one of float32: 3, or 1 for operands rounded to TF32
  static CudaLaunch of(
      CudaDriver driver, CudaDevice device, int terms, Kernel tiled, Object[] arguments) {
    int tile = groups(LARGE, arguments) >= device.units() ? LARGE : SMALL;
    Kernel kernel =
        Kernel.of("tensor_product", DType.FLOAT32)
            .define("TRANSPOSE_A", tiled.defines().get("TRANSPOSE_A"))
            .define("TRANSPOSE_B", tiled.defines().get("TRANSPOSE_B"))
            .define("TERMS", terms)
            .define("TILE", tile);
    int groups = Math.toIntExact(groups(tile, arguments));
    return driver.launch(kernel, Grid.groups(groups, 1, 1).of(2 * tile, 1, 1), arguments);
  }

  /// Tiles of all products and parts.
  private static long groups(int tile, Object[] arguments) {
    int m = (Integer) arguments[5];
    int n = (Integer) arguments[6];
    int k = (Integer) arguments[7];
    int depth = (Integer) arguments[8];
    long tiles = (long) ceil(m, tile) * ceil(n, tile);
    return tiles * (Integer) arguments[4] * ceil(k, depth);
  }

  private static int ceil(int a, int b) {
    return (a - 1) / b + 1;
  }
}
