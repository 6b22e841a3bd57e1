package org.amortis.engine.shape;

/// Element type and shape of a tensor.
public record Type(DType dtype, Shape shape) {
  /// A float32 tensor of the given extents.
  public static Type f32(int... dims) {
    return new Type(DType.FLOAT32, Shape.of(dims));
  }

  /// A float64 tensor of the given extents.
  public static Type f64(int... dims) {
    return new Type(DType.FLOAT64, Shape.of(dims));
  }

  /// An int32 tensor of the given extents.
  public static Type i32(int... dims) {
    return new Type(DType.INT32, Shape.of(dims));
  }

  /// The same element type with another shape.
  public Type with(Shape other) {
    return new Type(dtype, other);
  }

  /// Number of elements.
  public int size() {
    return shape.size();
  }

  @Override
  public String toString() {
    return dtype + shape.toString();
  }
}
