package org.amortis.report;

import java.util.List;

/// Scores by the review's own definitions beside the figures it printed.
///
/// @param source where the printed figures stand, for example authors, year and table
/// @param rows one a method, in table order
public record PublishedTable(String source, List<Row> rows) implements Block {
  /// Copies the rows.
  public PublishedTable {
    rows = List.copyOf(rows);
  }

  /// One method: measured here, and printed there; NaN stands for "not given".
  ///
  /// @param method name of the method
  /// @param here medians measured in this run, natural units
  /// @param cov90Here coverage measured in this run, a fraction
  /// @param printed medians as published, natural units
  /// @param cov90Printed coverage as published, a fraction
  public record Row(
      String method,
      ScoreTable.Medians here,
      double cov90Here,
      ScoreTable.Medians printed,
      double cov90Printed) {}
}
