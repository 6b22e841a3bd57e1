package org.amortis.engine.device.cpu;

import java.util.function.Function;
import org.amortis.engine.math.ClampedAffine;
import org.amortis.engine.math.Spline;
import org.amortis.engine.op.AffineCoupling;
import org.amortis.engine.op.ChebyshevSeries;
import org.amortis.engine.op.RationalQuadratic;
import org.amortis.engine.program.Program;

/// Launches of splines, affine couplings and Chebyshev series.
final class FlowLowering32 {
  private final Lowering32 plain;

  FlowLowering32(Program program, Program.Node node, Function<Program.Value, Ref> refs) {
    this.plain = new Lowering32(program, node, refs);
  }

  private Ref in(int i) {
    return plain.in(i);
  }

  private Ref out(int i) {
    return plain.out(i);
  }

  Launch spline(RationalQuadratic op) {
    Ref x = in(0);
    Ref raw = in(1);
    Ref y = out(0);
    Ref ladj = out(1);
    Spline s = op.spline();
    int stride = s.parameters();
    int groups = plain.shape(1).dim(0);
    int size = x.size() / groups;
    if (size == 1) {
      return plain.rows(
          groups,
          (from, to, w) -> {
            SplineKernels32 k = w.kernels.spline32();
            if (op.inverse()) {
              k.inverse(
                  s,
                  from,
                  to,
                  x.f32(),
                  x.at(),
                  raw.f32(),
                  raw.at(),
                  stride,
                  y.f32(),
                  y.at(),
                  ladj.f32(),
                  ladj.at());
            } else {
              k.forward(
                  s,
                  from,
                  to,
                  x.f32(),
                  x.at(),
                  raw.f32(),
                  raw.at(),
                  stride,
                  y.f32(),
                  y.at(),
                  ladj.f32(),
                  ladj.at());
            }
          },
          true,
          true);
    }
    return plain.ranges(
        groups,
        (from, to, w) -> {
          SplineKernels32 k = w.kernels.spline32();
          if (op.inverse()) {
            k.inverseShared(
                s,
                from,
                to,
                size,
                x.f32(),
                x.at(),
                raw.f32(),
                raw.at(),
                stride,
                y.f32(),
                y.at(),
                ladj.f32(),
                ladj.at());
          } else {
            k.forwardShared(
                s,
                from,
                to,
                size,
                x.f32(),
                x.at(),
                raw.f32(),
                raw.at(),
                stride,
                y.f32(),
                y.at(),
                ladj.f32(),
                ladj.at());
          }
        });
  }

  Launch splineGradient(RationalQuadratic op) {
    Ref x = in(0);
    Ref raw = in(1);
    Ref dy = in(2);
    Ref dl = in(3);
    Ref dx = out(0);
    Ref draw = out(1);
    Spline s = op.spline();
    int stride = s.parameters();
    int groups = plain.shape(1).dim(0);
    int size = x.size() / groups;
    if (size == 1) {
      return plain.rows(
          groups,
          (from, to, w) -> {
            SplineKernels32 k = w.kernels.spline32();
            if (op.inverse()) {
              k.inverseBackward(
                  s,
                  from,
                  to,
                  x.f32(),
                  x.at(),
                  raw.f32(),
                  raw.at(),
                  stride,
                  dy.f32(),
                  dy.at(),
                  dl.f32(),
                  dl.at(),
                  dx.f32(),
                  dx.at(),
                  draw.f32(),
                  draw.at(),
                  stride);
            } else {
              k.forwardBackward(
                  s,
                  from,
                  to,
                  x.f32(),
                  x.at(),
                  raw.f32(),
                  raw.at(),
                  stride,
                  dy.f32(),
                  dy.at(),
                  dl.f32(),
                  dl.at(),
                  dx.f32(),
                  dx.at(),
                  draw.f32(),
                  draw.at(),
                  stride);
            }
          },
          true,
          true,
          true,
          true);
    }
    return plain.ranges(
        groups,
        (from, to, w) -> {
          SplineKernels32 k = w.kernels.spline32();
          float[] each = w.scratch32.values(1, stride);
          for (int g = from; g < to; g++) {
            int row = raw.at() + g * stride;
            int sum = draw.at() + g * stride;
            java.util.Arrays.fill(draw.f32(), sum, sum + stride, 0);
            for (int e = g * size; e < (g + 1) * size; e++) {
              if (op.inverse()) {
                k.inverseBackward(
                    s,
                    0,
                    1,
                    x.f32(),
                    x.at() + e,
                    raw.f32(),
                    row,
                    stride,
                    dy.f32(),
                    dy.at() + e,
                    dl.f32(),
                    dl.at() + e,
                    dx.f32(),
                    dx.at() + e,
                    each,
                    0,
                    stride);
              } else {
                k.forwardBackward(
                    s,
                    0,
                    1,
                    x.f32(),
                    x.at() + e,
                    raw.f32(),
                    row,
                    stride,
                    dy.f32(),
                    dy.at() + e,
                    dl.f32(),
                    dl.at() + e,
                    dx.f32(),
                    dx.at() + e,
                    each,
                    0,
                    stride);
              }
              w.kernels.pointwise32().axpy(1, each, 0, draw.f32(), sum, stride);
            }
          }
        });
  }

