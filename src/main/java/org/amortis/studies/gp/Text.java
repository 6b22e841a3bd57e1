package org.amortis.studies.gp;

import java.util.Locale;

/// Numbers as the report's sentences show them.
final class Text {
  private Text() {}

  /// A whole number with thousands separated, or "no number of".
  static String count(double n) {
    return Double.isInfinite(n) || Double.isNaN(n)
        ? "no number of"
        : String.format(Locale.ROOT, "%,d", (long) n);
  }

  /// A share and its standard error in per cent, the error only where it is known.
  static String percent(double share, double standardError) {
    String text = String.format(Locale.ROOT, "%.1f %%", 100 * share);
    return Double.isNaN(standardError)
        ? text
        : text + String.format(Locale.ROOT, " (standard error %.1f)", 100 * standardError);
  }

  /// Seconds, short.
  static String seconds(double s) {
    return String.format(Locale.ROOT, s < 0.1 ? "%.2g s" : "%.1f s", s);
  }

  /// Lines of at most `width` columns, each ended by a line feed.
  static String wrapped(String text, int width) {
    StringBuilder lines = new StringBuilder();
    int column = 0;
    for (String word : text.split(" ")) {
      if (column > 0 && column + 1 + word.length() > width) {
        lines.append('\n');
        column = 0;
      }
      lines.append(column == 0 ? "" : " ").append(word);
      column += (column == 0 ? 0 : 1) + word.length();
    }
    return lines.append('\n').toString();
  }
}
