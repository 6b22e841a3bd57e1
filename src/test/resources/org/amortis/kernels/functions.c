// The functions of the common headers, one column each, for FunctionsTest.

// Row i of y (n, 11): the functions of x[i] in the order written; x (n,).
KERNEL functions_of_one(IN(real, x), OUT(real, y), const int n) {
  OPEN_IN(real, x);
  OPEN_OUT(real, y);
  for (int i = INDEX(0); i < n; i += INDICES(0)) {
    const real a = x[i];
    GLOBAL real* row = y + 11 * i;
    row[0] = real_exp(a);
    row[1] = real_expm1(a);
    row[2] = real_log(a);
    row[3] = real_log1p(a);
    row[4] = real_tanh(a);
    row[5] = real_sigmoid(a);
    row[6] = real_softplus(a);
    row[7] = real_erf(a);
    row[8] = real_normal_cdf(a);
    row[9] = real_normal_quantile(a);
    row[10] = real_is_nan(a) ? real_nan() : real_infinity();
  }
}

// Row i of y (n, 3): larger, smaller, and |a| with the sign of b; a (n,), b (n,).
KERNEL functions_of_two(IN(real, a), IN(real, b), OUT(real, y), const int n) {
  OPEN_IN(real, a);
  OPEN_IN(real, b);
  OPEN_OUT(real, y);
  for (int i = INDEX(0); i < n; i += INDICES(0)) {
    y[3 * i] = real_max(a[i], b[i]);
    y[3 * i + 1] = real_min(a[i], b[i]);
    y[3 * i + 2] = real_with_sign(a[i], b[i]);
  }
}

// Row i of y (n, 4): the block of row i of x (n, 6), which holds four counter and two key words.
KERNEL functions_philox(IN(int, x), OUT(int, y), const int n) {
  OPEN_IN(int, x);
  OPEN_OUT(int, y);
  for (int i = INDEX(0); i < n; i += INDICES(0)) {
    GLOBAL const int* c = x + 6 * i;
    const Words w = philox((uint)c[0], (uint)c[1], (uint)c[2], (uint)c[3], (uint)c[4], (uint)c[5]);
    y[4 * i] = (int)w.w0;
    y[4 * i + 1] = (int)w.w1;
    y[4 * i + 2] = (int)w.w2;
    y[4 * i + 3] = (int)w.w3;
  }
}
