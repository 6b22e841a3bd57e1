package org.amortis.engine.device.gpu;

import org.amortis.engine.Failure;

/// Which launches become one; the bytes are the same.
public enum Joining {
  /// None: every launch is its own.
  APART,
  /// Those that do next to nothing.
  SMALL,
  /// These, and those over the rows of a batch.
  ROWS;

  /// What `AMORTIS_LAUNCHES` says: `apart`, `small`, `rows`.
  ///
  /// @param otherwise what holds where it says nothing
  /// @throws Failure for a word that means nothing
  public static Joining of(String word, Joining otherwise) {
    return switch (word == null ? "" : word) {
      case "" -> otherwise;
      case "apart" -> APART;
      case "small" -> SMALL;
      case "rows" -> ROWS;
      default ->
          throw Failure.usage("AMORTIS_LAUNCHES is '" + word + "'; expected rows, small or apart");
    };
  }
}
