package org.amortis.engine.op;

import org.amortis.engine.shape.Shape;

/// Index arithmetic shared by the oracles.
final class Elements {
  private Elements() {}

  /// The elements of `x` repeated to the shape `to`.
  static double[] broadcast(double[] x, Shape from, Shape to) {
    if (from.equals(to)) {
      return x;
    }
    int[] source = indices(from.stridesIn(to), to);
    double[] y = new double[source.length];
    for (int i = 0; i < y.length; i++) {
      y[i] = x[source[i]];
    }
    return y;
  }

  /// For every element of `target` in row-major order, the dot product of its index with `strides`.
  static int[] indices(int[] strides, Shape target) {
    int n = target.size();
    int[] out = new int[n];
    int[] index = new int[target.rank()];
    int at = 0;
    for (int i = 0; i < n; i++) {
      out[i] = at;
      for (int axis = target.rank() - 1; axis >= 0; axis--) {
        index[axis]++;
        at += strides[axis];
        if (index[axis] < target.dim(axis)) {
          break;
        }
        at -= strides[axis] * target.dim(axis);
        index[axis] = 0;
      }
    }
    return out;
  }
}
