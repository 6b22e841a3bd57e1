package org.amortis.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Dot plots of a score table: excess over the exact posterior, and coverage.
final class ScoreFigure {
  private static final double NORMAL_975 = 1.959963984540054;

  private ScoreFigure() {}

  static Optional<Figure> of(ScoreTable table, Palette palette) {
    Map<String, Function<ScoreTable.Row, ScoreTable.Score>> metrics = new LinkedHashMap<>();
    metrics.put("RMSPE", ScoreTable.Row::rmspe);
    metrics.put("MIS90", ScoreTable.Row::mis90);
    metrics.put("CRPS", ScoreTable.Row::crps);
    Data excess = new Data("metric", "method", "value", "excess", "error", "low", "high");
    List<String> shown = new ArrayList<>();
    metrics.forEach((metric, score) -> {
      boolean compared = false;
      for (ScoreTable.Row row : table.rows()) {
        compared |= !row.method().equals("exact") && defined(score.apply(row));
      }
      if (compared) {
        shown.add(metric);
        table.rows().forEach(row -> add(excess, metric, row.method(), score.apply(row)));
      }
    });
    Data coverage = new Data("method", "coverage");
    for (ScoreTable.Row row : table.rows()) {
      if (Double.isFinite(row.cov90())) {
        coverage.row(row.method(), 100 * row.cov90());
      }
    }
    List<String> methods = table.rows().stream().map(ScoreTable.Row::method).toList();
    Map<String, Data> data = new LinkedHashMap<>();
    List<View> views = new ArrayList<>();
    if (!shown.isEmpty()) {
      data.put("excess", excess);
    }
    for (String metric : shown) {
      views.add(
          new View(
              metric,
              null,
              metric + ": excess over the exact posterior by method",
              "dots",
              dots("excess", methods, palette).json(),
              List.of("metric", metric)));
    }
    double half = 100 * NORMAL_975 * StrictMath.sqrt(0.09 / table.fields());
    if (coverage.size() > 0) {
      data.put("coverage", coverage);
      views.add(
          new View(
              "COV90",
              null,
              "coverage of the 90 % interval by method",
              "dots",
              dots("coverage", methods, palette)
                  .with("low", 90 - half)
                  .with("high", Math.min(100, 90 + half))
                  .json(),
              List.of()));
    }
    if (views.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Figure(
            caption(!shown.isEmpty(), coverage.size() > 0, half, table.fields()),
            views.size() == 1 ? "one" : "four",
            List.of(),
            Map.of(),
            data,
            views));
  }

  private static boolean defined(ScoreTable.Score score) {
    return Double.isFinite(score.excess());
  }

  private static void add(Data data, String metric, String method, ScoreTable.Score score) {
    if (!defined(score)) {
      return;
    }
    double half =
        Double.isFinite(score.excessStandardError()) ? NORMAL_975 * score.excessStandardError() : 0;
    data.row(
        metric,
        method,
        100 * score.value(),
        100 * score.excess(),
        100 * score.excessStandardError(),
        100 * (score.excess() - half),
        100 * (score.excess() + half));
  }

  private static View.Template dots(String name, List<String> methods, Palette palette) {
    return View.Template.of(name)
        .with("height", 25 * methods.size())
        .with("methods", methods)
        .with("colours", palette.colours(methods));
  }

  private static String caption(boolean excess, boolean coverage, double half, int fields) {
    StringBuilder out = new StringBuilder();
    if (excess) {
      out.append(
          "How far each method's score lies above the exact posterior's on the same fields;");
      out.append(" bars are 95 % intervals from the paired standard error. ");
    }
    if (coverage) {
      out.append(
          "Coverage of the central 90 % interval; the band holds 95 % of the coverages that");
      out.append(" an exactly calibrated method shows on ").append(Numbers.count(fields));
      out.append(" fields (90 ± ").append(Numbers.fixed(half, 1)).append(" %).");
    }
    return out.toString().strip();
  }
}
