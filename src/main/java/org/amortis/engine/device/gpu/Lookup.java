package org.amortis.engine.device.gpu;

/// Where element i of a result is read.
///
/// @param dims extents of the result, outermost first
/// @param strides of the operand along each
/// @param at first element
record Lookup(int[] dims, int[] strides, int at) {
  int of(int i) {
    int sum = at;
    int left = i;
    for (int k = dims.length - 1; k >= 0; k--) {
      sum += left % dims[k] * strides[k];
      left /= dims[k];
    }
    return sum;
  }
}
