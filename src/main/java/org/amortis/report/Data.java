package org.amortis.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A small table behind a figure, filled row by row.
final class Data {
  private final List<String> columns;
  private final List<List<Object>> rows = new ArrayList<>();

  Data(String... columns) {
    this.columns = List.of(columns);
  }

  /// Adds a row; null stands for a missing value.
  void row(Object... values) {
    if (values.length != columns.size()) {
      throw new IllegalArgumentException(values.length + " values for " + columns);
    }
    List<Object> row = new ArrayList<>(values.length);
    for (Object value : values) {
      row.add(value);
    }
    rows.add(row);
  }

  int size() {
    return rows.size();
  }

  Map<String, Object> json() {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("columns", columns);
    out.put("rows", rows);
    return out;
  }
}
