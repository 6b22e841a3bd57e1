package org.amortis.nn.layer;

import org.amortis.engine.program.Var;
import org.amortis.engine.shape.ShapeException;
import org.amortis.nn.Network;
import org.amortis.nn.Scope;

/// A network beside the identity (He et al. 2016): `y = x + block(x)`.
///
/// x of any shape, y alike; a block that does not keep the shape throws [ShapeException].
///
/// Parameters of the block are named `block.`.
public record Residual(Network block) implements Network {
  @Override
  public Var apply(Scope scope, Var x) {
    Var y = block.apply(scope.child("block"), x);
    if (!y.shape().equals(x.shape())) {
      throw new ShapeException(
          "residual", "the block must keep the shape: " + x.shape() + " became " + y.shape());
    }
    return x.add(y);
  }
}
