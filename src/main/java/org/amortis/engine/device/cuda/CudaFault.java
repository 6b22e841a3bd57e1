package org.amortis.engine.device.cuda;

import org.amortis.engine.Failure;

/// What a status of the CUDA driver means for the work that met it.
///
/// @param status number of the API (`CUresult`)
/// @param name its name there
/// @param kind what to do about it
record CudaFault(int status, String name, Kind kind) {
  /// Kinds of faults.
  enum Kind {
    /// No room; the context stays usable.
    MEMORY,
    /// The context is gone for good: every later call returns an error, too.
    LOST,
    /// Driver, device or their versions do not fit.
    UNAVAILABLE,
    /// A call that should not have been made; the context stays usable.
    INTERNAL
  }

  /// The fault of a status other than 0; statuses that are not known count as a lost device.
  static CudaFault of(int status) {
    return switch (status) {
      case 2 -> new CudaFault(status, "OUT_OF_MEMORY", Kind.MEMORY);

      case 4 -> lost(status, "DEINITIALIZED");
      case 46 -> unavailable(status, "DEVICE_UNAVAILABLE");
      case 214 -> lost(status, "ECC_UNCORRECTABLE");
      case 220 -> lost(status, "NVLINK_UNCORRECTABLE");
      case 226 -> lost(status, "CONTAINED");
      case 700 -> lost(status, "ILLEGAL_ADDRESS");
      case 702 -> lost(status, "LAUNCH_TIMEOUT");
      case 709 -> lost(status, "CONTEXT_IS_DESTROYED");
      case 710 -> lost(status, "ASSERT");
      case 714 -> lost(status, "HARDWARE_STACK_ERROR");
      case 715 -> lost(status, "ILLEGAL_INSTRUCTION");
      case 716 -> lost(status, "MISALIGNED_ADDRESS");
      case 717 -> lost(status, "INVALID_ADDRESS_SPACE");
      case 718 -> lost(status, "INVALID_PC");
      case 719 -> lost(status, "LAUNCH_FAILED");
      case 721 -> lost(status, "TENSOR_MEMORY_LEAK");

      case 3 -> unavailable(status, "NOT_INITIALIZED");
      case 34 -> unavailable(status, "STUB_LIBRARY");
      case 100 -> unavailable(status, "NO_DEVICE");
      case 101 -> unavailable(status, "INVALID_DEVICE");
      case 221 -> unavailable(status, "JIT_COMPILER_NOT_FOUND");
      case 222 -> unavailable(status, "UNSUPPORTED_PTX_VERSION");
      case 223 -> unavailable(status, "JIT_COMPILATION_DISABLED");
      case 209 -> unavailable(status, "NO_BINARY_FOR_GPU");
      case 304 -> unavailable(status, "OPERATING_SYSTEM");
      case 801 -> unavailable(status, "NOT_SUPPORTED");
      case 802 -> unavailable(status, "SYSTEM_NOT_READY");
      case 803 -> unavailable(status, "SYSTEM_DRIVER_MISMATCH");
      case 804 -> unavailable(status, "COMPAT_NOT_SUPPORTED_ON_DEVICE");

      case 1 -> internal(status, "INVALID_VALUE");
      case 200 -> internal(status, "INVALID_IMAGE");
      case 201 -> internal(status, "INVALID_CONTEXT");
      case 218 -> internal(status, "INVALID_PTX");
      case 400 -> internal(status, "INVALID_HANDLE");
      case 401 -> internal(status, "ILLEGAL_STATE");
      case 500 -> internal(status, "NOT_FOUND");
      case 600 -> internal(status, "NOT_READY");
      case 701 -> internal(status, "LAUNCH_OUT_OF_RESOURCES");
      case 703 -> internal(status, "LAUNCH_INCOMPATIBLE_TEXTURING");
      case 720 -> internal(status, "COOPERATIVE_LAUNCH_TOO_LARGE");
      case 900 -> internal(status, "STREAM_CAPTURE_UNSUPPORTED");
      case 901 -> internal(status, "STREAM_CAPTURE_INVALIDATED");
      case 902 -> internal(status, "STREAM_CAPTURE_MERGE");
      case 903 -> internal(status, "STREAM_CAPTURE_UNMATCHED");
      case 904 -> internal(status, "STREAM_CAPTURE_UNJOINED");
      case 905 -> internal(status, "STREAM_CAPTURE_ISOLATION");
      case 906 -> internal(status, "STREAM_CAPTURE_IMPLICIT");
      case 907 -> internal(status, "CAPTURED_EVENT");
      case 908 -> internal(status, "STREAM_CAPTURE_WRONG_THREAD");
      case 910 -> internal(status, "GRAPH_EXEC_UPDATE_FAILURE");
      default -> lost(status, "UNKNOWN");
    };
  }

  private static CudaFault lost(int status, String name) {
    return new CudaFault(status, name, Kind.LOST);
  }

  private static CudaFault unavailable(int status, String name) {
    return new CudaFault(status, name, Kind.UNAVAILABLE);
  }

  private static CudaFault internal(int status, String name) {
    return new CudaFault(status, name, Kind.INTERNAL);
  }

  /// The failure to throw.
  ///
  /// @param what the work: `running matmul_tiled ...`
  Failure failure(String device, String what) {
    String code = "CUDA_ERROR_" + name + " (" + status + ")";
    return switch (kind) {
      case MEMORY ->
          Failure.outOfMemory("device " + device + " is out of memory: " + what)
              .advise("use a smaller batch, or --device cpu");
      case LOST ->
          Failure.retry("device " + device + " is lost: " + what + ": " + code)
              .advise(
                  "start the command again; if it comes back, see nvidia-smi and the system log");
      case UNAVAILABLE ->
          Failure.unavailable("device " + device + ": " + what + ": " + code)
              .advise(Cuda.DRIVER_ADVICE + ", or use --device cpu");
      case INTERNAL -> Failure.internal("device " + device + ": " + what + ": " + code);
    };
  }
}
