package org.amortis.bench.lab;

import java.util.List;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.gpu.GpuDevice;
import org.amortis.engine.device.reference.ReferenceDevice;
import org.amortis.engine.shape.DType;

/// Holds kernels against the oracle and against themselves at other launch sizes.
final class Trial implements AutoCloseable {
  private final ChangedGrids grids;
  private final Device device;
  private final Device oracle = new ReferenceDevice();

  /// What came out.
  ///
  /// @param sizes launch sizes tried
  /// @param error largest distance from the oracle, in units in the last place of the largest value
  /// @param fault what is wrong; `null` where all is right
  record Verdict(int sizes, double error, String fault) {
    boolean right() {
      return fault == null;
    }
  }

  Trial(ChangedGrids grids) {
    this.grids = grids;
    this.device = new GpuDevice(grids);
  }

  /// The small case near the oracle at the size the lowering asks for, and with the same bytes at
  /// all others.
  Verdict everywhere(Experiment x) {
    Task t = x.small().get();
    grids.use(null);
    grids.join(x.joined());
    List<double[]> own = t.run(device);
    Verdict first = near(t, own, t.run(oracle), x.ulps());
    int sizes = 1;
    if (grids.any && first.right()) {
      for (Geometry g : Geometry.all(grids.deep)) {
        grids.use(g);
        String fault = same(own, t.run(device));
        sizes++;
        if (fault != null) {
          return new Verdict(sizes, first.error, "other bytes at " + g + ": " + fault);
        }
      }
    }
    return new Verdict(sizes, first.error, first.fault);
  }

  private static String same(List<double[]> own, List<double[]> other) {
    for (int r = 0; r < own.size(); r++) {
      double[] a = own.get(r);
      double[] b = other.get(r);
      for (int i = 0; i < a.length; i++) {
        if (Double.doubleToRawLongBits(a[i]) != Double.doubleToRawLongBits(b[i])) {
          return "element %d of result %d is %s, not %s".formatted(i, r, b[i], a[i]);
        }
      }
    }
    return null;
  }

  /// Compares results with those of an oracle: NaN with NaN only, an infinity with itself, all
  /// others by their distance in units of the largest finite value.
  static Verdict near(Task t, List<double[]> found, List<double[]> expected, double ulps) {
    double worst = 0;
    for (int r = 0; r < t.compared(); r++) {
      boolean single = t.type(r).dtype() == DType.FLOAT32;
      double largest = single ? 0x1p-126 : 0x1p-1022;
      for (double e : expected.get(r)) {
        largest = Double.isFinite(e) ? StrictMath.max(largest, StrictMath.abs(e)) : largest;
      }
      double unit = largest * (single ? 0x1p-23 : 0x1p-52);
      for (int i = 0; i < expected.get(r).length; i++) {
        double e = single ? (float) expected.get(r)[i] : expected.get(r)[i];
        double f = found.get(r)[i];
        if (f == e || f != f && e != e) {
          continue;
        }
        double error = StrictMath.abs(f - e) / unit;
        if (!(error <= ulps)) {
          String fault = "element %d of result %d is %s, expected %s".formatted(i, r, f, e);
          return new Verdict(1, error, fault);
        }
        worst = StrictMath.max(worst, error);
      }
    }
    return new Verdict(1, worst, null);
  }

  @Override
  public void close() {
    device.close();
    oracle.close();
  }
}
