package org.amortis.engine.op;

/// Activation of a fused layer; every one can be differentiated from its result alone.
///
/// @param kind which function
/// @param slope used by LEAKY_RELU alone
public record Activation(Kind kind, double slope) {
  /// No activation.
  public static final Activation NONE = new Activation(Kind.NONE, 0);

  /// `max(0, x)`.
  public static final Activation RELU = new Activation(Kind.RELU, 0);

  /// Which function.
  public enum Kind {
    NONE,
    RELU,
    LEAKY_RELU
  }

  /// `x` for positive `x`, `slope * x` otherwise.
  public static Activation leakyRelu(double slope) {
    return new Activation(Kind.LEAKY_RELU, slope);
  }

  double of(double x) {
    return switch (kind) {
      case NONE -> x;
      case RELU -> Unary.RELU.of(x);
      case LEAKY_RELU -> x > 0 ? x : slope * x;
    };
  }

  /// Adjoint before the activation, from the result `y` and its adjoint.
  <V> V slope(Graph<V> g, V y, V dy) {
    return switch (kind) {
      case NONE -> dy;
      case RELU -> Unary.RELU.slope(g, y, y, dy);
      case LEAKY_RELU ->
          new LeakyRelu(slope)
              .gradient(g, java.util.List.of(y), java.util.List.of(y), java.util.List.of(dy))
              .getFirst();
    };
  }
}
