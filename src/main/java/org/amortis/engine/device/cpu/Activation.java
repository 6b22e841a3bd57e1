package org.amortis.engine.device.cpu;

/// What a fused kernel does to a value after the bias: nothing, `x < 0 ? 0 : x`, or `x < 0 ? slope
/// * x : x`. NaN passes through all three.
public enum Activation {
  NONE,
  RELU,
  LEAKY_RELU
}
