package org.amortis.cli;

import picocli.CommandLine.Option;

/// The options that every command takes.
final class CommonOptions {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and exit.")
  boolean help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Show the version and exit.")
  boolean version;

  @Option(names = "--debug", description = "Show stack traces and write diagnostics.")
  boolean debug;
}
