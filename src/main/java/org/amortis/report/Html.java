package org.amortis.report;

/// Plain text made safe for HTML.
final class Html {
  private Html() {}

  /// `text` escaped, with no line break before a percent sign or around a multiplication sign.
  static String prose(String text) {
    return escape(text).replace(" %", "\u00a0%").replace(" × ", "\u00a0×\u00a0");
  }

  /// `text` with everything that HTML could read as markup replaced by references.
  ///
  /// Safe between tags and inside quoted attributes. Control characters, which HTML forbids, become
  /// U+FFFD.
  static String escape(String text) {
    StringBuilder out = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '"' -> out.append("&quot;");
        case '\'' -> out.append("&#39;");
        case '\n', '\t' -> out.append(c);
        default -> out.append(c < ' ' || c == 0x7f ? '\ufffd' : c);
      }
    }
    return out.toString();
  }
}
