// What every family needs: parameters, literals, and elementary functions of a real.
//
// The functions are the polynomials of the CPU kernels (engine.device.cpu.scalar, Polynomials32 and
// Polynomials64): the same fused multiply-adds in the same order. Errors stand in docs/accuracy.md.
// Coefficients come from a Remez exchange (validation/generators/polynomial_coefficients.py).

// Buffers as parameters, and the statement that opens them.
#define IN(type, x) GLOBAL const type* x##_base, const int x##_at
#define OUT(type, x) GLOBAL type* x##_base, const int x##_at
#define OPEN_IN(type, x) GLOBAL const type* x = x##_base + x##_at
#define OPEN_OUT(type, x) GLOBAL type* x = x##_base + x##_at

// A literal in the precision of the kernel.
#define R(a) ((real)(a))

#if REAL_BITS == 64

// Bits of a real, and back.
typedef ulong Bits;
#define BITS_OF(a) AS_ULONG(a)
#define REAL_OF(b) AS_DOUBLE(b)
#define FRACTION_BITS 52
#define EXPONENT_BIAS 1023
#define SIGN_BIT ((Bits)1 << 63)
#define SQRT_HALF_BITS 0x3FE6A09E667F3BCDUL
#define FOUR_BITS 0x4010000000000000UL
// The exponent field as a signed integer, the fraction below it dropped.
#define EXPONENT_OF(b) ((int)(uint)((b) >> 32) >> 20)

#define LOG2E R(1.4426950408889634)
#define LN2_HI R(0x1.62e42fefa39efp-1)
#define LN2_LO R(0x1.abc9e3b39803fp-56)
// Adding and subtracting it rounds to an integer, which is then the low word of the sum.
#define ROUNDING R(0x1.8p52)
#define MIN_NORMAL R(0x1p-1022)
#define SUBNORMAL_SCALE R(0x1p54)
#define SUBNORMAL_LOG2 R(-54.0)
// exp is infinite above, 0 below; expm1 is -1 below; tanh is 1 above.
#define EXP_MAX R(710.0)
#define EXP_MIN R(-746.0)
#define EXPM1_MIN R(-38.0)
#define TANH_MAX R(20.0)

// (exp(r) - 1 - r)/r^2, |r| <= log(2)/2.
DEVICE real exp_series(real r) {
  real q = R(2.0826539391982806e-09);
  q = FMA(q, r, R(2.511214604698071e-08));
  q = FMA(q, r, R(2.7557582764712903e-07));
  q = FMA(q, r, R(2.7557234554484974e-06));
  q = FMA(q, r, R(2.4801586924689536e-05));
  q = FMA(q, r, R(0.0001984126989668493));
  q = FMA(q, r, R(0.0013888888889117168));
  q = FMA(q, r, R(0.008333333333316916));
  q = FMA(q, r, R(0.04166666666666609));
  q = FMA(q, r, R(0.16666666666666682));
  q = FMA(q, r, R(0.5));
  return q;
}

// The same, weighted for expm1.
DEVICE real expm1_series(real r) {
  real q = R(1.6059738680236467e-10);
  q = FMA(q, r, R(2.092150199362844e-09));
  q = FMA(q, r, R(2.505216788806148e-08));
  q = FMA(q, r, R(2.7557252219351946e-07));
  q = FMA(q, r, R(2.7557319117057296e-06));
  q = FMA(q, r, R(2.480158734964655e-05));
  q = FMA(q, r, R(0.00019841269841343277));
  q = FMA(q, r, R(0.0013888888888872193));
  q = FMA(q, r, R(0.008333333333333312));
  q = FMA(q, r, R(0.04166666666666669));
  q = FMA(q, r, R(0.16666666666666666));
  q = FMA(q, r, R(0.5));
  return q;
}