  Launch chebyshev(ChebyshevSeries op) {
    Ref c = in(0);
    Ref x = in(1);
    Ref y = out(0);
    int functions = plain.shape(1).dim(1);
    int rows = plain.shape(1).dim(0);
    int size = c.size();
    return plain.ranges(
        functions,
        (from, to, w) -> {
          float[] table = c.f32();
          if (c.at() != 0) {
            table = w.scratch32.values(3, size);
            System.arraycopy(c.f32(), c.at(), table, 0, size);
          }
          float[] points = w.scratch32.values(1, functions);
          float[] values = w.scratch32.values(2, functions);
          for (int r = 0; r < rows; r++) {
            int row = r * functions + from;
            System.arraycopy(x.f32(), x.at() + row, points, from, to - from);
            w.kernels
                .chebyshev32()
                .evaluate(op.series(), functions, table, points, values, from, to);
            System.arraycopy(values, from, y.f32(), y.at() + row, to - from);
          }
        });
  }

  Launch coupling(AffineCoupling op) {
    Ref x = in(0);
    Ref raw = in(1);
    Ref y = out(0);
    Ref ladj = out(1);
    int d = plain.shape(0).dim(1);
    ClampedAffine affine = new ClampedAffine(op.clamp());
    return plain.rows(
        plain.shape(0).dim(0),
        (from, to, w) -> {
          CouplingKernels32 k = w.kernels.coupling32();
          if (op.inverse()) {
            k.inverse(
                affine,
                d,
                from,
                to,
                x.f32(),
                x.at(),
                d,
                raw.f32(),
                raw.at(),
                2 * d,
                y.f32(),
                y.at(),
                d,
                ladj.f32(),
                ladj.at());
          } else {
            k.forward(
                affine,
                d,
                from,
                to,
                x.f32(),
                x.at(),
                d,
                raw.f32(),
                raw.at(),
                2 * d,
                y.f32(),
                y.at(),
                d,
                ladj.f32(),
                ladj.at());
          }
        },
        true,
        true);
  }

  Launch couplingGradient(AffineCoupling op) {
    Ref x = in(0);
    Ref raw = in(1);
    Ref dy = in(2);
    Ref dl = in(3);
    Ref dx = out(0);
    Ref draw = out(1);
    int d = plain.shape(0).dim(1);
    ClampedAffine affine = new ClampedAffine(op.clamp());
    return plain.rows(
        plain.shape(0).dim(0),
        (from, to, w) -> {
          CouplingKernels32 k = w.kernels.coupling32();
          if (op.inverse()) {
            k.inverseBackward(
                affine,
                d,
                from,
                to,
                x.f32(),
                x.at(),
                d,
                raw.f32(),
                raw.at(),
                2 * d,
                dy.f32(),
                dy.at(),
                d,
                dl.f32(),
                dl.at(),
                dx.f32(),
                dx.at(),
                draw.f32(),
                draw.at(),
                2 * d);
          } else {
            k.forwardBackward(
                affine,
                d,
                from,
                to,
                x.f32(),
                x.at(),
                d,
                raw.f32(),
                raw.at(),
                2 * d,
                dy.f32(),
                dy.at(),
                d,
                dl.f32(),
                dl.at(),
                dx.f32(),
                dx.at(),
                draw.f32(),
                draw.at(),
                2 * d);
          }
        },
        true,
        true,
        true,
        true);
  }
}
