package org.amortis.engine.device.cuda;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdevice_attribute;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;

/// Asks the driver for devices.
final class CudaDevices {
  private CudaDevices() {}

  static Cuda.Listing look() {
    JCudaDriver.setExceptionsEnabled(false);
    int[] version = new int[1];
    int status = JCudaDriver.cuInit(0);
    JCudaDriver.cuDriverGetVersion(version);
    if (version[0] != 0 && version[0] < Cuda.OLDEST_DRIVER) {
      return Cuda.Listing.none(
          "the NVIDIA driver is too old: it knows CUDA "
              + CudaDevice.version(version[0])
              + ", kernels need 12.0; "
              + Cuda.DRIVER_ADVICE);
    }
    if (status == CUresult.CUDA_ERROR_NO_DEVICE) {
      return Cuda.Listing.none(
          "the NVIDIA driver sees no GPU; see nvidia-smi, CUDA_VISIBLE_DEVICES");
    }
    int[] count = new int[1];
    status = status == 0 ? JCudaDriver.cuDeviceGetCount(count) : status;
    if (status != 0) {
      return Cuda.Listing.none(
          "the NVIDIA driver does not start: " + CUresult.stringFor(status) + "; see nvidia-smi");
    }
    List<CudaDevice> found = new ArrayList<>();
    for (int i = 0; i < count[0]; i++) {
      found.add(device(i, version[0]));
    }
    return found.isEmpty()
        ? Cuda.Listing.none("the NVIDIA driver sees no GPU; see nvidia-smi, CUDA_VISIBLE_DEVICES")
        : new Cuda.Listing(List.copyOf(found), null);
  }

  private static CudaDevice device(int index, int driver) {
    CUdevice d = new CUdevice();
    JCudaDriver.cuDeviceGet(d, index);
    byte[] name = new byte[256];
    JCudaDriver.cuDeviceGetName(name, name.length, d);
    String text = new String(name, StandardCharsets.UTF_8);
    int end = text.indexOf('\0');
    long[] memory = new long[1];
    JCudaDriver.cuDeviceTotalMem(memory, d);
    int capability =
        10 * number(d, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR)
            + number(d, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR);
    int units = number(d, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT);
    String what = (end < 0 ? text : text.substring(0, end)).strip();
    return new CudaDevice(index, what, capability, units, memory[0], driver);
  }

  private static int number(CUdevice d, int what) {
    int[] value = new int[1];
    JCudaDriver.cuDeviceGetAttribute(value, what, d);
    return value[0];
  }
}
