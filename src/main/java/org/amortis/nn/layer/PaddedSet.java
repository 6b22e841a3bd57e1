package org.amortis.nn.layer;

import org.amortis.engine.program.Var;
import org.amortis.nn.Network;
import org.amortis.nn.Scope;

/// A [DeepSet] for data sets with differing numbers of replicates, padded with NaN.
///
/// x `(B, m, ...)`: room for m replicates; one of which every element is NaN is absent and changes
/// nothing. A replicate that lacks some elements keeps its NaN, so its inner network must know of
/// gaps ([Masked]). Parameters: those of the set.
///
/// Posteriors narrow with the number of replicates, which a mean does not know: give the set its
/// log-count, or sum pooling.
///
/// @param set the network of the replicates
public record PaddedSet(DeepSet set) implements Network {
  @Override
  public Var apply(Scope scope, Var x) {
    int b = x.dim(0);
    int m = x.dim(1);
    Var elements = Missing.present(x).reshape(b, m, x.type().size() / (b * m));
    return set.apply(scope, x, elements.max(2, false));
  }
}
