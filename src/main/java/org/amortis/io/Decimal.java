package org.amortis.io;

import java.math.BigDecimal;

/// Finite doubles as the shortest decimal text that gives them back, with a point in any locale.
final class Decimal {
  private Decimal() {}

  /// Plain notation from 1e-6 to 1e15 (`0.0289`, `10`), scientific beyond (`1e-7`, `1.5e300`).
  static String text(double value) {
    if (value == 0) {
      return 1 / value < 0 ? "-0.0" : "0";
    }
    BigDecimal shortest = new BigDecimal(Double.toString(value)).stripTrailingZeros();
    int exponent = shortest.precision() - shortest.scale() - 1;
    if (exponent >= -6 && exponent < 15) {
      return shortest.toPlainString();
    }
    String digits = shortest.unscaledValue().abs().toString();
    return (value < 0 ? "-" : "")
        + digits.charAt(0)
        + (digits.length() > 1 ? "." + digits.substring(1) : "")
        + "e"
        + exponent;
  }

  /// The shortest text of a float.
  static String text(float value) {
    return text(Double.parseDouble(Float.toString(value)));
  }
}
