package org.amortis.nn.layer;

import java.util.List;
import org.amortis.engine.op.Move;
import org.amortis.engine.program.Trace;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.Shape;
import org.amortis.nn.Initializer;
import org.amortis.nn.Scope;

/// Attention of sites to each other that fades with their distance (Vaswani et al. 2017, with a
/// bias): head k of site i weighs site j by the softmax over present sites of `q_i k_j / sqrt(e) -
/// exp(r_k) distance_ij`.
///
/// Each head gives the weighted mean of the values `v_j` and of the distances; an affine map of all
/// heads is the result. Parameters: `query.`, `key.`, `value.`, `out.`, and `rate` (heads,), the
/// r_k, which start spread from 0 to log 32.
record SiteAttention(int heads) {
  /// Exponentials of it are 0.
  private static final double NEVER = -1e9;

  /// Traces the attention.
  ///
  /// @param h features `(B n, width)`
  /// @param distance `(B, n, n)`
  /// @param mask `(B, n)`, 1 for a site and 0 for none
  /// @return `(B n, width)`
  Var apply(Scope scope, Var h, Var distance, Var mask) {
    Trace t = scope.trace();
    int b = mask.dim(0);
    int n = mask.dim(1);
    int width = h.dim(1);
    double[] start = new double[heads];
    for (int k = 0; k < heads; k++) {
      start[k] = heads == 1 ? 1 : StrictMath.log(32) * k / (heads - 1);
    }
    Var rate = scope.parameter("rate", new Initializer.Values(start), heads);
    Var q = split(new Dense(width).apply(scope.child("query"), h), b, heads);
    Var k = split(new Dense(width).apply(scope.child("key"), h), b, heads);
    Var v = split(new Dense(width).apply(scope.child("value"), h), b, heads);
    Var apart = distance.reshape(b, 1, n, n);
    double scale = 1 / StrictMath.sqrt((double) width / heads);
    Var scores = t.matmul(q, k, false, true).mul(scale);
    Var fading = scores.sub(rate.exp().reshape(1, heads, 1, 1).mul(apart));
    Var weights = weights(fading, mask.reshape(b, 1, 1, n));
    Var reach = weights.mul(apart).sum(3).reshape(b, heads, n, 1);
    Var joined = weights.matmul(v).concat(reach, 3);
    int part = joined.dim(3);
    Var rows = t.one(new Move.Transpose(List.of(0, 2, 1, 3)), joined);
    return new Dense(width).apply(scope.child("out"), rows.reshape(b * n, heads * part));
  }

  /// Softmax along the last axis over what is present; uniform where nothing is.
  static Var weights(Var scores, Var mask) {
    return mask.select(scores, scores.trace().constant(scores, NEVER)).softmax();
  }

  /// Rows `(B n, heads e)` as `(B, heads, n, e)`.
  static Var split(Var x, int b, int heads) {
    int n = x.dim(0) / b;
    Var parts = x.trace().reshape(x, Shape.of(b, n, heads, x.dim(1) / heads));
    return x.trace().one(new Move.Transpose(List.of(0, 2, 1, 3)), parts);
  }
}
