package org.amortis.engine.op;

import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.amortis.engine.math.Special;
import org.amortis.engine.shape.ShapeException;
import org.amortis.engine.shape.Type;

/// Functions of one variable, applied to each element.
///
/// x of any shape and float type, y alike; other types throw [ShapeException].
///
/// | op | y | |
/// |---|---|---|
/// | NEG, ABS | `-x`, `abs x` | gradient of ABS at 0 is 0 |
/// | SIGN, FLOOR | -1, 0 or 1; largest integer up to x | no gradient |
/// | EXP, EXPM1 | `exp x`, `exp x - 1` | |
/// | LOG, LOG1P | `log x`, `log(1 + x)` | minus infinity where the argument is 0, NaN below |
/// | SQRT, SQUARE, RECIPROCAL | `sqrt x`, `x^2`, `1 / x` | SQRT is NaN below 0 |
/// | TANH, SIGMOID, SOFTSIGN | `tanh x`, `1 / (1 + exp(-x))`, `x / (1 + abs x)` | |
/// | SOFTPLUS, RELU | `log(1 + exp x)`, `max(0, x)` | gradient of RELU at 0 is 0 |
/// | ERF | `2 / sqrt(pi)` times the integral of `exp(-t^2)` from 0 to x | |
/// | NORMAL_CDF | Phi(x), standard normal distribution function | |
/// | NORMAL_QUANTILE | Phi^-1(x) | infinite at 0 and 1, NaN outside |
///
/// `of` is the meaning, `slope` the vector-Jacobian product: `x` the operand, `y` the result, `dy`
/// its adjoint. Errors on the devices stand in docs/accuracy.md.
public enum Unary implements Pointwise {
  NEG {
    @Override
    double of(double x) {
      return -x;
    }

    @Override
    <V> V slope(Graph<V> g, V x, V y, V dy) {
      return g.neg(dy);
    }
  },
  ABS {
    @Override
    double of(double x) {
      return StrictMath.abs(x);
    }

    @Override
    <V> V slope(Graph<V> g, V x, V y, V dy) {
      return g.mul(dy, g.sign(x));
    }
  },
  SIGN {
    @Override
    double of(double x) {
      return StrictMath.signum(x);
    }

    @Override
    <V> V slope(Graph<V> g, V x, V y, V dy) {
      return null;
    }
  },
  FLOOR {
    @Override
    double of(double x) {
      return StrictMath.floor(x);
    }

    @Override
    <V> V slope(Graph<V> g, V x, V y, V dy) {
      return null;
    }
  },
  EXP {
    @Override
    double of(double x) {
      return Special.exp(x);
    }

    @Override
    <V> V slope(Graph<V> g, V x, V y, V dy) {
      return g.mul(dy, y);
    }
  },
  LOG {
    @Override
    double of(double x) {
      return Special.log(x);
    }

    @Override
    <V> V slope(Graph<V> g, V x, V y, V dy) {
      return g.div(dy, x);
    }
  },
  LOG1P {
    @Override
    double of(double x) {
      return Special.log1p(x);
    }

    @Override
    <V> V slope(Graph<V> g, V x, V y, V dy) {
      return g.div(dy, g.add(x, 1));
    }
  },
  EXPM1 {
    @Override
    double of(double x) {
      return Special.expm1(x);
    }

    @Override
    <V> V slope(Graph<V> g, V x, V y, V dy) {
      return g.mul(dy, g.add(y, 1));
    }
  },
  SQRT {
    @Override
    double of(double x) {
      return StrictMath.sqrt(x);
    }

    @Override
    <V> V slope(Graph<V> g, V x, V y, V dy) {
      return g.div(g.mul(dy, 0.5), y);
    }
  },
  RECIPROCAL {
    @Override
    double of(double x) {
      return 1 / x;
    }

    @Override
    <V> V slope(Graph<V> g, V x, V y, V dy) {
      return g.neg(g.mul(dy, g.square(y)));
    }
  },
  SQUARE {
    @Override
    double of(double x) {
      return x * x;
    }

    @Override
    <V> V slope(Graph<V> g, V x, V y, V dy) {
      return g.mul(dy, g.mul(x, 2));
    }
  },
  TANH {
    @Override
    double of(double x) {
      return Special.tanh(x);
    }

    @Override
    <V> V slope(Graph<V> g, V x, V y, V dy) {
      return g.mul(dy, g.sub(1, g.square(y)));
    }
  },
  SIGMOID {
    @Override
    double of(double x) {
      return Special.sigmoid(x);
    }

    @Override
    <V> V slope(Graph<V> g, V x, V y, V dy) {
      return g.mul(dy, g.mul(y, g.sub(1, y)));
    }
  },
  SOFTPLUS {
    @Override
    double of(double x) {
      return Special.softplus(x);
    }

    @Override
    <V> V slope(Graph<V> g, V x, V y, V dy) {
      return g.mul(dy, g.sigmoid(x));
    }
  },
  /// `x / (1 + |x|)`.
  SOFTSIGN {
    @Override
    double of(double x) {
      return x / (1 + StrictMath.abs(x));
    }

    @Override
    <V> V slope(Graph<V> g, V x, V y, V dy) {
      return g.div(dy, g.square(g.add(g.abs(x), 1)));
    }
  },
  RELU {
    @Override
    double of(double x) {
      return x > 0 ? x : x != x ? x : 0;
    }

    @Override
    <V> V slope(Graph<V> g, V x, V y, V dy) {
      return g.mul(dy, g.less(g.constant(y, 0), y));
    }
  },
  ERF {
    @Override
    double of(double x) {
      return Special.erf(x);
    }

    @Override
    <V> V slope(Graph<V> g, V x, V y, V dy) {
      return g.mul(dy, g.mul(g.exp(g.neg(g.square(x))), 1.1283791670955126));
    }
  },
  NORMAL_CDF {
    @Override
    double of(double x) {
      return Special.normalCdf(x);
    }

    @Override
    <V> V slope(Graph<V> g, V x, V y, V dy) {
      return g.mul(dy, g.mul(g.exp(g.mul(g.square(x), -0.5)), INVERSE_SQRT_2PI));
    }
  },
  NORMAL_QUANTILE {
    @Override
    double of(double x) {
      return Special.normalQuantile(x);
    }

    @Override
    <V> V slope(Graph<V> g, V x, V y, V dy) {
      return g.mul(dy, g.mul(g.exp(g.mul(g.square(y), 0.5)), 1 / INVERSE_SQRT_2PI));
    }
  };

  private static final double INVERSE_SQRT_2PI = 0.3989422804014327;

  /// The function in double arithmetic.
  abstract double of(double x);

  /// Adjoint of the operand; `null` where the derivative is zero almost everywhere.
  abstract <V> V slope(Graph<V> g, V x, V y, V dy);

  @Override
  public List<Type> infer(List<Type> in) {
    if (!in.getFirst().dtype().isFloat()) {
      throw new ShapeException(toString(), "needs a float operand, found " + in.getFirst());
    }
    return List.of(in.getFirst());
  }

  @Override
  public List<double[]> evaluate(List<Type> types, List<double[]> in) {
    double[] x = in.getFirst();
    double[] y = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i] = of(x[i]);
    }
    return List.of(y);
  }

  @Override
  public <V> List<V> gradient(Graph<V> g, List<V> in, List<V> out, List<V> dOut) {
    return Collections.singletonList(slope(g, in.getFirst(), out.getFirst(), dOut.getFirst()));
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
