package org.amortis.io;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/// Hostile and damaged zip archives; each must be refused.
final class ZipAttacks {
  private ZipAttacks() {}

  /// One entry, every field of which may lie.
  static final class Part {
    String name = "z.npy";
    String localName;
    int flags = 0x800;
    int method;
    long crc;
    long size;
    long packed;
    byte[] body;
    long offset = -1;
    boolean hidden; // no local header of its own

    Part(byte[] content, boolean deflated) {
      CRC32 sum = new CRC32();
      sum.update(content);
      crc = sum.getValue();
      size = content.length;
      body = deflated ? deflate(content) : content;
      packed = body.length;
      method = deflated ? 8 : 0;
    }
  }

  interface Change {
    void apply(Part part);
  }

  private static byte[] deflate(byte[] content) {
    try (Deflater deflater = new Deflater(6, true)) {
      deflater.setInput(content);
      deflater.finish();
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      byte[] piece = new byte[1 << 14];
      while (!deflater.finished()) {
        out.write(piece, 0, deflater.deflate(piece));
      }
      return out.toByteArray();
    }
  }

  static byte[] array(int n) {
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      Npy.write(out, NpyArray.of(Golden.floats(n), n));
      return out.toByteArray();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /// An npy file of bytes that are all zero, as the beginning of a bomb.
  static byte[] zeros(int n) {
    return NpyAttacks.file(
        1, "{'descr': '|u1', 'fortran_order': False, 'shape': (" + n + ",), }\n", n);
  }

  static byte[] archive(List<Part> parts) {
    return archive(parts, new byte[0], parts.size());
  }

  static byte[] archive(List<Part> parts, byte[] gap, int declaredEntries) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream directory = new ByteArrayOutputStream();
    for (Part part : parts) {
      byte[] name = part.name.getBytes(StandardCharsets.UTF_8);
      byte[] local =
          part.localName == null ? name : part.localName.getBytes(StandardCharsets.UTF_8);
      long offset = part.offset >= 0 ? part.offset : out.size();
      if (!part.hidden) {
        ByteBuffer head = ByteBuffer.allocate(30).order(ByteOrder.LITTLE_ENDIAN);
        head.putInt(0x04034b50).putShort((short) 20).putShort((short) part.flags);
        head.putShort((short) part.method)
            .putInt(0)
            .putInt((int) part.crc)
            .putInt((int) part.packed);
        head.putInt((int) part.size).putShort((short) local.length);
        out.writeBytes(head.array());
        out.writeBytes(local);
        out.writeBytes(part.body);
      }
      ByteBuffer entry = ByteBuffer.allocate(46).order(ByteOrder.LITTLE_ENDIAN);
      entry
          .putInt(0x02014b50)
          .putInt(20)
          .putShort((short) part.flags)
          .putShort((short) part.method);
      entry.putInt(0).putInt((int) part.crc).putInt((int) part.packed).putInt((int) part.size);
      entry.putShort((short) name.length).putInt(42, (int) offset);
      entry.position(28);
      directory.writeBytes(entry.array());
      directory.writeBytes(name);
    }
    out.writeBytes(gap);
    ByteBuffer end = ByteBuffer.allocate(22).order(ByteOrder.LITTLE_ENDIAN);
    end.putInt(0x06054b50)
        .putInt(0)
        .putShort((short) declaredEntries)
        .putShort((short) declaredEntries);
    end.putInt(directory.size()).putInt(out.size());
    out.writeBytes(directory.toByteArray());
    out.writeBytes(end.array());
    return out.toByteArray();
  }

  private static byte[] one(boolean deflated, Change change) {
    Part part = new Part(array(50), deflated);
    change.apply(part);
    return archive(List.of(part));
  }

  static Map<String, byte[]> corpus() {
    Map<String, byte[]> corpus = new LinkedHashMap<>();
    fields(corpus);
    names(corpus);
    ranges(corpus);
    bombs(corpus);
    return corpus;
  }

