package org.amortis.report;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// A score table in fixed-width ASCII for a terminal.
///
/// Scores are shown x 10^-2, coverage and excess in %, standard errors in brackets. Where the
/// terminal is too narrow the standard errors go first, then the excesses; the scores always stay.
public final class TerminalTable {
  private static final String BOLD = "\u001b[1m";
  private static final String FAINT = "\u001b[2m";
  private static final String PLAIN = "\u001b[0m";
  private static final String GAP = "  ";
  private static final int NAME_LIMIT = 16;

  private TerminalTable() {}

  /// What a row says in a column.
  private record Column(String group, String name, Function<ScoreTable.Row, String> text) {}

  /// The table as lines, each ended by a line feed, none wider than `width` where `width` >= 40.
  ///
  /// @param width columns of the terminal
  /// @param colour whether escape sequences may be used; false where NO_COLOR is set
  public static String write(ScoreTable table, int width, boolean colour) {
    for (int detail = 3; ; detail--) {
      List<Column> columns = columns(table, detail);
      int[] widths = widths(table, columns);
      int total = 0;
      for (int w : widths) {
        total += w + GAP.length();
      }
      if (total - GAP.length() <= width || detail == 0) {
        return lay(table, columns, widths, colour, detail);
      }
    }
  }

  private static List<Column> columns(ScoreTable table, int detail) {
    List<Column> all = new ArrayList<>();
    all.add(new Column("", "method", r -> ascii(r.method())));
    all.add(new Column("", "RMSPE", r -> Numbers.fixed(100 * r.rmspe().value(), 2)));
    all.add(new Column("", "MIS90", r -> Numbers.fixed(100 * r.mis90().value(), 2)));
    all.add(new Column("", "CRPS", r -> Numbers.fixed(100 * r.crps().value(), 3)));
    all.add(new Column("", "COV90", r -> Numbers.fixed(100 * r.cov90(), 1)));
    if (detail > 0 && table.rows().stream().anyMatch(TerminalTable::compared)) {
      boolean errors = detail > 1;
      all.add(new Column("excess", "RMSPE", r -> excess(r, r.rmspe(), errors)));
      all.add(new Column("excess", "MIS90", r -> excess(r, r.mis90(), errors)));
      all.add(new Column("excess", "CRPS", r -> excess(r, r.crps(), errors)));
    }
    boolean times = table.rows().stream().anyMatch(r -> Double.isFinite(r.trainSeconds()));
    if (detail > 2 && times) {
      all.add(new Column("", "training", r -> Numbers.seconds(r.trainSeconds())));
    }
    return all;
  }

  private static boolean compared(ScoreTable.Row row) {
    return !row.method().equals("exact")
        && (Double.isFinite(row.rmspe().excess())
            || Double.isFinite(row.mis90().excess())
            || Double.isFinite(row.crps().excess()));
  }

  private static String excess(ScoreTable.Row row, ScoreTable.Score score, boolean errors) {
    if (row.method().equals("exact") || !Double.isFinite(score.excess())) {
      return "";
    }
    String text = Numbers.signed(100 * score.excess(), 1);
    if (!errors) {
      return text;
    }
    String error = Numbers.fixed(100 * score.standardError(), 1);
    return text + (error.isEmpty() ? "" : " (" + error + ")");
  }

  private static int[] widths(ScoreTable table, List<Column> columns) {
    int[] widths = new int[columns.size()];
    for (int c = 0; c < widths.length; c++) {
      widths[c] = columns.get(c).name().length();
      for (ScoreTable.Row row : table.rows()) {
        widths[c] = Math.max(widths[c], shown(columns.get(c), row).length());
      }
    }
    return widths;
  }

  private static String lay(
      ScoreTable table, List<Column> columns, int[] widths, boolean colour, int detail) {
    StringBuilder out = new StringBuilder();
    groups(out, columns, widths, colour);
    StringBuilder names = new StringBuilder();
    for (int c = 0; c < widths.length; c++) {
      pad(names, columns.get(c).name(), widths[c], c);
    }
    styled(out, names.toString(), colour ? BOLD : "");
    int total = -GAP.length();
    for (int w : widths) {
      total += w + GAP.length();
    }
    styled(out, "-".repeat(total), colour ? FAINT : "");
    for (ScoreTable.Row row : table.rows()) {
      StringBuilder line = new StringBuilder();
      for (int c = 0; c < widths.length; c++) {
        pad(line, shown(columns.get(c), row), widths[c], c);
      }
      styled(out, line.toString(), colour && row.method().equals("exact") ? FAINT : "");
    }
    String units = "scores x 10^-2, COV90 in %";
    if (columns.stream().anyMatch(c -> c.group().equals("excess"))) {
      units += detail > 1 ? "; excess over exact in % (standard error)" : "; excess in %";
    }
    for (String line : wrapped(units, Math.max(total, 38))) {
      styled(out, line, colour ? FAINT : "");
    }
    return out.toString();
  }

  private static void groups(
      StringBuilder out, List<Column> columns, int[] widths, boolean colour) {
    int from = 0;
    int length = 0;
    for (int c = 0; c < widths.length; c++) {
      if (columns.get(c).group().isEmpty()) {
        from += length == 0 ? widths[c] + GAP.length() : 0;
      } else {
        length += widths[c] + (length == 0 ? 0 : GAP.length());
      }
    }
    if (length > 0) {
      String title = length >= 22 ? " excess over exact, % " : " excess ";
      int left = (length - title.length()) / 2;
      String rule = "-".repeat(left) + title + "-".repeat(length - left - title.length());
      styled(out, " ".repeat(from) + rule, colour ? FAINT : "");
    }
  }

  private static List<String> wrapped(String text, int width) {
    if (text.length() <= width) {
      return List.of(text);
    }
    int cut = text.indexOf("; ") + 1;
    return List.of(text.substring(0, cut), text.substring(cut + 1));
  }

  private static String shown(Column column, ScoreTable.Row row) {
    String text = column.text().apply(row);
    return text.isEmpty() ? "-" : text.replace("µ", "u");
  }

  private static void pad(StringBuilder line, String text, int width, int column) {
    String space = " ".repeat(width - text.length());
    line.append(column == 0 ? text + space : GAP + space + text);
  }

  private static void styled(StringBuilder out, String line, String style) {
    String text = line.stripTrailing();
    out.append(style).append(text).append(style.isEmpty() ? "" : PLAIN).append('\n');
  }

  /// Names stay inside their column and can send nothing but text to the terminal.
  private static String ascii(String name) {
    String safe = name.replaceAll("[^\\x20-\\x7e]", "?");
    return safe.length() <= NAME_LIMIT ? safe : safe.substring(0, NAME_LIMIT - 1) + "~";
  }
}
