package org.amortis.engine.device.opencl;

import static org.jocl.CL.CL_DEVICE_TYPE_ALL;

import java.util.ArrayList;
import java.util.List;
import org.jocl.CL;
import org.jocl.CLException;
import org.jocl.cl_device_id;
import org.jocl.cl_platform_id;

/// Asks the loader for platforms and devices.
final class OpenClPlatforms {
  static final String ADVICE =
      "install the driver of the GPU, or pocl-opencl-icd for the processor (Debian)";

  /// Status of a loader that finds no platform.
  private static final int PLATFORM_NOT_FOUND = -1001;

  private OpenClPlatforms() {}

  static OpenCl.Listing look() {
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
          ? new OpenCl.Listing(List.of(), "OpenCL platforms without devices; " + ADVICE)
          : new OpenCl.Listing(List.copyOf(found), null);
    } catch (CLException e) {
      String why =
          e.getStatus() == PLATFORM_NOT_FOUND ? "no OpenCL platform" : "OpenCL: " + e.getMessage();
      return new OpenCl.Listing(List.of(), why + "; " + ADVICE);
    }
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
}
