package org.amortis.cli;

import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.Callable;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.Devices;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `amortis devices`: what can run here, and why the rest cannot.
@Command(
    name = "devices",
    versionProvider = Version.class,
    description = "List the devices of this machine.",
    footerHeading = "%nExamples:%n",
    footer = "  amortis devices")
final class DevicesCommand implements Callable<Integer> {
  private final Session session;

  @Mixin private CommonOptions common;

  DevicesCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    PrintStream out = session.out();
    String form = "%-10s %-10s %s%n";
    out.printf(form, "device", "state", "what");
    for (String name : List.of("cpu", "reference")) {
      try (Device device = Devices.open(name, Runtime.getRuntime().availableProcessors())) {
        out.printf(form, name, "ready", what(device));
      }
    }
    out.printf(form, "cuda", "absent", "comes with a later version");
    out.printf(form, "opencl", "absent", "comes with a later version");
    out.printf("heap up to %d MiB; auto picks cpu%n", Runtime.getRuntime().maxMemory() >> 20);
    return 0;
  }

  /// The device's own line without its name, which stands before it.
  private static String what(Device device) {
    String line = device.describe();
    String name = device.name() + ": ";
    return line.startsWith(name) ? line.substring(name.length()) : line;
  }
}
