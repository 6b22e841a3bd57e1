package org.amortis.engine.device.cpu;

import org.amortis.engine.op.Activation;

/// What happens to a product before it is final: `c = activation(start + a b + bias)`.
///
/// `start` is the old content of c when `accumulate` is set and 0 otherwise; the products are
/// chained onto it. `bias` has one entry a column, the first at `biasOffset`, and may be null.
public record Epilogue32(
    float[] bias, int biasOffset, Activation.Kind activation, float slope, boolean accumulate) {
  /// `c = a b`.
  public static final Epilogue32 PLAIN = new Epilogue32(null, 0, Activation.Kind.NONE, 0f, false);

  /// `c = c + a b`.
  public static final Epilogue32 ACCUMULATE =
      new Epilogue32(null, 0, Activation.Kind.NONE, 0f, true);

  /// `c = a b + bias`.
  public static Epilogue32 bias(float[] bias, int biasOffset) {
    return new Epilogue32(bias, biasOffset, Activation.Kind.NONE, 0f, false);
  }

  /// Whether anything is left to do once the products are summed.
  public boolean finishes() {
    return bias != null || activation != Activation.Kind.NONE;
  }
}