// (log(1 + f) - f + f^2/2)/f^3, sqrt(1/2) <= 1 + f <= sqrt(2).
DEVICE real log_series(real f) {
  real q = R(-0.02427607455906561);
  q = FMA(q, f, R(0.056968398813081106));
  q = FMA(q, f, R(-0.06275019977154728));
  q = FMA(q, f, R(0.054159676676894586));
  q = FMA(q, f, R(-0.05326787270195012));
  q = FMA(q, f, R(0.058177836396180446));
  q = FMA(q, f, R(-0.06269799858264005));
  q = FMA(q, f, R(0.06675147526528666));
  q = FMA(q, f, R(-0.07142000159941485));
  q = FMA(q, f, R(0.07691714548257557));
  q = FMA(q, f, R(-0.08333345757875871));
  q = FMA(q, f, R(0.09090933501346497));
  q = FMA(q, f, R(-0.10000000383213717));
  q = FMA(q, f, R(0.11111110516194042));
  q = FMA(q, f, R(-0.12499999982024002));
  q = FMA(q, f, R(0.14285714293838622));
  q = FMA(q, f, R(-0.16666666666914284));
  q = FMA(q, f, R(0.19999999999946158));
  q = FMA(q, f, R(-0.2499999999999892));
  q = FMA(q, f, R(0.33333333333333454));
  return q;
}

#else

typedef uint Bits;
#define BITS_OF(a) AS_UINT(a)
#define REAL_OF(b) AS_FLOAT(b)
#define FRACTION_BITS 23
#define EXPONENT_BIAS 127
#define SIGN_BIT ((Bits)1 << 31)
#define SQRT_HALF_BITS 0x3F3504F3U
#define FOUR_BITS 0x40800000U
#define EXPONENT_OF(b) ((int)(b) >> 23)

#define LOG2E R(1.44269502)
#define LN2_HI R(0x1.62e43p-1)
#define LN2_LO R(-1.90465430e-9)
#define ROUNDING R(0x1.8p23)
#define MIN_NORMAL R(0x1p-126)
#define SUBNORMAL_SCALE R(0x1p25)
#define SUBNORMAL_LOG2 R(-25.0)
#define EXP_MAX R(89.0)
#define EXP_MIN R(-104.0)
#define EXPM1_MIN R(-18.0)
#define TANH_MAX R(10.0)

// (exp(r) - 1 - r)/r^2, |r| <= log(2)/2.
DEVICE real exp_series(real r) {
  real q = R(0.0013814707);
  q = FMA(q, r, R(0.00836878139));
  q = FMA(q, r, R(0.0416683898));
  q = FMA(q, r, R(0.166665201));
  q = FMA(q, r, R(0.499999934));
  return q;
}

// The same, weighted for expm1.
DEVICE real expm1_series(real r) {
  real q = R(0.0013882489);
  q = FMA(q, r, R(0.00836657781));
  q = FMA(q, r, R(0.0416672021));
  q = FMA(q, r, R(0.166665432));
  q = FMA(q, r, R(0.499999981));
  return q;
}

// (log(1 + f) - f + f^2/2)/f^3, sqrt(1/2) <= 1 + f <= sqrt(2).
DEVICE real log_series(real f) {
  real q = R(-0.0763512556);
  q = FMA(q, f, R(0.127619295));
  q = FMA(q, f, R(-0.131601261));
  q = FMA(q, f, R(0.14201709));
  q = FMA(q, f, R(-0.166233564));
  q = FMA(q, f, R(0.200012284));
  q = FMA(q, f, R(-0.250008212));
  q = FMA(q, f, R(0.333333317));
  return q;
}

#endif

// Numbers without a literal.
DEVICE real real_nan(void) { return (real)AS_FLOAT(0x7FC00000U); }
DEVICE real real_infinity(void) { return (real)AS_FLOAT(0x7F800000U); }

DEVICE int real_is_nan(real x) { return x != x; }

// The larger and the smaller of two; NaN where either is NaN, the first of equals.
DEVICE real real_max(real a, real b) { return a != a || b != b ? real_nan() : a >= b ? a : b; }
DEVICE real real_min(real a, real b) { return a != a || b != b ? real_nan() : a <= b ? a : b; }

// The magnitude of one, the sign of the other.
DEVICE real real_with_sign(real magnitude, real sign) {
  return REAL_OF((BITS_OF(magnitude) & ~SIGN_BIT) | (BITS_OF(sign) & SIGN_BIT));
}

// 2^n; garbage where a NaN led to n, which a product with NaN hides.
DEVICE real power_of_two(int n) {
  return REAL_OF((Bits)((uint)n + EXPONENT_BIAS) << FRACTION_BITS);
}

