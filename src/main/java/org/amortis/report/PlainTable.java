package org.amortis.report;

import java.util.ArrayList;
import java.util.List;

/// A table of texts: the first column names its rows, numbers come formatted.
///
/// @param header one text a column
/// @param rows each as long as the header; a first cell that names a method of the page's figures
///   has its colour
/// @param note plain text under the table, may be empty
public record PlainTable(List<String> header, List<List<String>> rows, String note)
    implements Block {
  /// Copies the cells.
  ///
  /// @throws IllegalArgumentException when a row is longer or shorter than the header
  public PlainTable {
    header = List.copyOf(header);
    rows = rows.stream().map(List::copyOf).toList();
    for (List<String> row : rows) {
      if (row.size() != header.size() || row.isEmpty()) {
        throw new IllegalArgumentException(
            "row of " + row.size() + " cells in a table of " + header.size() + " columns");
      }
    }
  }

  /// The table for a terminal: first column to the left, the others to the right, two spaces
  /// between them, each line ended by a line feed.
  public String text() {
    List<List<String>> all = new ArrayList<>();
    all.add(header);
    all.addAll(rows);
    int[] width = new int[header.size()];
    for (List<String> row : all) {
      for (int c = 0; c < width.length; c++) {
        width[c] = StrictMath.max(width[c], row.get(c).length());
      }
    }
    StringBuilder out = new StringBuilder();
    for (List<String> row : all) {
      StringBuilder line = new StringBuilder(row.getFirst());
      line.repeat(" ", width[0] - row.getFirst().length());
      for (int c = 1; c < width.length; c++) {
        line.repeat(" ", 2 + width[c] - row.get(c).length()).append(row.get(c));
      }
      out.append(line.toString().stripTrailing()).append('\n');
    }
    return note.isEmpty() ? out.toString() : out.append(note).append('\n').toString();
  }
}
