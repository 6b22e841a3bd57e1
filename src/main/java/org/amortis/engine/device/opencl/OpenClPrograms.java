package org.amortis.engine.device.opencl;

import static org.jocl.CL.CL_PROGRAM_BINARIES;
import static org.jocl.CL.CL_PROGRAM_BINARY_SIZES;
import static org.jocl.CL.CL_PROGRAM_BUILD_LOG;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.amortis.engine.Failure;
import org.amortis.engine.device.gpu.Kernel;
import org.amortis.engine.device.gpu.KernelSource;
import org.jocl.CL;
import org.jocl.CLException;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_context;
import org.jocl.cl_device_id;
import org.jocl.cl_program;

/// Built programs of one context: kept in memory, and their binaries on disk under a hash of
/// source, options, device and driver.
///
/// The folder is `$AMORTIS_CACHE`, else `amortis` below `$XDG_CACHE_HOME` or `~/.cache`. A binary
/// that the driver refuses is built again; a folder that cannot be written is no fault.
final class OpenClPrograms implements AutoCloseable {
  private final cl_context context;
  private final OpenClDevice device;
  private final Map<String, cl_program> built = new HashMap<>();

  OpenClPrograms(cl_context context, OpenClDevice device) {
    this.context = context;
    this.device = device;
  }

  /// The program that holds a kernel.
  cl_program of(Kernel kernel) {
    String options = options(kernel);
    return built.computeIfAbsent(
        kernel.family() + options, k -> SignalHandlers.keeping(() -> build(kernel, options)));
  }

  private String options(Kernel kernel) {
    String rounded = device.rounded() ? " -cl-fp32-correctly-rounded-divide-sqrt" : "";
    return kernel.options() + " -cl-std=CL1.2" + rounded;
  }

  private cl_program build(Kernel kernel, String options) {
    String source = KernelSource.of(kernel.family()).program("opencl");
    Path file = folder().resolve(hash(source, options) + ".bin");
    cl_program cached = load(file, options);
    if (cached != null) {
      return cached;
    }
    cl_program program =
        CL.clCreateProgramWithSource(context, 1, new String[] {source}, null, null);
    try {
      CL.clBuildProgram(program, 1, new cl_device_id[] {device.id()}, options, null, null);
    } catch (CLException e) {
      String log = log(program);
      CL.clReleaseProgram(program);
      throw Failure.internal(
              "kernels/"
                  + kernel.family()
                  + ".c does not build on opencl:"
                  + device.index()
                  + " with "
                  + options
                  + ": "
                  + log)
          .causedBy(e);
    }
    store(file, program);
    return program;
  }

  private String log(cl_program program) {
    long[] size = new long[1];
    CL.clGetProgramBuildInfo(program, device.id(), CL_PROGRAM_BUILD_LOG, 0, null, size);
    byte[] bytes = new byte[(int) size[0]];
    CL.clGetProgramBuildInfo(
        program, device.id(), CL_PROGRAM_BUILD_LOG, bytes.length, Pointer.to(bytes), null);
    return new String(bytes, StandardCharsets.UTF_8).strip();
  }

  private cl_program load(Path file, String options) {
    cl_program program = null;
    try {
      if (!Files.isRegularFile(file)) {
        return null;
      }
      byte[] binary = Files.readAllBytes(file);
      int[] status = new int[1];
      program =
          CL.clCreateProgramWithBinary(
              context,
              1,
              new cl_device_id[] {device.id()},
              new long[] {binary.length},
              new byte[][] {binary},
              status,
              null);
      CL.clBuildProgram(program, 1, new cl_device_id[] {device.id()}, options, null, null);
      return program;
    } catch (IOException | CLException e) {
      if (program != null) {
        CL.clReleaseProgram(program);
      }
      return null;
    }
  }

  private void store(Path file, cl_program program) {
    Path part = null;
    try {
      long[] size = new long[1];
      CL.clGetProgramInfo(program, CL_PROGRAM_BINARY_SIZES, Sizeof.size_t, Pointer.to(size), null);
      byte[] binary = new byte[(int) size[0]];
      Pointer[] binaries = {Pointer.to(binary)};
      CL.clGetProgramInfo(program, CL_PROGRAM_BINARIES, Sizeof.POINTER, Pointer.to(binaries), null);
      Files.createDirectories(file.getParent());
      part = Files.createTempFile(file.getParent(), "part", ".bin");
      Files.write(part, binary);
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException | CLException | SecurityException e) {
      forget(part);
    }
  }

  private static void forget(Path part) {
    try {
      if (part != null) {
        Files.deleteIfExists(part);
      }
    } catch (IOException e) {
      // A left-over part of a cache does no harm.
      return;
    }
  }

  private static Path folder() {
    String own = System.getenv("AMORTIS_CACHE");
    if (own != null && !own.isEmpty()) {
      return Path.of(own, "opencl");
    }
    String cache = System.getenv("XDG_CACHE_HOME");
    Path base =
        cache != null && !cache.isEmpty()
            ? Path.of(cache)
            : Path.of(System.getProperty("user.home", "."), ".cache");
    return base.resolve("amortis").resolve("opencl");
  }

  private String hash(String source, String options) {
    try {
      MessageDigest d = MessageDigest.getInstance("SHA-256");
      String[] parts = {
        source, options, device.name(), device.version(), device.driver(), device.platform()
      };
      for (String part : parts) {
        d.update(part.getBytes(StandardCharsets.UTF_8));
        d.update((byte) 0);
      }
      return HexFormat.of().formatHex(d.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    built.values().forEach(CL::clReleaseProgram);
    built.clear();
  }
}
