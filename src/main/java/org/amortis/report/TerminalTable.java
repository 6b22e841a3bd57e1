package org.amortis.report;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/// The tables of a study in fixed-width ASCII for a terminal.
///
/// Scores are shown x 10^-2, coverage and excess in %, standard errors in brackets; `-` stands for
/// "undefined".
public final class TerminalTable {
  private TerminalTable() {}

  /// The scores as lines, each ended by a line feed, none wider than `width` where `width >= 40`.
  ///
  /// Where the terminal is too narrow the times go first, then the decimals of the excesses, then
  /// their standard errors, then the excesses; the scores always stay.
  ///
  /// @param width columns of the terminal
  /// @param colour whether escape sequences may be used; false where NO_COLOR is set
  public static String write(ScoreTable table, int width, boolean colour) {
    int detail = 4;
    TerminalGrid<ScoreTable.Row> grid = scores(table, detail);
    String units = "scores x 10^-2, COV90 in %";
    String errors = units + "; excess over exact in % (standard error)";
    while (detail > 0 && (grid.width() > width || detail > 1 && errors.length() > width)) {
      grid = scores(table, --detail);
    }
    boolean excess = grid.columns().stream().anyMatch(c -> !c.group().isEmpty());
    String text = grid.text(colour);
    if (!excess) {
      return text + TerminalGrid.note(detail < 2 ? units : units + " (standard error)", colour);
    }
    if (detail < 2) {
      return text + TerminalGrid.note(units + "; excess in %", colour);
    }
    return text + TerminalGrid.note(errors, colour);
  }

  /// Scores by the published definitions, measured here and printed in the review, as lines.
  ///
  /// Where the terminal is too narrow the last scores are left out, RMSPE and MIS90 stay.
  ///
  /// @param width columns of the terminal
  /// @param colour whether escape sequences may be used; false where NO_COLOR is set
  public static String write(PublishedTable table, int width, boolean colour) {
    int scores = 4;
    TerminalGrid<PublishedTable.Row> grid = published(table, scores);
    while (grid.width() > width && scores > 2) {
      grid = published(table, --scores);
    }
    return grid.text(colour)
        + TerminalGrid.note("medians x 10^-2, COV90 in %: here, and as printed", colour);
  }

  private static TerminalGrid<ScoreTable.Row> scores(ScoreTable table, int detail) {
    List<TerminalGrid.Column<ScoreTable.Row>> all = new ArrayList<>();
    all.add(new TerminalGrid.Column<>("", "method", r -> TerminalGrid.name(r.method())));
    boolean compared = table.rows().stream().anyMatch(TerminalTable::compared);
    boolean bare = compared || detail < 2;
    all.add(new TerminalGrid.Column<>("", "RMSPE", r -> value(r.rmspe(), 2, bare)));
    all.add(new TerminalGrid.Column<>("", "MIS90", r -> value(r.mis90(), 2, bare)));
    all.add(new TerminalGrid.Column<>("", "CRPS", r -> value(r.crps(), 3, bare)));
    all.add(new TerminalGrid.Column<>("", "COV90", r -> hundredth(r.cov90(), 1)));
    if (detail > 0 && compared) {
      boolean errors = detail > 1;
      int decimals = detail == 2 ? 0 : 1;
      String group = errors ? "excess over exact, %" : "excess";
      add(all, group, "RMSPE", ScoreTable.Row::rmspe, errors, decimals);
      add(all, group, "MIS90", ScoreTable.Row::mis90, errors, decimals);
      add(all, group, "CRPS", ScoreTable.Row::crps, errors, decimals);
    }
    if (detail > 3 && table.rows().stream().anyMatch(r -> Double.isFinite(r.trainSeconds()))) {
      all.add(new TerminalGrid.Column<>("", "training", r -> Numbers.seconds(r.trainSeconds())));
    }
    return new TerminalGrid<>(all, table.rows(), r -> r.method().equals("exact"));
  }

  private static void add(
      List<TerminalGrid.Column<ScoreTable.Row>> all,
      String group,
      String name,
      Function<ScoreTable.Row, ScoreTable.Score> score,
      boolean errors,
      int decimals) {
    all.add(
        new TerminalGrid.Column<>(group, name, r -> excess(r, score.apply(r), errors, decimals)));
  }

  private static TerminalGrid<PublishedTable.Row> published(PublishedTable table, int scores) {
    List<TerminalGrid.Column<PublishedTable.Row>> all = new ArrayList<>();
    all.add(new TerminalGrid.Column<>("", "method", r -> TerminalGrid.name(r.method())));
    pair(all, "RMSPE", 2, r -> r.here().rmspe(), r -> r.printed().rmspe());
    pair(all, "MIS90", 2, r -> r.here().mis90(), r -> r.printed().mis90());
    if (scores > 2) {
      pair(all, "MCRPS", 2, r -> r.here().mcrps(), r -> r.printed().mcrps());
    }
    if (scores > 3) {
      pair(all, "COV90", 1, PublishedTable.Row::cov90Here, PublishedTable.Row::cov90Printed);
    }
    return new TerminalGrid<>(all, table.rows(), r -> r.method().equals("exact"));
  }

  private static void pair(
      List<TerminalGrid.Column<PublishedTable.Row>> all,
      String score,
      int decimals,
      ToDoubleFunction<PublishedTable.Row> here,
      ToDoubleFunction<PublishedTable.Row> printed) {
    all.add(
        new TerminalGrid.Column<>(score, "here", r -> hundredth(here.applyAsDouble(r), decimals)));
    all.add(
        new TerminalGrid.Column<>(
            score, "printed", r -> hundredth(printed.applyAsDouble(r), decimals)));
  }

  private static String hundredth(double value, int decimals) {
    return Numbers.fixed(100 * value, decimals);
  }

  private static boolean compared(ScoreTable.Row row) {
    return !row.method().equals("exact")
        && (Double.isFinite(row.rmspe().excess())
            || Double.isFinite(row.mis90().excess())
            || Double.isFinite(row.crps().excess()));
  }

  private static String excess(
      ScoreTable.Row row, ScoreTable.Score score, boolean errors, int decimals) {
    if (row.method().equals("exact") || !Double.isFinite(score.excess())) {
      return "";
    }
    String text = Numbers.signed(100 * score.excess(), decimals);
    return errors ? text + error(score.excessStandardError(), decimals) : text;
  }

  private static String value(ScoreTable.Score score, int decimals, boolean bare) {
    String text = hundredth(score.value(), decimals);
    return bare || text.isEmpty() ? text : text + error(score.standardError(), decimals);
  }

  private static String error(double standardError, int decimals) {
    return Double.isNaN(standardError) ? "" : " (" + hundredth(standardError, decimals) + ")";
  }
}
