package org.amortis.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import org.amortis.engine.Failure;

/// Early checks of files the user names, before any long work starts.
final class Paths {
  private Paths() {}

  /// Returns quietly if `file` is a readable file.
  static void requireReadable(String option, Path file) {
    String where = option + " " + file + ": ";
    if (!Files.exists(file)) {
      throw Failure.data(where + "no such file");
    }
    if (Files.isDirectory(file)) {
      throw Failure.data(where + "this is a folder, expected a file");
    }
    if (!Files.isReadable(file)) {
      throw Failure.storage(where + "no permission to read it");
    }
  }
}
