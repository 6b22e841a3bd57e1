package org.amortis.cli;

import java.util.List;
import java.util.regex.Pattern;
import org.amortis.engine.Failure;

/// The device names of the command line: `auto`, `cpu`, `reference`, `cuda[:n]`, `opencl[:n]`.
final class DeviceName {
  /// The devices of this version.
  static final List<String> AVAILABLE = List.of("auto", "cpu", "opencl", "reference");

  private static final List<String> KNOWN = List.of("auto", "cpu", "cuda", "opencl", "reference");
  private static final Pattern LATER = Pattern.compile("cuda(:[0-9]{1,3})?");

  private static final Pattern NUMBERED = Pattern.compile("opencl:[0-9]{1,3}");

  private DeviceName() {}

  /// The name itself if this version has the device.
  ///
  /// @throws Failure when the name is unknown, or names a device that this version lacks
  static String check(String name) {
    if (LATER.matcher(name).matches()) {
      throw Failure.unavailable(
              "device " + name + ": not in this version, CUDA comes with a later one")
          .advise("works now: --device " + String.join(", --device ", AVAILABLE));
    }
    if (NUMBERED.matcher(name).matches()) {
      return name;
    }
    int colon = name.indexOf(':');
    if (colon >= 0 && KNOWN.contains(name.substring(0, colon))) {
      throw Failure.usage("unknown device '" + name + "'")
          .advise("a number is taken by cuda:n and opencl:n only, n from 0");
    }
    return Names.resolve("device", name, KNOWN);
  }
}
