package org.amortis.engine.device.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.util.List;
import org.amortis.engine.Failure;
import org.amortis.engine.device.gpu.Driver;
import org.amortis.engine.device.gpu.Unpacking;

/// The CUDA devices of this machine.
public final class Cuda {
  /// The oldest driver that takes PTX of ISA 8.0.
  static final int OLDEST_DRIVER = 12000;

  static final String DRIVER_ADVICE = "install the NVIDIA driver, version 525 or later";

  /// What is there, or why there is nothing.
  ///
  /// @param devices in the order of the driver; their places are the numbers of `cuda:n`
  /// @param missing what is missing, and how to get it; `null` where devices are there
  public record Listing(List<CudaDevice> devices, String missing) {
    static Listing none(String why) {
      return new Listing(List.of(), why);
    }
  }

  private static Listing listing;

  private Cuda() {}

  /// Looks once; later calls return the same.
  public static synchronized Listing list() {
    if (listing == null) {
      listing = look();
    }
    return listing;
  }

  /// JCuda is optional for those who embed the library, and its own message for a missing driver is
  /// about a file of its own: both are looked for before its classes are touched.
  private static Listing look() {
    try {
      Class.forName("jcuda.driver.JCudaDriver", false, Cuda.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      return Listing.none(
          "no JCuda on the class path; add org.jcuda:jcuda and its natives, 12.6.0");
    }
    if (!loads(System.mapLibraryName("cuda") + ".1") && !loads("nvcuda")) {
      return Listing.none("no NVIDIA driver (libcuda.so.1) to load; " + DRIVER_ADVICE);
    }
    try {
      return Unpacking.privately(CudaDevices::look);
    } catch (LinkageError e) {
      String why = e.getCause() == null ? e.getMessage() : e.getCause().getMessage();
      return Listing.none(
          "JCuda's native part does not load: "
              + firstLine(why)
              + "; folders for temporary files must allow programs (-Djava.io.tmpdir=FOLDER)");
    }
  }

  private static String firstLine(String text) {
    return text == null ? "no reason given" : text.strip().lines().findFirst().orElse("");
  }

  /// Whether a library can be loaded; it stays loaded, as a driver does.
  @SuppressWarnings("restricted") // the launcher and the manifest allow native access
  static boolean loads(String library) {
    try {
      SymbolLookup.libraryLookup(library, Arena.global());
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /// Opens a device by its number, or for -1 the first.
  ///
  /// @throws Failure UNAVAILABLE when there is none of that number, or it is too old
  public static Driver open(int index) {
    Listing all = list();
    if (all.devices.isEmpty()) {
      throw Failure.unavailable("no CUDA device: " + all.missing)
          .advise("use --device opencl or --device cpu");
    }
    int n = StrictMath.max(index, 0);
    if (n >= all.devices.size()) {
      throw Failure.unavailable(
              "no device cuda:" + n + "; the last one is cuda:" + (all.devices.size() - 1))
          .advise("amortis devices lists them");
    }
    CudaDevice device = all.devices.get(n);
    if (!device.supported()) {
      throw Failure.unavailable(
              "device cuda:" + n + " is too old: " + device.describe() + "; kernels need 7.0")
          .advise("use --device opencl or --device cpu");
    }
    return new CudaDriver(device, new JCudaCalls(n));
  }
}
