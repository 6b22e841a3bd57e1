package org.amortis.io;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/// Hostile and damaged safetensors files; each must be refused.
final class SafetensorsAttacks {
  private SafetensorsAttacks() {}

  static byte[] file(long declared, byte[] header, int dataBytes) {
    return ByteBuffer.allocate(8 + header.length + dataBytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(declared)
        .put(header)
        .array();
  }

  static byte[] file(String header, int dataBytes) {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    return file(text.length, text, dataBytes);
  }

  private static String tensor(String name, String dtype, String shape, String offsets) {
    return "\""
        + name
        + "\":{\"dtype\":\""
        + dtype
        + "\",\"shape\":"
        + shape
        + ",\"data_offsets\":"
        + offsets
        + "}";
  }

  private static String one(String shape, String offsets) {
    return "{" + tensor("a", "F32", shape, offsets) + "}";
  }

  static Map<String, byte[]> corpus() {
    Map<String, byte[]> corpus = new LinkedHashMap<>();
    lengths(corpus);
    layouts(corpus);
    numbers(corpus);
    texts(corpus);
    floods(corpus);
    return corpus;
  }

  private static void lengths(Map<String, byte[]> to) {
    byte[] good = one("[2]", "[0,8]").getBytes(StandardCharsets.UTF_8);
    to.put("no byte", new byte[0]);
    to.put("seven bytes", new byte[7]);
    to.put("header of 0 bytes", file(0, new byte[0], 0));
    to.put("header of 0 bytes, data", file(0, new byte[0], 64));
    to.put("header of 1 byte", file(1, new byte[] {'{'}, 0));
    to.put("header of 2^63 bytes", file(Long.MIN_VALUE, good, 8));
    to.put("header of 2^64 - 1 bytes", file(-1, good, 8));
    to.put("header of 2^63 - 1 bytes", file(Long.MAX_VALUE, good, 8));
    to.put("header of 2^63 - 9 bytes", file(Long.MAX_VALUE - 8, good, 8));
    to.put("header of 99e6 bytes in 20", file(99_000_000, new byte[12], 0));
    to.put("header one byte beyond the file", file(good.length + 9, good, 8));
    to.put("header cut by one byte", file(good.length - 1, good, 8));
    to.put("header above the limit", file((8 << 20) + 1, new byte[(8 << 20) + 1], 0));
  }

  private static void layouts(Map<String, byte[]> to) {
    String a = tensor("a", "F32", "[2]", "[0,8]");
    to.put("trailer", file("{" + a + "}", 9));
    to.put("short by one", file("{" + a + "}", 7));
    to.put("nothing declared, data there", file("{}", 1));
    to.put("hole at the start", file(one("[2]", "[4,12]"), 12));
    to.put("hole", file("{" + a + "," + tensor("b", "F32", "[2]", "[12,20]") + "}", 20));
    to.put("overlap", file("{" + a + "," + tensor("b", "F32", "[2]", "[4,12]") + "}", 12));
    to.put("same bytes twice", file("{" + a + "," + tensor("b", "F32", "[2]", "[0,8]") + "}", 8));
    to.put("size and shape disagree", file(one("[3]", "[0,8]"), 8));
    to.put("dtype and range disagree", file("{" + tensor("a", "F64", "[2]", "[0,8]") + "}", 8));
    to.put("end before begin", file(one("[2]", "[8,0]"), 8));
    byte[] truth = file("{" + tensor("a", "BOOL", "[2]", "[0,2]") + "}", 2);
    truth[truth.length - 1] = 3;
    to.put("boolean 3", truth);
    byte[] nan = file("{" + a + "}", 8);
    nan[nan.length - 1] = 0x7F;
    nan[nan.length - 2] = (byte) 0x80;
    to.put("infinite weight", nan);
    to.put(
        "wrong digest",
        file("{\"__metadata__\":{\"content_sha256\":\"" + "0".repeat(64) + "\"}," + a + "}", 8));
  }

  private static void numbers(Map<String, byte[]> to) {
    for (String n :
        new String[] {
          "-8",
          "8.0",
          "8e0",
          "0.8e1",
          "9007199254740993",
          "18446744073709551616",
          "9".repeat(400),
          "1e999",
          "true",
          "null",
          "\"8\"",
          "[8]",
          "{}",
          "08",
          "+8",
          "0x8",
          "NaN",
          "Infinity",
          "8,8",
          ""
        }) {
      to.put("offset " + n, file(one("[2]", "[0," + n + "]"), 8));
    }
    for (String shape :
        new String[] {
          "[-2]",
          "[2.0]",
          "[2e0]",
          "[null]",
          "[\"2\"]",
          "[[2]]",
          "2",
          "null",
          "{}",
          "[2,]",
          "[,2]",
          "[4294967298]",
          "[2147483648,0]",
          "[9007199254740992,9007199254740992]",
          "[2147483647,2147483647,2147483647]",
          "[" + "1,".repeat(64) + "2]",
          "[1073741824,1073741824,16]",
          "[2",
          "2]"
        }) {
      to.put(
          "shape " + shape.substring(0, Math.min(40, shape.length())),
          file(one(shape, "[0,8]"), 8));
    }
    to.put("one offset", file(one("[2]", "[8]"), 8));
    to.put("no offsets", file(one("[2]", "[]"), 8));
    to.put("wrapped to nothing", file(one("[1073741824,1073741824,4]", "[0,0]"), 0));
  }

  private static void texts(Map<String, byte[]> to) {
    String a = tensor("a", "F32", "[2]", "[0,8]");
    String[] headers = {
      "[" + a + "]",
      " {" + a + "}",
      "\uFEFF{" + a + "}",
      "{" + a + "}{}",
      "{" + a + "}\n",
      "{" + a + "}\0",
      "{" + a + "}\t",
      "{" + a + "} x",
      "{" + a + "," + a + "}",
      "{" + a + "," + a.replace("\"a\"", "\"\\u0061\"") + "}",
      "{" + a.replace("\"dtype\"", "\"dtype\":\"F32\",\"dtype\"") + "}",
      "{" + a.replace("}", ",\"x\":1}") + "}",
      "{" + a.replace("\"dtype\":\"F32\",", "") + "}",
      "{" + a.replace("\"shape\":[2],", "") + "}",
      "{" + a.replace(",\"data_offsets\":[0,8]", "") + "}",
      "{" + a.replace("F32", "F31") + "}",
      "{" + a.replace("F32", "f32") + "}",
      "{" + a.replace("F32", "F8_E4M3") + "}",
      "{" + a.replace("\"F32\"", "32") + "}",
      "{" + a.replace("\"F32\"", "null") + "}",
      "{\"a\":1}",
      "{\"a\":null}",
      "{\"a\":[]}",
      "{\"a\":{}}",
      "{" + a.replace("\"a\"", "\"\"") + "}",
      "{" + a.replace("\"a\"", "\"\\n\"") + "}",
      "{" + a.replace("\"a\"", "\"\\ud800\"") + "}",
      "{" + a.replace("\"a\"", "\"a\0\"") + "}",
      "{" + a.replace("\"a\"", "a") + "}",
      "{" + a.replace('"', '\'') + "}",
      "{" + a + ",}",
      "{" + a,
      "{",
      "{\"",
      "{/**/" + a + "}",
      "{\"__metadata__\":1," + a + "}",
      "{\"__metadata__\":{\"a\":1}," + a + "}",
      "{\"__metadata__\":{\"a\":{}}," + a + "}",
      "{\"__metadata__\":{\"a\":null}," + a + "}",
      "{\"__metadata__\":{\"a\":\"1\",\"a\":\"2\"}," + a + "}",
      "{\"__metadata__\":{},\"__metadata__\":{}," + a + "}",
      "{\"__metadata__\":[]," + a + "}",
      "{\"__metadata__\":{\"k\":\"\\udfff\"}," + a + "}",
      "{" + a.replace("\"a\"", "\"" + "n".repeat(5000) + "\"") + "}"
    };
    for (int i = 0; i < headers.length; i++) {
      to.put("header " + i, file(headers[i], 8));
    }
    int[][] bad = {
      {0xC0, 0x80}, {0xED, 0xA0, 0x80}, {0xFF}, {0xF4, 0x90, 0x80, 0x80}, {0xC3}, {0x80}
    };
    for (int[] bytes : bad) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      out.writeBytes("{\"".getBytes(StandardCharsets.UTF_8));
      for (int b : bytes) {
        out.write(b);
      }
      out.writeBytes((a.substring(2) + "}").getBytes(StandardCharsets.UTF_8));
      to.put("not UTF-8 " + Integer.toHexString(bytes[0]), file(out.size(), out.toByteArray(), 8));
    }
  }

