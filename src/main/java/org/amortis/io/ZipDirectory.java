package org.amortis.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.amortis.engine.Failure;

/// The entries of a zip archive as its central directory states them, with every claim checked:
/// local headers agree, byte ranges tile the file without overlap or gap, sizes are possible.
///
/// One parser serves checks and reading, so there is no second opinion to exploit. Source: PKWARE
/// APPNOTE 6.3.10; overlap attack: David Fifield, "A better zip bomb", WOOT 2019.
final class ZipDirectory {
  /// One stored or deflated entry.
  record Entry(
      String name,
      boolean deflated,
      boolean streamed,
      long crc,
      long packed,
      long size,
      long header,
      long data) {
    long end() {
      return data + packed;
    }
  }

  private static final int END_SIZE = 22;
  private static final int MAX_DIRECTORY = 1 << 22;
  private static final int MAX_NAME = 256;
  private static final long FULL_32 = 0xFFFFFFFFL;
  private static final int MAX_RATIO = 1032; // what deflate can reach

  private final FileChannel channel;
  private final String place;
  private final long fileSize;
  private long directoryStart;
  private long directorySize;
  private long entryCount;

  private ZipDirectory(FileChannel channel, String place) throws IOException {
    this.channel = channel;
    this.place = place;
    this.fileSize = channel.size();
  }

  /// The checked entries in the order of the central directory.
  static List<Entry> read(FileChannel channel, String place, int maxEntries, long maxBytes)
      throws IOException {
    ZipDirectory zip = new ZipDirectory(channel, place);
    zip.findDirectory();
    if (zip.entryCount > maxEntries) {
      throw Fault.data(place, zip.entryCount + " entries", "at most " + maxEntries);
    }
    List<Entry> entries = zip.entries();
    zip.checkRanges(entries);
    long total = 0;
    Set<String> names = new HashSet<>();
    for (Entry entry : entries) {
      total += entry.size(); // each below 2^63 / 1024 by the ratio check
      if (!names.add(entry.name())) {
        throw Fault.data(place, "entry " + Fault.quote(entry.name()) + " twice", "each name once");
      }
    }
    if (total > maxBytes) {
      throw Fault.data(place, total + " bytes when unpacked", "at most " + maxBytes)
          .advise("give the Java machine more heap (-Xmx) or split the archive");
    }
    return entries;
  }

  private void findDirectory() throws IOException {
    int tailSize = (int) Math.min(fileSize, END_SIZE + 0xFFFF);
    ByteBuffer tail = bytes(fileSize - tailSize, tailSize);
    int at = tailSize - END_SIZE;
    while (at >= 0
        && !(tail.getInt(at) == 0x06054b50
            && (tail.getShort(at + 20) & 0xFFFF) == tailSize - END_SIZE - at)) {
      at--;
    }
    if (at < 0) {
      throw Fault.data(place, "no zip directory at the end", "a complete npz (zip) file")
          .advise("the file is no archive or was cut short: copy it again");
    }
    long end = fileSize - tailSize + at;
    int disks = tail.getShort(at + 4) | tail.getShort(at + 6);
    entryCount = tail.getShort(at + 10) & 0xFFFF;
    directorySize = tail.getInt(at + 12) & FULL_32;
    directoryStart = tail.getInt(at + 16) & FULL_32;
    boolean onOneDisk = disks == 0 && (tail.getShort(at + 8) & 0xFFFF) == entryCount;
    if (entryCount == 0xFFFF || directorySize == FULL_32 || directoryStart == FULL_32) {
      end = findDirectory64(end);
      onOneDisk = true;
    }
    if (!onOneDisk || directorySize > MAX_DIRECTORY || directoryStart != end - directorySize) {
      throw Fault.at(
          place,
          end,
          "zip directory of " + directorySize + " bytes said to be at " + directoryStart,
          "at most " + MAX_DIRECTORY + " bytes that end here, on one disk");
    }
  }

