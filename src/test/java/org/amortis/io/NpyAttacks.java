package org.amortis.io;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/// Hostile and damaged npy files; each must be refused.
final class NpyAttacks {
  private NpyAttacks() {}

  /// A file of the given version, header text and number of data bytes.
  static byte[] file(int version, String header, int dataBytes) {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    return declared(version, text.length, text, dataBytes);
  }

  private static byte[] declared(int version, long headerLength, byte[] text, int dataBytes) {
    ByteBuffer out =
        ByteBuffer.allocate(12 + text.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
    out.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII));
    out.put((byte) version).put((byte) 0);
    if (version == 1) {
      out.putShort((short) headerLength);
    } else {
      out.putInt((int) headerLength);
    }
    out.put(text);
    byte[] bytes = new byte[out.position() + dataBytes];
    out.flip().get(bytes, 0, out.limit());
    return bytes;
  }

  private static String header(String descr, String order, String shape) {
    return "{'descr': " + descr + ", 'fortran_order': " + order + ", 'shape': " + shape + ", }\n";
  }

  static Map<String, byte[]> corpus() {
    Map<String, byte[]> corpus = new LinkedHashMap<>();
    files(corpus);
    types(corpus);
    shapes(corpus);
    dictionaries(corpus);
    return corpus;
  }

  private static void files(Map<String, byte[]> to) {
    byte[] good = file(1, header("'<f8'", "False", "(2,)"), 16);
    to.put("empty", new byte[0]);
    to.put("one byte", new byte[] {(byte) 0x93});
    to.put("zeros", new byte[4096]);
    to.put("text", "theta,z\n1,2\n".getBytes(StandardCharsets.US_ASCII));
    to.put("zip", new byte[] {'P', 'K', 3, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
    for (int version : new int[] {0, 4, 255}) {
      byte[] bytes = good.clone();
      bytes[6] = (byte) version;
      to.put("version " + version, bytes);
    }
    byte[] minor = good.clone();
    minor[7] = 1;
    to.put("version 1.1", minor);
    to.put("header of 65535 bytes", declared(1, 65_535, new byte[100], 0));
    to.put("header of 4 GiB", declared(2, 0xFFFFFFFFL, new byte[100], 0));
    to.put("header of 2 GiB", declared(3, 0x80000000L, new byte[100], 0));
    to.put("header of 10001 real bytes", file(2, " ".repeat(10_001), 16));
    to.put("header of 0 bytes", file(1, "", 16));
    to.put("one byte more", file(1, header("'<f8'", "False", "(2,)"), 17));
    to.put("one byte less", file(1, header("'<f8'", "False", "(2,)"), 15));
    to.put("data of another shape", file(1, header("'<f8'", "False", "(3,)"), 16));
    byte[] truth = file(1, header("'|b1'", "False", "(4,)"), 4);
    truth[truth.length - 2] = 2;
    to.put("boolean 2", truth);
  }

  private static void types(Map<String, byte[]> to) {
    for (String descr :
        new String[] {
          "'|O'",
          "'O8'",
          "'<U3'",
          "'|S3'",
          "'<c16'",
          "'<f16'",
          "'<M8[s]'",
          "'<m8'",
          "'|V8'",
          "'<i3'",
          "'<f1'",
          "'|f8'",
          "'=f8'",
          "'f8'",
          "''",
          "'<'",
          "'<f88'",
          "'<f-8'",
          "'<b2'",
          "'< 2'",
          "'|b\u0661'",
          "[('a', '<f8')]",
          "('<f8', (2,))",
          "8",
          "None",
          "'<f8",
          "b'<f8'",
          "'<f' '8'",
          "'\\x3cf8'"
        }) {
      to.put("descr " + descr, file(3, header(descr, "False", "(2,)"), 16));
    }
  }

  private static void shapes(Map<String, byte[]> to) {
    for (String shape :
        new String[] {
          "(65536, 65536)",
          "(2147483647, 2147483647, 2147483647)",
          "(2147483647, 2147483647, 2147483647, 2147483647, 2147483647)",
          "(4294967298,)",
          "(2147483648,)",
          "(0, 9223372036854775808)",
          "(99999999999999999999999999999,)",
          "(-2,)",
          "(2)",
          "2",
          "[2]",
          "(2.0,)",
          "(0x2,)",
          "(2L,)",
          "(2,,)",
          "(,)",
          "(2",
          "2,",
          "(1+1,)",
          "((2,),)",
          "(True,)",
          "('2',)",
          "(2 1,)",
          "None",
          "(" + "1, ".repeat(65) + ")",
          "(".repeat(9000),
          "(__import__('os').system('id'),)",
          "(+2,)",
          "(2_0,)"
        }) {
      to.put(
          "shape " + shape.substring(0, Math.min(40, shape.length())),
          file(1, header("'<f8'", "False", shape), 16));
    }
    to.put(
        "shape (65536, 65536) of 80 bytes", file(1, header("'<f8'", "False", "(65536, 65536)"), 0));
    // 2^32 * 2^31 * 2 elements wrap to 0 in 64 bits: no data would seem right.
    to.put(
        "shape that wraps to nothing",
        file(1, header("'|u1'", "False", "(1073741824, 1073741824, 16)"), 0));
    to.put("empty, but 4 Gi long", file(1, header("'<f8'", "False", "(0, 4294967296)"), 0));
  }

  private static void dictionaries(Map<String, byte[]> to) {
    String good = header("'<f8'", "False", "(2,)").strip();
    String body = good.substring(1, good.length() - 1);
    String[] texts = {
      "{",
      "}",
      "{}",
      "[]",
      "None",
      "dict(" + body + ")",
      "{'descr': '<f8'}",
      "{'descr': '<f8', 'shape': (2,)}",
      "{" + body + "'x': 1, }",
      "{" + body + "'descr': '<f8', }",
      "{" + body + "'shape': (2,), }",
      "{" + body + ", }",
      "{,}",
      "{'descr' '<f8'}",
      "{'descr': }",
      good + good,
      good + "#",
      good + "\n\n",
      good + "\0",
      good + "\t",
      "\t" + good,
      good + "; import os",
      "\uFEFF" + good,
      good.replace("'", "\u2019"),
      good.replace("False", "0"),
      good.replace("False", "false"),
      good.replace("False", "FalseTrue"),
      good.replace("descr", "d\\x65scr"),
      good.replace(",", ";"),
      good.replace("descr", "descr\u0000"),
      "{".repeat(9000),
      "'".repeat(9000),
      good.substring(0, 30)
    };
    for (int i = 0; i < texts.length; i++) {
      to.put("dictionary " + i, file(3, texts[i], 16));
    }
  }
}
