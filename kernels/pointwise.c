// Pointwise ops: whole groups of them in one launch, and changes of element type.
// OP_... are the numbers of the functions, defined before this text.

// Element of the operand that element i of the result comes from: code holds the number of axes,
// then (extent, stride) of each, innermost first.
DEVICE int repeated(GLOBAL const int* code, int i) {
  int at = 0;
  const int axes = code[0];
  for (int k = 0; k < axes; k++) {
    const int extent = code[1 + 2 * k];
    at += (i % extent) * code[2 + 2 * k];
    i /= extent;
  }
  return at;
}

DEVICE real function_of_one(const int op, const real a) {
  switch (op) {
    case OP_NEG: return -a;
    case OP_ABS: return ABS(a);
    case OP_SIGN: return a > R(0) ? R(1) : a < R(0) ? R(-1) : a;
    case OP_FLOOR: return FLOOR(a);
    case OP_EXP: return real_exp(a);
    case OP_LOG: return real_log(a);
    case OP_LOG1P: return real_log1p(a);
    case OP_EXPM1: return real_expm1(a);
    case OP_SQRT: return SQRT(a);
    case OP_RECIPROCAL: return R(1) / a;
    case OP_SQUARE: return a * a;
    case OP_TANH: return real_tanh(a);
    case OP_SIGMOID: return real_sigmoid(a);
    case OP_SOFTPLUS: return real_softplus(a);
    case OP_SOFTSIGN: return a / (R(1) + ABS(a));
    case OP_RELU: return a <= R(0) ? R(0) : a;
    case OP_ERF: return real_erf(a);
    case OP_NORMAL_CDF: return real_normal_cdf(a);
    case OP_NORMAL_QUANTILE: return real_normal_quantile(a);
  }
  return a;
}

DEVICE real function_of_two(const int op, const real a, const real b) {
  switch (op) {
    case OP_ADD: return a + b;
    case OP_SUB: return a - b;
    case OP_MUL: return a * b;
    case OP_DIV: return a / b;
    case OP_MAX: return real_max(a, b);
    case OP_MIN: return real_min(a, b);
    case OP_LESS: return a < b ? R(1) : R(0);
    case OP_LESS_EQUAL: return a <= b ? R(1) : R(0);
    case OP_EQUAL: return a == b ? R(1) : R(0);
  }
  return a;
}

// The instructions of a group, for each of n elements: registers are private to an item.
//
// code: `instructions` times (what, result, a, b, c), then the tables of repeated operands. LOAD
// reads memory a at element b i, LOAD_REPEATED through the table at c = b, CONSTANT takes constants[a], STORE
// writes memory a; all others work on registers. m0 .. m11: memory of the values (n,) or smaller;
// unused ones repeat the first. A value may be read and written by the same element only.
// Geometry: any.
#define AT(k) (k < 6 ? (k < 3 ? (k == 0 ? m0 : k == 1 ? m1 : m2) : (k == 3 ? m3 : k == 4 ? m4 : m5)) \
                     : (k < 9 ? (k == 6 ? m6 : k == 7 ? m7 : m8) : (k == 9 ? m9 : k == 10 ? m10 : m11)))
#ifndef REGISTERS
#define REGISTERS 8
#endif
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
  GLOBAL const int* tables = code + 5 * instructions;
  real r[REGISTERS];
  for (int i = INDEX(0); i < n; i += INDICES(0)) {
    for (int k = 0; k < instructions; k++) {
      GLOBAL const int* word = code + 5 * k;
      const int what = word[0];
      const int to = word[1];
      const int a = word[2];
      const int b = word[3];
      if (what >= OP_NEG) {
        r[to] = function_of_one(what, r[a]);
      } else if (what >= OP_ADD) {
        r[to] = function_of_two(what, r[a], r[b]);
      } else if (what == OP_LOAD) {
        r[to] = AT(a)[b * i];
      } else if (what == OP_LOAD_REPEATED) {
        r[to] = AT(a)[repeated(tables + b, i)];
      } else if (what == OP_CONSTANT) {
        r[to] = constants[a];
      } else if (what == OP_STORE) {
        AT(a)[i] = r[to];
      } else if (what == OP_COPY) {
        r[to] = r[a];
      } else if (what == OP_SELECT) {
        r[to] = r[a] != R(0) ? r[b] : r[word[4]];
      } else {
        r[to] = r[a] > R(0) ? r[a] : constants[b] * r[a];
      }
    }
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
