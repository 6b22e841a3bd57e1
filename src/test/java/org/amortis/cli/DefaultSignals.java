package org.amortis.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Starts children that listen to Ctrl-C even where this process was started to ignore it.
///
/// A shell starts background jobs with SIGINT ignored, children inherit that, and Java then leaves
/// the signal alone.
final class DefaultSignals {
  private static final long SIGINT = 1L << 1;

  private DefaultSignals() {}

  /// What to put before a child's command: nothing where SIGINT is not ignored.
  static List<String> prefix() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.isReadable(status)) {
      return List.of();
    }
    for (String line : Files.readAllLines(status)) {
      if (line.startsWith("SigIgn:")) {
        long ignored = Long.parseUnsignedLong(line.substring(7).strip(), 16);
        return (ignored & SIGINT) == 0 ? List.of() : List.of("env", "--default-signal=INT");
      }
    }
    return List.of();
  }
}
