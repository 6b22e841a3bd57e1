// Pointwise ops: whole groups of them in one launch, and changes of element type.
// Headers: function.h

// The instructions of a group, for each of n elements: registers are private to an item.
//
// code: `instructions` times (what, result, a, b, c), then the tables of repeated operands. LOAD
// reads memory a at element b i, LOAD_REPEATED through the table at c = b, CONSTANT takes constants[a], STORE
// writes memory a; all others work on registers. m0 .. m11: memory of the values (n,) or smaller;
// unused ones repeat the first. A value may be read and written by the same element only.
// Geometry: any.
KERNEL pointwise_run(
    IN(int, code), IN(real, constants), const int instructions, const int n,
    OUT(real, m0), OUT(real, m1), OUT(real, m2), OUT(real, m3), OUT(real, m4), OUT(real, m5),
    OUT(real, m6), OUT(real, m7), OUT(real, m8), OUT(real, m9), OUT(real, m10), OUT(real, m11)) {
  OPEN_IN(int, code);
  OPEN_IN(real, constants);
  OPEN_OUT(real, m0);
  OPEN_OUT(real, m1);
  OPEN_OUT(real, m2);
  OPEN_OUT(real, m3);
  OPEN_OUT(real, m4);
  OPEN_OUT(real, m5);
  OPEN_OUT(real, m6);
  OPEN_OUT(real, m7);
  OPEN_OUT(real, m8);
  OPEN_OUT(real, m9);
  OPEN_OUT(real, m10);
  OPEN_OUT(real, m11);
  int i;
  for (i = INDEX(0); i < n; i += INDICES(0)) {
    instructions_at(code, code + 5 * instructions, constants, instructions, i, m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10,
                    m11);
  }
}

// y = a + b (op 0), a - b (1), a b (2) of integers, modulo 2^32; a and b as in LOAD_REPEATED.
//
// tables: that of a, then at `second` that of b. a, b (n,) or smaller, y (n,). Geometry: any.
KERNEL pointwise_integers(
    IN(int, tables), const int second, const int op, const int n, IN(int, a), IN(int, b), OUT(int, y)) {
  OPEN_IN(int, tables);
  OPEN_IN(int, a);
  OPEN_IN(int, b);
  OPEN_OUT(int, y);
  for (int i = INDEX(0); i < n; i += INDICES(0)) {
    const uint p = (uint)a[repeated(tables, i)];
    const uint q = (uint)b[repeated(tables + second, i)];
    y[i] = (int)(op == 0 ? p + q : op == 1 ? p - q : p * q);
  }
}

// y = x as an integer: towards zero, 0 for NaN, the nearest integer where it does not fit; x, y
// (n,). Geometry: any.
KERNEL pointwise_to_int(IN(real, x), OUT(int, y), const int n) {
  OPEN_IN(real, x);
  OPEN_OUT(int, y);
  for (int i = INDEX(0); i < n; i += INDICES(0)) {
    const real v = x[i];
    y[i] = v >= R(2147483648.0) ? 2147483647 : v < R(-2147483648.0) ? (int)0x80000000 : v == v ? (int)v : 0;
  }
}

// y = x as a real; x, y (n,). Geometry: any.
KERNEL pointwise_from_int(IN(int, x), OUT(real, y), const int n) {
  OPEN_IN(int, x);
  OPEN_OUT(real, y);
  for (int i = INDEX(0); i < n; i += INDICES(0)) {
    y[i] = (real)x[i];
  }
}

// y = x from float to real, and from real to float; x, y (n,). Geometry: any.
KERNEL pointwise_from_float(IN(float, x), OUT(real, y), const int n) {
  OPEN_IN(float, x);
  OPEN_OUT(real, y);
  for (int i = INDEX(0); i < n; i += INDICES(0)) {
    y[i] = (real)x[i];
  }
}

KERNEL pointwise_to_float(IN(real, x), OUT(float, y), const int n) {
  OPEN_IN(real, x);
  OPEN_OUT(float, y);
  for (int i = INDEX(0); i < n; i += INDICES(0)) {
    y[i] = (float)x[i];
  }
}
