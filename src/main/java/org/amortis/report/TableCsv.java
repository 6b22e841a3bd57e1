package org.amortis.report;

import java.math.BigDecimal;
import java.math.MathContext;

/// A score table as `table.csv`: natural units, a point in numbers, empty where undefined.
public final class TableCsv {
  /// The header line.
  public static final String HEADER =
      "method,rmspe,mis90,crps,cov90,rmspe_se,mis90_se,crps_se,rmspe_excess,mis90_excess,"
          + "crps_excess,rmspe_published,mis90_published,mcrps_published,train_seconds,"
          + "seconds_per_field";

  private static final MathContext DIGITS = new MathContext(9);

  private TableCsv() {}

  /// The table as text: the header, one line a row, each line ended by a line feed.
  ///
  /// Numbers carry nine significant digits and no exponent.
  public static String write(ScoreTable table) {
    StringBuilder out = new StringBuilder(HEADER).append('\n');
    for (ScoreTable.Row row : table.rows()) {
      out.append(quoted(row.method()));
      double[] values = {
        row.rmspe().value(),
        row.mis90().value(),
        row.crps().value(),
        row.cov90(),
        row.rmspe().standardError(),
        row.mis90().standardError(),
        row.crps().standardError(),
        row.rmspe().excess(),
        row.mis90().excess(),
        row.crps().excess(),
        row.medians().rmspe(),
        row.medians().mis90(),
        row.medians().mcrps(),
        row.trainSeconds(),
        row.secondsPerField()
      };
      for (double value : values) {
        out.append(',').append(number(value));
      }
      out.append('\n');
    }
    return out.toString();
  }

  private static String number(double value) {
    if (Double.isNaN(value)) {
      return "";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "inf" : "-inf";
    }
    if (value == 0) {
      return "0";
    }
    return new BigDecimal(value).round(DIGITS).stripTrailingZeros().toPlainString();
  }

  private static String quoted(String text) {
    boolean plain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return plain ? text : "\"" + text.replace("\"", "\"\"") + "\"";
  }
}
