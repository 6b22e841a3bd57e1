package org.amortis.cli;

import java.util.concurrent.Callable;
import org.amortis.studies.Study;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `amortis explain`: the programs behind a method.
@Command(
    name = "explain",
    versionProvider = Version.class,
    description = "Print a method's programs, memory map and floating-point operations.",
    footerHeading = "%nExamples:%n",
    footer = "  amortis explain gp --method fkl")
final class ExplainCommand implements Callable<Integer> {
  private final Session session;

  @Parameters(paramLabel = "STUDY", description = "The study, for example gp.")
  private String study;

  @Option(
      names = "--method",
      paramLabel = "NAME",
      description = "The method (default: the study's first).")
  private String method;

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
    runnable.explain(chosen, session.out());
    return 0;
  }
}
