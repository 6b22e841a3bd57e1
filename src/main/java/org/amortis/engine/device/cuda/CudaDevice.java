package org.amortis.engine.device.cuda;

import java.util.Locale;

/// What a CUDA device says of itself.
///
/// @param index number of `cuda:n`
/// @param capability compute capability: 90 for 9.0
/// @param units multiprocessors
/// @param memory bytes in all
/// @param driver the newest CUDA version its driver knows: 12040 for 12.4
public record CudaDevice(
    int index, String name, int capability, int units, long memory, int driver) {
  /// The oldest compute capability that kernels are built for.
  public static final int OLDEST = 70;

  /// Whether kernels run on it.
  public boolean supported() {
    return capability >= OLDEST;
  }

  /// The driver's CUDA version.
  public String version() {
    return version(driver);
  }

  static String version(int number) {
    return number / 1000 + "." + number % 1000 / 10;
  }

  /// One line for people.
  public String describe() {
    return String.format(
        Locale.ROOT,
        "%s, GPU, compute capability %d.%d, %d multiprocessors, %d MiB, float32 and float64, CUDA %s",
        name,
        capability / 10,
        capability % 10,
        units,
        memory >> 20,
        version());
  }
}
