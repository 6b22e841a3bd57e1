package org.amortis.engine.device.gpu;

import java.util.List;
import java.util.stream.IntStream;
import org.amortis.engine.op.Move;
import org.amortis.engine.op.Op;
import org.amortis.engine.op.Pointwise;
import org.amortis.engine.op.Reduce;
import org.amortis.engine.op.Source;
import org.amortis.engine.op.Unary;
import org.amortis.engine.program.Program;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Shape;

/// Launches of reductions and softmax.
///
/// How a sum is divided depends on the shape only, so that its bytes do too.
final class ReduceLowering {
  /// Items of a group, as in `reduce.c`.
  private static final int GROUP = 256;

  /// Groups that keep a large card busy.
  static final int BUSY = 512;

  /// Elements for each item before an axis is worth cutting into pieces.
  private static final int LEAST = 8;

  /// KIND of a sum of squares, behind those of the op.
  private static final int SQUARES = 3;

  /// Squares that a short launch computes.
  private static final int SHORT = 2048;

  private ReduceLowering() {}

  static void reduce(Emit e, Reduce r) {
    Shape s = e.in(0).shape();
    int outer = s.product(0, r.axis());
    int inner = s.product(r.axis() + 1, s.rank());
    Program.Node squares = e.program().nodes().get(e.node().in().getFirst().node());
    if (summed(e, squares)) {
      along(e, SQUARES, e.place(squares.in().getFirst()), outer, s.dim(r.axis()), inner);
    } else {
      along(e, number(r.kind()), e.operand(0), outer, s.dim(r.axis()), inner);
    }
  }

  /// Whether a node's squares are only summed, all of them to one number, as for the norm of a
  /// gradient: then the sum squares on its way, and the squares need no launch and no memory.
  ///
  /// Short ones are left to [SmallLaunches], and squares of what a pointwise group makes to that
  /// group. What lies in an input's memory may be another value by the time of the sum.
  static boolean summed(Emit e, Program.Node n) {
    if (n.op() != Unary.SQUARE || n.types().getFirst().size() <= SHORT) {
      return false;
    }
    Program p = e.program();
    Program.Value x = n.in().getFirst();
    Program.Value squares = new Program.Value(n.id(), 0);
    Op maker = p.nodes().get(x.node()).op();
    if (maker instanceof Pointwise
        || maker instanceof Move.Broadcast
        || p.nodes().get(e.aliases().of(x).root().node()).op() instanceof Source
        || p.outputs().containsValue(squares)
        || p.updates().containsValue(squares)) {
      return false;
    }
    List<Program.Node> users = p.nodes().stream().filter(u -> u.in().contains(squares)).toList();
    return users.size() == 1
        && users.getFirst().op() instanceof Reduce r
        && r.kind() == Reduce.Kind.SUM
        && users.getFirst().types().getFirst().size() == 1;
  }

  /// Reduces (outer, n, inner), over pieces of the axis first where lines are few and long. Sums of
  /// sums, maxima of maxima, log sum exp of log sum exp: the second launch is like the first.
  private static void along(Emit e, int kind, Place x, int outer, int n, int inner) {
    DType real = e.out(0).dtype();
    int outputs = outer * inner;
    int lanes = lanes(n, inner);
    int groups = groups(outputs, lanes);
    int size = ceil(n, StrictMath.clamp(n / (LEAST * lanes), 1, ceil(BUSY, groups)));
    int pieces = StrictMath.max(1, ceil(n, size));
    Place y = pieces == 1 ? e.result(0) : e.scratch(real, outputs * pieces);
    e.launch(
        kernel(real, kind),
        Grid.groups(groups, pieces, 1).of(GROUP, 1, 1),
        x,
        y,
        outputs,
        n,
        inner,
        lanes,
        size,
        pieces);
    if (pieces > 1) {
      along(e, kind == SQUARES ? number(Reduce.Kind.SUM) : kind, y, 1, pieces, outputs);
    }
  }

  private static Kernel kernel(DType real, int kind) {
    return Kernel.of("reduce_axis", real).define("KIND", kind);
  }

  /// Every kernel of a reduction.
  static List<Kernel> variants(DType real) {
    return IntStream.rangeClosed(0, SQUARES).mapToObj(k -> kernel(real, k)).toList();
  }

  static void softmax(Emit e) {
    Shape s = e.in(0).shape();
    int n = s.dim(-1);
    int rows = s.size() / n;
    int lanes = lanes(n, 1);
    e.launch(
        Kernel.of("reduce_softmax", e.out(0).dtype()),
        Grid.groups(groups(rows, lanes), 1, 1).of(GROUP, 1, 1),
        e.operand(0),
        e.result(0),
        rows,
        n,
        lanes);
  }

  private static int number(Reduce.Kind kind) {
    return switch (kind) {
      case SUM -> 0;
      case MAX -> 1;
      case LOG_SUM_EXP -> 2;
    };
  }

  /// Items that share a line: four elements each, and at least 32 neighbours of `inner` side by
  /// side.
  private static int lanes(int n, int inner) {
    int most = GROUP / StrictMath.min(32, powerOfTwo(inner));
    return StrictMath.min(most, powerOfTwo(ceil(n, 4)));
  }

  private static int groups(int lines, int lanes) {
    return ceil(lines, GROUP / lanes);
  }

  /// `ceil(a / b)`, at least 1.
  static int ceil(int a, int b) {
    return StrictMath.max(1, StrictMath.ceilDiv(a, b));
  }

  /// The least power of two that is not below n.
  static int powerOfTwo(int n) {
    return n <= 1 ? 1 : Integer.highestOneBit(n - 1) << 1;
  }
}
