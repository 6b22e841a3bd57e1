package org.amortis.engine.op;

import java.util.ArrayList;
import java.util.List;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.ShapeException;
import org.amortis.engine.shape.Type;

/// Something that ops can be applied to: a trace that records, or an evaluator.
///
/// Gradients are written against this class, so that they record nodes in a program as well as they
/// compute numbers. The methods below the first two are compositions; none adds meaning of its own.
///
/// @param <V> the handle of a value
public abstract class Graph<V> {
  /// Applies an op and returns its results.
  public abstract List<V> apply(Op op, List<V> in);

  /// Element type and shape of a value.
  public abstract Type type(V v);

  /// Applies an op with one result.
  @SafeVarargs
  @SuppressWarnings("varargs")
  public final V one(Op op, V... in) {
    return apply(op, List.of(in)).getFirst();
  }

  /// Scalar constant of the element type of `like`.
  public final V constant(V like, double value) {
    return apply(new Source.Constant(value, type(like).dtype()), List.of()).getFirst();
  }

  /// Constant tensor.
  public final V table(Type type, double[] values) {
    return apply(new Source.Table(type, values), List.of()).getFirst();
  }

  /// Tensor of zeros.
  public final V zeros(Type type) {
    V zero = apply(new Source.Constant(0, type.dtype()), List.of()).getFirst();
    return broadcast(zero, type.shape());
  }

  /// `-x`.
  public final V neg(V x) {
    return one(Unary.NEG, x);
  }

  /// `|x|`.
  public final V abs(V x) {
    return one(Unary.ABS, x);
  }

  /// -1, 0 or 1, without gradient.
  public final V sign(V x) {
    return one(Unary.SIGN, x);
  }

  /// `exp(x)`.
  public final V exp(V x) {
    return one(Unary.EXP, x);
  }

  /// `log(x)`.
  public final V log(V x) {
    return one(Unary.LOG, x);
  }

  /// Square root.
  public final V sqrt(V x) {
    return one(Unary.SQRT, x);
  }

  /// `x x`.
  public final V square(V x) {
    return one(Unary.SQUARE, x);
  }

  /// Hyperbolic tangent.
  public final V tanh(V x) {
    return one(Unary.TANH, x);
  }

  /// `1 / (1 + exp(-x))`.
  public final V sigmoid(V x) {
    return one(Unary.SIGMOID, x);
  }

  /// `log(1 + exp(x))`.
  public final V softplus(V x) {
    return one(Unary.SOFTPLUS, x);
  }

  /// `max(0, x)`.
  public final V relu(V x) {
    return one(Unary.RELU, x);
  }

  /// Sum; functions of two values repeat axes of extent 1 and missing leading axes.
  public final V add(V a, V b) {
    return one(Binary.ADD, a, b);
  }

  /// Sum with a number; `a` itself for 0.
  public final V add(V a, double b) {
    return b == 0 ? a : add(a, constant(a, b));
  }

  /// Difference.
  public final V sub(V a, V b) {
    return one(Binary.SUB, a, b);
  }

  /// A number less a value.
  public final V sub(double a, V b) {
    return sub(constant(b, a), b);
  }

  /// Product of elements.
  public final V mul(V a, V b) {
    return one(Binary.MUL, a, b);
  }

  /// Product with a number; `a` itself for 1.
  public final V mul(V a, double b) {
    return b == 1 ? a : mul(a, constant(a, b));
  }

  /// Quotient of elements.
  public final V div(V a, V b) {
    return one(Binary.DIV, a, b);
  }

  /// Larger element.
  public final V max(V a, V b) {
    return one(Binary.MAX, a, b);
  }

  /// Smaller element.
  public final V min(V a, V b) {
    return one(Binary.MIN, a, b);
  }

  /// 1 where `a < b`, else 0.
  public final V less(V a, V b) {
    return one(Binary.LESS, a, b);
  }

  /// 1 where `a <= b`, else 0.
  public final V lessEqual(V a, V b) {
    return one(Binary.LESS_EQUAL, a, b);
  }

  /// 1 where `a == b`, else 0.
  public final V equal(V a, V b) {
    return one(Binary.EQUAL, a, b);
  }

  /// `a` where the condition is not 0, else `b`.
  public final V select(V condition, V a, V b) {
    return one(new Select(), condition, a, b);
  }

  /// The same numbers in another element type.
  public final V cast(V x, DType to) {
    return type(x).dtype() == to ? x : one(new Cast(to), x);
  }

  /// The same elements under another shape.
  public final V reshape(V x, Shape to) {
    return type(x).shape().equals(to) ? x : one(new Move.Reshape(to), x);
  }

  /// Repeats axes of extent 1 until the shape is `to`.
  public final V broadcast(V x, Shape to) {
    return type(x).shape().equals(to) ? x : one(new Move.Broadcast(to), x);
  }

  /// Elements `[from, to)` of an axis.
  public final V slice(V x, int axis, int from, int to) {
    Shape s = type(x).shape();
    int a = s.axis(axis);
    return from == 0 && to == s.dim(a) ? x : one(new Move.Slice(a, from, to), x);
  }

