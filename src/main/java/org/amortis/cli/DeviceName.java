package org.amortis.cli;

import java.util.List;
import java.util.regex.Pattern;
import org.amortis.engine.Failure;

/// The device names of the command line: `auto`, `cpu`, `reference`, `cuda[:n]`, `opencl[:n]`.
final class DeviceName {
  /// The devices of this version.
  static final List<String> AVAILABLE = List.of("auto", "cpu", "cuda", "opencl", "reference");

  private static final Pattern NUMBERED = Pattern.compile("(cuda|opencl):[0-9]{1,3}");

  private DeviceName() {}

  /// The name itself if this version has the device.
  ///
  /// @throws Failure when the name is unknown
  static String check(String name) {
    if (NUMBERED.matcher(name).matches()) {
      return name;
    }
    int colon = name.indexOf(':');
    if (colon >= 0 && AVAILABLE.contains(name.substring(0, colon))) {
      throw Failure.usage("unknown device '" + name + "'")
          .advise("a number is taken by cuda:n and opencl:n only, n from 0");
    }
    if (name.equalsIgnoreCase("gpu")) {
      throw Failure.usage("unknown device '" + name + "'")
          .advise("a GPU is called cuda or opencl; auto takes one where there is one");
    }
    return Names.resolve("device", name, AVAILABLE);
  }
}
