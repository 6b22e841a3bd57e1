package org.amortis.engine.device.cpu;

import java.util.Set;
import java.util.function.Function;
import org.amortis.engine.op.Contract;
import org.amortis.engine.op.Draw;
import org.amortis.engine.op.Fused;
import org.amortis.engine.op.GaussianField;
import org.amortis.engine.op.GaussianLogDensity;
import org.amortis.engine.op.Move;
import org.amortis.engine.op.Op;
import org.amortis.engine.op.Pointwise;
import org.amortis.engine.op.Reduce;
import org.amortis.engine.op.Solve;
import org.amortis.engine.op.Source;
import org.amortis.engine.op.Update;
import org.amortis.engine.plan.Aliases;
import org.amortis.engine.plan.Fusion;
import org.amortis.engine.program.Program;
import org.amortis.engine.shape.DType;

/// Chooses the launch of a step by the family of its op and its element type.
final class Lowerings {
  private Lowerings() {}

  static Launch of(
      Program p,
      Fusion.Step step,
      Function<Program.Value, Ref> refs,
      Aliases aliases,
      Set<Integer> stored) {
    Program.Node n = step.last();
    Op op = n.op();
    DType type = n.types().getFirst().dtype();
    if (op instanceof Pointwise || op instanceof Move.Broadcast) {
      boolean cast = op instanceof org.amortis.engine.op.Cast;
      if (type == DType.INT32 && !(op instanceof Move) || cast) {
        return IntLowering.of(p, n, refs);
      }
      if (type == DType.FLOAT32) {
        return LoopLowering32.of(p, step, refs, stored);
      }
      if (type == DType.FLOAT64) {
        return LoopLowering64.of(p, step, refs, stored);
      }
    }
    boolean single = type == DType.FLOAT32;
    Lowering32 a = new Lowering32(p, n, refs);
    Lowering64 b = new Lowering64(p, n, refs);
    StepLowering32 ua = new StepLowering32(a, n.in().size());
    StepLowering64 ub = new StepLowering64(b, n.in().size());
    FusedLowering32 fa = new FusedLowering32(p, n, refs);
    FusedLowering64 fb = new FusedLowering64(p, n, refs);
    SolveLowering32 sa = new SolveLowering32(p, n, refs);
    SolveLowering64 sb = new SolveLowering64(p, n, refs);
    return switch (op) {
      case Source s -> throw new IllegalStateException("a source needs no launch");
      case Pointwise q -> throw new IllegalStateException("handled above");
      case Move m -> new MoveLowering(p, n, refs, aliases).launch();
      case Reduce r -> single ? a.reduce(r) : b.reduce(r);
      case Contract c -> single ? a.contract(c) : b.contract(c);
      case Draw d -> single ? ua.draw(d) : ub.draw(d);
      case Update u -> single ? ua.update(u) : ub.update(u);
      case Fused f -> single ? fa.fused(f) : fb.fused(f);
      case Solve.Cholesky c -> single ? sa.cholesky(c) : sb.cholesky(c);
      case Solve.TriangularSolve t -> single ? sa.triangularSolve(t) : sb.triangularSolve(t);
      case GaussianLogDensity g -> new GaussianLowering(b).logDensity(g);
      case GaussianLogDensity.Gradient g -> new GaussianLowering(b).gradient(g);
      case GaussianField g -> new GaussianLowering(b).field(g);
    };
  }
}
