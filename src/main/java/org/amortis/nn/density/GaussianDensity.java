package org.amortis.nn.density;

import org.amortis.engine.program.Var;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.Type;
import org.amortis.nn.Scope;
import org.amortis.nn.flow.Conditioner;

/// A Gaussian whose mean and Cholesky factor of the precision come from the context.
///
/// With `A` lower triangular, positive on the diagonal: `log q = -1/2 |A (u - mean)|^2 + log|A| -
/// p/2 log 2 pi`, so the precision is `A' A`; for one parameter A is `1 / sd`. A draw is `mean +
/// A^-1 eta`. Shapes as in [ConditionalDensity].
///
/// @param p number of parameters
/// @param conditioner gives `(B, 2 p + p (p - 1) / 2)`: p means, p logarithms of A's diagonal, then
///   the entries below it, row by row
public record GaussianDensity(int p, Conditioner conditioner) implements ConditionalDensity {

  private Var raw(Scope scope, Var context) {
    return conditioner.apply(scope, null, context, 2 * p + p * (p - 1) / 2);
  }

  /// The factors A `(G, p, p)`.
  private Var factor(Var raw) {
    int g = raw.dim(0);
    Var diagonal = raw.slice(1, p, 2 * p).exp();
    if (p == 1) {
      return diagonal.reshape(g, 1, 1);
    }
    // A constant 0/1 matrix places diagonal and lower entries in the flattened p x p factor.
    int n = p + p * (p - 1) / 2;
    double[] place = new double[n * p * p];
    for (int i = 0, lower = p; i < p; i++) {
      place[i * p * p + i * p + i] = 1;
      for (int j = 0; j < i; j++) {
        place[lower++ * p * p + i * p + j] = 1;
      }
    }
    Var entries = diagonal.concat(raw.slice(1, 2 * p, p + n), 1);
    Var table = raw.trace().table(new Type(raw.type().dtype(), Shape.of(n, p * p)), place);
    return entries.matmul(table).reshape(g, p, p);
  }

  @Override
  public Var logProb(Scope scope, Var u, Var context) {
    Var raw = raw(scope, context);
    int g = raw.dim(0);
    int s = u.dim(0) / g;
    Var centred = u.reshape(g, s, p).sub(raw.slice(1, 0, p).reshape(g, 1, p));
    Var z = raw.trace().matmul(centred, factor(raw), false, true).reshape(g * s, p);
    return log(z, raw);
  }

  /// Log-density at the points that standardise to z `(G * S, p)`.
  private Var log(Var z, Var raw) {
    int g = raw.dim(0);
    Var base = z.square().sum(1).mul(-0.5).add(-FlowDensity.HALF_LOG_2PI * p);
    Var volume = raw.slice(1, p, 2 * p).sum(1).reshape(g, 1);
    return base.reshape(g, z.dim(0) / g).add(volume).reshape(z.dim(0));
  }

  @Override
  public Drawn drawn(Scope scope, Var context, Var normal) {
    Var raw = raw(scope, context);
    return FlowDensity.equallyWeighted(points(raw, normal), log(normal, raw), context);
  }

  @Override
  public Var draw(Scope scope, Var context, Var normal, Var uniform) {
    return points(raw(scope, context), normal);
  }

  private Var points(Var raw, Var normal) {
    int g = raw.dim(0);
    int s = normal.dim(0) / g;
    Var mean = raw.slice(1, 0, p).reshape(g, 1, p);
    if (p == 1) {
      Var sd = raw.slice(1, 1, 2).neg().exp().reshape(g, 1, 1);
      return normal.reshape(g, s, 1).mul(sd).add(mean).reshape(g * s, 1);
    }
    // u = mean + A^-1 z: one triangular solve with S right-hand sides a context.
    Var z = raw.trace().swap(normal.reshape(g, s, p));
    Var x = raw.trace().one(new org.amortis.engine.op.Solve.TriangularSolve(false), factor(raw), z);
    return raw.trace().swap(x).add(mean).reshape(g * s, p);
  }
}
