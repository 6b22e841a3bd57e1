package org.amortis.io;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipOutputStream;
import org.amortis.engine.Failure;

/// NumPy's npz files: named arrays in a zip archive.
///
/// Reads what numpy.savez and numpy.savez_compressed write, zip64 included; checksums are verified.
/// Refuses encrypted, overlapping, hidden, duplicate or oversized entries.
public final class Npz {
  private static final LocalDateTime FIXED_TIME = LocalDateTime.of(1980, 2, 1, 0, 0);
  private static final int COUNT_FIRST = 1 << 24; // unpacked bytes above which a claim is proved

  private final String place;
  private final List<String> names;
  private final Map<String, NpyArray> arrays;

  private Npz(String place, List<String> names, Map<String, NpyArray> arrays) {
    this.place = place;
    this.names = names;
    this.arrays = arrays;
  }

  /// How much an archive may hold.
  ///
  /// @param entries the greatest number of arrays
  /// @param bytes the greatest sum of unpacked sizes
  public record Limits(int entries, long bytes) {
    /// 1,024 arrays and three quarters of the heap, in bytes.
    public static Limits standard() {
      return new Limits(1024, Runtime.getRuntime().maxMemory() / 4 * 3);
    }
  }

  /// All arrays of an archive, within the standard limits.
  ///
  /// @throws Failure DATA if the file is absent, damaged or not plain arrays; STORAGE if it cannot
  ///   be read
  public static Npz read(Path file) {
    return read(file, Limits.standard());
  }

  /// All arrays of an archive.
  ///
  /// @throws Failure DATA if the file is absent, damaged, beyond the limits or not plain arrays;
  ///   STORAGE if it cannot be read
  public static Npz read(Path file, Limits limits) {
    return read(file, limits, name -> true);
  }

  /// Some arrays of an archive, those of them that are there; what the others hold is not looked
  /// at, so they may be text or anything else.
  ///
  /// @throws Failure DATA if the file is absent or damaged or one of these is no plain array;
  ///   STORAGE if it cannot be read
  public static Npz read(Path file, Set<String> wanted) {
    return read(file, Limits.standard(), wanted::contains);
  }

  private static Npz read(Path file, Limits limits, Predicate<String> wanted) {
    String place = file.toString();
    try {
      Npy.requireRegularFile(file);
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
        List<String> names = new ArrayList<>();
        Map<String, NpyArray> arrays = new LinkedHashMap<>();
        for (ZipDirectory.Entry entry :
            ZipDirectory.read(channel, place, limits.entries(), limits.bytes())) {
          String name = key(entry, place);
          names.add(name);
          if (wanted.test(name)) {
            arrays.put(name, array(channel, entry, place));
          }
        }
        return new Npz(place, List.copyOf(names), arrays);
      }
    } catch (IOException e) {
      throw Fault.reading(file, e);
    }
  }

  private static String key(ZipDirectory.Entry entry, String place) {
    if (!entry.name().endsWith(".npy") || entry.name().length() == 4) {
      throw Fault.data(place, "entry " + Fault.quote(entry.name()), "only arrays, NAME.npy")
          .advise("write the archive with numpy.savez");
    }
    return entry.name().substring(0, entry.name().length() - 4);
  }

  private static NpyArray array(FileChannel channel, ZipDirectory.Entry entry, String place)
      throws IOException {
    String inner = place + ": entry " + Fault.quote(entry.name());
    if (entry.deflated() && entry.size() > COUNT_FIRST) {
      unpack(channel, entry, inner, Npz::discard); // a false size must not become an allocation
    }
    return unpack(channel, entry, inner, in -> Npy.read(in, entry.size(), inner));
  }

  private interface Reading<T> {
    T from(InputStream in) throws IOException;
  }

  private static NpyArray discard(InputStream in) throws IOException {
    in.transferTo(OutputStream.nullOutputStream());
    return null;
  }

  private static <T> T unpack(
      FileChannel channel, ZipDirectory.Entry entry, String place, Reading<T> reading)
      throws IOException {
    Inflater inflater = new Inflater(true);
    try {
      InputStream packed = new ChannelRange(channel, entry.data(), entry.packed());
      InputStream plain =
          entry.deflated() ? new InflaterInputStream(packed, inflater, 1 << 14) : packed;
      CRC32 crc = new CRC32();
      CountedStream counted =
          new CountedStream(new CheckedInputStream(plain, crc), entry.size(), place);
      T result = reading.from(counted);
      counted.requireEnd();
      if (entry.deflated() && inflater.getBytesRead() != entry.packed()) {
        throw Fault.data(place, "bytes after the compressed data", "none");
      }
      if (crc.getValue() != entry.crc()) {
        throw Fault.data(
            place,
            "checksum " + Long.toHexString(crc.getValue()),
            Long.toHexString(entry.crc()) + ": the file is damaged");
      }
      return result;
    } catch (ZipException | EOFException e) {
      throw Failure.data(place + ": damaged compressed data, expected " + entry.size() + " bytes")
          .causedBy(e);
    } finally {
      inflater.end();
    }
  }

  /// Names of all arrays, in file order, those that were not read included.
  public List<String> names() {
    return names;
  }

  /// Whether an array of that name was read.
  public boolean has(String name) {
    return arrays.containsKey(name);
  }

  /// The array of that name.
  ///
  /// @throws Failure DATA if there is none
  public NpyArray array(String name) {
    NpyArray array = arrays.get(name);
    if (array == null) {
      throw Failure.data(
          place
              + ": no array "
              + Fault.quote(name)
              + ", found "
              + Fault.quote(String.join(", ", names())));
    }
    return array;
  }

  /// Creates or replaces an archive in one step; equal content gives equal bytes.
  ///
  /// @throws Failure STORAGE if the disk or a permission forbids it; an old file is then intact
  public static void write(Path file, Map<String, NpyArray> arrays) {
    AtomicFile.write(file, out -> write(out, arrays));
  }

  /// Writes the arrays in the order of the map, uncompressed, with one fixed time.
  public static void write(OutputStream out, Map<String, NpyArray> arrays) throws IOException {
    ZipOutputStream zip = new ZipOutputStream(out);
    zip.setMethod(ZipOutputStream.STORED);
    for (Map.Entry<String, NpyArray> named : arrays.entrySet()) {
      CRC32 crc = new CRC32();
      Npy.write(new CheckedOutputStream(OutputStream.nullOutputStream(), crc), named.getValue());
      ZipEntry entry = new ZipEntry(named.getKey() + ".npy");
      entry.setTimeLocal(FIXED_TIME);
      entry.setSize(Npy.length(named.getValue()));
      entry.setCrc(crc.getValue());
      zip.putNextEntry(entry);
      Npy.write(zip, named.getValue());
      zip.closeEntry();
    }
    zip.finish();
  }
}
