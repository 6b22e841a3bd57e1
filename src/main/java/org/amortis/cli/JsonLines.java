package org.amortis.cli;

import java.io.PrintStream;
import java.util.Locale;
import org.amortis.cli.ShownProgress.Moment;

/// One JSON object a line with the fields phase, done, total, rate, eta_s; on a note, also note.
final class JsonLines implements ShownProgress.Form {
  private final PrintStream err;

  JsonLines(PrintStream err) {
    this.err = err;
  }

  @Override
  public long intervalNanos() {
    return 500_000_000L;
  }

  @Override
  public void draw(Moment m) {
    err.println("{" + fields(m) + "}");
  }

  @Override
  public void note(Moment m, String text) {
    err.println("{" + fields(m) + ",\"note\":" + quote(text) + "}");
  }

  private static String fields(Moment m) {
    String total = m.total() > 0 ? Long.toString(m.total()) : "null";
    String eta = Double.isNaN(m.eta()) ? "null" : String.format(Locale.ROOT, "%.1f", m.eta());
    return String.format(
        Locale.ROOT,
        "\"phase\":%s,\"done\":%d,\"total\":%s,\"rate\":%.3f,\"eta_s\":%s",
        quote(m.phase()),
        m.done(),
        total,
        m.rate(),
        m.ended() ? "0.0" : eta);
  }

  /// The text as a JSON string of ASCII characters.
  private static String quote(String text) {
    StringBuilder out = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < ' ' || c > '~') {
        out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    return out.append('"').toString();
  }
}