  private static void floods(Map<String, byte[]> to) {
    to.put("deep lists", file("{\"a\":{\"shape\":" + "[".repeat(1_000_000), 0));
    to.put("deep objects", file("{\"a\":".repeat(200_000), 0));
    StringBuilder many = new StringBuilder("{");
    for (int i = 0; i < 130_000; i++) {
      many.append(i == 0 ? "" : ",").append(tensor(Integer.toString(i, 36), "U8", "[0]", "[0,0]"));
    }
    to.put("130,000 tensors", file(many.append("}").toString(), 0));
    to.put(
        "10^6 tensors",
        file(("{" + tensor("a", "U8", "[0]", "[0,0]") + " ".repeat(8 << 20) + "}"), 0));
    to.put("numbers without end", file(one("[" + "0,".repeat(4_000_000) + "0]", "[0,8]"), 8));
    to.put("one name of 8 MB", file("{\"" + "n".repeat(8_000_000) + "\":1}", 0));
    to.put("one number of 8 MB", file(one("[" + "1".repeat(8_000_000) + "]", "[0,8]"), 8));
    to.put(
        "one dtype of 8 MB",
        file("{" + tensor("a", "F".repeat(8_000_000), "[2]", "[0,8]") + "}", 8));
    to.put("8 MB of blanks", file(" ".repeat(8_000_000), 0));
  }
}
