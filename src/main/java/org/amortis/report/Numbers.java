package org.amortis.report;

import java.math.BigDecimal;
import java.math.RoundingMode;

/// Numbers as people read them, always with a point, whatever the locale.
final class Numbers {
  private Numbers() {}

  /// `value` with `decimals` decimals, empty for NaN, `inf` for infinity.
  static String fixed(double value, int decimals) {
    if (Double.isNaN(value)) {
      return "";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "inf" : "-inf";
    }
    BigDecimal rounded = new BigDecimal(value).setScale(decimals, RoundingMode.HALF_EVEN);
    return rounded.signum() == 0
        ? BigDecimal.ZERO.setScale(decimals).toPlainString()
        : rounded.toPlainString();
  }

  /// As [#fixed], with a plus sign before positive values.
  static String signed(double value, int decimals) {
    String text = fixed(value, decimals);
    return value > 0 && !text.isEmpty() ? "+" + text : text;
  }

  /// Seconds in a unit that suits their size: `850 µs`, `12.3 ms`, `4.56 s`, `7.5 min`, `2.1 h`.
  static String seconds(double s) {
    if (Double.isNaN(s)) {
      return "";
    }
    if (s == 0) {
      return "0 s";
    }
    if (s < 1e-3) {
      return digits(s * 1e6) + " µs";
    }
    if (s < 1) {
      return digits(s * 1e3) + " ms";
    }
    if (s < 120) {
      return digits(s) + " s";
    }
    return s < 7200 ? digits(s / 60) + " min" : digits(s / 3600) + " h";
  }

  /// A count with thousands separators; infinite is `never`.
  static String count(double n) {
    if (Double.isNaN(n)) {
      return "";
    }
    if (Double.isInfinite(n)) {
      return "never";
    }
    String plain = new BigDecimal(n).setScale(0, RoundingMode.CEILING).toPlainString();
    StringBuilder out = new StringBuilder(plain);
    for (int i = plain.length() - 3; i > (plain.startsWith("-") ? 1 : 0); i -= 3) {
      out.insert(i, ',');
    }
    return out.toString();
  }

  private static String digits(double value) {
    return fixed(value, value < 10 ? 2 : value < 100 ? 1 : 0);
  }
}
