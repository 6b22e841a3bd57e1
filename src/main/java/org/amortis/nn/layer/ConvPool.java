package org.amortis.nn.layer;

import java.util.List;
import org.amortis.engine.program.Var;
import org.amortis.nn.Initializer;
import org.amortis.nn.Network;
import org.amortis.nn.Scope;

/// Convolution with "same" padding, bias, ReLU and 2 x 2 max-pooling; fused when H and W are even.
///
/// `y = maxpool(relu(conv(x, w) + b))`; x `(B, H, W, C)`, y `(B, H/2, W/2, filters)`, rounded down:
/// an odd last row or column is dropped by pooling. Parameters: weight `(kernel, kernel, C,
/// filters)`, bias `(filters,)` from 0.
///
/// @param filters channels of the result
/// @param kernel side of the window, odd
/// @param weight first values of the weights
public record ConvPool(int filters, int kernel, Initializer weight) implements Network {
  /// A 3 x 3 layer with Glorot-uniform weights.
  public ConvPool(int filters) {
    this(filters, 3, new Initializer.GlorotUniform(1));
  }

  @Override
  public Var apply(Scope scope, Var x) {
    Var w = scope.parameter("weight", weight, kernel, kernel, x.dim(-1), filters);
    Var b = scope.parameter("bias", Initializer.ZEROS, filters);
    if (x.dim(1) % 2 != 0 || x.dim(2) % 2 != 0) {
      org.amortis.engine.op.Conv2d conv = new org.amortis.engine.op.Conv2d(1, kernel / 2);
      return new MaxPool(2).apply(scope, scope.trace().one(conv, x, w).add(b).relu());
    }
    return scope.trace().apply(new org.amortis.engine.op.ConvPool(), List.of(x, w, b)).getFirst();
  }
}
