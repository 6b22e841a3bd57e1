package org.amortis.engine.device.cpu;

import java.util.List;
import org.amortis.engine.device.cpu.scalar.ScalarSpline32;
import org.amortis.engine.device.cpu.scalar.ScalarSpline64;
import org.amortis.engine.device.cpu.vector.VectorSpline32;
import org.amortis.engine.device.cpu.vector.VectorSpline64;
import org.amortis.engine.math.Spline;

/// The four spline implementations behind one face of double arrays.
///
/// @param epsilon unit roundoff of the number type
record SplineRun(String name, double epsilon, SplineKernels32 narrow, SplineKernels64 wide) {

  static List<SplineRun> all() {
    return List.of(
        new SplineRun("vector32", 0x1p-24, new VectorSpline32(), null),
        new SplineRun("scalar32", 0x1p-24, new ScalarSpline32(), null),
        new SplineRun("vector64", 0x1p-53, null, new VectorSpline64()),
        new SplineRun("scalar64", 0x1p-53, null, new ScalarSpline64()));
  }

  /// The value as this number type holds it.
  double round(double v) {
    return narrow == null ? v : (float) v;
  }

  double[] round(double[] a) {
    double[] r = new double[a.length];
    for (int i = 0; i < a.length; i++) {
      r[i] = round(a[i]);
    }
    return r;
  }

  /// `(out, ladj)` of elements from to to - 1, NaN elsewhere.
  double[][] map(
      Spline spline, boolean inverse, int from, int to, double[] in, double[] raw, int stride) {
    int n = in.length;
    if (narrow == null) {
      double[] out = filled(n);
      double[] ladj = filled(n);
      if (inverse) {
        wide.inverse(spline, from, to, in, 0, raw, 0, stride, out, 0, ladj, 0);
      } else {
        wide.forward(spline, from, to, in, 0, raw, 0, stride, out, 0, ladj, 0);
      }
      return new double[][] {out, ladj};
    }
    float[] out = narrow(filled(n));
    float[] ladj = narrow(filled(n));
    float[] i = narrow(in);
    float[] r = narrow(raw);
    if (inverse) {
      narrow.inverse(spline, from, to, i, 0, r, 0, stride, out, 0, ladj, 0);
    } else {
      narrow.forward(spline, from, to, i, 0, r, 0, stride, out, 0, ladj, 0);
    }
    return new double[][] {wide(out), wide(ladj)};
  }

  /// `(out, ladj)` with shared parameters.
  double[][] shared(
      Spline spline,
      boolean inverse,
      int from,
      int to,
      int size,
      double[] in,
      double[] raw,
      int stride) {
    int n = in.length;
    if (narrow == null) {
      double[] out = filled(n);
      double[] ladj = filled(n);
      if (inverse) {
        wide.inverseShared(spline, from, to, size, in, 0, raw, 0, stride, out, 0, ladj, 0);
      } else {
        wide.forwardShared(spline, from, to, size, in, 0, raw, 0, stride, out, 0, ladj, 0);
      }
      return new double[][] {out, ladj};
    }
    float[] out = narrow(filled(n));
    float[] ladj = narrow(filled(n));
    float[] i = narrow(in);
    float[] r = narrow(raw);
    if (inverse) {
      narrow.inverseShared(spline, from, to, size, i, 0, r, 0, stride, out, 0, ladj, 0);
    } else {
      narrow.forwardShared(spline, from, to, size, i, 0, r, 0, stride, out, 0, ladj, 0);
    }
    return new double[][] {wide(out), wide(ladj)};
  }

  /// `(dInput, dRaw)` of elements from to to - 1, NaN elsewhere; `dRaw` has the stride of `raw`.
  double[][] backward(
      Spline spline,
      boolean inverse,
      int from,
      int to,
      double[] in,
      double[] raw,
      int stride,
      double[] dOut,
      double[] dLadj) {
    int n = in.length;
    if (narrow == null) {
      double[] dIn = filled(n);
      double[] dRaw = filled(raw.length);
      if (inverse) {
        wide.inverseBackward(
            spline, from, to, in, 0, raw, 0, stride, dOut, 0, dLadj, 0, dIn, 0, dRaw, 0, stride);
      } else {
        wide.forwardBackward(
            spline, from, to, in, 0, raw, 0, stride, dOut, 0, dLadj, 0, dIn, 0, dRaw, 0, stride);
      }
      return new double[][] {dIn, dRaw};
    }
    float[] dIn = narrow(filled(n));
    float[] dRaw = narrow(filled(raw.length));
    float[] i = narrow(in);
    float[] r = narrow(raw);
    float[] o = narrow(dOut);
    float[] l = narrow(dLadj);
    if (inverse) {
      narrow.inverseBackward(
          spline, from, to, i, 0, r, 0, stride, o, 0, l, 0, dIn, 0, dRaw, 0, stride);
    } else {
      narrow.forwardBackward(
          spline, from, to, i, 0, r, 0, stride, o, 0, l, 0, dIn, 0, dRaw, 0, stride);
    }
    return new double[][] {wide(dIn), wide(dRaw)};
  }

  private static double[] filled(int n) {
    double[] a = new double[n];
    java.util.Arrays.fill(a, Double.NaN);
    return a;
  }

  static float[] narrow(double[] a) {
    float[] r = new float[a.length];
    for (int i = 0; i < a.length; i++) {
      r[i] = (float) a[i];
    }
    return r;
  }

  static double[] wide(float[] a) {
    double[] r = new double[a.length];
    for (int i = 0; i < a.length; i++) {
      r[i] = a[i];
    }
    return r;
  }

  @Override
  public String toString() {
    return name;
  }
}
