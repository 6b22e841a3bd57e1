package org.amortis.engine.device.opencl;

import static org.jocl.CL.CL_DEVICE_TYPE_ALL;

import java.util.ArrayList;
import java.util.List;
import org.amortis.engine.Failure;
import org.amortis.engine.device.gpu.Driver;
import org.jocl.CL;
import org.jocl.CLException;
import org.jocl.cl_device_id;
import org.jocl.cl_platform_id;

/// The OpenCL devices of this machine, platform by platform.
public final class OpenCl {
  /// Status of a loader that finds no platform.
  private static final int PLATFORM_NOT_FOUND = -1001;

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

  private static Listing look() {
    try {
      CL.setExceptionsEnabled(true);
      int[] count = new int[1];
      CL.clGetPlatformIDs(0, null, count);
      cl_platform_id[] platforms = new cl_platform_id[count[0]];
      CL.clGetPlatformIDs(platforms.length, platforms, null);
      List<OpenClDevice> found = new ArrayList<>();
      for (cl_platform_id p : platforms) {
        for (cl_device_id d : devices(p)) {
          found.add(OpenClDevice.of(found.size(), p, d));
        }
      }
      return found.isEmpty()
          ? new Listing(List.of(), "OpenCL platforms without devices; " + advice())
          : new Listing(List.copyOf(found), null);
    } catch (CLException e) {
      String why =
          e.getStatus() == PLATFORM_NOT_FOUND ? "no OpenCL platform" : "OpenCL: " + e.getMessage();
      return new Listing(List.of(), why + "; " + advice());
    } catch (LinkageError e) {
      return new Listing(List.of(), "no OpenCL library (libOpenCL) or no JOCL; " + advice());
    }
  }

  private static String advice() {
    return "install the driver of the GPU, or pocl-opencl-icd for the processor (Debian)";
  }

  private static cl_device_id[] devices(cl_platform_id p) {
    try {
      int[] count = new int[1];
      CL.clGetDeviceIDs(p, CL_DEVICE_TYPE_ALL, 0, null, count);
      cl_device_id[] devices = new cl_device_id[count[0]];
      CL.clGetDeviceIDs(p, CL_DEVICE_TYPE_ALL, devices.length, devices, null);
      return devices;
    } catch (CLException e) {
      return new cl_device_id[0];
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
    return new OpenClDriver(all.devices.get(n));
  }
}
