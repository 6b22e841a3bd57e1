package org.amortis.io;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.amortis.engine.Failure;

/// Writes a file in one step: whoever opens it sees the old bytes or the new ones, never a mixture.
///
/// The bytes go to a file beside the target, reach the disk (fsync), and take the target's name by
/// an atomic rename; then the folder's entry reaches the disk. A crash at any instant leaves the
/// old file and at most one file named `.amortis-PID-N.partial`.
public final class AtomicFile {
  private static final Pattern PARTIAL = Pattern.compile("\\.amortis-\\d+-\\d+\\.partial");
  private static final AtomicLong COUNTER = new AtomicLong();

  private AtomicFile() {}

  /// What to write.
  @FunctionalInterface
  public interface Content {
    /// Writes everything; need not close or flush.
    void writeTo(OutputStream out) throws IOException;
  }

  /// Creates or replaces `file`.
  ///
  /// @throws Failure STORAGE on a full disk, a missing permission or folder; `file` is then as
  ///   before
  public static void write(Path file, Content content) {
    write(Disk.REAL, file, content);
  }

  static void write(Disk disk, Path file, Content content) {
    Path target = file.toAbsolutePath();
    Path folder = target.getParent();
    if (folder == null || Files.isDirectory(target)) {
      throw Failure.storage(file + ": is a folder, expected the name of a file");
    }
    Path partial =
        folder.resolve(
            ".amortis-"
                + ProcessHandle.current().pid()
                + "-"
                + COUNTER.incrementAndGet()
                + ".partial");
    boolean renamed = false;
    boolean created = false;
    try {
      try (Disk.Output raw = disk.create(partial)) {
        created = true;
        BufferedOutputStream out = new BufferedOutputStream(raw, 1 << 16);
        content.writeTo(out);
        out.flush();
        raw.force();
      }
      disk.rename(partial, target);
      renamed = true;
      disk.forceFolder(folder);
    } catch (IOException e) {
      throw Fault.writing(file, e);
    } finally {
      if (created && !renamed) {
        discard(disk, partial);
      }
    }
  }

  private static void discard(Disk disk, Path partial) {
    try {
      disk.delete(partial);
    } catch (IOException left) {
      // The failure that led here says more; a run folder removes strays when it is opened.
    }
  }

  /// Whether a file name is one that an interrupted write leaves behind.
  static boolean isPartial(String name) {
    return PARTIAL.matcher(name).matches();
  }
}
