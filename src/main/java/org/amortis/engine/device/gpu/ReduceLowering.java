package org.amortis.engine.device.gpu;

import java.util.Arrays;
import java.util.List;
import org.amortis.engine.op.Reduce;
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

  private ReduceLowering() {}

  static void reduce(Emit e, Reduce r) {
    Shape s = e.in(0).shape();
    int outer = s.product(0, r.axis());
    int inner = s.product(r.axis() + 1, s.rank());
    along(e, r.kind(), e.operand(0), outer, s.dim(r.axis()), inner);
  }

  /// Reduces (outer, n, inner), over pieces of the axis first where lines are few and long. Sums of
  /// sums, maxima of maxima, log sum exp of log sum exp: the second launch is like the first.
  private static void along(Emit e, Reduce.Kind kind, Place x, int outer, int n, int inner) {
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
      along(e, kind, y, 1, pieces, outputs);
    }
  }

  private static Kernel kernel(DType real, Reduce.Kind kind) {
    return Kernel.of("reduce_axis", real).define("KIND", number(kind));
  }

  /// Every kernel of a reduction.
  static List<Kernel> variants(DType real) {
    return Arrays.stream(Reduce.Kind.values()).map(k -> kernel(real, k)).toList();
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
