package org.amortis.cli;

import java.io.PrintStream;
import java.util.Locale;
import org.amortis.cli.ShownProgress.Moment;

/// One line on a terminal, redrawn in place ten times a second.
final class Bar implements ShownProgress.Form {
  private static final String CLEAR = "\r\u001b[K";
  private static final int BAR_WIDTH = 24;

  /// From this width on there is room for the bar itself.
  private static final int WIDE = 80;

  private final PrintStream err;
  private final int columns;

  Bar(PrintStream err, int columns) {
    this.err = err;
    this.columns = columns;
  }

  @Override
  public long intervalNanos() {
    return 100_000_000L;
  }

  @Override
  public void draw(Moment moment) {
    String line = line(moment);
    err.print(CLEAR + line.substring(0, Math.min(line.length(), Math.max(1, columns - 1))));
    if (moment.ended()) {
      err.println();
    }
    err.flush();
  }

  @Override
  public void note(Moment moment, String text) {
    err.println(CLEAR + text);
    if (!moment.phase().isEmpty()) {
      draw(moment);
    }
  }

  private String line(Moment m) {
    String head = String.format(Locale.ROOT, "%-24s ", m.phase());
    if (m.ended()) {
      return head + m.done() + " in " + Moment.clock(m.seconds()) + ", " + m.rateText();
    }
    if (m.total() <= 0) {
      return head + m.done() + "  " + m.rateText();
    }
    double part = Math.clamp((double) m.done() / m.total(), 0.0, 1.0);
    int full = (int) (part * BAR_WIDTH);
    String bar = columns < WIDE ? "" : "[" + "#".repeat(full) + ".".repeat(BAR_WIDTH - full) + "] ";
    String eta = Double.isNaN(m.eta()) ? "" : "  " + Moment.clock(m.eta()) + " left";
    String counts =
        String.format(Locale.ROOT, "%3d%%  %d/%d", (int) (100 * part), m.done(), m.total());
    return head + bar + counts + "  " + m.rateText() + eta;
  }
}
