package org.amortis.engine.op;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.ShapeException;
import org.amortis.engine.shape.Type;

/// Functions of two variables, applied to each pair of elements with broadcasting.
///
/// ADD `a + b`, SUB `a - b`, MUL `a b`, DIV `a / b`; MAX and MIN are NaN where an operand is; LESS
/// `a < b`, LESS_EQUAL `a <= b`, EQUAL `a = b` give 1 or 0 in the operands' type and have no
/// gradient. At ties `MAX` and `MIN` send the adjoint to the first operand. Operands of different
/// types, or that do not broadcast, throw [ShapeException].
public enum Binary implements Pointwise {
  ADD {
    @Override
    double of(double a, double b) {
      return a + b;
    }

    @Override
    <V> List<V> slopes(Graph<V> g, V a, V b, V y, V dy) {
      return List.of(dy, dy);
    }
  },
  SUB {
    @Override
    double of(double a, double b) {
      return a - b;
    }

    @Override
    <V> List<V> slopes(Graph<V> g, V a, V b, V y, V dy) {
      return List.of(dy, g.neg(dy));
    }
  },
  MUL {
    @Override
    double of(double a, double b) {
      return a * b;
    }

    @Override
    <V> List<V> slopes(Graph<V> g, V a, V b, V y, V dy) {
      return List.of(g.mul(dy, b), g.mul(dy, a));
    }
  },
  DIV {
    @Override
    double of(double a, double b) {
      return a / b;
    }

    @Override
    <V> List<V> slopes(Graph<V> g, V a, V b, V y, V dy) {
      V da = g.div(dy, b);
      return List.of(da, g.neg(g.mul(da, y)));
    }
  },
  MAX {
    @Override
    double of(double a, double b) {
      return a != a || b != b ? Double.NaN : a >= b ? a : b;
    }

    @Override
    <V> List<V> slopes(Graph<V> g, V a, V b, V y, V dy) {
      V first = g.lessEqual(b, a);
      return List.of(g.mul(dy, first), g.mul(dy, g.sub(1, first)));
    }
  },
  MIN {
    @Override
    double of(double a, double b) {
      return a != a || b != b ? Double.NaN : a <= b ? a : b;
    }

    @Override
    <V> List<V> slopes(Graph<V> g, V a, V b, V y, V dy) {
      V first = g.lessEqual(a, b);
      return List.of(g.mul(dy, first), g.mul(dy, g.sub(1, first)));
    }
  },
  LESS {
    @Override
    double of(double a, double b) {
      return a < b ? 1 : 0;
    }

    @Override
    <V> List<V> slopes(Graph<V> g, V a, V b, V y, V dy) {
      return null;
    }
  },
  LESS_EQUAL {
    @Override
    double of(double a, double b) {
      return a <= b ? 1 : 0;
    }

    @Override
    <V> List<V> slopes(Graph<V> g, V a, V b, V y, V dy) {
      return null;
    }
  },
  EQUAL {
    @Override
    double of(double a, double b) {
      return a == b ? 1 : 0;
    }

    @Override
    <V> List<V> slopes(Graph<V> g, V a, V b, V y, V dy) {
      return null;
    }
  };

  /// The function in double arithmetic.
  abstract double of(double a, double b);

  /// Adjoints of the operands before they are summed over repeated axes; `null` for no gradient.
  abstract <V> List<V> slopes(Graph<V> g, V a, V b, V y, V dy);

  @Override
  public List<Type> infer(List<Type> in) {
    Type a = in.get(0);
    Type b = in.get(1);
    if (a.dtype() != b.dtype()) {
      throw new ShapeException(toString(), "operands have different types: " + a + " and " + b);
    }
    if (!a.dtype().isFloat() && this != ADD && this != SUB && this != MUL) {
      throw new ShapeException(toString(), "needs float operands, found " + a);
    }
    return List.of(a.with(Shape.broadcast(toString(), a.shape(), b.shape())));
  }

  @Override
  public List<double[]> evaluate(List<Type> types, List<double[]> in) {
    Shape to = infer(types).getFirst().shape();
    double[] a = Elements.broadcast(in.get(0), types.get(0).shape(), to);
    double[] b = Elements.broadcast(in.get(1), types.get(1).shape(), to);
    double[] y = new double[to.size()];
    for (int i = 0; i < y.length; i++) {
      y[i] = of(a[i], b[i]);
    }
    return List.of(y);
  }

  @Override
  public <V> List<V> gradient(Graph<V> g, List<V> in, List<V> out, List<V> dOut) {
    V a = in.get(0);
    V b = in.get(1);
    List<V> s = slopes(g, a, b, out.getFirst(), dOut.getFirst());
    if (s == null) {
      return Arrays.asList(null, null);
    }
    return List.of(g.sumTo(s.get(0), g.type(a).shape()), g.sumTo(s.get(1), g.type(b).shape()));
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
