package org.amortis.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.Devices;
import org.amortis.studies.Study;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `amortis explain`: the programs behind a method.
@Command(
    name = "explain",
    versionProvider = Version.class,
    description = "Print a method's programs, launches, memory map and floating-point operations.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  amortis explain gp --method fkl",
      "  amortis explain gp --method mcmc --device cuda"
    })
final class ExplainCommand implements Callable<Integer> {
  private final Session session;

  @Parameters(paramLabel = "STUDY", description = "The study, for example gp.")
  private String study;

  @Option(
      names = "--method",
      paramLabel = "NAME",
      description = "The method (default: the study's first).")
  private String method;

  @Option(
      names = "--device",
      paramLabel = "NAME",
      defaultValue = "cpu",
      description = "Whose launches, as in amortis study (default ${DEFAULT-VALUE}).")
  private String device;

  @Mixin private CommonOptions common;

  ExplainCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    Study runnable = StudyCommand.require(session, study);
    String chosen =
        method == null
            ? runnable.methods().getFirst()
            : Names.resolve("method", method, runnable.methods());
    String name = DeviceName.check(device);
    try (Device on = Devices.open(name, Runtime.getRuntime().availableProcessors())) {
      // Nothing is printed where the study turns out to have nothing to explain.
      ByteArrayOutputStream text = new ByteArrayOutputStream();
      runnable.explain(chosen, on, new PrintStream(text, false, StandardCharsets.UTF_8));
      session.out().println("device: " + on.describe());
      session.out().print(text.toString(StandardCharsets.UTF_8));
    }
    return 0;
  }
}
