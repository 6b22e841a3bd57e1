package org.amortis.engine.device.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.amortis.engine.Failure;
import org.amortis.engine.device.gpu.Kernel;
import org.amortis.engine.device.gpu.KernelSource;
import org.amortis.engine.device.gpu.KernelVariants;

/// PTX texts of kernels: those that come with the library, one module a kernel.
///
/// A file `FAMILY.compute_NN.ptx` holds modules one after the other; each begins with lines `//
/// kernel ENTRY OPTIONS`, one for every kernel that it is the module of. Which kernels there are,
/// `KernelVariants` lists, and for which compute capabilities, their family says; a kernel that is
/// none of them is compiled here when NVRTC is there.
public final class Ptx {
  /// How the line before a module begins.
  public static final String HEAD = "// kernel ";

  private static final Map<String, Map<String, String>> FILES = new ConcurrentHashMap<>();

  private Ptx() {}

  /// The module of a kernel for a device of a compute capability, ended by a zero byte.
  ///
  /// @throws Failure UNAVAILABLE when the kernel was not built and cannot be, or the device is
  ///   older than all that the family is for
  static byte[] of(Kernel kernel, int capability) {
    int newest = 0;
    for (int architecture : KernelSource.of(kernel.family()).architectures()) {
      newest = architecture <= capability ? StrictMath.max(newest, architecture) : newest;
    }
    if (newest == 0) {
      throw Failure.unavailable(
          "kernel " + kernel + " is not for devices of compute capability " + capability / 10.0);
    }
    String text = modules(kernel.family(), newest).get(key(kernel));
    return text == null
        ? compile(kernel, newest)
        : (text + "\0").getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] compile(Kernel kernel, int architecture) {
    String missing = RunTimeCompiler.missing();
    if (missing != null) {
      throw Failure.unavailable(
              "kernel " + kernel + " is not among those built for CUDA: " + missing)
          .advise(
              "install NVRTC of CUDA 12 so that it is compiled here, or use --device opencl or cpu");
    }
    String source = KernelSource.of(kernel.family()).program("cuda");
    return RunTimeCompiler.ptx(source, kernel, architecture).getBytes(StandardCharsets.US_ASCII);
  }

  /// The name of a family's file for a compute capability.
  public static String file(String family, int architecture) {
    return family + ".compute_" + architecture + ".ptx";
  }

  /// What the head of a kernel's module says.
  public static String key(Kernel kernel) {
    return kernel.entry() + " " + kernel.options();
  }

  /// The hash of all that a family's file is made from: texts, headers, options, and the list of
  /// kernels.
  public static String hash(String family, int architecture) {
    try {
      MessageDigest d = MessageDigest.getInstance("SHA-256");
      d.update(KernelSource.of(family).program("cuda").getBytes(StandardCharsets.UTF_8));
      for (Kernel k : KernelVariants.of(family)) {
        d.update((key(k) + "\n").getBytes(StandardCharsets.UTF_8));
      }
      d.update(RunTimeCompiler.options(architecture).getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(d.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Modules of a family by entry and options; empty when there is no such file.
  static Map<String, String> modules(String family, int architecture) {
    return FILES.computeIfAbsent(file(family, architecture), Ptx::load);
  }

  private static Map<String, String> load(String name) {
    try (InputStream in = Ptx.class.getResourceAsStream("/org/amortis/ptx/" + name)) {
      return in == null
          ? Map.of()
          : split(new String(in.readAllBytes(), StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Takes a file apart.
  static Map<String, String> split(String file) {
    Map<String, String> modules = new LinkedHashMap<>();
    List<String> heads = new ArrayList<>();
    for (int at = 0; at < file.length(); ) {
      if (file.startsWith(HEAD, at)) {
        int end = file.indexOf('\n', at);
        heads.add(file.substring(at + HEAD.length(), end));
        at = end + 1;
      } else {
        int next = file.indexOf("\n" + HEAD, at);
        int end = next < 0 ? file.length() : next + 1;
        String text = file.substring(at, end);
        heads.forEach(h -> modules.put(h, text));
        heads.clear();
        at = end;
      }
    }
    return modules;
  }
}
