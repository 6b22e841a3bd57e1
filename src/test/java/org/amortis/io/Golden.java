package org.amortis.io;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/// The files under src/test/resources/npy and the values NumPy put there.
final class Golden {
  private Golden() {}

  static Path file(String name) {
    try {
      return Path.of(Golden.class.getResource("/npy/" + name).toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  static byte[] bytes(String name) throws IOException {
    return Files.readAllBytes(file(name));
  }

  /// `3x4` as a shape.
  static int[] shape(String text) {
    return text.equals("scalar")
        ? new int[0]
        : Arrays.stream(text.split("x")).mapToInt(Integer::parseInt).toArray();
  }

  static int count(int[] shape) {
    return IntStream.of(shape).reduce(1, (a, b) -> a * b);
  }

  static long[] integers(int n) {
    return LongStream.range(0, n).map(k -> k * 37 % 101 - 50).toArray();
  }

  static double[] floats(int n) {
    return Arrays.stream(integers(n)).mapToDouble(v -> v / 8.0).toArray();
  }

  static float[] singles(int n) {
    float[] out = new float[n];
    double[] exact = floats(n);
    for (int i = 0; i < n; i++) {
      out[i] = (float) exact[i];
    }
    return out;
  }
}
