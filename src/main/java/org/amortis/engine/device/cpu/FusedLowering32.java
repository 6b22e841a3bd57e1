package org.amortis.engine.device.cpu;

import java.util.function.Function;
import org.amortis.engine.op.AffineCoupling;
import org.amortis.engine.op.ChebyshevSeries;
import org.amortis.engine.op.ConvPool;
import org.amortis.engine.op.Dense;
import org.amortis.engine.op.Fused;
import org.amortis.engine.op.RationalQuadratic;
import org.amortis.engine.op.Softmax;
import org.amortis.engine.program.Program;
import org.amortis.engine.shape.Shape;

/// Launches of fused layers; flows have a room of their own.
final class FusedLowering32 {
  private final Lowering32 plain;
  private final FlowLowering32 flow;

  FusedLowering32(Program program, Program.Node node, Function<Program.Value, Ref> refs) {
    this.plain = new Lowering32(program, node, refs);
    this.flow = new FlowLowering32(program, node, refs);
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
      case RationalQuadratic r -> flow.spline(r);
      case RationalQuadratic.Gradient g -> flow.splineGradient(g.map());
      case AffineCoupling a -> flow.coupling(a);
      case AffineCoupling.Gradient g -> flow.couplingGradient(g.map());
      case ChebyshevSeries c -> flow.chebyshev(c);
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
}
