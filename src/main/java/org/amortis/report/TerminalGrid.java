package org.amortis.report;

import java.util.List;
import java.util.function.Function;

/// Rows in fixed-width ASCII columns with two header lines.
///
/// @param columns the columns, the first flush left, the others flush right
/// @param rows what the columns read
/// @param faint which rows stand back
record TerminalGrid<R>(List<Column<R>> columns, List<R> rows, Function<R, Boolean> faint) {
  private static final String BOLD = "\u001b[1m";
  private static final String FAINT = "\u001b[2m";
  private static final String PLAIN = "\u001b[0m";
  private static final String GAP = "  ";
  private static final int NAME_LIMIT = 16;

  /// What a row says in a column; neighbours of one group, if it is not empty, share a title.
  record Column<R>(String group, String name, Function<R, String> text) {}

  /// Columns that the lines take.
  int width() {
    int total = -GAP.length();
    for (Column<R> column : columns) {
      total += width(column) + GAP.length();
    }
    return total;
  }

  /// The grid as lines, each ended by a line feed.
  String text(boolean colour) {
    StringBuilder out = new StringBuilder();
    String groups = groups();
    if (!groups.isBlank()) {
      styled(out, groups, colour ? FAINT : "");
    }
    StringBuilder names = new StringBuilder();
    for (Column<R> column : columns) {
      pad(names, column.name(), width(column));
    }
    styled(out, names.toString(), colour ? BOLD : "");
    styled(out, "-".repeat(width()), colour ? FAINT : "");
    for (R row : rows) {
      StringBuilder line = new StringBuilder();
      for (Column<R> column : columns) {
        pad(line, shown(column, row), width(column));
      }
      styled(out, line.toString(), colour && faint.apply(row) ? FAINT : "");
    }
    return out.toString();
  }

  /// A line of its own in the faint style.
  static String note(String text, boolean colour) {
    StringBuilder out = new StringBuilder();
    styled(out, text, colour ? FAINT : "");
    return out.toString();
  }

  /// A name that stays inside its column and can send nothing but text to the terminal.
  static String name(String name) {
    String safe = name.replaceAll("[^\\x20-\\x7e]", "?");
    return safe.length() <= NAME_LIMIT ? safe : safe.substring(0, NAME_LIMIT - 1) + "~";
  }

  private String groups() {
    StringBuilder line = new StringBuilder();
    for (int c = 0; c < columns.size(); ) {
      String group = columns.get(c).group();
      int length = width(columns.get(c++));
      while (c < columns.size() && !group.isEmpty() && columns.get(c).group().equals(group)) {
        length += GAP.length() + width(columns.get(c++));
      }
      line.append(line.isEmpty() ? "" : GAP);
      int free = length - group.length() - 2;
      if (group.isEmpty() || free < 0) {
        line.append(group.isEmpty() ? " ".repeat(length) : group.substring(0, length));
      } else {
        line.append("-".repeat(free / 2)).append(' ').append(group).append(' ');
        line.append("-".repeat(free - free / 2));
      }
    }
    return line.toString();
  }

  private int width(Column<R> column) {
    int width = column.name().length();
    for (R row : rows) {
      width = Math.max(width, shown(column, row).length());
    }
    return width;
  }

  private String shown(Column<R> column, R row) {
    String text = column.text().apply(row);
    return text.isEmpty() ? "-" : text.replace("µ", "u");
  }

  private static void pad(StringBuilder line, String text, int width) {
    String space = " ".repeat(width - text.length());
    line.append(line.isEmpty() ? text + space : GAP + space + text);
  }

  private static void styled(StringBuilder out, String line, String style) {
    out.append(style).append(line.stripTrailing()).append(style.isEmpty() ? "" : PLAIN);
    out.append('\n');
  }
}
