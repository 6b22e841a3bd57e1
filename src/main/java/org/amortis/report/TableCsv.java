package org.amortis.report;

import org.amortis.io.Csv;

/// A score table as `table.csv`: natural units, a point in numbers, empty where undefined.
///
/// The columns `_se` hold the standard errors of the columns `_excess`, as fractions.
public final class TableCsv {
  private static final String[] HEADER = {
    "method",
    "rmspe",
    "mis90",
    "crps",
    "cov90",
    "rmspe_se",
    "mis90_se",
    "crps_se",
    "rmspe_excess",
    "mis90_excess",
    "crps_excess",
    "rmspe_published",
    "mis90_published",
    "mcrps_published",
    "train_seconds",
    "seconds_per_field"
  };

  private TableCsv() {}

  /// The table, ready to be written to a file.
  public static Csv of(ScoreTable table) {
    Csv csv = new Csv(HEADER);
    for (ScoreTable.Row row : table.rows()) {
      csv.row(
          row.method(),
          row.rmspe().value(),
          row.mis90().value(),
          row.crps().value(),
          row.cov90(),
          row.rmspe().excessStandardError(),
          row.mis90().excessStandardError(),
          row.crps().excessStandardError(),
          row.rmspe().excess(),
          row.mis90().excess(),
          row.crps().excess(),
          row.medians().rmspe(),
          row.medians().mis90(),
          row.medians().mcrps(),
          row.trainSeconds(),
          row.secondsPerField());
    }
    return csv;
  }
}
