package org.amortis.io;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/// A disk whose n-th operation fails, once or for good, with part of the bytes written.
final class FaultyDisk implements Disk {
  private final int failing;
  private final boolean forGood;
  private int operations;

  /// Counts operations from 1; `forGood` lets every later one fail too, as if the process had died.
  FaultyDisk(int failing, boolean forGood) {
    this.failing = failing;
    this.forGood = forGood;
  }

  /// Whether the n-th operation was reached.
  boolean fired() {
    return operations >= failing;
  }

  private boolean fails() {
    operations++;
    return forGood ? operations >= failing : operations == failing;
  }

  private void step(Path file) throws IOException {
    if (fails()) {
      throw new FileSystemException(file.toString(), null, "No space left on device");
    }
  }

  @Override
  public Output create(Path file) throws IOException {
    step(file);
    Output real = REAL.create(file);
    return new Output() {
      @Override
      public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int from, int count) throws IOException {
        if (fails()) {
          real.write(bytes, from, count / 2);
          throw new IOException("No space left on device");
        }
        real.write(bytes, from, count);
      }

      @Override
      void force() throws IOException {
        step(file);
        real.force();
      }

      @Override
      public void close() throws IOException {
        real.close();
        step(file);
      }
    };
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    step(to);
    REAL.rename(from, to);
  }

  @Override
  public void forceFolder(Path folder) throws IOException {
    step(folder);
    REAL.forceFolder(folder);
  }

  @Override
  public void delete(Path file) throws IOException {
    step(file);
    REAL.delete(file);
  }

  @Override
  public void createFolders(Path folder) throws IOException {
    step(folder);
    REAL.createFolders(folder);
  }
}
