package org.amortis.engine.device.opencl;

import java.util.List;
import org.amortis.engine.Failure;
import org.amortis.engine.device.gpu.Driver;
import org.amortis.engine.device.gpu.Unpacking;

/// The OpenCL devices of this machine, platform by platform.
public final class OpenCl {
  /// What is there, or why there is nothing.
  ///
  /// @param devices in the order of platforms and of each one's devices; their places are the
  ///   numbers of `opencl:n`
  /// @param missing what is missing, and how to get it; `null` where devices are there
  public record Listing(List<OpenClDevice> devices, String missing) {}

  private static Listing listing;

  private OpenCl() {}

  /// Looks once; later calls return the same.
  public static synchronized Listing list() {
    if (listing == null) {
      listing = look();
    }
    return listing;
  }

  /// JOCL is optional for those who embed the library: nothing here may need its classes before it
  /// is known to be there.
  private static Listing look() {
    try {
      Class.forName("org.jocl.CL", false, OpenCl.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      return new Listing(List.of(), "no JOCL on the class path; add org.jocl:jocl");
    }
    try {
      return SignalHandlers.keeping(() -> Unpacking.privately(OpenClPlatforms::look));
    } catch (LinkageError e) {
      return new Listing(
          List.of(), "no OpenCL library (libOpenCL) to load; " + OpenClPlatforms.ADVICE);
    }
  }

  /// Opens a device by its number, or for -1 the first GPU, else the first of any kind.
  ///
  /// @throws Failure UNAVAILABLE when there is none of that number
  public static Driver open(int index) {
    Listing all = list();
    if (all.devices.isEmpty()) {
      throw Failure.unavailable("no OpenCL device: " + all.missing).advise("use --device cpu");
    }
    int n = index;
    for (int i = 0; n < 0 && i < all.devices.size(); i++) {
      n = all.devices.get(i).gpu() ? i : n;
    }
    n = StrictMath.max(n, index < 0 ? 0 : n);
    if (n >= all.devices.size()) {
      throw Failure.unavailable(
              "no device opencl:" + n + "; the last one is opencl:" + (all.devices.size() - 1))
          .advise("amortis devices lists them");
    }
    OpenClDevice chosen = all.devices.get(n);
    return SignalHandlers.keeping(() -> new OpenClDriver(chosen));
  }
}
