package org.amortis.cli;

import java.io.PrintStream;
import java.util.Locale;
import org.amortis.cli.ShownProgress.Moment;

/// A line at the end of a phase and every five seconds within it, for pipes and logs.
final class PlainLines implements ShownProgress.Form {
  private final PrintStream err;

  PlainLines(PrintStream err) {
    this.err = err;
  }

  @Override
  public long intervalNanos() {
    return 5_000_000_000L;
  }

  @Override
  public void draw(Moment m) {
    if (m.ended()) {
      err.println(
          m.phase() + ": " + m.done() + " in " + Moment.clock(m.seconds()) + ", " + m.rateText());
    } else if (m.done() > 0) {
      String of = m.total() > 0 ? "/" + m.total() : "";
      String part =
          m.total() > 0 ? String.format(Locale.ROOT, " (%d%%)", 100 * m.done() / m.total()) : "";
      String eta = Double.isNaN(m.eta()) ? "" : ", " + Moment.clock(m.eta()) + " left";
      err.println(m.phase() + ": " + m.done() + of + part + ", " + m.rateText() + eta);
    }
  }

  @Override
  public void note(Moment m, String text) {
    err.println(m.phase().isEmpty() ? text : m.phase() + ": " + text);
  }
}
