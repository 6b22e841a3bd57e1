package org.amortis.engine.device.cuda.emulator;

/// Reads words and statements of PTX; comments are white space.
final class PtxReader {
  private final String text;
  private int at;
  private int line = 1;

  PtxReader(String text) {
    this.text = text;
  }

  /// The line of what was read last, counted from 1.
  int line() {
    return line;
  }

  PtxFault unknown(String what) {
    return new PtxFault(PtxFault.Kind.UNKNOWN, "line " + line + ": " + what);
  }

  private void skipSpace() {
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '\n') {
        line++;
        at++;
      } else if (Character.isWhitespace(c) || c == '\0') {
        at++;
      } else if (text.startsWith("//", at)) {
        int end = text.indexOf('\n', at);
        at = end < 0 ? text.length() : end;
      } else if (text.startsWith("/*", at)) {
        int end = text.indexOf("*/", at);
        String comment = text.substring(at, end < 0 ? text.length() : end + 2);
        line += (int) comment.chars().filter(k -> k == '\n').count();
        at += comment.length();
      } else {
        return;
      }
    }
  }

  /// The next character that is no space, 0 at the end; it stays.
  char peek() {
    skipSpace();
    return at < text.length() ? text.charAt(at) : 0;
  }

  /// Takes the next character if it is this one.
  boolean take(char c) {
    if (peek() == c) {
      at++;
      return true;
    }
    return false;
  }

  /// The next word, or a single sign; empty at the end.
  String word() {
    skipSpace();
    int from = at;
    while (at < text.length() && isWord(text.charAt(at))) {
      at++;
    }
    if (at == from && at < text.length()) {
      at++;
    }
    return text.substring(from, at);
  }

  private static boolean isWord(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '$' || c == '%' || c == '.';
  }

  void expect(String word) {
    String found = word();
    if (!found.equals(word)) {
      throw unknown("`" + found + "` instead of `" + word + "`");
    }
  }

  /// The number that comes next.
  int number() {
    String found = word();
    try {
      return Integer.parseInt(found);
    } catch (NumberFormatException e) {
      throw unknown("`" + found + "` instead of a number");
    }
  }

  /// The next label with its colon, or else `null`.
  String label() {
    skipSpace();
    int end = at;
    while (end < text.length() && isWord(text.charAt(end))) {
      end++;
    }
    if (end > at && end < text.length() && text.charAt(end) == ':') {
      String label = text.substring(at, end);
      at = end + 1;
      return label;
    }
    return null;
  }

  /// The text up to the next semicolon, which is taken.
  String statement() {
    skipSpace();
    int end = text.indexOf(';', at);
    if (end < 0) {
      throw unknown("a statement without end");
    }
    String statement = text.substring(at, end);
    at = end + 1;
    return statement.replaceAll("\\s+", " ").strip();
  }
}
