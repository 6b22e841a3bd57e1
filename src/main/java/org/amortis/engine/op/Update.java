package org.amortis.engine.op;

import java.util.List;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.ShapeException;
import org.amortis.engine.shape.Type;

/// New values of state: optimiser steps over flat parameter vectors, and steps of Markov chains.
public sealed interface Update extends Op permits Update.Adam, RandomWalk {

  @Override
  default <V> List<V> gradient(Graph<V> g, List<V> in, List<V> out, List<V> dOut) {
    throw new UnsupportedOperationException("[" + name() + "] is not differentiated");
  }

  /// Adam (Kingma and Ba 2015, algorithm 1) with decoupled weight decay (Loshchilov and Hutter
  /// 2019).
  ///
  /// Operands: parameters p, gradient g, first moment m, second moment v, all `(n,)`, and control
  /// `(4,)` = learning rate r, `c1 = 1 - beta1^t`, `c2 = 1 - beta2^t`, factor applied to g.
  /// Results: new p, m, v.
  ///
  /// ```
  /// m = beta1 m + (1 - beta1) g        v = beta2 v + (1 - beta2) g^2
  /// p = p - r ((m / c1) / (sqrt(v / c2) + epsilon) + weightDecay p)
  /// ```
  ///
  /// @param beta1 how much of the first moment stays
  /// @param beta2 how much of the second moment stays
  /// @param epsilon added to the root
  /// @param weightDecay decoupled decay
  record Adam(double beta1, double beta2, double epsilon, double weightDecay) implements Update {
    @Override
    public String name() {
      return "adam";
    }

    @Override
    public List<Type> infer(List<Type> in) {
      Type p = in.get(0);
      for (int i = 1; i < 4; i++) {
        if (!in.get(i).equals(p) || !p.dtype().isFloat()) {
          throw new ShapeException(name(), "p, g, m, v must be floats of one type, found " + in);
        }
      }
      if (!in.get(4).equals(p.with(Shape.of(4)))) {
        throw new ShapeException(name(), "control must be (4,) of p's type, found " + in.get(4));
      }
      return List.of(p, p, p);
    }

    @Override
    public List<double[]> evaluate(List<Type> types, List<double[]> in) {
      double[] p = in.get(0).clone();
      double[] m = in.get(2).clone();
      double[] v = in.get(3).clone();
      double rate = in.get(4)[0];
      for (int i = 0; i < p.length; i++) {
        double g = in.get(1)[i] * in.get(4)[3];
        m[i] = beta1 * m[i] + (1 - beta1) * g;
        v[i] = beta2 * v[i] + (1 - beta2) * g * g;
        double step = m[i] / in.get(4)[1] / (StrictMath.sqrt(v[i] / in.get(4)[2]) + epsilon);
        p[i] -= rate * (step + weightDecay * p[i]);
      }
      return List.of(p, m, v);
    }
  }
}
