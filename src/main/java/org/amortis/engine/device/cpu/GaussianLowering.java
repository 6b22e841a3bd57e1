package org.amortis.engine.device.cpu;

import org.amortis.engine.op.GaussianField;
import org.amortis.engine.op.GaussianLogDensity;
import org.amortis.engine.op.GramStructure;
import org.amortis.engine.shape.DType;

/// Launches of Gaussian log-densities and fields. The kernels work in float64; float32 operands are
/// converted.
final class GaussianLowering {
  private final Lowering64 plain;

  GaussianLowering(Lowering64 plain) {
    this.plain = plain;
  }

  private static long flops(GramStructure s) {
    long total = 0;
    for (GramStructure.Block b : s.blocks()) {
      long n = b.size();
      total += n * n * n / 3 + n * n * b.rightHandSides();
    }
    return total;
  }

  /// The density prepared for each worker's kernels; workers of one device share their kind.
  private static GaussianDensity64 prepare(GramStructure structure) {
    return CpuKernels.best().gaussian64().prepare(structure);
  }

  Launch logDensity(GaussianLogDensity op) {
    Ref c = plain.in(0);
    Ref z = plain.in(1);
    Ref y = plain.out(0);
    int batch = plain.shape(0).dim(0);
    int fields = plain.shape(1).dim(0);
    int m = op.structure().lags();
    GaussianDensity64 density = prepare(op.structure());
    if (op.pairs()) {
      return plain
          .ranges(
              fields,
              (from, to, w) -> {
                double[] table = values(c, 0, batch * m, 0);
                double[] out = new double[batch * fields];
                density.logDensityTable(
                    table,
                    values(z, 0, z.size(), 0),
                    fields,
                    out,
                    0,
                    batch,
                    from,
                    to,
                    w.gaussian(density));
                for (int b = 0; b < batch; b++) {
                  store(out, b * fields + from, y, b * fields + from, to - from);
                }
              })
          .flops(batch * flops(op.structure()));
    }
    return plain
        .rows(
            batch,
            (from, to, w) -> {
              double[] table = w.scratch64.values(1, to * m);
              fill(c, from * m, table, from * m, (to - from) * m);
              double[] out = w.scratch64.values(2, to);
              double[] data = values(z, 0, z.size(), 0);
              density.logDensity(table, data, batch / fields, out, from, to, w.gaussian(density));
              store(out, from, y, from, to - from);
            },
            true)
        .flops(batch * flops(op.structure()));
  }

  Launch gradient(GaussianLogDensity.Gradient op) {
    Ref c = plain.in(0);
    Ref z = plain.in(1);
    Ref up = plain.in(2);
    Ref y = plain.out(0);
    int batch = plain.shape(0).dim(0);
    int repeat = batch / plain.shape(1).dim(0);
    int m = op.structure().lags();
    GaussianDensity64 density = prepare(op.structure());
    return plain
        .ranges(
            batch,
            (from, to, w) -> {
              double[] table = values(c, 0, c.size(), 0);
              double[] out = w.scratch64.values(2, batch * m);
              density.gradient(
                  table,
                  values(z, 0, z.size(), 0),
                  repeat,
                  values(up, 0, batch, 0),
                  out,
                  from,
                  to,
                  w.gaussian(density));
              store(out, from * m, y, from * m, (to - from) * m);
            })
        .flops(3 * batch * flops(op.structure()));
  }

  Launch field(GaussianField op) {
    Ref c = plain.in(0);
    Ref eta = plain.in(1);
    Ref y = plain.out(0);
    int batch = plain.shape(0).dim(0);
    int n = op.structure().order();
    GaussianDensity64 density = prepare(op.structure());
    return plain
        .ranges(
            batch,
            (from, to, w) -> {
              double[] out = w.scratch64.values(2, batch * n);
              density.multiplyByFactor(
                  values(c, 0, c.size(), 0),
                  values(eta, 0, eta.size(), 0),
                  out,
                  from,
                  to,
                  w.gaussian(density));
              store(out, from * n, y, from * n, (to - from) * n);
            })
        .flops(batch * flops(op.structure()));
  }

  /// The operand as a float64 array whose element `to` is element `from` of the operand: its own
  /// memory where that already is so.
  private static double[] values(Ref x, int from, int n, int to) {
    if (x.type.dtype() == DType.FLOAT64 && x.at() == 0 && from == to) {
      return x.f64();
    }
    double[] copy = new double[to + n];
    fill(x, from, copy, to, n);
    return copy;
  }

  private static void fill(Ref x, int from, double[] out, int to, int n) {
    if (x.type.dtype() == DType.FLOAT64) {
      System.arraycopy(x.f64(), x.at() + from, out, to, n);
    } else {
      for (int k = 0; k < n; k++) {
        out[to + k] = x.f32()[x.at() + from + k];
      }
    }
  }

  private static void store(double[] x, int from, Ref y, int to, int n) {
    if (y.type.dtype() == DType.FLOAT64) {
      System.arraycopy(x, from, y.f64(), y.at() + to, n);
    } else {
      for (int k = 0; k < n; k++) {
        y.f32()[y.at() + to + k] = (float) x[from + k];
      }
    }
  }
}
