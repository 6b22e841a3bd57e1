package org.amortis.studies.gp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// NumPy files as other programs write them: any order, byte order and type.
public final class NpyBytes {
  private NpyBytes() {}

  /// An `.npy` file.
  ///
  /// @param descr NumPy's type, for example `>f4`
  /// @param x values in row-major order
  public static byte[] of(String descr, boolean fortran, double[] x, int... shape) {
    String dims =
        IntStream.of(shape).mapToObj(Integer::toString).collect(Collectors.joining(", "))
            + (shape.length == 1 ? "," : "");
    String head =
        "{'descr': '%s', 'fortran_order': %s, 'shape': (%s), }"
            .formatted(descr, fortran ? "True" : "False", dims);
    head = head + " ".repeat(63 - (10 + head.length()) % 64) + "\n";
    int size = descr.charAt(2) - '0';
    ByteBuffer b = ByteBuffer.allocate(10 + head.length() + size * x.length);
    b.put((byte) 0x93).put("NUMPY".getBytes(ISO_8859_1)).put((byte) 1).put((byte) 0);
    b.order(ByteOrder.LITTLE_ENDIAN).putShort((short) head.length());
    b.put(head.getBytes(ISO_8859_1));
    b.order(descr.charAt(0) == '>' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < x.length; i++) {
      double v = x[fortran ? rowMajor(i, shape) : i];
      switch (descr.substring(1)) {
        case "f4" -> b.putFloat((float) v);
        case "f8" -> b.putDouble(v);
        case "i4" -> b.putInt((int) v);
        default -> throw new IllegalArgumentException(descr);
      }
    }
    return b.array();
  }

  /// The row-major place of the i-th element in column-major order.
  private static int rowMajor(int i, int[] shape) {
    int place = 0;
    int[] index = new int[shape.length];
    for (int d = 0; d < shape.length; d++) {
      index[d] = i % shape[d];
      i /= shape[d];
    }
    for (int d = 0; d < shape.length; d++) {
      place = place * shape[d] + index[d];
    }
    return place;
  }

  /// An `.npz` file, compressed as numpy.savez_compressed does.
  public static void zip(Path file, Map<String, byte[]> arrays) throws IOException {
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      for (Map.Entry<String, byte[]> e : arrays.entrySet()) {
        zip.putNextEntry(new ZipEntry(e.getKey() + ".npy"));
        zip.write(e.getValue());
        zip.closeEntry();
      }
    }
  }
}
