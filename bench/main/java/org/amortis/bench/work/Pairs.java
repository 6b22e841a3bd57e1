package org.amortis.bench.work;

import java.util.SplittableRandom;
import org.amortis.engine.Cancellation;
import org.amortis.engine.Progress;
import org.amortis.engine.device.Device;
import org.amortis.engine.shape.Shape;
import org.amortis.nn.train.Column;
import org.amortis.nn.train.Dataset;
import org.amortis.studies.gp.GaussianProcess;

/// The data of the rows.
public final class Pairs {
  private Pairs() {}

  /// Gaussian-process fields with their length scales.
  public static GaussianProcess.Pairs fields(Device device, int n, long seed) {
    return GaussianProcess.simulate(n, seed, device, Progress.NONE, Cancellation.create());
  }

  /// Columns `theta`, `u` (unconstrained) and `data` of simulated fields.
  static Dataset columns(GaussianProcess.Pairs pairs) {
    double[] u = GaussianProcess.PRIOR.toUnconstrained(pairs.theta());
    return Dataset.of(
        new Column("theta", Shape.of(1), floats(pairs.theta())),
        new Column("u", Shape.of(1), floats(u)),
        new Column("data", GaussianProcess.FIELD, pairs.fields().values()));
  }

  /// Two moons (Greenberg et al. 2019): parameters uniform on (-1, 1)^2 and data of two numbers;
  /// `theta` (n, 2) and then `data` (n, 2).
  static double[][] moons(int n) {
    SplittableRandom random = new SplittableRandom(1);
    double[] theta = new double[2 * n];
    double[] data = new double[2 * n];
    double root = StrictMath.sqrt(2);
    for (int i = 0; i < n; i++) {
      double a = random.nextDouble(-1, 1);
      double b = random.nextDouble(-1, 1);
      double angle = StrictMath.PI * (random.nextDouble() - 0.5);
      double radius = 0.01 * random.nextGaussian() + 0.1;
      theta[2 * i] = a;
      theta[2 * i + 1] = b;
      data[2 * i] = radius * StrictMath.cos(angle) + 0.25 - StrictMath.abs(a + b) / root;
      data[2 * i + 1] = radius * StrictMath.sin(angle) + (b - a) / root;
    }
    return new double[][] {theta, data};
  }

  static float[] floats(double[] x) {
    float[] y = new float[x.length];
    for (int i = 0; i < y.length; i++) {
      y[i] = (float) x[i];
    }
    return y;
  }

  /// Rows `[from, to)` of every column.
  static Dataset rows(Dataset all, int from, int to) {
    return new Dataset(all.columns().stream().map(c -> c.rows(from, to)).toList());
  }
}
