package org.amortis.bench.lab;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.amortis.engine.Failure;
import org.amortis.engine.device.gpu.Driver;
import org.amortis.engine.device.opencl.OpenCl;
import org.amortis.engine.device.opencl.OpenClDevice;

/// What the command line of the laboratory says.
///
/// @param device number of the OpenCL device, -1 for the first GPU or else the first of any kind
/// @param file where results are written as JSON; `null` for nowhere
/// @param list whether experiments are only listed
record Options(int device, Settings settings, Path file, boolean list) {
  private static final String USAGE =
      "options: --device opencl[:n], --family matmul,..., --seconds s, --check, --out FILE.json, --list";

  /// Reads the command line.
  ///
  /// @throws Failure USAGE for what it does not know
  static Options parse(String... args) {
    int device = -1;
    Set<String> families = Set.of();
    double seconds = 0.25;
    boolean check = false;
    Path file = null;
    boolean list = false;
    for (int i = 0; i < args.length; i++) {
      switch (args[i]) {
        case "--device" -> device = device(value(args, ++i));
        case "--family" -> families = families(value(args, ++i));
        case "--seconds" -> seconds = number(value(args, ++i));
        case "--check" -> check = true;
        case "--out" -> file = Path.of(value(args, ++i));
        case "--list" -> list = true;
        default -> throw Failure.usage("no option " + args[i]).advise(USAGE);
      }
    }
    Settings s = Settings.of(families, seconds);
    return new Options(device, check ? new Settings(families, 0, 0, false) : s, file, list);
  }

  private static String value(String[] args, int i) {
    if (i >= args.length) {
      throw Failure.usage(args[i - 1] + " needs a value").advise(USAGE);
    }
    return args[i];
  }

  private static int device(String name) {
    if (name.equals("opencl")) {
      return -1;
    }
    if (!name.matches("opencl:\\d{1,4}")) {
      throw Failure.usage("no device " + name + " for the laboratory").advise(USAGE);
    }
    return Integer.parseInt(name.substring(7));
  }

  private static Set<String> families(String names) {
    Set<String> known =
        Laboratory.experiments().stream()
            .map(Experiment::family)
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> chosen = new TreeSet<>(List.of(names.split(",")));
    for (String name : chosen) {
      if (!known.contains(name)) {
        throw Failure.usage("no family " + name + "; there are " + String.join(", ", known));
      }
    }
    return chosen;
  }

  private static double number(String text) {
    try {
      double s = Double.parseDouble(text);
      if (s >= 0 && s <= 3600) {
        return s;
      }
    } catch (NumberFormatException e) {
      // falls through to the failure below
    }
    throw Failure.usage("--seconds takes a number from 0 to 3600, found " + text);
  }

  /// Does it.
  ///
  /// @return the exit code: 0 when all results are right, 1 when one is wrong
  int run(PrintStream out) {
    return run(out, OpenCl::open);
  }

  /// The same on a device of another source.
  int run(PrintStream out, IntFunction<Driver> source) {
    if (list) {
      for (Experiment x : Laboratory.experiments()) {
        if (settings.wants(x.family())) {
          out.printf("%-9s %s%s%n", x.family(), x.name(), x.onGpu() ? " (GPUs only)" : "");
        }
      }
      return 0;
    }
    try (Driver driver = source.apply(device)) {
      int index = Integer.parseInt(driver.name().substring("opencl:".length()));
      OpenClDevice d = OpenCl.list().devices().get(index);
      Laboratory laboratory = new Laboratory(driver, d.gpu(), settings, out);
      boolean right = laboratory.run();
      if (file != null) {
        laboratory.write(file);
      }
      return right ? 0 : 1;
    }
  }
}
