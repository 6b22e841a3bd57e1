// One draw of an item: uniform or standard normal; follows philox.h.
//
// The numbers of engine.math.Streams. key (3) holds the low and the high word of the seed, and the step; an item
// owns one Philox block. Polynomials: Remez exchange, draw_central32 and draw_tail32 of
// validation/generators/polynomial_coefficients.py.

// The block of item i under a key in memory.
DEVICE Words draw_words(GLOBAL const int* key, int stream, int i) {
  return stream_words(key[0], key[1], key[2], stream, i);
}

#if REAL_BITS == 64

// (2k + 1) 2^-53 with k the upper 52 bits of words 0 (low) and 1 (high): exact.
DEVICE real draw_uniform(Words w) {
  ulong bits = ((ulong)w.w1 << 32) | (ulong)w.w0;
  return (real)((bits >> 12) * 2U + 1U) * R(0x1p-53);
}

// log(x) for normal x < 1, the bits of engine.math.Special rather than those of real_log.
DEVICE real draw_log(real x) {
  Bits bits = BITS_OF(x);
  int k = EXPONENT_OF(bits - SQRT_HALF_BITS);
  real f = REAL_OF(bits - ((Bits)(uint)k << FRACTION_BITS)) - R(1.0);
  real s = f / (R(2.0) + f);
  real z = s * s;
  real square = R(0.5) * f * f;
  real q = R(0.14793511945448765);
  q = FMA(q, z, R(0.15314331563206424));
  q = FMA(q, z, R(0.18183551574224327));
  q = FMA(q, z, R(0.22222198861372555));
  q = FMA(q, z, R(0.2857142873902431));
  q = FMA(q, z, R(0.39999999999433405));
  q = FMA(q, z, R(0.6666666666666731));
  real r = s * FMA(z, q, square);
  real rest = square - FMA((real)k, R(0x1.a39ef35793c76p-33), r);
  return FMA((real)k, R(0x1.62e42feep-1), f - rest);
}

// The quantile of the uniform number, the bits of engine.math.Special.
DEVICE real draw_normal(Words w) {
  real p = draw_uniform(w);
  real d = p - R(0.5);
  if (ABS(d) <= R(0.425)) {
    real z = FMA(-d, d, R(0.425) * R(0.425));
    return d * central_numerator(z) / central_denominator(z);
  }
  real r = SQRT(-draw_log(d < R(0.0) ? p : R(1.0) - p));
  return real_with_sign(quantile_tail(r), d);
}

#else

// (2k + 1) 2^-24 with k the upper 23 bits of word 0: exact.
DEVICE real draw_uniform(Words w) { return uniform_single(w); }

// quantile(1/2 + d) for |d| <= 0.375: sqrt(2 pi) d + d^3 times a polynomial in d^2.
DEVICE real draw_central(real d) {
  real s = d * d;
  real q = R(567466.809);
  q = FMA(q, s, R(-247207.864));
  q = FMA(q, s, R(53901.8488));
  q = FMA(q, s, R(-5481.13278));
  q = FMA(q, s, R(554.098586));
  q = FMA(q, s, R(30.922236));
  q = FMA(q, s, R(16.0253457));
  q = FMA(q, s, R(5.76867937));
  q = FMA(q, s, R(2.62494919));
  return FMA(d, R(2.5066283), d * (s * q));
}

// -quantile(p) for 2^-33 <= p <= 0.125: sqrt(2) r plus a polynomial in (r - 2)/(r + 2) with
// r = sqrt(-log(p)), which rounding moved by e.
DEVICE real draw_tail(real p) {
  real l = -real_log(p);
  real r = SQRT(l);
  real e = FMA(-r, r, l) / (r + r);
  real u = (r - R(2.0)) / (r + R(2.0));
  real q = R(0.0580791732);
  q = FMA(q, u, R(-0.0977633218));
  q = FMA(q, u, R(0.138125419));
  q = FMA(q, u, R(-0.155755994));
  q = FMA(q, u, R(0.254947487));
  q = FMA(q, u, R(-0.33730171));
  q = FMA(q, u, R(0.865685075));
  q = FMA(q, u, R(-0.7385771));
  return FMA(r, R(1.4142135), FMA(e, R(1.5), q));
}

// The quantile of (2k + 1) 2^-33 with k = word 0, 33 bits that no float holds: with the upper half
// mirrored in the integers, p in the tail and 1/2 - p in the middle are each rounded once.
DEVICE real draw_normal(Words w) {
  uint upper = w.w0 >> 31;
  uint odd = (upper ? ~w.w0 : w.w0) * 2U + 1U;
  real d = (real)(0U - odd) * R(0x1p-33);
  real y = d <= R(0.375) ? draw_central(d) : draw_tail((real)odd * R(0x1p-33));
  return upper ? y : -y;
}

#endif
