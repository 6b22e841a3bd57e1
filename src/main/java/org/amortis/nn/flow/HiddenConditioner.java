package org.amortis.nn.flow;

import org.amortis.engine.op.Activation;
import org.amortis.engine.program.Var;
import org.amortis.nn.Initializer;
import org.amortis.nn.Network;
import org.amortis.nn.Scope;
import org.amortis.nn.layer.Dense;

/// A hidden network on untouched columns and context side by side, then an affine layer.
///
/// Shapes as in [Conditioner#apply]. Parameters: `hidden.` and `out.`, or `free` where there is
/// nothing to depend on.
///
/// @param hidden layers before the last one; null for none
/// @param constantStart whether the last layer starts at zero weights and the coupling's own bias;
///   otherwise it starts as PyTorch's do, and the bias that the coupling asks for is not used
public record HiddenConditioner(Network hidden, boolean constantStart) implements Conditioner {
  @Override
  public Var apply(Scope scope, Var fixed, Var context, int outputs, double... start) {
    if (fixed == null && context == null) {
      return Conditioner.free(scope, outputs, start);
    }
    Var x = fixed == null ? context : fixed;
    if (fixed != null && context != null) {
      x = fixed.concat(Columns.repeat(context, fixed.dim(0)), 1);
    }
    Var h = hidden == null ? x : hidden.apply(scope.child("hidden"), x);
    Initializer bias = start.length == 0 ? Initializer.ZEROS : new Initializer.Values(start);
    Network last =
        constantStart
            ? new Dense(outputs, Activation.NONE, Initializer.ZEROS, bias)
            : Dense.fanIn(outputs, Activation.NONE);
    return last.apply(scope.child("out"), h);
  }
}
