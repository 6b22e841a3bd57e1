package org.amortis.io;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/// The few operations that change a disk, so that tests can make each of them fail.
interface Disk {
  /// The disk of this machine.
  Disk REAL = new Real();

  /// A new file, open for writing.
  ///
  /// @throws IOException if it exists
  Output create(Path file) throws IOException;

  /// Renames in one step, replacing the target.
  void rename(Path from, Path to) throws IOException;

  /// Makes renames and deletions in a folder durable, where the system can.
  void forceFolder(Path folder) throws IOException;

  void delete(Path file) throws IOException;

  void createFolders(Path folder) throws IOException;

  /// A file open for writing.
  abstract class Output extends OutputStream {
    /// Makes everything written so far durable.
    abstract void force() throws IOException;
  }

  /// Plain java.nio.
  final class Real implements Disk {
    private Real() {}

    @Override
    public Output create(Path file) throws IOException {
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      OutputStream stream = Channels.newOutputStream(channel);
      return new Output() {
        @Override
        public void write(int b) throws IOException {
          stream.write(b);
        }

        @Override
        public void write(byte[] bytes, int from, int count) throws IOException {
          ByteBuffer rest = ByteBuffer.wrap(bytes, from, count);
          while (rest.hasRemaining()) {
            channel.write(rest);
          }
        }

        @Override
        void force() throws IOException {
          channel.force(true);
        }

        @Override
        public void close() throws IOException {
          channel.close();
        }
      };
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void forceFolder(Path folder) {
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      } catch (IOException cannot) {
        // Some systems do not open folders; the rename has happened, only its durability is weaker.
      }
    }

    @Override
    public void delete(Path file) throws IOException {
      Files.deleteIfExists(file);
    }

    @Override
    public void createFolders(Path folder) throws IOException {
      Files.createDirectories(folder);
    }
  }
}
