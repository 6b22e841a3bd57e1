package org.amortis.nn.layer;

import java.util.List;
import org.amortis.engine.program.Var;
import org.amortis.nn.Network;
import org.amortis.nn.Scope;

/// Maximum over `size x size` windows, stride `size`; incomplete windows are dropped.
///
/// x `(B, H, W, C)`, y `(B, H / size, W / size, C)`. The gradient goes to the first maximum of a
/// window. Images smaller than a window throw
/// [ShapeException][org.amortis.engine.shape.ShapeException].
///
/// @param size side of a window in pixels
public record MaxPool(int size) implements Network {
  @Override
  public Var apply(Scope scope, Var x) {
    return scope.trace().apply(new org.amortis.engine.op.MaxPool(size), List.of(x)).getFirst();
  }
}
