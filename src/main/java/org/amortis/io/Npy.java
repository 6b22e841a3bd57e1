package org.amortis.io;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.amortis.engine.Failure;

/// NumPy's npy files: one array of numbers.
///
/// Reads format versions 1 to 3, both byte orders, row-major and column-major, 0-d and empty arrays
/// of booleans, integers and floats. Never reads pickles. Source: NumPy Enhancement Proposal 1.
public final class Npy {
  private static final int MAX_HEADER = 10_000; // NumPy's own limit

  private Npy() {}

  /// The array in a file.
  ///
  /// @throws Failure DATA if the file is absent or not a plain array of numbers; STORAGE if it
  ///   cannot be read
  public static NpyArray read(Path file) {
    try {
      requireRegularFile(file);
      try (InputStream in = Files.newInputStream(file)) {
        return read(in, Files.size(file), file.toString());
      }
    } catch (IOException e) {
      throw Fault.reading(file, e);
    }
  }

  /// The array in the next `length` bytes, all of which it must fill; `place` names them in errors.
  static NpyArray read(InputStream in, long length, String place) throws IOException {
    byte[] start = in.readNBytes((int) Math.min(12, length));
    checkMagic(start, place);
    boolean wide = start[6] > 1;
    int prefix = wide ? 12 : 10;
    if (start.length < prefix) {
      throw Fault.at(place, start.length, "the file ends", "the header's length");
    }
    long headerLength = headerLength(start, wide);
    if (headerLength > MAX_HEADER || headerLength > length - prefix) {
      throw Fault.at(
          place,
          8,
          "header of " + headerLength + " bytes in a file of " + length,
          "at most " + Math.min(MAX_HEADER, length - prefix));
    }
    byte[] text = new byte[(int) headerLength];
    int ahead = start.length - prefix; // version 1: two header bytes are already read
    int copied = Math.min(ahead, text.length);
    System.arraycopy(start, prefix, text, 0, copied);
    if (in.readNBytes(text, copied, text.length - copied) < text.length - copied) {
      throw Fault.at(place, prefix, "the file ends in its header", headerLength + " bytes");
    }
    NpyHeader header = NpyHeader.parse(text, place, prefix);
    long offset = prefix + headerLength;
    int count = checkedCount(header, length, offset, place);
    Object values = Elements.decode(in, header.type(), header.order(), count, place, offset);
    if (header.fortran()) {
      values = Elements.rowMajor(values, header.type(), header.shape(), place);
    }
    return NpyArray.trusted(header.type(), header.shape(), values);
  }

  private static void checkMagic(byte[] start, String place) {
    byte[] magic = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    if (start.length < 10) {
      throw Fault.at(place, start.length, "the file ends", "an npy file of at least 10 bytes");
    }
    for (int i = 0; i < magic.length; i++) {
      if (start[i] != magic[i]) {
        throw Fault.at(place, i, "not an npy file", "the magic string \\x93NUMPY")
            .advise("write the file with numpy.save or numpy.savez");
      }
    }
    if (start[6] < 1 || start[6] > 3 || start[7] != 0) {
      throw Fault.at(
          place, 6, "format version " + (start[6] & 0xFF) + "." + (start[7] & 0xFF), "1.0 to 3.0");
    }
  }

  private static long headerLength(byte[] start, boolean wide) {
    long length = (start[8] & 0xFF) | (start[9] & 0xFF) << 8;
    return wide ? length | (start[10] & 0xFFL) << 16 | (start[11] & 0xFFL) << 24 : length;
  }

  /// Compares the shape with the bytes that are really there, before anything is allocated.
  private static int checkedCount(NpyHeader header, long length, long offset, String place) {
    String shape = NpyArray.text(header.shape());
    long bytes;
    try {
      bytes = Math.multiplyExact(header.count(), (long) header.type().size());
    } catch (ArithmeticException e) {
      throw Fault.at(place, offset, "shape " + shape, "fewer than 2^63 bytes").causedBy(e);
    }
    if (bytes != length - offset) {
      throw Fault.at(
          place,
          offset,
          (length - offset) + " bytes of data",
          bytes + " for shape " + shape + " of " + header.type());
    }
    if (header.count() > NpyArray.MAX_ELEMENTS) {
      throw Fault.data(place, "shape " + shape, "at most " + NpyArray.MAX_ELEMENTS + " elements");
    }
    return (int) header.count();
  }

  /// Replaces or creates a file in one step; the bytes are those numpy.save writes.
  ///
  /// @throws Failure STORAGE if the disk or a permission forbids it; an old file is then intact
  public static void write(Path file, NpyArray array) {
    AtomicFile.write(file, out -> write(out, array));
  }

  /// Writes the bytes that numpy.save writes: version 1, row-major, little-endian.
  ///
  /// @throws IllegalArgumentException if the type is BFLOAT16, which NumPy does not know
  public static void write(OutputStream out, NpyArray array) throws IOException {
    if (array.type() == ElementType.BFLOAT16) {
      throw new IllegalArgumentException("npy files cannot hold BFLOAT16");
    }
    out.write(NpyHeader.write(array.type(), array.shape()));
    Elements.encode(array, out);
  }

  /// How many bytes [#write(OutputStream, NpyArray)] writes.
  static long length(NpyArray array) {
    return NpyHeader.write(array.type(), array.shape()).length
        + (long) array.size() * array.type().size();
  }

  /// Devices, pipes and folders have no length to check against.
  static void requireRegularFile(Path file) throws IOException {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw Fault.data(file.toString(), "not a regular file", "a file on disk");
    }
  }
}