  /// Values one after the other along an axis.
  public final V concat(List<V> parts, int axis) {
    int a = type(parts.getFirst()).shape().axis(axis);
    return parts.size() == 1
        ? parts.getFirst()
        : apply(new Move.Concat(a), List.copyOf(parts)).getFirst();
  }

  /// Matrices with their last two axes exchanged.
  public final V swap(V x) {
    int rank = type(x).shape().rank();
    List<Integer> axes = new ArrayList<>();
    for (int i = 0; i < rank - 2; i++) {
      axes.add(i);
    }
    axes.add(rank - 1);
    axes.add(rank - 2);
    return one(new Move.Transpose(List.copyOf(axes)), x);
  }

  /// `op(a) op(b)`; a second operand of rank 2 is shared by all rows of a first one of higher rank.
  public final V matmul(V a, V b, boolean transposeA, boolean transposeB) {
    Shape x = type(a).shape();
    Shape y = type(b).shape();
    if (x.rank() > 2 && y.rank() == 2 && !transposeA) {
      V flat = reshape(a, Shape.of(x.product(0, x.rank() - 1), x.dim(-1)));
      V c = one(new MatMul(false, transposeB), flat, b);
      return reshape(c, x.with(-1, type(c).shape().dim(1)));
    }
    return one(new MatMul(transposeA, transposeB), a, b);
  }

  /// Sum along one axis, which disappears.
  public final V sum(V x, int axis) {
    return one(new Reduce(Reduce.Kind.SUM, type(x).shape().axis(axis)), x);
  }

  /// Sum of all elements, a scalar.
  public final V sum(V x) {
    Shape s = type(x).shape();
    return s.rank() == 0 ? x : sum(reshape(x, Shape.of(s.size())), 0);
  }

  /// `log |A|` of symmetric positive definite matrices `(..., n, n)`, by their Cholesky factors.
  public final V logDeterminant(V a) {
    V diagonal = one(new Diagonal(), one(new Solve.Cholesky(), a));
    return mul(sum(log(diagonal), type(diagonal).shape().rank() - 1), 2);
  }

  /// `x - log sum exp x` along the last axis.
  public final V logSoftmax(V x) {
    Shape s = type(x).shape();
    V total = one(new Reduce(Reduce.Kind.LOG_SUM_EXP, s.rank() - 1), x);
    return sub(x, reshape(total, s.with(-1, 1)));
  }

  /// Quantile along the last axis, which disappears: linear between the order statistics at `level
  /// (n - 1)`, NaN above all numbers; without gradient.
  ///
  /// Source: Hyndman and Fan (1996), definition 7.
  ///
  /// @throws IllegalArgumentException if the level is not in [0, 1]
  public final V quantile(V x, double level) {
    Shape s = type(x).shape();
    if (!(level >= 0 && level <= 1)) {
      throw new IllegalArgumentException("no quantile at level " + level);
    }
    if (s.rank() < 1 || s.dim(-1) == 0) {
      throw new ShapeException("quantile", "needs (..., n) with n > 0, found " + type(x));
    }
    double at = level * (s.dim(-1) - 1);
    int low = (int) at;
    V sorted = one(new Sort(), x);
    V below = reshape(slice(sorted, -1, low, low + 1), s.without(-1));
    if (at == low) {
      return below;
    }
    V above = reshape(slice(sorted, -1, low + 1, low + 2), s.without(-1));
    return add(below, mul(sub(above, below), at - low));
  }

  /// Mean of all elements, a scalar.
  public final V mean(V x) {
    return mul(sum(x), 1.0 / StrictMath.max(1, type(x).size()));
  }

  /// Sums the axes along which `to` would be repeated to the shape of x: the adjoint of
  /// broadcasting.
  ///
  /// @throws ShapeException when x is no repetition of that shape
  public final V sumTo(V x, Shape to) {
    Shape s = type(x).shape();
    if (s.equals(to)) {
      return x;
    }
    if (!Shape.broadcast("sum_to", s, to).equals(s)) {
      throw new ShapeException("sum_to", s + " is no repetition of " + to);
    }
    V v = x;
    int lead = s.rank() - to.rank();
    // Neighbouring repeated axes are summed as one, so that a bias gradient is a single reduction.
    int axis = s.rank();
    while (axis > 0) {
      int end = axis;
      while (axis > 0 && repeated(s, to, axis - 1, lead)) {
        axis--;
      }
      if (axis < end) {
        Shape now = type(v).shape();
        Shape merged = now.range(0, axis).append(s.product(axis, end));
        for (int i = end; i < now.rank(); i++) {
          merged = merged.append(now.dim(i));
        }
        v = sum(reshape(v, merged), axis);
      } else {
        axis--;
      }
    }
    return reshape(v, to);
  }

  private static boolean repeated(Shape s, Shape to, int axis, int lead) {
    return axis < lead || to.dim(axis - lead) == 1 && s.dim(axis) != 1;
  }
}
