package org.amortis.engine.device.opencl;

import static org.jocl.CL.CL_DEVICE_DOUBLE_FP_CONFIG;
import static org.jocl.CL.CL_DEVICE_GLOBAL_MEM_SIZE;
import static org.jocl.CL.CL_DEVICE_LOCAL_MEM_SIZE;
import static org.jocl.CL.CL_DEVICE_MAX_COMPUTE_UNITS;
import static org.jocl.CL.CL_DEVICE_MAX_MEM_ALLOC_SIZE;
import static org.jocl.CL.CL_DEVICE_NAME;
import static org.jocl.CL.CL_DEVICE_SINGLE_FP_CONFIG;
import static org.jocl.CL.CL_DEVICE_TYPE;
import static org.jocl.CL.CL_DEVICE_TYPE_CPU;
import static org.jocl.CL.CL_DEVICE_TYPE_GPU;
import static org.jocl.CL.CL_DEVICE_VERSION;
import static org.jocl.CL.CL_DRIVER_VERSION;
import static org.jocl.CL.CL_FP_CORRECTLY_ROUNDED_DIVIDE_SQRT;
import static org.jocl.CL.CL_PLATFORM_NAME;
import static org.jocl.CL.CL_PLATFORM_VERSION;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.jocl.CL;
import org.jocl.CLException;
import org.jocl.Pointer;
import org.jocl.cl_device_id;
import org.jocl.cl_platform_id;

/// What an OpenCL device says of itself.
///
/// @param index number of `opencl:n`
/// @param platform name and version of its platform
/// @param version OpenCL version
/// @param driver version of its driver
/// @param gpu whether it is a GPU
/// @param cpu whether it is the processor, which is there for correctness only
/// @param float64 whether it computes in double
/// @param rounded whether it can divide and take roots of floats correctly rounded
/// @param memory bytes in all
/// @param largest bytes of the largest allocation
/// @param local bytes that the items of a group may share
/// @param units compute units
public record OpenClDevice(
    int index,
    String name,
    String platform,
    String version,
    String driver,
    boolean gpu,
    boolean cpu,
    boolean float64,
    boolean rounded,
    long memory,
    long largest,
    int local,
    int units,
    cl_platform_id platformId,
    cl_device_id id) {

  static OpenClDevice of(int index, cl_platform_id p, cl_device_id d) {
    long type = number(d, CL_DEVICE_TYPE);
    long single = number(d, CL_DEVICE_SINGLE_FP_CONFIG);
    return new OpenClDevice(
        index,
        text(d, CL_DEVICE_NAME),
        platformText(p, CL_PLATFORM_NAME) + ", " + platformText(p, CL_PLATFORM_VERSION),
        text(d, CL_DEVICE_VERSION),
        text(d, CL_DRIVER_VERSION),
        (type & CL_DEVICE_TYPE_GPU) != 0,
        (type & CL_DEVICE_TYPE_CPU) != 0,
        float64(d),
        (single & CL_FP_CORRECTLY_ROUNDED_DIVIDE_SQRT) != 0,
        number(d, CL_DEVICE_GLOBAL_MEM_SIZE),
        number(d, CL_DEVICE_MAX_MEM_ALLOC_SIZE),
        (int) StrictMath.min(number(d, CL_DEVICE_LOCAL_MEM_SIZE), 1 << 30),
        (int) number(d, CL_DEVICE_MAX_COMPUTE_UNITS),
        p,
        d);
  }

  private static boolean float64(cl_device_id d) {
    try {
      return number(d, CL_DEVICE_DOUBLE_FP_CONFIG) != 0;
    } catch (CLException e) {
      return false; // OpenCL 1.1 does not know the question
    }
  }

  /// A number of 4 or 8 bytes.
  private static long number(cl_device_id d, int what) {
    ByteBuffer b = ByteBuffer.allocateDirect(8).order(ByteOrder.nativeOrder());
    long[] size = new long[1];
    CL.clGetDeviceInfo(d, what, 8, Pointer.to(b), size);
    return size[0] == 4 ? b.getInt(0) & 0xFFFFFFFFL : b.getLong(0);
  }

  private static String text(cl_device_id d, int what) {
    long[] size = new long[1];
    CL.clGetDeviceInfo(d, what, 0, null, size);
    byte[] bytes = new byte[(int) size[0]];
    CL.clGetDeviceInfo(d, what, bytes.length, Pointer.to(bytes), null);
    return string(bytes);
  }

  private static String platformText(cl_platform_id p, int what) {
    long[] size = new long[1];
    CL.clGetPlatformInfo(p, what, 0, null, size);
    byte[] bytes = new byte[(int) size[0]];
    CL.clGetPlatformInfo(p, what, bytes.length, Pointer.to(bytes), null);
    return string(bytes);
  }

  private static String string(byte[] bytes) {
    String s = new String(bytes, StandardCharsets.UTF_8);
    int end = s.indexOf('\0');
    return (end < 0 ? s : s.substring(0, end)).strip();
  }

  /// One line for people.
  public String describe() {
    return name
        + ", "
        + (gpu ? "GPU" : cpu ? "processor, for correctness, not for speed" : "accelerator")
        + ", "
        + units
        + " units, "
        + (memory >> 20)
        + " MiB, "
        + (float64 ? "float32 and float64" : "float32 only")
        + ", driver "
        + driver
        + " ("
        + platform.substring(0, platform.indexOf(','))
        + ")";
  }
}
