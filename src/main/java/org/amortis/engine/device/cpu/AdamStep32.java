package org.amortis.engine.device.cpu;

import org.amortis.engine.device.cpu.scalar.Polynomials32;

/// The numbers of one Adam step.
///
/// @param lr learning rate
/// @param beta1 decay of the first moment
/// @param beta2 decay of the second moment
/// @param eps added to the root of the second moment
/// @param c1 first bias correction, 1 - beta1^t at step t = 1, 2, ...
/// @param c2 second bias correction, 1 - beta2^t
/// @param gradScale factor of the gradient, for instance of clipping
/// @param decay decoupled weight decay, 0 for plain Adam
public record AdamStep32(
    float lr,
    float beta1,
    float beta2,
    float eps,
    float c1,
    float c2,
    float gradScale,
    float decay) {
  /// Returns lr/c1, the step length of the corrected first moment.
  public float rate() {
    return lr / c1;
  }

  /// Returns 1/sqrt(c2), the factor of the root of the second moment.
  public float rootScale() {
    return 1f / Polynomials32.sqrt(c2);
  }

  /// Returns 1 - lr decay, the factor of the parameters.
  public float keep() {
    return 1f - lr * decay;
  }
}
