package org.amortis.io;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A table as comma-separated values: quoting of RFC 4180, UTF-8, numbers with a point in any
/// locale.
///
/// Lines end with a single line feed, which RFC 4180 readers accept and line tools expect.
public final class Csv {
  private final int columns;
  private final StringBuilder text = new StringBuilder();

  /// A table with one header line.
  ///
  /// @throws IllegalArgumentException when it has no column
  public Csv(String... header) {
    if (header.length == 0) {
      throw new IllegalArgumentException("a table needs at least one column");
    }
    columns = header.length;
    line(Arrays.asList(header));
  }

  /// Adds a row of `String`, whole numbers, `Float` and `Double`; null, NaN and infinities give
  /// empty cells.
  ///
  /// @throws IllegalArgumentException for a row longer or shorter than the header, or a cell of
  ///   another type
  public Csv row(Object... cells) {
    if (cells.length != columns) {
      throw new IllegalArgumentException(
          "row of " + cells.length + " cells in a table of " + columns + " columns");
    }
    List<String> texts = new ArrayList<>(cells.length);
    for (Object cell : cells) {
      texts.add(cell(cell));
    }
    line(texts);
    return this;
  }

  private static String cell(Object cell) {
    return switch (cell) {
      case null -> "";
      case String s -> s;
      case Double d -> Double.isFinite(d) ? Decimal.text(d) : "";
      case Float f -> Float.isFinite(f) ? Decimal.text(f) : "";
      case Integer i -> i.toString();
      case Long l -> l.toString();
      default -> throw new IllegalArgumentException("cell of " + cell.getClass());
    };
  }

  private void line(List<String> cells) {
    for (int i = 0; i < cells.size(); i++) {
      text.append(i == 0 ? "" : ",").append(quoted(cells.get(i)));
    }
    text.append('\n');
  }

  private static String quoted(String cell) {
    boolean plain = cell.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return plain ? cell : '"' + cell.replace("\"", "\"\"") + '"';
  }

  /// Creates or replaces a file in one step.
  ///
  /// @throws org.amortis.engine.Failure STORAGE if the disk or a permission forbids it; an old file
  ///   is then intact
  public void write(Path file) {
    AtomicFile.write(file, this::writeTo);
  }

  /// Writes the table.
  public void writeTo(OutputStream out) throws IOException {
    out.write(toString().getBytes(StandardCharsets.UTF_8));
  }

  /// The table as text.
  @Override
  public String toString() {
    return text.toString();
  }
}
