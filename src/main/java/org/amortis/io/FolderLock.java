package org.amortis.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;
import org.amortis.engine.Failure;

/// The right of one process to write into a folder.
///
/// The system drops the lock when its process ends, however it ends, so a lock file that is left
/// behind locks nothing. The file is emptied on release but never deleted: a deleted lock file lets
/// two processes hold locks on two files of the same name.
final class FolderLock implements AutoCloseable {
  static final String NAME = ".lock";

  // Closing any channel of a file drops this process's lock on it (POSIX), so a folder held by this
  // process must be known without opening its lock file a second time.
  private static final Set<Path> HELD = new HashSet<>();
  private static final long LOCKED_BYTE = Long.MAX_VALUE - 1; // leaves the text readable everywhere

  private final Path folder;
  private final FileChannel channel;

  private FolderLock(Path folder, FileChannel channel) {
    this.folder = folder;
    this.channel = channel;
  }

  /// Takes the lock of an existing folder.
  ///
  /// @throws Failure USAGE if another run holds it; STORAGE if the folder cannot be written
  static FolderLock take(Path folder) {
    try {
      Path real = folder.toRealPath();
      synchronized (HELD) {
        if (HELD.contains(real)) {
          throw inUse(folder, "this process");
        }
        FileChannel channel =
            FileChannel.open(
                real.resolve(NAME),
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        try {
          FileLock lock = channel.tryLock(LOCKED_BYTE, 1, false);
          if (lock == null) {
            throw inUse(folder, text(channel));
          }
          channel.truncate(0);
          channel.write(ByteBuffer.wrap(owner().getBytes(StandardCharsets.UTF_8)), 0);
        } catch (IOException | RuntimeException e) {
          channel.close();
          throw e;
        }
        HELD.add(real);
        return new FolderLock(real, channel);
      }
    } catch (IOException e) {
      throw Fault.writing(folder.resolve(NAME), e);
    }
  }

  private static Failure inUse(Path folder, String owner) {
    return Failure.usage(folder + ": another run is writing here (" + owner + ")")
        .advise("wait for it to end or choose another folder with --out");
  }

  private static String text(FileChannel channel) throws IOException {
    ByteBuffer start = ByteBuffer.allocate(200);
    channel.read(start, 0);
    String text = new String(start.array(), 0, start.position(), StandardCharsets.UTF_8).strip();
    return text.isEmpty() ? "owner unknown" : text.replaceAll("[^\\x20-\\x7e]", "?");
  }

  private static String owner() {
    return "process " + ProcessHandle.current().pid() + " on " + host() + "\n";
  }

  /// The name of this machine without asking the network for it.
  static String host() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    } catch (IOException notLinux) {
      String name = System.getenv("HOSTNAME");
      name = name == null ? System.getenv("COMPUTERNAME") : name;
      return name == null ? "an unnamed machine" : name;
    }
  }

  /// Gives the folder free.
  @Override
  public void close() {
    synchronized (HELD) {
      if (HELD.remove(folder)) {
        try (channel) {
          channel.truncate(0);
        } catch (IOException e) {
          // The lock goes with the channel or with this process; the text in the file is only a
          // hint.
        }
      }
    }
  }
}