  private long findDirectory64(long end) throws IOException {
    if (end < 20 + 56) {
      throw Fault.at(place, end, "no room for a zip64 directory", "one before this byte");
    }
    ByteBuffer locator = bytes(end - 20, 20);
    long start = locator.getLong(8);
    if (locator.getInt(0) != 0x07064b50
        || locator.getInt(4) != 0
        || locator.getInt(16) > 1
        || start < 0
        || start > end - 20 - 56) {
      throw Fault.at(place, end - 20, "no sound zip64 locator", "one, as the sizes are left open");
    }
    ByteBuffer record = bytes(start, 56);
    if (record.getInt(0) != 0x06064b50
        || record.getLong(4) != end - 20 - start - 12
        || record.getInt(16) != 0
        || record.getInt(20) != 0
        || record.getLong(24) != record.getLong(32)) {
      throw Fault.at(place, start, "no sound zip64 directory", "one, as the locator points here");
    }
    entryCount = record.getLong(32);
    directorySize = record.getLong(40);
    directoryStart = record.getLong(48);
    if (entryCount < 0 || directorySize < 0 || directorySize > start) {
      throw Fault.at(place, start + 32, "impossible sizes", "sizes within the file");
    }
    return start;
  }

  private List<Entry> entries() throws IOException {
    ByteBuffer directory = bytes(directoryStart, (int) directorySize);
    List<Entry> entries = new ArrayList<>();
    int at = 0;
    for (long i = 0; i < entryCount; i++) {
      long where = directoryStart + at;
      if (directory.limit() - at < 46 || directory.getInt(at) != 0x02014b50) {
        throw Fault.at(place, where, "no directory entry", entryCount + " entries");
      }
      int nameLength = directory.getShort(at + 28) & 0xFFFF;
      int extraLength = directory.getShort(at + 30) & 0xFFFF;
      int length = 46 + nameLength + extraLength + (directory.getShort(at + 32) & 0xFFFF);
      if (directory.limit() - at < length) {
        throw Fault.at(place, where, "an entry longer than the directory", "a whole entry");
      }
      entries.add(entry(directory.slice(at, length).order(ByteOrder.LITTLE_ENDIAN), where));
      at += length;
    }
    if (at != directory.limit()) {
      throw Fault.at(place, directoryStart + at, "more bytes in the directory", "its end");
    }
    return entries;
  }

  private Entry entry(ByteBuffer central, long where) throws IOException {
    int nameLength = central.getShort(28) & 0xFFFF;
    int flags = central.getShort(8) & 0xFFFF;
    byte[] rawName = new byte[nameLength];
    central.get(46, rawName);
    String name = name(rawName, (flags & 0x800) != 0, where);
    String entryPlace = place + ": entry " + Fault.quote(name);
    if ((flags & 0x2041) != 0) {
      throw Failure.data(entryPlace + " is encrypted, expected plain content");
    }
    int method = central.getShort(10) & 0xFFFF;
    if ((method != 0 && method != 8) || (flags & ~0x80E) != 0) {
      throw Fault.data(
          entryPlace,
          "compression method " + method + ", flags " + flags,
          "stored (0) or deflated (8)");
    }
    long[] sizes = {
      central.getInt(24) & FULL_32, central.getInt(20) & FULL_32, central.getInt(42) & FULL_32
    };
    int extraLength = central.getShort(30) & 0xFFFF;
    widen(sizes, central.slice(46 + nameLength, extraLength), "entry " + Fault.quote(name), where);
    long size = sizes[0];
    long packed = sizes[1];
    long header = sizes[2];
    if (size < 0 || packed < 0 || packed > fileSize || header < 0 || header > directoryStart - 30) {
      throw Fault.at(place, where, "sizes that do not fit into the file", "sizes within it");
    }
    if (method == 0 ? size != packed : size > packed * MAX_RATIO + 1024) {
      throw Fault.data(
          entryPlace,
          size + " bytes said to come from " + packed,
          "sizes that the method can give");
    }
    boolean streamed = (flags & 8) != 0;
    long crc = central.getInt(16) & FULL_32;
    long data = checkLocal(header, rawName, flags, method, crc, packed, size);
    return new Entry(name, method == 8, streamed, crc, packed, size, header, data);
  }

