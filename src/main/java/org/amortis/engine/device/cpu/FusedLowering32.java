package org.amortis.engine.device.cpu;

import java.util.function.Function;
import org.amortis.engine.math.ClampedAffine;
import org.amortis.engine.math.Spline;
import org.amortis.engine.op.AffineCoupling;
import org.amortis.engine.op.ChebyshevSeries;
import org.amortis.engine.op.ConvPool;
import org.amortis.engine.op.Dense;
import org.amortis.engine.op.Fused;
import org.amortis.engine.op.RationalQuadratic;
import org.amortis.engine.op.Softmax;
import org.amortis.engine.op.Solve;
import org.amortis.engine.program.Program;
import org.amortis.engine.shape.Shape;

/// Launches of fused ops, and of factorizations.
final class FusedLowering32 {
  private final Lowering32 plain;

  FusedLowering32(Program program, Program.Node node, Function<Program.Value, Ref> refs) {
    this.plain = new Lowering32(program, node, refs);
  }

  private Ref in(int i) {
    return plain.in(i);
  }

  private Ref out(int i) {
    return plain.out(i);
  }

  Launch fused(Fused op) {
    return switch (op) {
      case Dense d -> dense(d);
      case Softmax s -> softmax();
      case ConvPool c -> convPool();
      case ConvPool.InputGradient g -> convPoolInputGradient(g);
      case ConvPool.WeightGradient g -> convPoolWeightGradient(g);
      case RationalQuadratic r -> spline(r);
      case RationalQuadratic.Gradient g -> splineGradient(g.map());
      case AffineCoupling a -> coupling(a);
      case AffineCoupling.Gradient g -> couplingGradient(g.map());
      case ChebyshevSeries c -> chebyshev(c);
    };
  }

  private Launch dense(Dense op) {
    Ref x = in(0);
    Ref k = in(1);
    Ref b = in(2);
    Ref y = out(0);
    int rows = plain.shape(0).dim(0);
    int inner = plain.shape(0).dim(1);
    int columns = plain.shape(1).dim(1);
    return plain
        .rows(
            rows,
            (from, to, w) ->
                w.kernels
                    .matmul32()
                    .multiply(
                        false,
                        false,
                        rows,
                        columns,
                        inner,
                        x.f32(),
                        x.at(),
                        inner,
                        k.f32(),
                        k.at(),
                        columns,
                        y.f32(),
                        y.at(),
                        columns,
                        Lowering32.epilogue(b, op.activation()),
                        from,
                        to,
                        0,
                        columns,
                        w.scratch32),
            true)
        .flops(2L * rows * inner * columns);
  }

  private Launch softmax() {
    Ref x = in(0);
    Ref y = out(0);
    Shape s = plain.shape(0);
    int n = s.dim(-1);
    int rows = s.rank() == 1 ? 1 : s.dim(0);
    int each = rows == 0 ? 0 : s.size() / n / rows;
    return plain.rows(
        rows,
        (from, to, w) ->
            w.kernels
                .reductions32()
                .rowSoftmax(
                    x.f32(),
                    x.at() + from * each * n,
                    y.f32(),
                    y.at() + from * each * n,
                    (to - from) * each,
                    n),
        true);
  }

  private static ConvPoolShape geometry(Shape x, Shape w) {
    return new ConvPoolShape(x.dim(1), x.dim(2), x.dim(3), w.dim(0), w.dim(3));
  }

  private static long flops(ConvPoolShape s, int batch, int sparsity) {
    return 2L * batch * s.height() * s.width() * s.patch() * s.filters() / sparsity;
  }

  private Launch convPool() {
    Ref x = in(0);
    Ref k = in(1);
    Ref b = in(2);
    Ref y = out(0);
    Ref code = out(1);
    ConvPoolShape s = geometry(plain.shape(0), plain.shape(1));
    int batch = plain.shape(0).dim(0);
    return plain
        .rows(
            batch,
            (from, to, w) ->
                w.kernels
                    .convPool32()
                    .forward(
                        s,
                        x.f32(),
                        x.at(),
                        k.f32(),
                        k.at(),
                        b.f32(),
                        b.at(),
                        y.f32(),
                        y.at(),
                        code.f32(),
                        code.at(),
                        from,
                        to,
                        w.scratch32),
            true)
        .flops(flops(s, batch, 1));
  }

