package org.amortis.bench.work;

import org.amortis.engine.device.Device;
import org.amortis.engine.device.cpu.CpuDevice;

/// The number of threads of a run: that of the peers.
public final class Threads {
  private Threads() {}

  /// `OMP_NUM_THREADS`, or all processors when it is not set.
  public static int count() {
    String set = System.getenv("OMP_NUM_THREADS");
    return set == null || set.isBlank()
        ? Runtime.getRuntime().availableProcessors()
        : Integer.parseInt(set.strip());
  }

  /// The device that is timed.
  public static Device device() {
    return new CpuDevice(count());
  }
}
