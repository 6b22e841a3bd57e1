package org.amortis.nn.layer;

import org.amortis.engine.op.Activation;
import org.amortis.engine.program.Var;
import org.amortis.nn.Initializer;
import org.amortis.nn.Network;
import org.amortis.nn.Scope;

/// Affine layer with activation: `y = activation(x w + b)`; x `(B, k)`, y `(B, outputs)`.
///
/// Parameters: weight `(k, outputs)`, bias `(outputs,)`. x with another number of axes than two
/// throws [ShapeException][org.amortis.engine.shape.ShapeException].
///
/// @param outputs features of the result
/// @param activation of each element
/// @param weight first values of the weights
/// @param bias first values of the bias
public record Dense(int outputs, Activation activation, Initializer weight, Initializer bias)
    implements Network {
  /// A layer with Glorot-uniform weights and zero bias.
  public Dense(int outputs, Activation activation) {
    this(outputs, activation, new Initializer.GlorotUniform(1), Initializer.ZEROS);
  }

  /// An affine layer without activation.
  public Dense(int outputs) {
    this(outputs, Activation.NONE);
  }

  /// A layer whose weights and bias start uniform on `(-1/sqrt(k), 1/sqrt(k))` with k inputs,
  /// PyTorch's default.
  public static Network fanIn(int outputs, Activation activation) {
    return new FanIn(outputs, activation);
  }

  /// A record and no lambda: saved networks are told apart by their description.
  private record FanIn(int outputs, Activation activation) implements Network {
    @Override
    public Var apply(Scope scope, Var x) {
      return fanIn(outputs, activation, x.dim(-1)).apply(scope, x);
    }
  }

  /// A layer whose weights and bias start as PyTorch's do, for a known number of inputs k, see
  /// [#fanIn(int, Activation)].
  public static Dense fanIn(int outputs, Activation activation, int inputs) {
    double limit = 1 / StrictMath.sqrt(inputs);
    Initializer start = new Initializer.Uniform(limit);
    return new Dense(outputs, activation, start, start);
  }

  @Override
  public Var apply(Scope scope, Var x) {
    Var w = scope.parameter("weight", weight, x.dim(-1), outputs);
    Var b = scope.parameter("bias", bias, outputs);
    return scope.trace().one(new org.amortis.engine.op.Dense(activation), x, w, b);
  }
}
