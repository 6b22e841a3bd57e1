package org.amortis.nn.layer;

import org.amortis.engine.program.Var;
import org.amortis.nn.Network;
import org.amortis.nn.Scope;

/// An activation of each element; any shape.
///
/// | kind | y |
/// |---|---|
/// | RELU | `max(0, x)` |
/// | LEAKY_RELU | `x` for positive x, `slope x` otherwise |
/// | TANH | `tanh x` |
/// | SIGMOID | `1 / (1 + exp(-x))` |
/// | SOFTPLUS | `log(1 + exp x)` |
/// | GELU | `x Phi(x) = x (1 + erf(x / sqrt 2)) / 2` (Hendrycks and Gimpel 2016), not its tanh form |
///
/// @param kind which function
/// @param slope used by LEAKY_RELU alone
public record Activate(Kind kind, double slope) implements Network {
  /// Which function.
  public enum Kind {
    RELU,
    LEAKY_RELU,
    TANH,
    SIGMOID,
    SOFTPLUS,
    GELU
  }

  /// An activation with leaky slope 0.01.
  public Activate(Kind kind) {
    this(kind, 0.01);
  }

  @Override
  public Var apply(Scope scope, Var x) {
    return switch (kind) {
      case RELU -> x.relu();
      case LEAKY_RELU -> x.leakyRelu(slope);
      case TANH -> x.tanh();
      case SIGMOID -> x.sigmoid();
      case SOFTPLUS -> x.softplus();
      case GELU -> x.mul(x.mul(StrictMath.sqrt(0.5)).erf().add(1)).mul(0.5);
    };
  }
}
