package org.amortis.cli;

import java.io.PrintStream;
import java.util.concurrent.Callable;
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
    out.printf(form, "cpu", "ready", cpu());
    out.printf(form, "reference", "ready", "the plain double-precision oracle, slow");
    out.printf(form, "cuda", "absent", "comes with a later version");
    out.printf(form, "opencl", "absent", "comes with a later version");
    return 0;
  }

  private static String cpu() {
    Runtime runtime = Runtime.getRuntime();
    boolean vectors = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    return "%d processors, %s, heap up to %d MiB; auto picks this one"
        .formatted(
            runtime.availableProcessors(),
            vectors ? "Vector API" : "scalar code (no --add-modules jdk.incubator.vector)",
            runtime.maxMemory() >> 20);
  }
}
