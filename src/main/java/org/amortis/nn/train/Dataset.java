package org.amortis.nn.train;

import java.util.List;

/// Training pairs as columns of equal length.
///
/// @param columns each `(N, ...)`, by the names that the objective asks for
public record Dataset(List<Column> columns) {
  /// Copies the columns.
  ///
  /// @throws IllegalArgumentException when there is none or their lengths differ
  public Dataset {
    columns = List.copyOf(columns);
    if (columns.isEmpty()) {
      throw new IllegalArgumentException("a data set needs at least one column");
    }
    for (Column c : columns) {
      if (c.count() != columns.getFirst().count()) {
        throw new IllegalArgumentException(
            c.name()
                + " has "
                + c.count()
                + " samples, "
                + columns.getFirst().name()
                + " has "
                + columns.getFirst().count());
      }
    }
  }

  /// The given columns.
  ///
  /// @throws IllegalArgumentException when there is none or their lengths differ
  public static Dataset of(Column... columns) {
    return new Dataset(List.of(columns));
  }

  /// Number of samples.
  public int count() {
    return columns.getFirst().count();
  }
}
