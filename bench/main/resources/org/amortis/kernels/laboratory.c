// What the device reaches: the rates that the laboratory compares all kernels with.
//
// Open name: CHAINS, running values of an item, independent of each other.

#ifndef CHAINS
#define CHAINS 32
#endif

// y[i] = x[i].
//
// x, y (n,). Any number of groups and of items.
KERNEL laboratory_copy(IN(real, x), OUT(real, y), const int n) {
  OPEN_IN(real, x);
  OPEN_OUT(real, y);
  for (int i = INDEX(0); i < n; i += INDICES(0)) {
    y[i] = x[i];
  }
}

// y[i] = sum over c < CHAINS of v(c), where v(c) = a v(c) + b is taken `steps` times from v(c) = i + c.
//
// y (n,). Any number of groups and of items; 2 CHAINS steps operations an element.
KERNEL laboratory_multiply_add(OUT(real, y), const int n, const int steps, const real a, const real b) {
  OPEN_OUT(real, y);
  for (int i = INDEX(0); i < n; i += INDICES(0)) {
    real v[CHAINS];
    for (int c = 0; c < CHAINS; c++) {
      v[c] = (real)(i + c);
    }
    for (int s = 0; s < steps; s++) {
      _Pragma("unroll") for (int c = 0; c < CHAINS; c++) { v[c] = FMA(v[c], a, b); }
    }
    real sum = R(0.0);
    for (int c = 0; c < CHAINS; c++) {
      sum += v[c];
    }
    y[i] = sum;
  }
}
