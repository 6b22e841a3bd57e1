package org.amortis.nn.layer;

import java.util.List;
import org.amortis.engine.program.Var;
import org.amortis.nn.Initializer;
import org.amortis.nn.Network;
import org.amortis.nn.Scope;

/// Convolution with "same" padding, bias, ReLU and 2 x 2 max-pooling, fused.
///
/// x `(B, H, W, C)`, y `(B, H/2, W/2, filters)`. Parameters: weight `(kernel, kernel, C, filters)`,
/// bias `(filters,)`.
public record ConvPool(int filters, int kernel, Initializer weight) implements Network {
  /// A 3 x 3 layer with Glorot-uniform weights.
  public ConvPool(int filters) {
    this(filters, 3, new Initializer.GlorotUniform(1));
  }

  @Override
  public Var apply(Scope scope, Var x) {
    Var w = scope.parameter("weight", weight, kernel, kernel, x.dim(-1), filters);
    Var b = scope.parameter("bias", Initializer.ZEROS, filters);
    return scope.trace().apply(new org.amortis.engine.op.ConvPool(), List.of(x, w, b)).getFirst();
  }
}
