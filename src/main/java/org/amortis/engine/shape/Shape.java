package org.amortis.engine.shape;

import java.util.Arrays;

/// Extents of a tensor in row-major order; the empty shape is a scalar.
public final class Shape {
  /// The shape of a scalar.
  public static final Shape SCALAR = new Shape(new int[0]);

  private final int[] dims;
  private final int size;

  private Shape(int[] dims) {
    this.dims = dims;
    long product = 1;
    for (int d : dims) {
      if (d < 0) {
        throw new ShapeException("shape", "negative extent in " + Arrays.toString(dims));
      }
      product *= d;
      if (product > Integer.MAX_VALUE - 64) {
        throw new ShapeException(
            "shape",
            "more than 2^31 elements in " + Arrays.toString(dims) + "; use a smaller batch");
      }
    }
    this.size = (int) product;
  }

  /// Shape with the given extents.
  ///
  /// @throws ShapeException for a negative extent or more than 2^31 - 65 elements
  public static Shape of(int... dims) {
    return dims.length == 0 ? SCALAR : new Shape(dims.clone());
  }

  /// Number of axes.
  public int rank() {
    return dims.length;
  }

  /// Extent of one axis; a negative axis counts from the end.
  ///
  /// @throws ShapeException when there is no such axis
  public int dim(int axis) {
    return dims[axis(axis)];
  }

  /// The axis as a number in `[0, rank)`; a negative one counts from the end.
  ///
  /// @throws ShapeException when there is no such axis
  public int axis(int axis) {
    int a = axis < 0 ? axis + dims.length : axis;
    if (a < 0 || a >= dims.length) {
      throw new ShapeException(
          "shape", "axis " + axis + " of " + this + ": rank is " + dims.length);
    }
    return a;
  }

  /// Number of elements.
  public int size() {
    return size;
  }

  /// The extents, a fresh array.
  public int[] dims() {
    return dims.clone();
  }

  /// Product of the extents of the axes in `[from, to)`.
  public int product(int from, int to) {
    int p = 1;
    for (int i = from; i < to; i++) {
      p *= dims[i];
    }
    return p;
  }

  /// The same shape with one extent replaced.
  public Shape with(int axis, int extent) {
    int[] d = dims.clone();
    d[axis(axis)] = extent;
    return new Shape(d);
  }

  /// The shape without one axis.
  public Shape without(int axis) {
    int a = axis(axis);
    int[] d = new int[dims.length - 1];
    for (int i = 0, j = 0; i < dims.length; i++) {
      if (i != a) {
        d[j++] = dims[i];
      }
    }
    return new Shape(d);
  }

  /// The shape of `n` tensors of this one, along a new leading axis.
  public Shape times(int n) {
    int[] d = new int[dims.length + 1];
    d[0] = n;
    System.arraycopy(dims, 0, d, 1, dims.length);
    return new Shape(d);
  }

  /// The shape with further trailing axes.
  public Shape append(int... more) {
    int[] d = Arrays.copyOf(dims, dims.length + more.length);
    System.arraycopy(more, 0, d, dims.length, more.length);
    return new Shape(d);
  }

  /// The axes in `[from, to)` as a shape.
  public Shape range(int from, int to) {
    return new Shape(Arrays.copyOfRange(dims, from, to));
  }

  /// The common shape of two operands, aligned at the last axis, where an extent of 1 repeats.
  ///
  /// @throws ShapeException when two extents differ and neither is 1
  public static Shape broadcast(String op, Shape a, Shape b) {
    if (a.equals(b)) {
      return a;
    }
    int rank = Math.max(a.rank(), b.rank());
    int[] d = new int[rank];
    for (int i = 0; i < rank; i++) {
      int ai = i - rank + a.rank();
      int bi = i - rank + b.rank();
      int x = ai < 0 ? 1 : a.dims[ai];
      int y = bi < 0 ? 1 : b.dims[bi];
      if (x != y && x != 1 && y != 1) {
        throw new ShapeException(
            op, "cannot broadcast " + a + " with " + b + ": axis " + i + " has " + x + " and " + y);
      }
      d[i] = x == 1 ? y : x;
    }
    return new Shape(d);
  }

  /// Row-major strides of this shape read as an operand of `target`: 0 where the extent repeats.
  public int[] stridesIn(Shape target) {
    int[] strides = new int[target.rank()];
    int stride = 1;
    for (int i = dims.length - 1, j = target.rank() - 1; i >= 0; i--, j--) {
      strides[j] = dims[i] == 1 ? 0 : stride;
      stride *= dims[i];
    }
    return strides;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Shape s && Arrays.equals(dims, s.dims);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(dims);
  }

  @Override
  public String toString() {
    StringBuilder s = new StringBuilder("(");
    for (int i = 0; i < dims.length; i++) {
      s.append(i == 0 ? "" : ", ").append(dims[i]);
    }
    return s.append(dims.length == 1 ? ",)" : ")").toString();
  }
}
