package org.amortis.engine.shape;

/// Element type of a tensor.
///
/// Networks run in [#FLOAT32], likelihoods and gradient checks in [#FLOAT64]; [#INT32] holds
/// indices, counters and random keys.
public enum DType {
  FLOAT32("f32", 4),
  FLOAT64("f64", 8),
  INT32("i32", 4);

  private final String label;
  private final int bytes;

  DType(String label, int bytes) {
    this.label = label;
    this.bytes = bytes;
  }

  /// Size of one element in bytes.
  public int bytes() {
    return bytes;
  }

  /// Whether the type is a floating-point one.
  public boolean isFloat() {
    return this != INT32;
  }

  @Override
  public String toString() {
    return label;
  }
}
