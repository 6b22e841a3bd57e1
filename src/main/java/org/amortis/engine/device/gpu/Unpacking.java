package org.amortis.engine.device.gpu;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Lets JCuda and JOCL unpack their native parts into a folder of this process.
///
/// Both write them into the folder of `java.io.tmpdir` under a name that everybody knows, and load
/// a file of that name where one is there already: one that another process has half written, one
/// that a full disk cut short, or another user's. Folders for temporary files may also forbid
/// programs (mounted `noexec`) or writing; then the user's cache folder is taken.
public final class Unpacking {
  private static final String PROPERTY = "java.io.tmpdir";

  private Unpacking() {}

  /// Runs something that loads native parts; the folder is gone afterwards where the system lets
  /// loaded files go. Where no folder will do, everything stays as it is.
  public static synchronized <T> T privately(Supplier<T> load) {
    String usual = System.getProperty(PROPERTY);
    Path cache = Path.of(System.getProperty("user.home", "."), ".cache");
    Path own = folder(usual == null ? List.of(cache) : List.of(Path.of(usual), cache));
    if (own == null) {
      return load.get();
    }
    System.setProperty(PROPERTY, own.toString());
    try {
      return load.get();
    } finally {
      if (usual == null) {
        System.clearProperty(PROPERTY);
      } else {
        System.setProperty(PROPERTY, usual);
      }
      remove(own);
    }
  }

  /// A new folder in the first of some that takes files which may be run; null where none does.
  static Path folder(List<Path> candidates) {
    for (Path c : candidates) {
      try {
        Files.createDirectories(c);
        Path own = Files.createTempDirectory(c, "amortis-");
        if (runs(own)) {
          return own;
        }
        remove(own);
      } catch (IOException | UnsupportedOperationException e) {
        // the next one
      }
    }
    return null;
  }

  /// Whether files of a folder may be run: on one that forbids it no file is executable, whatever
  /// its mode.
  private static boolean runs(Path folder) throws IOException {
    File probe = Files.createFile(folder.resolve("probe")).toFile();
    boolean runs = probe.setExecutable(true) && probe.canExecute();
    Files.delete(probe.toPath());
    return runs;
  }

  private static void remove(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      files.forEach(f -> f.toFile().delete());
    } catch (IOException | UncheckedIOException e) {
      // What is in use stays.
    }
    folder.toFile().delete();
  }
}
