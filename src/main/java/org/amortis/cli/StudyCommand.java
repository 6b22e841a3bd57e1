package org.amortis.cli;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.amortis.engine.Failure;
import org.amortis.studies.Studies;
import org.amortis.studies.Study;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// `amortis study`: one subcommand a study, those of later versions included.
@Command(
    name = "study",
    versionProvider = Version.class,
    synopsisSubcommandLabel = "STUDY",
    description = "Run a study: simulate, train, draw, score, print its table.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  amortis study gp --profile quick",
      "  amortis study gp --methods nbe,fkl --seed 7 --out runs/two",
    })
final class StudyCommand {
  @Mixin private CommonOptions common;

  static CommandLine create(Session session) {
    CommandLine parent = new CommandLine(new StudyCommand());
    for (String name : names(session)) {
      Optional<Study> study = find(session, name);
      CommandLine child = new CommandLine(new RunStudyCommand(session, name));
      boolean all = name.equals(RunStudyCommand.ALL);
      boolean takesData = !all && study.map(Study::takesData).orElse(true);
      child
          .getCommandSpec()
          .usageMessage()
          .description(
              all
                  ? "Every study, each into its own folder below --out."
                  : study.map(Study::description).orElse("Not yet in this version."))
          .footer(RunStudyCommand.examples(name, takesData));
      if (!takesData) {
        hide(child.getCommandSpec(), "--data");
      }
      if (all) {
        hide(child.getCommandSpec(), "--methods");
      } else if (!study.map(Study::repeats).orElse(false)) {
        hide(child.getCommandSpec(), "--repeats");
      }
      parent.addSubcommand(name, child);
    }
    return parent;
  }

  /// Leaves an option that is refused out of the help.
  private static void hide(CommandSpec spec, String option) {
    OptionSpec shown = spec.findOption(option);
    spec.remove(shown);
    spec.addOption(OptionSpec.builder(shown).hidden(true).build());
  }

  private static Optional<Study> find(Session session, String name) {
    return session.studies().stream().filter(s -> s.name().equals(name)).findFirst();
  }

  /// The names of the studies that are there and of those that are planned.
  private static List<String> names(Session session) {
    return Stream.of(
            Studies.PLANNED.stream(),
            session.studies().stream().map(Study::name),
            Stream.of(RunStudyCommand.ALL))
        .flatMap(names -> names)
        .distinct()
        .toList();
  }

  /// The study of that name.
  ///
  /// @throws Failure when it is unknown or comes with a later version
  static Study require(Session session, String name) {
    List<String> single =
        names(session).stream().filter(n -> !n.equals(RunStudyCommand.ALL)).toList();
    if (name.equals(RunStudyCommand.ALL)) {
      throw Failure.usage("one study is expected here, not all of them")
          .advise("known: " + String.join(", ", single));
    }
    Names.resolve("study", name, single);
    List<String> available = session.studies().stream().map(Study::name).toList();
    return find(session, name)
        .orElseThrow(() ->
            Failure.usage("study '" + name + "' is not yet in this version")
                .advise(
                    available.isEmpty()
                        ? "no study is in this version yet"
                        : "available: " + String.join(", ", available)));
  }
}
