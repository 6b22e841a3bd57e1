package org.amortis.cli;

import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import org.amortis.engine.Cancellation;
import org.amortis.studies.Study;

/// What one run of the command line has to work with.
///
/// @param out where tables go
/// @param err where progress and errors go
/// @param terminal whether `err` is a terminal
/// @param environment the environment variables
/// @param cancellation set when the user asks the process to stop
/// @param studies the studies that can be run
record Session(
    PrintStream out,
    PrintStream err,
    boolean terminal,
    Map<String, String> environment,
    Cancellation cancellation,
    List<Study> studies) {

  Session {
    environment = Map.copyOf(environment);
    studies = List.copyOf(studies);
  }

  /// Whether text on `err` may carry colours (see no-color.org).
  boolean colour() {
    return terminal
        && environment.getOrDefault("NO_COLOR", "").isEmpty()
        && !"dumb".equals(environment.get("TERM"));
  }

  /// The width of the terminal in columns, 80 where it is not known.
  int columns() {
    String text = environment.getOrDefault("COLUMNS", "");
    return text.matches("[1-9][0-9]{0,3}") ? Integer.parseInt(text) : 80;
  }
}
