package org.amortis.engine.op;

import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Type;

/// The one table of how far a device may be from the oracle, by family of op and element type.
///
/// @param own units in the last place of the value itself
/// @param largest units in the last place of the result's largest finite value, for sums
record Tolerance(double own, double largest) {
  private static final Tolerance EXACT = new Tolerance(0, 0);

  static Tolerance of(Op op) {
    return switch (op) {
      case Source s -> EXACT;
      case Move.Scatter m -> new Tolerance(0, 4);
      case Move m -> EXACT;
      case Unary u ->
          switch (u) {
            case NEG, ABS, SIGN, FLOOR, SQRT, RECIPROCAL, SQUARE, RELU -> EXACT;
            case SOFTSIGN -> new Tolerance(2, 0);
            case EXP, LOG, LOG1P, EXPM1, TANH, SIGMOID, SOFTPLUS, ERF -> new Tolerance(4, 0);
            case NORMAL_CDF, NORMAL_QUANTILE -> new Tolerance(8, 0);
          };
      case Binary b -> EXACT;
      case Select s -> EXACT;
      case Cast c -> EXACT;
      case LeakyRelu r -> new Tolerance(2, 0);
      case Reduce r ->
          switch (r.kind()) {
            case MAX -> EXACT;
            case SUM -> new Tolerance(0, 8);
            case LOG_SUM_EXP -> new Tolerance(2, 2);
          };
      case MatMul m -> new Tolerance(0, 32);
      case Conv2d c -> new Tolerance(0, 32);
      case Conv2d.InputGradient c -> new Tolerance(0, 32);
      case Conv2d.WeightGradient c -> new Tolerance(0, 32);
      case MaxPool p -> EXACT;
      case MaxPool.InputGradient p -> EXACT;
      case Draw.Uniform d -> EXACT;
      case Draw.Normal d -> EXACT;
      case Draw.Dropout d -> new Tolerance(2, 0);
      case Dense d -> new Tolerance(0, 32);
      case Softmax s -> new Tolerance(16, 1);
      case ConvPool c -> new Tolerance(0, 32);
      case ConvPool.InputGradient c -> new Tolerance(0, 32);
      case ConvPool.WeightGradient c -> new Tolerance(0, 32);
      case RationalQuadratic r -> new Tolerance(64, 64);
      case RationalQuadratic.Gradient r -> new Tolerance(256, 256);
      case AffineCoupling a -> new Tolerance(8, 8);
      case AffineCoupling.Gradient a -> new Tolerance(8, 8);
      case ChebyshevSeries c -> new Tolerance(0, 64);
      case Solve.Cholesky c -> new Tolerance(0, 64);
      case Solve.TriangularSolve t -> new Tolerance(0, 16);
      case GaussianLogDensity g -> new Tolerance(0, 16);
      case GaussianLogDensity.Gradient g -> new Tolerance(0, 256);
      case GaussianField g -> new Tolerance(0, 16);
      case Update.Adam a -> new Tolerance(8, 8);
      case RandomWalk.Propose r -> new Tolerance(4, 4);
      case RandomWalk.Accept r -> new Tolerance(8, 0);
      case RandomWalk.Keep r -> EXACT;
    };
  }

  /// For devices with the kernels of `kernels/`: the same, but float32 normals, which come from
  /// single-precision arithmetic there.
  static Tolerance onGpu(Op op) {
    boolean single = op instanceof Draw.Normal n && n.dtype() == DType.FLOAT32;
    return single ? new Tolerance(3, 0) : of(op);
  }

  /// For the program of an op's gradient: a handful of ops one after the other.
  static Tolerance ofGradient(Op op) {
    Tolerance one = of(op);
    return new Tolerance(2 * one.own + 16, 4 * one.largest + 16);
  }

  /// Fails where [#fault] finds one.
  void check(String what, Type type, double[] found, double[] expected) {
    String fault = fault(type, found, expected);
    if (fault != null) {
      throw new AssertionError(what + ": " + fault);
    }
  }

  /// The first element of `found` that is not close to `expected`, in words; null where all are.
  /// NaN is close to NaN only, an infinity to itself.
  String fault(Type type, double[] found, double[] expected) {
    if (found.length != expected.length) {
      return found.length + " elements, expected " + expected.length;
    }
    boolean single = type.dtype() == DType.FLOAT32;
    double top = 0;
    for (double e : expected) {
      top = Double.isFinite(e) ? StrictMath.max(top, StrictMath.abs(e)) : top;
    }
    for (int i = 0; i < found.length; i++) {
      double e = single ? (float) expected[i] : expected[i];
      double f = found[i];
      if (f == e || Double.isNaN(f) && Double.isNaN(e)) {
        continue;
      }
      double ulp = single ? 0x1p-23 : 0x1p-52;
      double least = single ? 0x1p-126 : 0x1p-1022;
      double most = own * ulp * StrictMath.abs(e) + largest * ulp * top + (own > 0 ? least : 0);
      if (!type.dtype().isFloat() || !(StrictMath.abs(f - e) <= most)) {
        return "element %d is %s, expected %s: %.1f ulp of its own, %.1f of the largest"
            .formatted(
                i,
                f,
                e,
                StrictMath.abs(f - e) / (ulp * StrictMath.abs(e)),
                StrictMath.abs(f - e) / (ulp * top));
      }
    }
    return null;
  }
}
