package org.amortis.nn.layer;

import org.amortis.engine.program.Var;
import org.amortis.nn.Network;
import org.amortis.nn.Scope;

/// A network for data with missing values: it sees the values with 0 for NaN, and beside them where
/// they are present (Wang et al. 2024; review, section 3.3).
///
/// x `(B, ..., c)`, images `(B, H, W, c)` or vectors `(B, c)`, NaN where missing; the network gets
/// `(B, ..., 2 c)`, the filled values and then the mask of ones and zeros. Parameters: those of the
/// network.
///
/// Training data need gaps like those to come, see
/// [MissingAtRandom][org.amortis.nn.train.MissingAtRandom].
///
/// @param network takes twice as many channels
public record Masked(Network network) implements Network {
  @Override
  public Var apply(Scope scope, Var x) {
    return network.apply(scope, Missing.filled(x).concat(Missing.present(x), -1));
  }
}
