package org.amortis.inference.variational;

import org.amortis.engine.op.Draw;
import org.amortis.engine.program.Trace;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.Type;
import org.amortis.nn.Scope;

/// Standard normal noise from randomly shifted lattices: the draws of one data set lie evenly, so
/// that averages over few of them vary little.
///
/// Point s of S has coordinates `Phi^-1(frac(s a_j + shift_j))`, `a_0 = 1/S`, the others powers of
/// the root of `x^(p+1) = x + 1`; one uniform shift a group and coordinate (Cranley and Patterson
/// 1976; for variational inference Buchholz, Wenzel and Mandt 2018). Every point is standard normal
/// by itself, so estimates are unbiased; for p = 1 the points are a stratified sample.
final class LatticeNoise {
  private LatticeNoise() {}

  /// Noise of a training step, shifted anew by the scope's key; in evaluation the fixed points with
  /// shift 1/(2 S) or 1/2, so that validation losses of two epochs differ by the network alone.
  ///
  /// @param groups G
  /// @param points S
  /// @return `(G * S, p)`
  static Var normal(Scope scope, int groups, int points, int p) {
    Var shift = null;
    if (scope.training()) {
      Shape shape = Shape.of(groups, 1, p);
      shift =
          scope.trace().one(new Draw.Uniform(scope.dtype(), shape, scope.stream()), scope.key());
    }
    return normal(scope.trace(), scope.dtype(), groups, points, p, shift);
  }

  /// The same with given shifts `(G, 1, p)` in (0, 1), or null for the fixed ones.
  static Var normal(Trace t, DType dtype, int groups, int points, int p, Var shift) {
    double[] lattice = lattice(points, p);
    Var u;
    if (shift != null) {
      Var sum = shift.add(t.table(new Type(dtype, Shape.of(1, points, p)), lattice));
      u = sum.sub(t.constant(sum, 1).lessEqual(sum));
    } else {
      for (int i = 0; i < lattice.length; i++) {
        double moved = lattice[i] + (i % p == 0 ? 0.5 / points : 0.5);
        lattice[i] = moved >= 1 ? moved - 1 : moved;
      }
      u = t.table(new Type(dtype, Shape.of(1, points, p)), lattice).broadcast(groups, points, p);
    }
    // Rounding may have reached the ends, where the quantile is infinite.
    double end = dtype == DType.FLOAT32 ? 0x1p-24 : 0x1p-53;
    return u.max(end).min(1 - end).normalQuantile().reshape(groups * points, p);
  }

  private static double[] lattice(int points, int p) {
    double root = 1.5;
    for (int i = 0; i < 100; i++) {
      root = StrictMath.pow(1 + root, 1.0 / (p + 1));
    }
    double[] x = new double[points * p];
    for (int s = 0; s < points; s++) {
      for (int j = 0; j < p; j++) {
        double a = j == 0 ? 1.0 / points : StrictMath.pow(root, -j);
        x[s * p + j] = s * a - StrictMath.floor(s * a);
      }
    }
    return x;
  }
}
