package org.amortis.inference.variational;

import java.util.function.Supplier;
import org.amortis.engine.op.Solve;
import org.amortis.engine.program.Trace;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.Type;
import org.amortis.nn.Scope;
import org.amortis.nn.density.ConditionalDensity;

/// The traced densities of c data sets: a trained density, each with a context of its own, moved by
/// an affine map of its own.
///
/// `u = m + T v`, T lower triangular and positive on the diagonal, v from the trained density; `log
/// q(u) = log q_0(v) - log|T|`.
///
/// @param scope a fresh scope of the trained parameters at each call
/// @param context `(c, C)`
/// @param affine `(c, 2p + p(p-1)/2)`: m, the logarithms of T's diagonal, its lower entries
record LocalDensity(
    ConditionalDensity density, Supplier<Scope> scope, Var context, Var affine, int p) {

  static int affineWidth(int p) {
    return 2 * p + p * (p - 1) / 2;
  }

  ConditionalDensity.Drawn drawn(Var normal) {
    ConditionalDensity.Drawn d = density.drawn(scope.get(), context, normal);
    return new ConditionalDensity.Drawn(moved(d.u()), less(d.logProb()), d.logWeight());
  }

  Var draw(Var normal, Var uniform) {
    return moved(density.draw(scope.get(), context, normal, uniform));
  }

  Var logProb(Var u) {
    int c = context.dim(0);
    Trace t = u.trace();
    Var centred = u.reshape(c, u.dim(0) / c, p).sub(shift());
    Var v =
        p == 1
            ? centred.mul(diagonal().neg().exp().reshape(c, 1, 1))
            : t.swap(t.one(new Solve.TriangularSolve(false), factor(), t.swap(centred)));
    return less(density.logProb(scope.get(), v.reshape(u.dim(0), p), context));
  }

  private Var moved(Var v) {
    int c = context.dim(0);
    Var rows = v.reshape(c, v.dim(0) / c, p);
    Var turned =
        p == 1
            ? rows.mul(diagonal().exp().reshape(c, 1, 1))
            : v.trace().matmul(rows, factor(), false, true);
    return turned.add(shift()).reshape(v.dim(0), p);
  }

  private Var less(Var log) {
    int c = context.dim(0);
    Var volume = diagonal().sum(1).reshape(c, 1);
    return log.reshape(c, log.dim(0) / c).sub(volume).reshape(log.dim(0));
  }

  private Var shift() {
    return affine.slice(1, 0, p).reshape(context.dim(0), 1, p);
  }

  private Var diagonal() {
    return affine.slice(1, p, 2 * p);
  }

  /// The factors T `(c, p, p)`: a constant 0/1 matrix places the entries.
  private Var factor() {
    int n = p + p * (p - 1) / 2;
    double[] place = new double[n * p * p];
    for (int i = 0, lower = p; i < p; i++) {
      place[i * p * p + i * p + i] = 1;
      for (int j = 0; j < i; j++) {
        place[lower++ * p * p + i * p + j] = 1;
      }
    }
    Var entries = diagonal().exp().concat(affine.slice(1, 2 * p, p + n), 1);
    Var table = affine.trace().table(new Type(affine.type().dtype(), Shape.of(n, p * p)), place);
    return entries.matmul(table).reshape(context.dim(0), p, p);
  }
}
