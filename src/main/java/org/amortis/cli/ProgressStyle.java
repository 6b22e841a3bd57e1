package org.amortis.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.amortis.engine.Progress;

/// The ways to show progress on standard error.
enum ProgressStyle {
  /// [#BAR] on a terminal, else [#PLAIN].
  AUTO,
  /// One line redrawn in place.
  BAR,
  /// One line now and then.
  PLAIN,
  /// One JSON object a line.
  JSON,
  /// Nothing.
  NONE;

  /// The style of that name.
  static ProgressStyle parse(String name) {
    List<String> known =
        Arrays.stream(values()).map(v -> v.name().toLowerCase(Locale.ROOT)).toList();
    return valueOf(Names.resolve("progress style", name, known).toUpperCase(Locale.ROOT));
  }

  /// A progress that draws on the session's standard error.
  Progress open(Session session) {
    boolean canRedraw = session.terminal() && !"dumb".equals(session.environment().get("TERM"));
    return switch (this) {
      case NONE -> Progress.NONE;
      case JSON -> new ShownProgress(new JsonLines(session.err()), System::nanoTime);
      case PLAIN -> new ShownProgress(new PlainLines(session.err()), System::nanoTime);
      case BAR -> new ShownProgress(bar(session), System::nanoTime);
      case AUTO -> (canRedraw ? BAR : PLAIN).open(session);
    };
  }

  private static Bar bar(Session session) {
    return new Bar(session.err(), session.columns());
  }
}