  /// Replaces 32-bit fields that say "see the zip64 field" by its 64-bit values.
  private void widen(long[] sizes, ByteBuffer extra, String what, long where) {
    extra.order(ByteOrder.LITTLE_ENDIAN);
    boolean open = Arrays.stream(sizes).anyMatch(s -> s == FULL_32);
    while (open && extra.remaining() >= 4) {
      int tag = extra.getShort() & 0xFFFF;
      int length = extra.getShort() & 0xFFFF;
      if (length > extra.remaining()) {
        break;
      }
      int next = extra.position() + length;
      if (tag == 1) {
        for (int i = 0; i < sizes.length; i++) {
          if (sizes[i] == FULL_32) {
            if (next - extra.position() < 8) {
              throw Fault.at(place, where, what + " has a short zip64 field", "8 bytes each");
            }
            sizes[i] = extra.getLong();
          }
        }
        return;
      }
      extra.position(next);
    }
    if (open) {
      throw Fault.at(place, where, what + " leaves its sizes open", "a zip64 field");
    }
  }

  /// Where the entry's data start, once its local header is known to say what the directory says.
  private long checkLocal(
      long header, byte[] rawName, int flags, int method, long crc, long packed, long size)
      throws IOException {
    ByteBuffer local = bytes(header, 30);
    int nameLength = local.getShort(26) & 0xFFFF;
    int extraLength = local.getShort(28) & 0xFFFF;
    long data = header + 30 + nameLength + extraLength;
    boolean same =
        local.getInt(0) == 0x04034b50
            && (local.getShort(6) & 0xFFFF) == flags
            && (local.getShort(8) & 0xFFFF) == method
            && nameLength == rawName.length
            && data + packed <= directoryStart
            && Arrays.equals(bytes(header + 30, nameLength).array(), rawName);
    if (same && (flags & 8) == 0) {
      long[] sizes = {local.getInt(22) & FULL_32, local.getInt(18) & FULL_32};
      ByteBuffer extra = bytes(header + 30 + nameLength, extraLength);
      widen(sizes, extra, "local header", header);
      same = (local.getInt(14) & FULL_32) == crc && sizes[0] == size && sizes[1] == packed;
    }
    if (!same) {
      throw Fault.at(
          place,
          header,
          "a local header that differs from the directory",
          "the same name, method and sizes");
    }
    return data;
  }

  private String name(byte[] raw, boolean utf8, long where) {
    Failure bad =
        Fault.at(
            place,
            where + 46,
            "entry name " + Fault.quote(new String(raw, StandardCharsets.ISO_8859_1)),
            "a plain relative name");
    if (raw.length == 0 || raw.length > MAX_NAME) {
      throw bad;
    }
    for (byte b : raw) {
      if ((b & 0xFF) < ' ' || b == 127 || b == '\\' || b == ':' || (b < 0 && !utf8)) {
        throw bad;
      }
    }
    Utf8.check(raw, place, where + 46);
    String name = new String(raw, StandardCharsets.UTF_8);
    for (String part : name.split("/", -1)) {
      if (part.isEmpty() || part.equals(".") || part.equals("..")) {
        throw bad;
      }
    }
    return name;
  }

  /// Entries must tile the file up to the directory: overlap is a bomb, a gap hides something.
  private void checkRanges(List<Entry> entries) {
    List<Entry> byPlace = new ArrayList<>(entries);
    byPlace.sort(Comparator.comparingLong(Entry::header));
    long end = 0;
    int slack = 0;
    for (Entry entry : byPlace) {
      checkGap(entry.header(), end, slack);
      end = entry.end();
      slack = entry.streamed() ? 24 : 0; // the data descriptor
    }
    checkGap(directoryStart, end, slack);
  }

  private void checkGap(long start, long end, int slack) {
    if (start < end) {
      throw Fault.at(place, start, "entries that overlap", "each byte in one entry");
    }
    if (start - end > slack) {
      throw Fault.at(place, end, (start - end) + " bytes outside of all entries", "none");
    }
  }

  private ByteBuffer bytes(long from, int count) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, from + buffer.position()) < 0) {
        throw Fault.at(place, from + buffer.position(), "the file ends", count + " bytes here");
      }
    }
    return buffer.flip();
  }
}
