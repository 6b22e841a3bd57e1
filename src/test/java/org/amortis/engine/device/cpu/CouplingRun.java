package org.amortis.engine.device.cpu;

import java.util.Arrays;
import java.util.List;
import org.amortis.engine.device.cpu.scalar.ScalarPointwise32;
import org.amortis.engine.device.cpu.scalar.ScalarPointwise64;
import org.amortis.engine.device.cpu.vector.VectorPointwise32;
import org.amortis.engine.device.cpu.vector.VectorPointwise64;
import org.amortis.engine.math.ClampedAffine;

/// The coupling kernels of both widths, with vector and with scalar functions, behind one face.
record CouplingRun(String name, double epsilon, CouplingKernels32 narrow, CouplingKernels64 wide) {

  static List<CouplingRun> all() {
    return List.of(
        new CouplingRun("scalar32", 0x1p-24, new CouplingKernels32(new ScalarPointwise32()), null),
        new CouplingRun("vector32", 0x1p-24, new CouplingKernels32(new VectorPointwise32()), null),
        new CouplingRun("scalar64", 0x1p-53, null, new CouplingKernels64(new ScalarPointwise64())),
        new CouplingRun("vector64", 0x1p-53, null, new CouplingKernels64(new VectorPointwise64())));
  }

  /// Rows of `d` values `xs` apart, and of 2 d raw parameters `stride` apart, with their adjoints.
  record Rows(int d, int xs, int stride, double[] x, double[] raw, double[] a, double[] b) {}

  /// `(out, ladj, dInput, dRaw)` of rows from to to - 1, NaN elsewhere.
  double[][] run(ClampedAffine affine, boolean inverse, int from, int to, Rows q) {
    double[][] out = {
      filled(q.x.length), filled(q.b.length), filled(q.x.length), filled(q.raw.length)
    };
    if (wide != null) {
      run(affine, inverse, from, to, q, out);
      return out;
    }
    int d = q.d;
    int xs = q.xs;
    int rs = q.stride;
    float[] x = SplineRun.narrow(q.x);
    float[] raw = SplineRun.narrow(q.raw);
    float[] a = SplineRun.narrow(q.a);
    float[] b = SplineRun.narrow(q.b);
    float[] y = SplineRun.narrow(out[0]);
    float[] l = SplineRun.narrow(out[1]);
    float[] g = SplineRun.narrow(out[2]);
    float[] r = SplineRun.narrow(out[3]);
    if (inverse) {
      narrow.inverse(affine, d, from, to, x, 0, xs, raw, 0, rs, y, 0, xs, l, 0);
      narrow.inverseBackward(
          affine, d, from, to, x, 0, xs, raw, 0, rs, a, 0, xs, b, 0, g, 0, r, 0, rs);
    } else {
      narrow.forward(affine, d, from, to, x, 0, xs, raw, 0, rs, y, 0, xs, l, 0);
      narrow.forwardBackward(
          affine, d, from, to, x, 0, xs, raw, 0, rs, a, 0, xs, b, 0, g, 0, r, 0, rs);
    }
    return new double[][] {
      SplineRun.wide(y), SplineRun.wide(l), SplineRun.wide(g), SplineRun.wide(r)
    };
  }

  private void run(
      ClampedAffine affine, boolean inverse, int from, int to, Rows q, double[][] out) {
    int d = q.d;
    int xs = q.xs;
    int rs = q.stride;
    if (inverse) {
      wide.inverse(affine, d, from, to, q.x, 0, xs, q.raw, 0, rs, out[0], 0, xs, out[1], 0);
      wide.inverseBackward(
          affine, d, from, to, q.x, 0, xs, q.raw, 0, rs, q.a, 0, xs, q.b, 0, out[2], 0, out[3], 0,
          rs);
    } else {
      wide.forward(affine, d, from, to, q.x, 0, xs, q.raw, 0, rs, out[0], 0, xs, out[1], 0);
      wide.forwardBackward(
          affine, d, from, to, q.x, 0, xs, q.raw, 0, rs, q.a, 0, xs, q.b, 0, out[2], 0, out[3], 0,
          rs);
    }
  }

  private static double[] filled(int n) {
    double[] a = new double[n];
    Arrays.fill(a, Double.NaN);
    return a;
  }

  @Override
  public String toString() {
    return name;
  }
}