// The integer in a sum with ROUNDING.
DEVICE int rounded(real sum) { return (int)((uint)BITS_OF(sum) - (uint)BITS_OF(ROUNDING)); }

// y - n log(2).
DEVICE real exp_reduced(real y, real n) { return FMA(n, -LN2_LO, FMA(n, -LN2_HI, y)); }

// p 2^n, rounded once for subnormal results.
DEVICE real exp_scaled(real p, int n) {
  int h = n >> 1;
  return p * power_of_two(h) * power_of_two(n - h);
}

DEVICE real real_exp(real x) {
  real y = x > EXP_MAX ? EXP_MAX : x;
  y = y < EXP_MIN ? EXP_MIN : y;
  real t = FMA(y, LOG2E, ROUNDING);
  real r = exp_reduced(y, t - ROUNDING);
  real p = FMA(r * r, exp_series(r), r) + R(1.0);
  return exp_scaled(p, rounded(t));
}

// exp(x) - 1.
DEVICE real real_expm1(real x) {
  real y = x > EXP_MAX ? EXP_MAX : x;
  y = y < EXPM1_MIN ? EXPM1_MIN : y;
  real t = FMA(y, LOG2E, ROUNDING);
  real r = exp_reduced(y, t - ROUNDING);
  real p = FMA(r * r, expm1_series(r), r);
  // Half the power of two: 2^(n-1) is finite where 2^n is not.
  real s = power_of_two(rounded(t) - 1);
  real e = FMA(s, p, s - R(0.5)) * R(2.0);
  return x == R(0.0) ? x : e;
}

// log(1 + f) + n log(2).
DEVICE real log_of_sum(real f, real n) {
  real w = FMA(f, log_series(f), R(-0.5));
  real t = FMA(f * f, w, n * LN2_LO);
  return FMA(n, LN2_HI, t + f);
}

// log(x); -Infinity at 0, NaN below.
DEVICE real real_log(real x) {
  int small = x < MIN_NORMAL;
  Bits bits = BITS_OF(small ? x * SUBNORMAL_SCALE : x);
  int k = EXPONENT_OF(bits - SQRT_HALF_BITS);
  real m = REAL_OF(bits - ((Bits)(uint)k << FRACTION_BITS));
  real z = log_of_sum(m - R(1.0), (real)k + (small ? SUBNORMAL_LOG2 : R(0.0)));
  z = x < real_infinity() ? z : x;
  z = x < R(0.0) ? real_nan() : z;
  return x == R(0.0) ? -real_infinity() : z;
}

// log(1 + x) for finite x above -1.
DEVICE real log1p_finite(real x) {
  int k = EXPONENT_OF(BITS_OF(x + R(1.0)) - SQRT_HALF_BITS);
  // Four times 2^-k is never subnormal.
  real s = REAL_OF(FOUR_BITS - ((Bits)(uint)k << FRACTION_BITS));
  real f = FMA(x, s, s - R(4.0)) * R(0.25);
  return log_of_sum(f, (real)k);
}

// log(1 + x); -Infinity at -1, NaN below.
DEVICE real real_log1p(real x) {
  real z = log1p_finite(x);
  z = x < real_infinity() ? z : x;
  z = x < R(-1.0) ? real_nan() : z;
  z = x == R(-1.0) ? -real_infinity() : z;
  return x == R(0.0) ? x : z;
}

// tanh(x) = e/(e + 2) with e = exp(2x) - 1.
DEVICE real real_tanh(real x) {
  real a = ABS(x);
  a = a > TANH_MAX ? TANH_MAX : a;
  a = a + a;
  real t = FMA(a, LOG2E, ROUNDING);
  real r = exp_reduced(a, t - ROUNDING);
  real p = FMA(r * r, expm1_series(r), r);
  real s = power_of_two(rounded(t));
  real e = FMA(s, p, s - R(1.0));
  return real_with_sign(e / (e + R(2.0)), x);
}

// 1/(1 + exp(-x)).
DEVICE real real_sigmoid(real x) {
  real e = real_exp(-ABS(x));
  return (x < R(0.0) ? e : R(1.0)) / (e + R(1.0));
}

// log(1 + exp(x)).
DEVICE real real_softplus(real x) {
  return log1p_finite(real_exp(-ABS(x))) + (x < R(0.0) ? R(0.0) : x);
}
