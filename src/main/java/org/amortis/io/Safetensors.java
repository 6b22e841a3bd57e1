package org.amortis.io;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.amortis.engine.Failure;

/// Named tensors and texts in a safetensors file: a JSON header, then plain little-endian numbers.
///
/// The writer sorts tensors by element size (large first) and name, pads the header to 64 bytes,
/// and adds the SHA-256 of header and data under [#DIGEST]; the reader verifies it where present.
/// Source: the safetensors format, github.com/huggingface/safetensors.
///
/// @param tensors the tensors, in file order
/// @param metadata the texts, sorted by key, without the digest
/// @param digest the verified SHA-256 in hexadecimal, if the file has one
public record Safetensors(
    Map<String, NpyArray> tensors, Map<String, String> metadata, Optional<String> digest) {
  /// The metadata key of the digest.
  public static final String DIGEST = "content_sha256";

  private static final int MAX_HEADER = 8 << 20;

  /// Keeps unmodifiable copies.
  public Safetensors {
    tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
    metadata = Collections.unmodifiableMap(new TreeMap<>(metadata));
  }

  /// What a reader accepts beyond sound files.
  ///
  /// @param allowNonFinite whether NaN and infinite numbers pass
  /// @param requireDigest whether a file without a digest is refused
  public record Policy(boolean allowNonFinite, boolean requireDigest) {
    /// Finite numbers only; files of other programs need no digest.
    public static final Policy STANDARD = new Policy(false, false);
  }

  /// All tensors and texts, under the standard policy.
  ///
  /// @throws Failure DATA if the file is absent, damaged or holds numbers that are not finite;
  ///   STORAGE if it cannot be read
  public static Safetensors read(Path file) {
    return read(file, Policy.STANDARD);
  }

  /// All tensors and texts.
  ///
  /// @throws Failure DATA if the file is absent, damaged, or not what the policy accepts; STORAGE
  ///   if it cannot be read
  public static Safetensors read(Path file, Policy policy) {
    String place = file.toString();
    try {
      Npy.requireRegularFile(file);
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
        long size = channel.size();
        long headerSize = headerSize(channel, size, place);
        SafetensorsHeader header = header(channel, size, headerSize, place);
        return tensors(channel, header, 8 + headerSize, size, policy, place);
      }
    } catch (IOException e) {
      throw Fault.reading(file, e);
    }
  }

  /// The texts alone, without reading or verifying the tensors.
  ///
  /// @throws Failure DATA if the file is absent or its header damaged; STORAGE if it cannot be read
  public static Map<String, String> readMetadata(Path file) {
    String place = file.toString();
    try {
      Npy.requireRegularFile(file);
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
        long size = channel.size();
        SafetensorsHeader header = header(channel, size, headerSize(channel, size, place), place);
        return Collections.unmodifiableMap(header.without(DIGEST).metadata());
      }
    } catch (IOException e) {
      throw Fault.reading(file, e);
    }
  }

  private static long headerSize(FileChannel channel, long size, String place) throws IOException {
    byte[] bytes = new ChannelRange(channel, 0, size).readNBytes(8);
    if (bytes.length < 8) {
      throw Fault.at(place, bytes.length, "the file ends", "a safetensors header");
    }
    long headerSize = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
    long most = Math.min(MAX_HEADER, size - 8);
    if (headerSize < 0 || headerSize > most) {
      throw Fault.at(
          place, 0, "header of " + Long.toUnsignedString(headerSize) + " bytes", "at most " + most);
    }
    return headerSize;
  }

  private static SafetensorsHeader header(
      FileChannel channel, long size, long headerSize, String place) throws IOException {
    byte[] text = new byte[(int) headerSize];
    int got = new ChannelRange(channel, 8, headerSize).readNBytes(text, 0, text.length);
    if (got < headerSize) {
      throw Fault.at(place, 8L + got, "the file ends", headerSize + " bytes of header");
    }
    return SafetensorsHeader.parse(text, place, size - 8 - headerSize);
  }

  private static Safetensors tensors(
      FileChannel channel,
      SafetensorsHeader header,
      long dataStart,
      long size,
      Policy policy,
      String place)
      throws IOException {
    MessageDigest sha256 = sha256();
    sha256.update(header.without(DIGEST).text().getBytes(StandardCharsets.UTF_8));
    InputStream data =
        new DigestInputStream(new ChannelRange(channel, dataStart, size - dataStart), sha256);
    Map<String, NpyArray> tensors = new LinkedHashMap<>();
    for (SafetensorsHeader.Place tensor : header.tensors()) {
      String inner = place + ": tensor " + Fault.quote(tensor.name());
      Object values =
          Elements.decode(
              data,
              tensor.type(),
              ByteOrder.LITTLE_ENDIAN,
              tensor.count(),
              inner,
              dataStart + tensor.begin());
      NpyArray array = NpyArray.trusted(tensor.type(), tensor.shape(), values);
      if (!policy.allowNonFinite()) {
        requireFinite(array, inner);
      }
      tensors.put(tensor.name(), array);
    }
    String found = HexFormat.of().formatHex(sha256.digest());
    Optional<String> digest = Optional.ofNullable(header.metadata().get(DIGEST));
    if (digest.isPresent() ? !digest.get().equals(found) : policy.requireDigest()) {
      throw Fault.data(
          place,
          digest.isPresent() ? "SHA-256 " + found : "no SHA-256",
          digest.map(Fault::quote).orElse("one under " + DIGEST)
              + ": the file was damaged or changed");
    }
    return new Safetensors(tensors, header.without(DIGEST).metadata(), digest);
  }

  private static void requireFinite(NpyArray array, String place) {
    int bad = array.firstNonFinite();
    if (bad >= 0) {
      throw Fault.data(place, array.value(bad) + " at element " + bad, "finite numbers")
          .advise("the training diverged or the file was changed; use an earlier one");
    }
  }

  /// The tensor of that name, with the shape the caller counts on.
  ///
  /// @throws Failure DATA if it is absent or shaped otherwise
  public NpyArray tensor(String name, int... shape) {
    NpyArray array = tensors.get(name);
    if (array == null || !Arrays.equals(array.shape(), shape)) {
      throw Failure.data(
          "tensor "
              + Fault.quote(name)
              + (array == null ? " is absent" : " has shape " + NpyArray.text(array.shape()))
              + ", expected shape "
              + NpyArray.text(shape));
    }
    return array;
  }

  /// Creates or replaces a file in one step; equal content gives equal bytes.
  ///
  /// @throws Failure DATA if a number is not finite; STORAGE if the disk or a permission forbids
  ///   it; an old file is then intact
  public static void write(Path file, Map<String, NpyArray> tensors, Map<String, String> metadata) {
    tensors.forEach((name, t) -> requireFinite(t, file + ": tensor " + Fault.quote(name)));
    AtomicFile.write(file, out -> write(out, tensors, metadata));
  }

  /// Writes tensors and texts; equal content gives equal bytes.
  ///
  /// @throws IllegalArgumentException if a name is empty, long, reserved or has control characters,
  ///   or a text exceeds two million characters
  public static void write(
      OutputStream out, Map<String, NpyArray> tensors, Map<String, String> metadata)
      throws IOException {
    List<Map.Entry<String, NpyArray>> ordered = ordered(tensors);
    List<SafetensorsHeader.Place> places = new ArrayList<>();
    long at = 0;
    for (Map.Entry<String, NpyArray> named : ordered) {
      NpyArray t = named.getValue();
      long end = at + (long) t.size() * t.type().size();
      places.add(new SafetensorsHeader.Place(named.getKey(), t.type(), t.shape(), at, end));
      at = end;
    }
    if (metadata.values().stream().anyMatch(v -> v.length() > SafetensorsHeader.MAX_TEXT)) {
      throw new IllegalArgumentException(
          "metadata text of more than " + SafetensorsHeader.MAX_TEXT + " characters");
    }
    SafetensorsHeader plain = new SafetensorsHeader(places, metadata).without(DIGEST);
    MessageDigest sha256 = sha256();
    sha256.update(plain.text().getBytes(StandardCharsets.UTF_8));
    encode(ordered, new DigestOutputStream(OutputStream.nullOutputStream(), sha256));
    Map<String, String> signed = new TreeMap<>(plain.metadata());
    signed.put(DIGEST, HexFormat.of().formatHex(sha256.digest()));
    byte[] text = new SafetensorsHeader(places, signed).text().getBytes(StandardCharsets.UTF_8);
    int padding = Math.floorMod(-(8 + text.length), 64);
    if (text.length + padding > MAX_HEADER) {
      throw new IllegalArgumentException(
          "header of " + text.length + " bytes, at most " + MAX_HEADER);
    }
    ByteBuffer size = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    out.write(size.putLong(text.length + padding).array());
    out.write(text);
    out.write(" ".repeat(padding).getBytes(StandardCharsets.US_ASCII));
    encode(ordered, out);
  }

  private static List<Map.Entry<String, NpyArray>> ordered(Map<String, NpyArray> tensors) {
    for (String name : tensors.keySet()) {
      if (name.isEmpty()
          || name.length() > 1024
          || name.equals(SafetensorsHeader.METADATA)
          || name.chars().anyMatch(c -> c < ' ' || c == 127)) {
        throw new IllegalArgumentException("tensor name " + Fault.quote(name));
      }
    }
    Comparator<Map.Entry<String, NpyArray>> largeFirst =
        Comparator.comparingInt(named -> -named.getValue().type().size());
    return tensors.entrySet().stream().sorted(largeFirst.thenComparing(Map.Entry::getKey)).toList();
  }

  private static void encode(List<Map.Entry<String, NpyArray>> ordered, OutputStream out)
      throws IOException {
    for (Map.Entry<String, NpyArray> named : ordered) {
      Elements.encode(named.getValue(), out);
    }
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw Failure.internal("this Java runtime lacks SHA-256").causedBy(e);
    }
  }
}
