package org.amortis.nn.layer;

import org.amortis.engine.op.Activation;
import org.amortis.engine.program.Var;
import org.amortis.nn.Initializer;
import org.amortis.nn.Network;
import org.amortis.nn.Scope;

/// Convolution with bias and activation: `y = activation(conv(x, w) + b)`.
///
/// x `(B, H, W, C)`, y `(B, H', W', filters)` with `H' = floor((H + 2 pad - kernel) / stride) + 1`,
/// W' alike, zeros outside the image; the window is not flipped. Parameters: weight `(kernel,
/// kernel, C, filters)`, bias `(filters,)`. Legend: B images, H rows, W columns, C channels.
///
/// @param filters channels of the result
/// @param kernel side of the window in pixels
/// @param stride step of the window in pixels
/// @param pad rows and columns of zeros on each side
/// @param activation of each element
/// @param weight first values of the weights
/// @param bias first values of the bias
public record Conv2d(
    int filters,
    int kernel,
    int stride,
    int pad,
    Activation activation,
    Initializer weight,
    Initializer bias)
    implements Network {
  /// Checks the settings.
  ///
  /// @throws IllegalArgumentException when filters, kernel or stride is below 1 or pad negative
  public Conv2d {
    if (filters < 1 || kernel < 1 || stride < 1 || pad < 0) {
      throw new IllegalArgumentException(
          "[conv2d] needs filters, kernel, stride of at least 1 and pad of at least 0, found "
              + filters
              + ", "
              + kernel
              + ", "
              + stride
              + ", "
              + pad);
    }
  }

  /// A layer with Glorot-uniform weights and zero bias.
  public Conv2d(int filters, int kernel, int stride, int pad, Activation activation) {
    this(
        filters,
        kernel,
        stride,
        pad,
        activation,
        new Initializer.GlorotUniform(1),
        Initializer.ZEROS);
  }

  /// A layer of stride 1 that keeps height and width; the kernel is odd.
  ///
  /// @throws IllegalArgumentException for an even kernel
  public static Conv2d same(int filters, int kernel, Activation activation) {
    if (kernel % 2 == 0) {
      throw new IllegalArgumentException("[conv2d] an even kernel cannot keep the size: " + kernel);
    }
    return new Conv2d(filters, kernel, 1, kernel / 2, activation);
  }

  @Override
  public Var apply(Scope scope, Var x) {
    Var w = scope.parameter("weight", weight, kernel, kernel, x.dim(-1), filters);
    Var b = scope.parameter("bias", bias, filters);
    Var y = scope.trace().one(new org.amortis.engine.op.Conv2d(stride, pad), x, w).add(b);
    return switch (activation.kind()) {
      case NONE -> y;
      case RELU -> y.relu();
      case LEAKY_RELU -> y.leakyRelu(activation.slope());
    };
  }
}
