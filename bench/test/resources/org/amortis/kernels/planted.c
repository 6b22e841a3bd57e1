// pointwise_from_int with faults, for the test of the laboratory.

// Right for as many items as elements only: the loop over the grid is missing.
KERNEL planted_without_loop(IN(int, x), OUT(real, y), const int n) {
  OPEN_IN(int, x);
  OPEN_OUT(real, y);
  const int i = INDEX(0);
  if (i < n) {
    y[i] = (real)x[i];
  }
}

// Wrong at one element, at every launch size.
KERNEL planted_off_by_one(IN(int, x), OUT(real, y), const int n) {
  OPEN_IN(int, x);
  OPEN_OUT(real, y);
  for (int i = INDEX(0); i < n; i += INDICES(0)) {
    y[i] = (real)(i == n - 1 ? x[i] + 1 : x[i]);
  }
}
