package org.amortis.nn.flow;

import java.util.ArrayList;
import java.util.List;
import org.amortis.engine.math.Spline;
import org.amortis.engine.op.RationalQuadratic;
import org.amortis.engine.program.Trace;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.Type;
import org.amortis.nn.Scope;

/// Coupling by monotone rational-quadratic splines (Durkan et al. 2019): half of the columns move,
/// by splines whose parameters depend on the other half and the context.
///
/// `y_j = f(x_j; raw_j)` in the moving columns with f the map of [Spline], `y = x` in the others;
/// ladj `sum log f'(x_j)`. With a single column all of it moves and the parameters depend on the
/// context alone: a conditional monotone spline, computed once a context however many points share
/// it.
///
/// x `(B, p)`, y alike, ladj `(B,)`. Parameters: those of the conditioner, which starts so that f
/// is the identity if it can start constant ([Conditioner#mlp]).
///
/// @param spline bins, bound and minima
/// @param conditioner gives `(B, m (3 K - 1))` for m moving columns and K bins, column after column
/// @param evenMoves whether the columns 0, 2, ... move (else 1, 3, ...); a single column always
///   moves
/// @param share factor of the raw widths and heights before their softmax, 1 for none; nflows
///   divides them by the square root of the conditioner's width
public record SplineCoupling(
    Spline spline, Conditioner conditioner, boolean evenMoves, double share) implements Bijection {
  /// A coupling whose raw parameters are used as they are.
  public SplineCoupling(Spline spline, Conditioner conditioner, boolean evenMoves) {
    this(spline, conditioner, evenMoves, 1);
  }

  @Override
  public Mapped forward(Scope scope, Var x, Var context) {
    return map(scope, x, context, false);
  }

  @Override
  public Mapped inverse(Scope scope, Var latent, Var context) {
    return map(scope, latent, context, true);
  }

  private Mapped map(Scope scope, Var x, Var context, boolean inverse) {
    int p = x.dim(1);
    List<Integer> moving = Columns.parity(p, evenMoves);
    List<Integer> fixed = Columns.others(p, moving);
    Var kept = fixed.isEmpty() ? null : Columns.take(x, fixed);
    double[] identity = spline.identityRaw();
    double[] start = new double[moving.size() * identity.length];
    for (int i = 0; i < start.length; i++) {
      start[i] = identity[i % identity.length];
    }
    Var raw = scaled(conditioner.apply(scope, kept, context, start.length, start));
    int rows = x.dim(0);
    int k = moving.size();
    Trace t = scope.trace();
    if (k == 1) {
      Var y = moving.size() == p ? x : Columns.take(x, moving);
      List<Var> out =
          t.apply(new RationalQuadratic(spline, inverse), List.of(y.reshape(rows), raw));
      Var moved = out.get(0).reshape(rows, 1);
      return new Mapped(
          fixed.isEmpty() ? moved : Columns.merge(moved, moving, kept, fixed), out.get(1));
    }
    if (raw.dim(0) != rows) {
      raw = Columns.repeat(raw, rows);
    }
    Var y = Columns.take(x, moving);
    List<Var> out =
        t.apply(
            new RationalQuadratic(spline, inverse),
            List.of(y.reshape(rows * k), raw.reshape(rows * k, spline.parameters())));
    Var moved = t.reshape(out.get(0), Shape.of(rows, k));
    Var ladj = t.reshape(out.get(1), Shape.of(rows, k)).sum(1);
    return new Mapped(fixed.isEmpty() ? moved : Columns.merge(moved, moving, kept, fixed), ladj);
  }

  private Var scaled(Var raw) {
    if (share == 1) {
      return raw;
    }
    int n = raw.dim(1);
    double[] factor = new double[n];
    for (int i = 0; i < n; i++) {
      factor[i] = i % spline.parameters() < 2 * spline.bins() ? share : 1;
    }
    return raw.mul(raw.trace().table(new Type(raw.type().dtype(), Shape.of(n)), factor));
  }

  /// Alternating couplings, the even columns first.
  ///
  /// @param count number of couplings
  public static List<Bijection> alternating(int count, Spline spline, Conditioner conditioner) {
    List<Bijection> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(new SplineCoupling(spline, conditioner, i % 2 == 0));
    }
    return all;
  }
}
