package org.amortis.nn.flow;

import org.amortis.engine.op.DiagonalMatrix;
import org.amortis.engine.op.Solve;
import org.amortis.engine.program.Trace;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.Type;
import org.amortis.nn.Initializer;
import org.amortis.nn.Scope;

/// An invertible linear map by its triangular factors: `y = L (U x) + b`, ladj `sum log diag U`.
///
/// x `(B, p)`; L unit lower triangular, U upper triangular with diagonal `softplus(u) + 1e-3`.
/// Parameters: lower `(p (p - 1) / 2,)` and upper alike, entries row by row, for p of at least 2;
/// diagonal `(p,)` of u, bias `(p,)`. It starts as the identity. Durkan et al. (2019), section 3.1,
/// as arranged in nflows.
public record LuLinear() implements Bijection {
  private static final double LEAST = 1e-3;

  private record Factors(Var lower, Var upper, Var logDeterminant, Var bias) {}

  @Override
  public Mapped forward(Scope scope, Var x, Var context) {
    Factors f = factors(scope, x);
    Trace t = scope.trace();
    Var y = t.matmul(t.matmul(x, f.upper, false, true), f.lower, false, true).add(f.bias);
    return new Mapped(y, f.logDeterminant.broadcast(x.dim(0)));
  }

  @Override
  public Mapped inverse(Scope scope, Var latent, Var context) {
    Factors f = factors(scope, latent);
    Trace t = scope.trace();
    Var right = t.swap(latent.sub(f.bias));
    Var between = t.one(new Solve.TriangularSolve(false), f.lower, right);
    Var x = t.one(new Solve.TriangularSolve(true), t.swap(f.upper), between);
    return new Mapped(t.swap(x), f.logDeterminant.neg().broadcast(latent.dim(0)));
  }

  private static Factors factors(Scope scope, Var x) {
    int p = x.dim(1);
    Trace t = scope.trace();
    Initializer unit = new Initializer.Constant(StrictMath.log(StrictMath.expm1(1 - LEAST)));
    Var diagonal = scope.parameter("diagonal", unit, p).softplus().add(LEAST);
    Var bias = scope.parameter("bias", Initializer.ZEROS, p);
    double[] eye = new double[p * p];
    for (int i = 0; i < p; i++) {
      eye[i * (p + 1)] = 1;
    }
    Var lower = t.table(new Type(x.type().dtype(), Shape.of(p, p)), eye);
    Var upper = t.one(new DiagonalMatrix(), diagonal);
    if (p > 1) {
      int n = p * (p - 1) / 2;
      lower = lower.add(place(scope.parameter("lower", Initializer.ZEROS, n), p, true));
      upper = upper.add(place(scope.parameter("upper", Initializer.ZEROS, n), p, false));
    }
    return new Factors(lower, upper, diagonal.log().sum(), bias);
  }

  /// The strict triangle of a `(p, p)` matrix with the given entries, row by row.
  private static Var place(Var entries, int p, boolean lower) {
    int n = entries.dim(0);
    double[] places = new double[n * p * p];
    int e = 0;
    for (int i = 0; i < p; i++) {
      for (int j = 0; j < p; j++) {
        if (lower ? j < i : j > i) {
          places[e++ * p * p + i * p + j] = 1;
        }
      }
    }
    Type type = new Type(entries.type().dtype(), Shape.of(n, p * p));
    return entries.reshape(1, n).matmul(entries.trace().table(type, places)).reshape(p, p);
  }
}