  private static void fields(Map<String, byte[]> to) {
    to.put("empty", new byte[0]);
    to.put("zeros", new byte[100_000]);
    to.put("an npy file", array(5));
    to.put("encrypted", one(false, p -> p.flags |= 1));
    to.put("strongly encrypted", one(false, p -> p.flags |= 0x41));
    to.put("masked headers", one(false, p -> p.flags |= 0x2000));
    to.put("patched data", one(false, p -> p.flags |= 0x20));
    for (int method : new int[] {1, 6, 9, 12, 14, 93, 99, 65535}) {
      to.put("method " + method, one(false, p -> p.method = method));
    }
    to.put("wrong checksum", one(false, p -> p.crc ^= 1));
    to.put("wrong checksum, deflated", one(true, p -> p.crc ^= 1));
    to.put("damaged stream", one(true, p -> p.body[p.body.length / 2] ^= 0x55));
    to.put("size one less", one(true, p -> p.size--));
    to.put("size one more", one(true, p -> p.size++));
    to.put("stored, sizes differ", one(false, p -> p.size++));
    to.put("packed one less", one(true, p -> p.packed--));
    to.put("left open without zip64", one(true, p -> p.size = 0xFFFFFFFFL));
    to.put(
        "bytes after the stream",
        one(
            true,
            p -> {
              p.body = Arrays.copyOf(p.body, p.body.length + 5);
              p.packed += 5;
            }));
    to.put(
        "not an array",
        archive(List.of(new Part("hello".getBytes(StandardCharsets.US_ASCII), false))));
  }

  private static void names(Map<String, byte[]> to) {
    for (String name :
        new String[] {
          "../z.npy",
          "a/../z.npy",
          "/z.npy",
          "a//z.npy",
          "./z.npy",
          "..\\z.npy",
          "C:z.npy",
          "z.npy/",
          "z\u0000.npy",
          "z\n.npy",
          "",
          ".npy",
          "z.txt",
          "z",
          "n".repeat(300) + ".npy"
        }) {
      to.put("name " + Fault.quote(name), one(false, p -> p.name = name));
    }
    to.put("undeclared UTF-8", one(false, p -> nameIt(p, "ö.npy", 0)));
    to.put("two names", one(false, p -> p.localName = "y.npy"));
    Part again = new Part(array(3), false);
    to.put("duplicate name", archive(List.of(new Part(array(50), false), again)));
  }

  private static void nameIt(Part part, String name, int flags) {
    part.name = name;
    part.flags = flags;
  }

  private static void ranges(Map<String, byte[]> to) {
    byte[] inner = archive(List.of(new Part(array(50), false)));
    Part outer = new Part(inner, false);
    outer.name = "outer.npy";
    Part quoted = new Part(array(50), false);
    quoted.offset = 30 + 9; // inside the outer entry, whose first bytes are a local header
    quoted.hidden = true;
    to.put("overlap", archive(List.of(outer, quoted)));
    Part twice = new Part(array(50), false);
    twice.offset = 0;
    twice.hidden = true;
    to.put("the same entry twice", archive(List.of(new Part(array(50), false), twice)));
    to.put(
        "gap before the directory", archive(List.of(new Part(array(50), false)), new byte[7], 1));
    to.put("offset beyond the file", one(false, p -> p.offset = 1 << 30));
    to.put("offset into the data", one(false, p -> p.offset = 50));
    to.put("more entries declared", archive(List.of(new Part(array(50), false)), new byte[0], 2));
    to.put("fewer entries declared", archive(List.of(new Part(array(50), false)), new byte[0], 0));
    byte[] prefixed = new byte[inner.length + 100];
    System.arraycopy(inner, 0, prefixed, 100, inner.length);
    to.put("something in front", prefixed);
    byte[] trailed = Arrays.copyOf(inner, inner.length + 100);
    to.put("something behind", trailed);
    byte[] disks = inner.clone();
    disks[disks.length - 18] = 1;
    to.put("second disk", disks);
  }

  private static void bombs(Map<String, byte[]> to) {
    List<Part> many = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      Part part = new Part(array(0), false);
      part.name = i + ".npy";
      many.add(part);
    }
    to.put("2,000 entries", archive(many));
    Part claim = new Part(array(50), true);
    claim.size = 0xFFFFFFF0L;
    to.put("4 GiB said to come from 400 bytes", archive(List.of(claim)));
    byte[] noise = new byte[40_000];
    new Random(1).nextBytes(noise);
    Part lie = new Part(noise, true);
    lie.size = 40_000_000;
    to.put("40 MB said to come from 40 kB", archive(List.of(lie)));
    Part header = new Part(zeros(100_000), true);
    byte[] claimed = zeros(1_000_000);
    header.body = deflate(Arrays.copyOf(claimed, 90_000));
    header.packed = header.body.length;
    header.size = 90_000;
    to.put("header says more than the entry", archive(List.of(header)));
    Part bomb = new Part(zeros(20_000_000), true);
    bomb.size = 500_000;
    to.put("20 MB that claim to be 500 kB", archive(List.of(bomb)));
    Part sound = new Part(zeros(20_000_000), true);
    List<Part> flat = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      Part part = new Part(new byte[0], false);
      part.name = i + ".npy";
      part.method = 8;
      part.crc = sound.crc;
      part.size = sound.size;
      part.packed = sound.packed;
      part.body = sound.body;
      flat.add(part);
    }
    to.put("400 MB from 400 kB", archive(flat));
  }
}
