// Sums in a fixed order.

DEVICE real add(real a, real b) { return a + b; }

// Sum of x[0], x[step], ... up to x[count - 1].
DEVICE real sum_of(GLOBAL const real* x, int count, int step) {
  real a = R(0.0), b = R(0.0), c = R(0.0), d = R(0.0);
  int k = 0;
  for (; k < count - 3 * step; k += 4 * step) {
    a += x[k];
    b += x[k + step];
    c += x[k + 2 * step];
    d += x[k + 3 * step];
  }
  for (; k < count; k += step) {
    a += x[k];
  }
  return (a + b) + (c + d);
}
