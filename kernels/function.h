// Functions of the pointwise ops and their interpreter. OP_... are the numbers of the functions, defined before this text.
//
// Defines: REGISTERS of an item.

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

// The memory of number k.
#define AT(k) (k < 6 ? (k < 3 ? (k == 0 ? m0 : k == 1 ? m1 : m2) : (k == 3 ? m3 : k == 4 ? m4 : m5)) \
                     : (k < 9 ? (k == 6 ? m6 : k == 7 ? m7 : m8) : (k == 9 ? m9 : k == 10 ? m10 : m11)))
#ifndef REGISTERS
#define REGISTERS 8
#endif

// The instructions for element i; the last one's result.
//
// code: `instructions` times (what, result, a, b, c). LOAD reads memory a at element b i, LOAD_REPEATED through the
// table at tables[b], CONSTANT takes constants[a], STORE writes memory a; all others work on registers.
DEVICE real instructions_at(GLOBAL const int* code, GLOBAL const int* tables, GLOBAL const real* constants, int instructions,
                            int i, GLOBAL real* m0, GLOBAL real* m1, GLOBAL real* m2, GLOBAL real* m3, GLOBAL real* m4,
                            GLOBAL real* m5, GLOBAL real* m6, GLOBAL real* m7, GLOBAL real* m8, GLOBAL real* m9,
                            GLOBAL real* m10, GLOBAL real* m11) {
  real r[REGISTERS];
  int k;
  int to = 0;
  for (k = 0; k < instructions; k++) {
    GLOBAL const int* word = code + 5 * k;
    const int what = word[0];
    const int a = word[2];
    const int b = word[3];
    to = word[1];
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
  return r[to];
}
