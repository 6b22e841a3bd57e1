package org.amortis.engine.device.cuda;

import jcuda.nvrtc.JNvrtc;
import jcuda.nvrtc.nvrtcProgram;
import org.amortis.engine.Failure;
import org.amortis.engine.device.gpu.Kernel;
import org.amortis.engine.device.gpu.Unpacking;

/// NVRTC, the compiler from CUDA C to PTX, where a machine has it.
public final class RunTimeCompiler {
  /// No contraction, divisions and roots correctly rounded, subnormal numbers kept.
  private static final String OPTIONS =
      " --fmad=false --prec-div=true --prec-sqrt=true --ftz=false";

  private static String missing;
  private static boolean looked;

  private RunTimeCompiler() {}

  /// The compiler's options for a compute capability.
  static String options(int architecture) {
    return "--gpu-architecture=compute_" + architecture + OPTIONS;
  }

  /// What is missing to compile here; `null` when nothing is.
  static synchronized String missing() {
    if (!looked) {
      looked = true;
      missing = look();
    }
    return missing;
  }

  private static String look() {
    if (!Cuda.loads("libnvrtc.so.12")) {
      return "no libnvrtc.so.12 to load";
    }
    try {
      return Unpacking.privately(() -> {
        JNvrtc.setExceptionsEnabled(false);
        return null;
      });
    } catch (LinkageError e) {
      return "JCuda's NVRTC does not load";
    }
  }

  /// Version of the compiler: 12.0.
  public static String version() {
    int[] major = new int[1];
    int[] minor = new int[1];
    JNvrtc.nvrtcVersion(major, minor);
    return major[0] + "." + minor[0];
  }

  /// Compiles a program in the CUDA dialect.
  ///
  /// @param architecture compute capability that it is for: 70 for 7.0
  ///
  /// @throws Failure INTERNAL with the compiler's log when it does not compile
  public static String ptx(String source, Kernel kernel, int architecture) {
    if (missing() != null) {
      throw Failure.unavailable("cannot compile " + kernel + ": " + missing());
    }
    nvrtcProgram program = new nvrtcProgram();
    JNvrtc.nvrtcCreateProgram(program, source, kernel.family() + ".c", 0, null, null);
    try {
      String all = kernel.options() + " " + options(architecture);
      String[] options = all.split(" ");
      int status = JNvrtc.nvrtcCompileProgram(program, options.length, options);
      if (status != 0) {
        String[] log = new String[1];
        JNvrtc.nvrtcGetProgramLog(program, log);
        throw Failure.internal(
            "kernels/"
                + kernel.family()
                + ".c does not compile for CUDA with "
                + all
                + ": "
                + log[0]);
      }
      String[] ptx = new String[1];
      JNvrtc.nvrtcGetPTX(program, ptx);
      return ptx[0];
    } finally {
      JNvrtc.nvrtcDestroyProgram(program);
    }
  }
}
