package org.amortis.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.amortis.engine.Cancellation;
import org.amortis.engine.Failure;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/// Runs one command and turns whatever happens into an exit code and at most three lines.
final class Shell {
  /// The exit code of a process stopped by SIGINT; the Java runtime makes it 143 for SIGTERM.
  static final int STOPPED = 130;

  /// What the options of a Java type take, in words.
  private static final Map<Class<?>, String> WHOLE_NUMBERS =
      Map.of(
          int.class, "below 2^31",
          Integer.class, "below 2^31",
          long.class, "from -2^63 to 2^63 - 1");

  private final Session session;

  Shell(Session session) {
    this.session = session;
  }

  /// Parses and runs `args`.
  ///
  /// @return the exit code: 0, the code of a [Failure.Kind], or [#STOPPED]
  int run(String... args) {
    boolean debug = List.of(args).contains("--debug");
    try {
      requireRuntime(Runtime.version());
      return commands().execute(args);
    } catch (Throwable e) {
      return report(e, args, debug);
    }
  }

  private CommandLine commands() {
    CommandLine commands = AmortisCommand.create(session);
    commands.setOut(new PrintWriter(session.out(), true));
    commands.setErr(new PrintWriter(session.err(), true));
    commands.setColorScheme(
        CommandLine.Help.defaultColorScheme(
            session.colour() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF));
    commands.setAbbreviatedOptionsAllowed(false);
    commands.setUsageHelpWidth(100);
    commands.setParameterExceptionHandler(
        (e, args) -> report(explain(e), args, List.of(args).contains("--debug")));
    commands.setExecutionExceptionHandler((e, command, parsed) ->
        report(
            e,
            parsed.originalArgs().toArray(String[]::new),
            parsed.originalArgs().contains("--debug")));
    return commands;
  }

  /// Java 25 releases before 25.0.3 can move arrays that native code has pinned (JDK-8377811).
  private static void requireRuntime(Runtime.Version version) {
    if (version.feature() == 25
        && version.compareToIgnoreOptional(Runtime.Version.parse("25.0.3")) < 0) {
      throw Failure.unavailable("Java " + version + " is too old, expected 25.0.3 or later")
          .advise("install a JDK 25.0.3 or later and set JAVA_HOME to it");
    }
  }

  /// A parser's complaint as a [Failure] with the nearest known name.
  private static Failure explain(ParameterException e) {
    CommandSpec command = e.getCommandLine().getCommandSpec();
    String help = "see " + command.qualifiedName() + " --help";
    if (e instanceof UnmatchedArgumentException unmatched && !unmatched.getUnmatched().isEmpty()) {
      String word = unmatched.getUnmatched().getFirst();
      if (word.startsWith("-")) {
        String name = word.replaceFirst("=.*", "");
        List<String> known =
            command.options().stream().flatMap(o -> Stream.of(o.names())).sorted().toList();
        // One letter is near to every other: nothing can be guessed from it.
        Optional<String> near = name.length() > 2 ? Names.nearest(name, known) : Optional.empty();
        return Failure.usage("unknown option '" + name + "' of " + command.qualifiedName())
            .advise(near.map(n -> "did you mean '" + n + "'?").orElse(help))
            .causedBy(e);
      }
      if (!command.subcommands().isEmpty()) {
        String what = command.name().equals("study") ? "study" : "command";
        return Failure.usage("unknown " + what + " '" + word + "'")
            .advise(Names.hint(word, command.subcommands().keySet()))
            .causedBy(e);
      }
      return Failure.usage("unexpected argument '" + word + "'").advise(help).causedBy(e);
    }
    String line = e.getMessage();
    if (line.startsWith("Missing required subcommand")) {
      line = "a " + (command.name().equals("study") ? "study" : "command") + " is expected";
    } else if (e.getCause() instanceof TypeConversionException
        && e.getArgSpec() instanceof OptionSpec option
        && WHOLE_NUMBERS.containsKey(option.type())) {
      line =
          option.longestName()
              + " "
              + e.getValue()
              + ": expected a whole number "
              + WHOLE_NUMBERS.get(option.type());
    }
    return Failure.usage(line).advise(help).causedBy(e);
  }

  private int report(Throwable e, String[] args, boolean debug) {
    PrintStream err = session.err();
    if (e instanceof Cancellation.Cancelled) {
      err.println(
          "amortis: stopped; finished parts are kept and the same command goes on from them");
      return STOPPED;
    }
    Failure failure = e instanceof Failure known ? known : translate(e, args);
    String label = session.colour() ? "\u001b[31merror:\u001b[0m " : "error: ";
    err.println("amortis: " + label + failure.getMessage());
    failure.advice().ifPresent(advice -> err.println("  " + advice));
    if (debug) {
      e.printStackTrace(err);
    }
    return failure.kind().exitCode();
  }

  /// What an exception that nobody foresaw means to the user.
  private static Failure translate(Throwable e, String[] args) {
    Throwable root = e instanceof UncheckedIOException ? e.getCause() : e;
    if (root instanceof IOException) {
      String what =
          switch (root) {
            case NoSuchFileException n -> "no such file: " + n.getFile();
            case AccessDeniedException a -> "no permission: " + a.getFile();
            default -> String.valueOf(root.getMessage());
          };
      return Failure.storage(what).causedBy(e);
    }
    if (e instanceof OutOfMemoryError) {
      return Failure.internal("out of memory: " + e.getMessage())
          .advise("allow more with AMORTIS_JVM_FLAGS=-Xmx8g, or take a smaller --profile")
          .causedBy(e);
    }
    return Failure.internal("internal error: " + e).advise(log(e, args)).causedBy(e);
  }

  /// Writes the stack trace to a file of its own.
  private static String log(Throwable e, String[] args) {
    StringWriter text = new StringWriter();
    PrintWriter writer = new PrintWriter(text);
    writer.println(new Version().getVersion()[0] + " on " + System.getProperty("os.name"));
    writer.println("arguments: " + String.join(" ", args));
    e.printStackTrace(writer);
    try {
      Path file = Files.createTempFile("amortis-error-", ".log");
      Files.writeString(file, text.toString());
      return "details are in " + file + "; please report them";
    } catch (IOException | RuntimeException unwritable) {
      return "details could not be written ("
          + unwritable.getMessage()
          + "); try again with --debug";
    }
  }
}
