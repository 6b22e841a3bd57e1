package org.amortis.engine.device;

import java.util.ArrayList;
import java.util.List;
import org.amortis.engine.Failure;
import org.amortis.engine.device.cpu.CpuDevice;
import org.amortis.engine.device.cuda.Cuda;
import org.amortis.engine.device.cuda.CudaDevice;
import org.amortis.engine.device.gpu.GpuDevice;
import org.amortis.engine.device.opencl.OpenCl;
import org.amortis.engine.device.opencl.OpenClDevice;
import org.amortis.engine.device.reference.ReferenceDevice;

/// Opens devices by name.
public final class Devices {
  private Devices() {}

  /// What `auto` stands for on this machine, and why.
  public record Choice(String name, String why) {}

  /// Opens a device.
  ///
  /// `auto` picks the best device that is there; a device asked for by name never falls back.
  /// `cuda` is the first CUDA device; `opencl` is the first GPU, else the first OpenCL device of
  /// any kind; `cuda:n` and `opencl:n` are those of that number.
  ///
  /// @param name `auto`, `cpu`, `reference`, `cuda`, `cuda:n`, `opencl` or `opencl:n`
  /// @param threads threads of the cpu device
  /// @throws Failure UNAVAILABLE for a device that is not there, USAGE for a name that is none
  public static Device open(String name, int threads) {
    int colon = name.indexOf(':');
    String kind = colon < 0 ? name : name.substring(0, colon);
    return switch (kind) {
      case "auto" -> open(auto().name(), threads);
      case "cpu" -> new CpuDevice(threads);
      case "reference" -> new ReferenceDevice();
      case "opencl" -> new GpuDevice(OpenCl.open(colon < 0 ? -1 : number(name, colon)));
      case "cuda" -> new GpuDevice(Cuda.open(colon < 0 ? -1 : number(name, colon)));
      default ->
          throw Failure.usage(
              "no device "
                  + name
                  + "; expected auto, cpu, cuda, cuda:n, opencl, opencl:n or reference");
    };
  }

  private static int number(String name, int colon) {
    try {
      int n = Integer.parseInt(name.substring(colon + 1));
      if (n >= 0) {
        return n;
      }
    } catch (NumberFormatException e) {
      // falls through to the failure below
    }
    throw Failure.usage(
        "no device "
            + name
            + "; after "
            + name.substring(0, colon)
            + ": stands a number from 0 on");
  }

  /// CUDA, else an OpenCL GPU, else the cpu device.
  public static Choice auto() {
    Cuda.Listing cuda = Cuda.list();
    for (CudaDevice d : cuda.devices()) {
      if (d.supported()) {
        return new Choice("cuda:" + d.index(), "the first CUDA GPU is " + d.name());
      }
    }
    OpenCl.Listing opencl = OpenCl.list();
    for (OpenClDevice d : opencl.devices()) {
      if (d.gpu()) {
        return new Choice("opencl:" + d.index(), "the first OpenCL GPU is " + d.name());
      }
    }
    return new Choice(
        "cpu",
        opencl.devices().isEmpty()
            ? "no GPU: " + cuda.missing() + "; " + opencl.missing()
            : "no GPU: OpenCL devices of other kinds are there for correctness");
  }

  /// Every device that is there, and a line for each kind that is not.
  ///
  /// @param threads threads of the cpu device
  public static List<DeviceEntry> list(int threads) {
    List<DeviceEntry> list = new ArrayList<>();
    list.add(own(new CpuDevice(threads), "processor"));
    list.add(own(new ReferenceDevice(), "oracle"));
    Cuda.Listing cuda = Cuda.list();
    for (CudaDevice d : cuda.devices()) {
      String name = "cuda:" + d.index();
      boolean ready = d.supported();
      String what = ready ? d.describe() : d.describe() + "; kernels need capability 7.0";
      list.add(new DeviceEntry(name, ready, "gpu", what, d.version(), d.memory(), true));
    }
    if (cuda.devices().isEmpty()) {
      list.add(absent("cuda", cuda.missing()));
    }
    OpenCl.Listing opencl = OpenCl.list();
    for (OpenClDevice d : opencl.devices()) {
      String kind = d.gpu() ? "gpu" : d.cpu() ? "processor" : "accelerator";
      String name = "opencl:" + d.index();
      String what = d.describe();
      list.add(new DeviceEntry(name, true, kind, what, d.driver(), d.memory(), d.float64()));
    }
    if (opencl.devices().isEmpty()) {
      list.add(absent("opencl", opencl.missing()));
    }
    return List.copyOf(list);
  }

  private static DeviceEntry own(Device device, String kind) {
    try (device) {
      String what = device.describe().substring(device.name().length() + 2);
      return new DeviceEntry(device.name(), true, kind, what, "", 0, true);
    }
  }

  private static DeviceEntry absent(String name, String why) {
    return new DeviceEntry(name, false, "gpu", why, "", 0, false);
  }
}
