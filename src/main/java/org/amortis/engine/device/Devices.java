package org.amortis.engine.device;

import org.amortis.engine.Failure;
import org.amortis.engine.device.cpu.CpuDevice;
import org.amortis.engine.device.reference.ReferenceDevice;

/// Opens devices by name.
public final class Devices {
  private Devices() {}

  /// Opens a device.
  ///
  /// `auto` picks the best device that is there; a device asked for by name never falls back.
  ///
  /// @param name `auto`, `cpu` or `reference`
  /// @param threads threads of the cpu device
  /// @throws Failure UNAVAILABLE for a device that is not there, USAGE for a name that is none
  public static Device open(String name, int threads) {
    String kind = name.contains(":") ? name.substring(0, name.indexOf(':')) : name;
    return switch (kind) {
      case "auto", "cpu" -> new CpuDevice(threads);
      case "reference" -> new ReferenceDevice();
      case "cuda", "opencl" ->
          throw Failure.unavailable("device " + name + " comes with a later version")
              .advise("use --device cpu");
      default -> throw Failure.usage("no device " + name + "; expected auto, cpu or reference");
    };
  }
}
