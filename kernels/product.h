// Operands of matrix products, element by element, and what follows a sum.

#ifndef TRANSPOSE_A
#define TRANSPOSE_A 0
#endif
#ifndef TRANSPOSE_B
#define TRANSPOSE_B 0
#endif

// Element (row, p) of op(A) of one product: zero from p = end on, the last row again below it.
DEVICE real matmul_a(GLOBAL const real* a, int row, int p, int m, int k, int end) {
  const int r = row < m ? row : m - 1;
  return p < end ? a[TRANSPOSE_A ? p * m + r : r * k + p] : R(0);
}

// Element (p, column) of op(B) of one product: zero from p = end on, the last column again beside it.
DEVICE real matmul_b(GLOBAL const real* b, int p, int column, int n, int k, int end) {
  const int c = column < n ? column : n - 1;
  return p < end ? b[TRANSPOSE_B ? c * k + p : p * n + c] : R(0);
}

// What follows the sum: nothing (0); bias (1); bias and max(0, y), NaN kept (2); bias and
// y > 0 ? y : slope y (3).
DEVICE real matmul_epilogue(
    int epilogue, real sum, GLOBAL const real* bias, int column, real slope) {
  if (epilogue == 0) {
    return sum;
  }
  const real y = sum + bias[column];
  if (epilogue == 2) {
    return y <= R(0) ? R(0) : y;
  }
  return epilogue == 1 || y > R(0) ? y : slope * y;
}
