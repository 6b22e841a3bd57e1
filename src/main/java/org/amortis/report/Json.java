package org.amortis.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Map;

/// JSON text that may stand inside an HTML script element.
final class Json {
  private static final MathContext DIGITS = new MathContext(6);

  private Json() {}

  /// The JSON of strings, numbers, booleans, null, lists, and maps in their own order.
  ///
  /// Numbers carry six significant digits; NaN and infinities become null. `<`, `>` and `&` are
  /// written as `\\u003c` and so on, so that no string can close the element it stands in.
  static String write(Object value) {
    StringBuilder out = new StringBuilder();
    append(out, value);
    return out.toString();
  }

  private static void append(StringBuilder out, Object value) {
    switch (value) {
      case null -> out.append("null");
      case String s -> string(out, s);
      case Boolean b -> out.append(b);
      case Integer i -> out.append(i);
      case Double d -> out.append(number(d));
      case Float f -> out.append(number(f));
      case double[] values -> {
        out.append('[');
        for (int i = 0; i < values.length; i++) {
          out.append(i == 0 ? "" : ",").append(number(values[i]));
        }
        out.append(']');
      }
      case List<?> list -> {
        out.append('[');
        for (int i = 0; i < list.size(); i++) {
          out.append(i == 0 ? "" : ",");
          append(out, list.get(i));
        }
        out.append(']');
      }
      case Map<?, ?> map -> {
        out.append('{');
        String comma = "";
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          out.append(comma);
          string(out, (String) entry.getKey());
          out.append(':');
          append(out, entry.getValue());
          comma = ",";
        }
        out.append('}');
      }
      default -> throw new IllegalArgumentException("no JSON for a " + value.getClass());
    }
  }

  private static String number(double value) {
    if (!Double.isFinite(value)) {
      return "null";
    }
    if (value == 0) {
      return "0";
    }
    BigDecimal rounded = new BigDecimal(value).round(DIGITS).stripTrailingZeros();
    int exponent = rounded.precision() - rounded.scale() - 1;
    return exponent < -5 || exponent > 14 ? rounded.toString() : rounded.toPlainString();
  }

  private static void string(StringBuilder out, String s) {
    out.append('"');
    for (int i = 0; i < s.length(); i++) {
      char c = s.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        default -> {
          boolean plain = c >= ' ' && c < 0x7f || c > 0xa0 && c != 0x2028 && c != 0x2029;
          if (plain && c != '<' && c != '>' && c != '&' && !Character.isSurrogate(c)) {
            out.append(c);
          } else {
            String hex = Integer.toHexString(c);
            out.append("\\u").append("0".repeat(4 - hex.length())).append(hex);
          }
        }
      }
    }
    out.append('"');
  }
}
