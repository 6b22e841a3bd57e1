package org.amortis.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.amortis.engine.Failure;

/// Early checks of files the user names, before any long work starts.
final class Paths {
  private Paths() {}

  /// Returns quietly unless writing `out` would replace a file that is read.
  static void requireOther(String option, Path out, Path read) {
    try {
      if (Files.exists(out) && Files.isSameFile(out, read)) {
        throw Failure.usage(option + " " + out + ": is a file that is read, choose another");
      }
    } catch (IOException e) {
      throw Failure.storage(option + " " + out + ": " + e.getMessage()).causedBy(e);
    }
  }

  /// Returns quietly if a file called `out` can be written.
  static void requireWritable(String option, Path out) {
    String where = option + " " + out + ": ";
    if (Files.isDirectory(out)) {
      throw Failure.storage(where + "is a folder, expected the name of a file");
    }
    Path folder = out.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw Failure.storage(where + "no such folder: " + folder);
    }
    if (!Files.isWritable(folder)) {
      throw Failure.storage(where + "no permission to write into " + folder);
    }
  }

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
