package org.amortis.bench.lab;

import org.amortis.engine.device.gpu.Argument;
import org.amortis.engine.device.gpu.Driver;
import org.amortis.engine.device.gpu.Grid;
import org.amortis.engine.device.gpu.Kernel;
import org.amortis.engine.device.gpu.Memory;
import org.amortis.engine.device.gpu.Prepared;
import org.amortis.engine.shape.DType;

/// What a device reaches with kernels that do nothing else: OpenCL does not tell.
///
/// @param bandwidth bytes read and written a second by a copy that no cache holds
/// @param single float32 operations a second by chains of multiply-adds, two each
/// @param wide the same in float64; 0 where the device has none
record Peak(double bandwidth, double single, double wide) {
  private static final int STEPS = 256;

  static Peak of(Driver driver, Stopwatch watch, boolean gpu) {
    double bandwidth = copy(driver, watch, gpu);
    double single = multiplyAdd(driver, watch, DType.FLOAT32, gpu);
    double wide = driver.float64() ? multiplyAdd(driver, watch, DType.FLOAT64, gpu) : 0;
    return new Peak(bandwidth, single, wide);
  }

  double operations(DType real) {
    return real == DType.FLOAT64 ? wide : single;
  }

  private static double copy(Driver driver, Stopwatch watch, boolean gpu) {
    int n = gpu ? 64 << 20 : 16 << 20;
    // Processors want neighbours one after the other, GPUs several loads in flight.
    Grid grid = gpu ? Grid.items(n) : Grid.groups(n / 256, 1, 1).of(256, 1, 1);
    long bytes = 4L * n;
    try (Memory x = driver.allocate(bytes);
        Memory y = driver.allocate(bytes)) {
      driver.fill(x, 0, bytes, 0);
      Object[] arguments = {new Argument.Buffer(x, 0), new Argument.Buffer(y, 0), n};
      Kernel kernel = Kernel.of("laboratory_copy", DType.FLOAT32);
      try (Prepared p = driver.prepare(kernel, grid, arguments)) {
        return 2 * bytes / watch.median(p::enqueue);
      }
    }
  }

  private static double multiplyAdd(Driver driver, Stopwatch watch, DType real, boolean gpu) {
    int n = gpu ? 1 << 20 : 1 << 14;
    int chains = gpu ? 32 : 128;
    try (Memory y = driver.allocate((long) n * real.bytes())) {
      Object[] arguments = {new Argument.Buffer(y, 0), n, STEPS, 0.5, 1.0};
      Kernel kernel = Kernel.of("laboratory_multiply_add", real).define("CHAINS", chains);
      try (Prepared p = driver.prepare(kernel, Grid.items(n), arguments)) {
        return 2.0 * chains * STEPS * n / watch.median(p::enqueue);
      }
    }
  }
}
