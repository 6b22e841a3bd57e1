package org.amortis.engine.op;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.Executable;
import org.amortis.engine.program.Trace;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.Type;

/// Float32 products as large as libraries and tensor cores take them, held against sums in double:
/// some results of each, which need no oracle of minutes.
final class ProductCheck {
  /// Batch, m, k, n: rows that are multiples of 16 bytes and not, parts of k, a batch.
  private static final int[][] SIZES = {
    {1, 1500, 300, 1300}, {1, 515, 2049, 387}, {3, 260, 132, 196}, {1, 2048, 512, 2048}
  };

  private static final int RESULTS = 1000;

  private ProductCheck() {}

  /// How many products [#faults] computes.
  static int count() {
    return 4 * SIZES.length;
  }

  /// What is wrong.
  ///
  /// @param rounded whether operands are rounded to TF32
  static List<String> faults(Device device, boolean rounded) {
    List<String> faults = new ArrayList<>();
    for (int[] e : SIZES) {
      for (int form = 0; form < 4; form++) {
        MatMul op = new MatMul(form / 2 == 1, form % 2 == 1);
        String fault;
        try {
          fault = fault(device, op, e, rounded);
        } catch (RuntimeException x) {
          fault = x.toString();
        }
        if (fault != null) {
          faults.add(op + " of " + Arrays.toString(e) + ": " + fault);
        }
      }
    }
    return faults;
  }

  private static String fault(Device device, MatMul op, int[] e, boolean rounded) {
    int m = e[1];
    int k = e[2];
    int n = e[3];
    SplittableRandom random = new SplittableRandom(Arrays.hashCode(e));
    float[] a = normal(random, e[0] * m * k);
    float[] b = normal(random, e[0] * k * n);
    float[] c = run(device, op, e, a, b);
    if (!Arrays.equals(c, run(device, op, e, a, b))) {
      return "other bytes the second time";
    }
    for (int i = 0; i < RESULTS; i++) {
      int at = random.nextInt(c.length);
      int batch = at / (m * n);
      int row = at / n % m;
      int column = at % n;
      double sum = 0;
      double size = 0;
      for (int p = 0; p < k; p++) {
        double x = a[batch * m * k + (op.transposeA() ? p * m + row : row * k + p)];
        double y = b[batch * k * n + (op.transposeB() ? column * k + p : p * n + column)];
        sum += x * y;
        size += StrictMath.abs(x * y);
      }
      // Normal numbers, so that roundings hardly add up: far below what TF32 leaves out.
      double most = (rounded ? 0x1p-10 : (20 + k / 64.0) * 0x1p-24) * size;
      if (!(StrictMath.abs(c[at] - sum) <= most)) {
        return "result %d is %s, expected %s: %.1f x 2^-24 of its products"
            .formatted(at, c[at], sum, StrictMath.abs(c[at] - sum) / size * 0x1p24);
      }
    }
    return null;
  }

  private static float[] normal(SplittableRandom random, int n) {
    float[] v = new float[n];
    for (int i = 0; i < n; i++) {
      v[i] = (float) random.nextGaussian();
    }
    return v;
  }

  private static float[] run(Device device, MatMul op, int[] e, float[] a, float[] b) {
    Trace t = new Trace("product");
    Type left = type(e[0], op.transposeA(), e[1], e[2]);
    Type right = type(e[0], op.transposeB(), e[2], e[3]);
    t.output("c", t.one(op, t.data("a", left), t.data("b", right)));
    try (Executable x = device.bind(t.program())) {
      x.input("a").write(a, 0);
      x.input("b").write(b, 0);
      x.run();
      return x.output("c").floats();
    }
  }

  private static Type type(int batch, boolean transposed, int rows, int columns) {
    int first = transposed ? columns : rows;
    int second = transposed ? rows : columns;
    return new Type(DType.FLOAT32, Shape.of(batch, first, second));
  }
}
