package org.amortis.bench.work;

import java.util.SplittableRandom;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.Executable;
import org.amortis.engine.device.reference.ReferenceDevice;
import org.amortis.engine.program.Trace;
import org.amortis.engine.shape.Type;

/// Products of float32 matrices into a given array.
public final class MatrixProduct implements Work {
  /// Results that are compared.
  private static final int RESULTS = 200;

  private final Device device;
  private final int m;
  private final int k;
  private final int n;
  private final int count;
  private final Runnable settle;
  private final Executable program;

  /// `count` products `(m, k) (k, n)` a measure.
  public MatrixProduct(Device device, int m, int k, int n, int count) {
    this.device = device;
    this.m = m;
    this.k = k;
    this.n = n;
    this.count = count;
    this.settle = Work.settle(device);
    this.program = bind(device, m, k, n);
  }

  private static Executable bind(Device device, int m, int k, int n) {
    Trace t = new Trace("sgemm");
    t.output("c", t.data("a", Type.f32(m, k)).matmul(t.data("b", Type.f32(k, n))));
    Executable e = device.bind(t.program());
    e.input("a").write(values(1, m * k), 0);
    e.input("b").write(values(2, k * n), 0);
    return e;
  }

  private static float[] values(long seed, int n) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] x = new float[n];
    for (int i = 0; i < n; i++) {
      x[i] = (float) random.nextGaussian();
    }
    return x;
  }

  @Override
  public double seconds() {
    return Work.time(() -> {
      program.run(count);
      settle.run();
    });
  }

  @Override
  public void check() {
    try (Executable a = bind(device, 37, 130, 29);
        Executable b = bind(new ReferenceDevice(), 37, 130, 29)) {
      a.run();
      b.run();
      Work.agree("sgemm", a.output("c").doubles(), b.output("c").doubles(), 1e-6);
    }
    program.run();
    some(program.output("c").floats());
  }

  /// Compares some results of the product that is timed with sums in double: who computes it may
  /// depend on its size.
  private void some(float[] c) {
    boolean rounded = "tf32".equals(System.getenv("AMORTIS_PRODUCTS"));
    float[] a = values(1, m * k);
    float[] b = values(2, k * n);
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < RESULTS; i++) {
      int row = random.nextInt(m);
      int column = random.nextInt(n);
      double sum = 0;
      double size = 0;
      for (int p = 0; p < k; p++) {
        double product = (double) a[row * k + p] * b[p * n + column];
        sum += product;
        size += StrictMath.abs(product);
      }
      float found = c[row * n + column];
      if (!(StrictMath.abs(found - sum) <= (rounded ? 0x1p-10 : 1e-5) * size)) {
        throw new IllegalStateException(
            "sgemm: result (%d, %d) is %s, expected %s".formatted(row, column, found, sum));
      }
    }
  }

  @Override
  public void close() {
    program.close();
  }
}
