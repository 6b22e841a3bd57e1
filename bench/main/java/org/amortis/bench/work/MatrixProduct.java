package org.amortis.bench.work;

import java.util.SplittableRandom;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.Executable;
import org.amortis.engine.device.reference.ReferenceDevice;
import org.amortis.engine.program.Trace;
import org.amortis.engine.shape.Type;

/// Products of float32 matrices into a given array.
public final class MatrixProduct implements Work {
  private final Device device;
  private final int count;
  private final Runnable settle;
  private final Executable program;

  /// `count` products `(m, k) (k, n)` a measure.
  public MatrixProduct(Device device, int m, int k, int n, int count) {
    this.device = device;
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
  }

  @Override
  public void close() {
    program.close();
  }
}
