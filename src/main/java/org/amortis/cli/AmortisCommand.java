package org.amortis.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `amortis`: only its subcommands do anything.
@Command(
    name = "amortis",
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    description = "Amortized neural inference: runs studies, draws from trained posteriors.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  amortis study gp                    the Gaussian-process study, its table and its files",
      "  amortis study gp --profile quick    the same in about a minute",
      "  amortis study gp --help             all options of a study",
      "  amortis devices                     what this machine offers",
      "",
      "Exit codes: 0 done, 64 usage, 65 data, 69 device or JDK absent, 70 internal error,",
      "74 disk or permission, 75 try again, 130 and 143 stopped by a signal.",
    })
final class AmortisCommand {
  @Mixin private CommonOptions common;

  /// The whole tree of commands.
  static CommandLine create(Session session) {
    return new CommandLine(new AmortisCommand())
        .addSubcommand(StudyCommand.create(session))
        .addSubcommand(new SampleCommand(session))
        .addSubcommand(new DevicesCommand(session))
        .addSubcommand(new ExplainCommand(session));
  }
}
