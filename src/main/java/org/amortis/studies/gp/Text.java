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

  /// Seconds, short.
  static String seconds(double s) {
    return String.format(Locale.ROOT, s < 0.1 ? "%.2g s" : "%.1f s", s);
  }
}
