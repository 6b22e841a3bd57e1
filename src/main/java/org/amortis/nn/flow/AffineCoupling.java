package org.amortis.nn.flow;

import java.util.List;
import org.amortis.engine.math.ClampedAffine;
import org.amortis.engine.program.Var;
import org.amortis.nn.Scope;

/// Affine coupling with a clamped log scale (Dinh et al. 2017): half of the columns are scaled and
/// shifted by amounts that depend on the other half and the context.
///
/// `y = x exp(s) + t` in the moving columns, `y = x` in the others, with `s = c tanh(r / c)` and
/// (r, t) from the conditioner; ladj `sum s`. Inverse `x = (y - t) exp(-s)`, ladj `-sum s`.
///
/// x `(B, p)`, y alike, ladj `(B,)`. With a single column the map is affine given the context, so a
/// flow of these is Gaussian. Parameters: those of the conditioner.
///
/// @param clamp bound c of the log scale
/// @param conditioner gives `(B, 2 m)` for m moving columns, all r before all t
/// @param evenMoves whether the columns 0, 2, ... move (else 1, 3, ...); a single column always
///   moves
public record AffineCoupling(double clamp, Conditioner conditioner, boolean evenMoves)
    implements Bijection {
  /// A coupling with the usual clamp, [ClampedAffine#CLAMP].
  public AffineCoupling(Conditioner conditioner, boolean evenMoves) {
    this(ClampedAffine.CLAMP, conditioner, evenMoves);
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
    Var raw = conditioner.apply(scope, kept, context, 2 * moving.size());
    if (raw.dim(0) != x.dim(0)) {
      raw = Columns.repeat(raw, x.dim(0));
    }
    Var y = fixed.isEmpty() ? x : Columns.take(x, moving);
    List<Var> out =
        scope
            .trace()
            .apply(new org.amortis.engine.op.AffineCoupling(clamp, inverse), List.of(y, raw));
    Var moved = out.get(0);
    return new Mapped(
        fixed.isEmpty() ? moved : Columns.merge(moved, moving, kept, fixed), out.get(1));
  }
}