  private Launch convPoolInputGradient(ConvPool.InputGradient op) {
    Ref d = in(0);
    Ref code = in(1);
    Ref k = in(2);
    Ref dx = out(0);
    ConvPoolShape s = geometry(dx.type.shape(), plain.shape(2));
    int batch = plain.shape(0).dim(0);
    return plain
        .rows(
            batch,
            (from, to, w) ->
                w.kernels
                    .convPool32()
                    .inputGradient(
                        s,
                        d.f32(),
                        d.at(),
                        code.f32(),
                        code.at(),
                        k.f32(),
                        k.at(),
                        dx.f32(),
                        dx.at(),
                        from,
                        to,
                        w.scratch32),
            true,
            true)
        .flops(flops(s, batch, 4));
  }

  private Launch convPoolWeightGradient(ConvPool.WeightGradient op) {
    Ref x = in(0);
    Ref d = in(1);
    Ref code = in(2);
    Ref dk = out(0);
    Ref db = out(1);
    ConvPoolShape s = geometry(plain.shape(0), dk.type.shape());
    int batch = plain.shape(0).dim(0);
    return plain
        .ranges(
            s.filters(),
            (from, to, w) ->
                w.kernels
                    .convPool32()
                    .weightGradient(
                        s,
                        batch,
                        x.f32(),
                        x.at(),
                        d.f32(),
                        d.at(),
                        code.f32(),
                        code.at(),
                        dk.f32(),
                        dk.at(),
                        db.f32(),
                        db.at(),
                        from,
                        to,
                        w.scratch32))
        .flops(flops(s, batch, 4));
  }

  private Launch spline(RationalQuadratic op) {
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

  private Launch splineGradient(RationalQuadratic op) {
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

  private Launch chebyshev(ChebyshevSeries op) {
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

  private Launch coupling(AffineCoupling op) {
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

  private Launch couplingGradient(AffineCoupling op) {
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

  Launch cholesky(Solve.Cholesky op) {
    Ref a = in(0);
    Ref l = out(0);
    Shape s = plain.shape(0);
    int n = s.dim(-1);
    int batch = s.product(0, s.rank() - 2);
    return plain
        .ranges(
            batch,
            (from, to, w) -> {
              int size = n * n;
              float[] matrix = w.scratch32.values(1, size);
              int[] status = w.scratch32.indices(1, 1);
              for (int b = from; b < to; b++) {
                System.arraycopy(a.f32(), a.at() + b * size, matrix, 0, size);
                w.kernels.cholesky32().factor(n, n, size, matrix, status, 0, 1);
                System.arraycopy(matrix, 0, l.f32(), l.at() + b * size, size);
              }
            })
        .flops((long) batch * n * n * n / 3);
  }

  Launch triangularSolve(Solve.TriangularSolve op) {
    Ref l = in(0);
    Ref b = in(1);
    Ref x = out(0);
    Shape s = plain.shape(0);
    int n = s.dim(-1);
    int columns = plain.shape(1).dim(-1);
    int batch = s.product(0, s.rank() - 2);
    return plain
        .ranges(
            batch,
            (from, to, w) -> {
              // The kernel takes right-hand sides one after the other: columns become rows.
              float[] rows = w.scratch32.values(1, n * columns);
              float[] factor = w.scratch32.values(2, n * n);
              for (int m = from; m < to; m++) {
                int at = m * n * columns;
                for (int i = 0; i < n; i++) {
                  for (int c = 0; c < columns; c++) {
                    rows[c * n + i] = b.f32()[b.at() + at + i * columns + c];
                  }
                }
                System.arraycopy(l.f32(), l.at() + m * n * n, factor, 0, n * n);
                w.kernels
                    .cholesky32()
                    .solve(op.transposed(), n, n, n * n, factor, columns, rows, 0, 1);
                for (int i = 0; i < n; i++) {
                  for (int c = 0; c < columns; c++) {
                    x.f32()[x.at() + at + i * columns + c] = rows[c * n + i];
                  }
                }
              }
            })
        .flops((long) batch * n * n * columns);
  }
}
