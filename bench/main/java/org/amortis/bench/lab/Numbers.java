package org.amortis.bench.lab;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import org.amortis.bench.lab.Task.Operand;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Type;

/// Values for operands: the same ones on every run.
final class Numbers {
  private final SplittableRandom random = new SplittableRandom(11);

  private Operand fill(Type type, DoubleSupplier next) {
    double[] v = new double[type.size()];
    boolean single = type.dtype() == DType.FLOAT32;
    for (int i = 0; i < v.length; i++) {
      double x = next.getAsDouble();
      v[i] = single ? (float) x : x;
    }
    return new Operand(type, v);
  }

  Operand normal(Type type) {
    return fill(type, random::nextGaussian);
  }

  Operand uniform(Type type, double low, double high) {
    return fill(type, () -> random.nextDouble(low, high));
  }

  /// Whole numbers from `low` to below `high`.
  Operand whole(Type type, int low, int high) {
    return fill(type, () -> random.nextInt(low, high));
  }

  /// Given values, rounded to the type.
  Operand of(Type type, double... values) {
    int[] i = {0};
    return fill(type, () -> values[i[0]++]);
  }

  /// Positive definite matrices `(batch, n, n)`: a covariance that falls with the distance on a
  /// line.
  Operand definite(Type type) {
    int n = type.shape().dim(-1);
    double[] v = new double[type.size()];
    for (int i = 0; i < v.length; i++) {
      int row = i / n % n;
      int column = i % n;
      double range = 3 + i / (n * n) % 7;
      double distance = StrictMath.abs(row - column) / range;
      v[i] = StrictMath.exp(-distance) + (row == column ? 0.1 : 0);
    }
    return of(type, v);
  }

  /// Lower triangular matrices `(batch, n, n)` that are well conditioned.
  Operand lower(Type type) {
    int n = type.shape().dim(-1);
    double[] v = new double[type.size()];
    Arrays.setAll(
        v,
        i -> {
          int row = i / n % n;
          int column = i % n;
          double below = random.nextGaussian() / n;
          return column > row ? 0 : column == row ? 1 + 0.5 * random.nextDouble() : below;
        });
    return of(type, v);
  }
}
