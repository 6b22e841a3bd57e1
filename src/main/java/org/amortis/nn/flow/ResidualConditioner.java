package org.amortis.nn.flow;

import org.amortis.engine.op.Activation;
import org.amortis.engine.program.Var;
import org.amortis.nn.Scope;
import org.amortis.nn.layer.Dense;
import org.amortis.nn.layer.ResidualBlock;

/// An affine layer on untouched columns and context, residual blocks gated by the context, an
/// affine layer: the ResidualNet of nflows (Durkan et al. 2019).
///
/// Layers start as PyTorch's do, so the bias that a coupling asks for is not used. Shapes as in
/// [Conditioner#apply]. Parameters: `in.`, `block0.` and further blocks, `out.`, or `free` where
/// there is nothing to depend on.
///
/// @param hidden width of all hidden layers
/// @param blocks number of [ResidualBlock]s
public record ResidualConditioner(int hidden, int blocks) implements Conditioner {
  @Override
  public Var apply(Scope scope, Var fixed, Var context, int outputs, double... start) {
    if (fixed == null && context == null) {
      return Conditioner.free(scope, outputs, start);
    }
    Var x = fixed == null ? context : fixed;
    if (fixed != null && context != null) {
      x = fixed.concat(Columns.repeat(context, fixed.dim(0)), 1);
    }
    Var h = Dense.fanIn(hidden, Activation.NONE).apply(scope.child("in"), x);
    for (int i = 0; i < blocks; i++) {
      h = new ResidualBlock().apply(scope.child("block" + i), h, context);
    }
    return Dense.fanIn(outputs, Activation.NONE).apply(scope.child("out"), h);
  }
}
