// Faults that a checker of kernels must find.

// All items write the same element: a race. y (64,).
KERNEL_OF(8, 1, 1) planted_race(OUT(real, y)) {
  OPEN_OUT(real, y);
  LOCAL real sum[1];
  sum[0] = R(0);
  BARRIER;
  sum[0] += (real)ITEM(0);
  BARRIER;
  y[ITEM(0)] = sum[0];
}

// A result that depends on memory nobody wrote. y (64,).
KERNEL_OF(8, 1, 1) planted_unwritten(OUT(real, y)) {
  OPEN_OUT(real, y);
  if (y[32 + ITEM(0)] > R(0)) {
    y[ITEM(0)] = R(1);
  }
}
