package org.amortis.nn.layer;

import org.amortis.engine.program.Var;

/// Data with gaps: NaN stands for what was not observed.
///
/// The shape of a data set is fixed, so fewer replicates, sites or pixels than there is room for
/// leave NaN in the places that are empty. Networks that know of gaps ([Masked], [PaddedSet],
/// [SiteTransformer]) read them from there, in training and in use alike; what hides behind a NaN
/// has no influence.
public final class Missing {
  private Missing() {}

  /// 1 where a value was observed, 0 where it is NaN; any shape.
  public static Var present(Var x) {
    return x.trace().equal(x, x);
  }

  /// The values, 0 where there is none; any shape.
  public static Var filled(Var x) {
    return present(x).select(x, x.trace().constant(x, 0));
  }
}
