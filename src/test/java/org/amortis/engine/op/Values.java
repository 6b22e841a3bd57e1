package org.amortis.engine.op;

import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;

/// Operand values, a function of a text; every one is representable in float32.
final class Values {
  /// Numbers at which functions go wrong.
  static final double[] SPECIAL = {
    Double.NaN,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY,
    0,
    -0.0,
    1,
    -1,
    0.5,
    -0.5,
    2,
    -2,
    0.25,
    16,
    -16,
    60,
    -60,
    700,
    -700,
    0x1p-126,
    -0x1p-126,
    0x1p-30,
    -0x1p-30,
    0x1p100,
    -0x1p100
  };

  private final SplittableRandom random;

  Values(String text) {
    random = new SplittableRandom(text.hashCode());
  }

  private static double[] fill(int n, DoubleSupplier next) {
    double[] x = new double[n];
    for (int i = 0; i < n; i++) {
      x[i] = (float) next.getAsDouble();
    }
    return x;
  }

  double[] normal(int n) {
    return fill(n, random::nextGaussian);
  }

  double[] uniform(int n, double from, double to) {
    return fill(n, () -> random.nextDouble(from, to));
  }

  /// Numbers of either sign, at least 0.1 from zero.
  double[] apart(int n) {
    return fill(n, () -> (random.nextBoolean() ? 1 : -1) * random.nextDouble(0.1, 2));
  }

  /// Whole numbers in `[from, to)`.
  double[] whole(int n, int from, int to) {
    return fill(n, () -> random.nextInt(from, to));
  }

  /// Distinct numbers, neighbours at least 1/8 apart, in random order.
  double[] distinct(int n) {
    double[] x = new double[n];
    for (int i = 0; i < n; i++) {
      int j = random.nextInt(i + 1);
      x[i] = x[j];
      x[j] = (i - n / 2) / 8.0;
    }
    return x;
  }

  /// Well-conditioned symmetric positive definite matrices.
  double[] definite(int batch, int n) {
    double[] a = new double[batch * n * n];
    for (int b = 0; b < batch; b++) {
      double[] g = normal(n * n);
      for (int i = 0; i < n; i++) {
        for (int j = 0; j <= i; j++) {
          double sum = i == j ? 1 : 0;
          for (int k = 0; k < n; k++) {
            sum += g[i * n + k] * g[j * n + k] / n;
          }
          a[(b * n + i) * n + j] = (float) sum;
          a[(b * n + j) * n + i] = (float) sum;
        }
      }
    }
    return a;
  }

  /// Lower triangular matrices with a diagonal near 2 and, above it, numbers nobody may read.
  double[] lower(int batch, int n) {
    double[] l = uniform(batch * n * n, -0.5, 0.5);
    for (int i = 0; i < l.length; i++) {
      int row = i / n % n;
      int column = i % n;
      l[i] = row == column ? l[i] + 2 : row < column ? 99 : l[i];
    }
    return l;
  }
}
