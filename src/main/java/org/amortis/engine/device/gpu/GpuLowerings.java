package org.amortis.engine.device.gpu;

import java.util.Set;
import org.amortis.engine.op.AffineCoupling;
import org.amortis.engine.op.Cast;
import org.amortis.engine.op.ChebyshevSeries;
import org.amortis.engine.op.Contract;
import org.amortis.engine.op.Conv2d;
import org.amortis.engine.op.ConvPool;
import org.amortis.engine.op.Dense;
import org.amortis.engine.op.Diagonal;
import org.amortis.engine.op.DiagonalMatrix;
import org.amortis.engine.op.Draw;
import org.amortis.engine.op.Fused;
import org.amortis.engine.op.GaussianField;
import org.amortis.engine.op.GaussianLogDensity;
import org.amortis.engine.op.MatMul;
import org.amortis.engine.op.MaxPool;
import org.amortis.engine.op.Move;
import org.amortis.engine.op.Op;
import org.amortis.engine.op.Pointwise;
import org.amortis.engine.op.RandomWalk;
import org.amortis.engine.op.RationalQuadratic;
import org.amortis.engine.op.Reduce;
import org.amortis.engine.op.Softmax;
import org.amortis.engine.op.Solve;
import org.amortis.engine.op.Sort;
import org.amortis.engine.op.Source;
import org.amortis.engine.op.Update;
import org.amortis.engine.plan.Fusion;
import org.amortis.engine.shape.DType;

/// Chooses the launches of a step by the family of its op.
final class GpuLowerings {
  private GpuLowerings() {}

  /// Emits a step; results of no elements need no launch.
  ///
  /// @param stored nodes whose results others need in memory
  static void lower(Emit e, Fusion.Step step, Set<Integer> stored) {
    Op op = e.node().op();
    boolean whole = e.out(0).dtype() == DType.INT32 || op instanceof Cast;
    if (ReduceLowering.summed(e, e.node())) {
      return;
    }
    if ((op instanceof Pointwise || op instanceof Move.Broadcast) && !whole) {
      PointwiseLowering.lower(e, step, stored);
      return;
    }
    if (e.node().types().stream().allMatch(t -> t.size() == 0)) {
      return;
    }
    switch (op) {
      case Source s -> throw new IllegalStateException("a source needs no launch");
      case Pointwise p -> IntegerLowering.lower(e);
      case Move m -> move(e, m);
      case Reduce r -> ReduceLowering.reduce(e, r);
      case Contract c -> contract(e, c);
      case Draw d -> RandomLowering.lower(e, d);
      case Update.Adam a -> UpdateLowering.adam(e, a);
      case RandomWalk r -> MetropolisLowering.lower(e, r);
      case Fused f -> fused(e, f);
      case Solve s -> solve(e, s);
    }
  }

  static UnsupportedOperationException todo(Emit e) {
    return new UnsupportedOperationException("[" + e.node().op().name() + "] has no kernel yet");
  }

  private static void contract(Emit e, Contract op) {
    switch (op) {
      case MatMul m -> MatMulLowering.matmul(e, m);
      case Conv2d c -> ConvLowering.forward(e, c);
      case Conv2d.InputGradient c -> ConvLowering.inputGradient(e, c);
      case Conv2d.WeightGradient c -> ConvLowering.weightGradient(e, c);
      case MaxPool p -> PoolLowering.forward(e, p);
      case MaxPool.InputGradient p -> PoolLowering.inputGradient(e, p);
    }
  }

  private static void fused(Emit e, Fused op) {
    switch (op) {
      case Dense d -> MatMulLowering.dense(e, d);
      case Softmax s -> ReduceLowering.softmax(e);
      case ConvPool c -> ConvPoolLowering.forward(e);
      case ConvPool.InputGradient c -> ConvPoolLowering.inputGradient(e, c);
      case ConvPool.WeightGradient c -> ConvPoolLowering.weightGradient(e, c);
      case RationalQuadratic r -> FlowLowering.spline(e, r);
      case RationalQuadratic.Gradient r -> FlowLowering.splineGradient(e, r);
      case AffineCoupling a -> FlowLowering.affine(e, a);
      case AffineCoupling.Gradient a -> FlowLowering.affineGradient(e, a);
      case ChebyshevSeries c -> FlowLowering.chebyshev(e, c);
    }
  }

  private static void solve(Emit e, Solve op) {
    switch (op) {
      case Solve.Cholesky c -> SolveLowering.cholesky(e);
      case Solve.TriangularSolve t -> SolveLowering.triangularSolve(e, t);
      case GaussianLogDensity g -> GaussianLowering.logDensity(e, g);
      case GaussianLogDensity.Gradient g -> GaussianLowering.gradient(e, g);
      case GaussianField g -> GaussianLowering.field(e, g);
    }
  }

  private static void move(Emit e, Move op) {
    switch (op) {
      case Move.Reshape r -> throw new IllegalStateException("a reshape needs no launch");
      case Move.Broadcast b -> MoveLowering.repeat(e);
      case Move.Transpose t -> MoveLowering.transpose(e, t);
      case Move.Slice s -> MoveLowering.slice(e, s);
      case Move.Embed m -> MoveLowering.embed(e, m);
      case Move.Concat c -> MoveLowering.concat(e, c);
      case Move.Gather g -> MoveLowering.gather(e);
      case Move.Scatter s -> MoveLowering.scatter(e);
      case Move.Take t -> MoveLowering.take(e);
      case Move.Window w -> MoveLowering.window(e);
      case Diagonal d -> MoveLowering.diagonal(e);
      case DiagonalMatrix d -> MoveLowering.diagonalMatrix(e);
      case Sort s -> SortLowering.lower(e);
    }
  }
}
