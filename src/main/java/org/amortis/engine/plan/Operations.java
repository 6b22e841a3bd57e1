package org.amortis.engine.plan;

import java.util.List;
import org.amortis.engine.op.AffineCoupling;
import org.amortis.engine.op.ChebyshevSeries;
import org.amortis.engine.op.Contract;
import org.amortis.engine.op.Conv2d;
import org.amortis.engine.op.ConvPool;
import org.amortis.engine.op.Dense;
import org.amortis.engine.op.Draw;
import org.amortis.engine.op.Fused;
import org.amortis.engine.op.GaussianField;
import org.amortis.engine.op.GaussianLogDensity;
import org.amortis.engine.op.GramStructure;
import org.amortis.engine.op.MatMul;
import org.amortis.engine.op.MaxPool;
import org.amortis.engine.op.Move;
import org.amortis.engine.op.Pointwise;
import org.amortis.engine.op.RandomWalk;
import org.amortis.engine.op.RationalQuadratic;
import org.amortis.engine.op.Reduce;
import org.amortis.engine.op.Softmax;
import org.amortis.engine.op.Solve;
import org.amortis.engine.op.Source;
import org.amortis.engine.op.Update;
import org.amortis.engine.program.Program;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.Type;

/// Floating-point operations of a program, counted from its ops: a measure of work that no machine
/// changes.
///
/// A multiply-add counts as two, an elementary function as one, a random number as ten; the
/// backward passes of a pooled convolution count what they visit, a quarter.
public final class Operations {
  private Operations() {}

  /// Operations of one run.
  public static long of(Program p) {
    return p.nodes().stream().mapToLong(n -> of(p, n)).sum();
  }

  /// Operations of one node.
  public static long of(Program p, Program.Node n) {
    List<Type> in = p.operandTypes(n);
    long size = n.types().getFirst().size();
    return switch (n.op()) {
      case Source s -> 0;
      case Move m -> 0;
      case Pointwise q -> size;
      case Reduce r -> in.getFirst().size();
      case Draw d -> 10 * size;
      case Update.Adam a -> 14 * size;
      case RandomWalk.Propose r -> 14 * size;
      case RandomWalk.Accept r -> 20L * in.get(1).size();
      case RandomWalk.Keep k -> 0;
      case Contract c -> contract(c, in, n.types().getFirst());
      case Fused f -> fused(f, in, n.types().getFirst());
      case Solve s -> solve(s, in);
    };
  }

  private static long contract(Contract op, List<Type> in, Type out) {
    return switch (op) {
      case MatMul m -> {
        MatMul.Extents e = m.extents(in.get(0), in.get(1));
        yield 2L * e.batch() * e.m() * e.n() * e.k();
      }
      case Conv2d c -> conv(in.get(1).shape(), out.shape());
      case Conv2d.InputGradient g -> conv(in.get(1).shape(), in.get(0).shape());
      case Conv2d.WeightGradient g -> conv(out.shape(), in.get(1).shape());
      case MaxPool p -> in.getFirst().size();
      case MaxPool.InputGradient g -> in.getFirst().size();
    };
  }

  /// Operations of a convolution with weights `w` and result `y`.
  private static long conv(Shape w, Shape y) {
    return 2L * y.size() * w.product(0, 3);
  }

  private static long fused(Fused op, List<Type> in, Type out) {
    return switch (op) {
      case Dense d -> 2L * out.size() * in.getFirst().shape().dim(1) + 2L * out.size();
      case Softmax s -> 4L * out.size();
      case ConvPool c -> 4 * conv(in.get(1).shape(), out.shape());
      case ConvPool.InputGradient g -> conv(in.get(2).shape(), in.get(0).shape());
      case ConvPool.WeightGradient g -> conv(out.shape(), in.get(1).shape());
      case RationalQuadratic r -> 60L * in.get(0).size() + 10L * in.get(1).size();
      case RationalQuadratic.Gradient g -> 120L * in.get(0).size() + 20L * in.get(1).size();
      case AffineCoupling a -> 8L * out.size();
      case AffineCoupling.Gradient g -> 14L * out.size();
      case ChebyshevSeries c -> 3L * c.series().terms() * out.size();
    };
  }

  private static long solve(Solve op, List<Type> in) {
    Shape s = in.getFirst().shape();
    return switch (op) {
      case Solve.Cholesky c -> s.size() / s.dim(-1) * (long) s.dim(-1) * s.dim(-1) / 3;
      case Solve.TriangularSolve t -> (long) in.get(1).size() * s.dim(-1);
      case GaussianLogDensity g ->
          g.pairs()
              ? s.dim(0) * (factor(g.structure()) + in.get(1).shape().dim(0) * back(g.structure()))
              : s.dim(0) * (factor(g.structure()) + back(g.structure()));
      case GaussianLogDensity.Gradient g -> 3L * s.dim(0) * factor(g.structure());
      case GaussianField g -> s.dim(0) * (factor(g.structure()) + back(g.structure()));
    };
  }

  private static long factor(GramStructure structure) {
    return structure.blocks().stream()
        .mapToLong(b -> (long) b.size() * b.size() * b.size() / 3)
        .sum();
  }

  private static long back(GramStructure structure) {
    return structure.blocks().stream()
        .mapToLong(b -> (long) b.size() * b.size() * b.rightHandSides())
        .sum();
  }
}
