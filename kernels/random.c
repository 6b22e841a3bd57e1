// Draws: a pure function of (seed, stream, step, item), so neither launch size nor device changes them.
//
// key (3) holds the low and the high word of the seed, and the step; the item is the element's row-major
// index. One item owns one Philox block (engine.math.Streams). Polynomials: Remez exchange, draw_central32
// and draw_tail32 of validation/generators/polynomial_coefficients.py.

// The block of item i under a key in memory.
DEVICE Words random_words(GLOBAL const int* key, int stream, int i) {
  return stream_words(key[0], key[1], key[2], stream, i);
}

#if REAL_BITS == 64

// (2k + 1) 2^-53 with k the upper 52 bits of words 0 (low) and 1 (high): exact.
DEVICE real random_uniform_of(Words w) {
  ulong bits = ((ulong)w.w1 << 32) | (ulong)w.w0;
  return (real)((bits >> 12) * 2U + 1U) * R(0x1p-53);
}

// log(x) for normal x < 1, the bits of engine.math.Special rather than those of real_log.
DEVICE real random_log(real x) {
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
DEVICE real random_normal_of(Words w) {
  real p = random_uniform_of(w);
  real d = p - R(0.5);
  if (ABS(d) <= R(0.425)) {
    real z = FMA(-d, d, R(0.425) * R(0.425));
    return d * central_numerator(z) / central_denominator(z);
  }
  real r = SQRT(-random_log(d < R(0.0) ? p : R(1.0) - p));
  return real_with_sign(quantile_tail(r), d);
}

#else

// (2k + 1) 2^-24 with k the upper 23 bits of word 0: exact.
DEVICE real random_uniform_of(Words w) { return uniform_single(w); }

// quantile(1/2 + d) for |d| <= 0.375: sqrt(2 pi) d + d^3 times a polynomial in d^2.
DEVICE real random_central(real d) {
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
DEVICE real random_tail(real p) {
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
DEVICE real random_normal_of(Words w) {
  uint upper = w.w0 >> 31;
  uint odd = (upper ? ~w.w0 : w.w0) * 2U + 1U;
  real d = (real)(0U - odd) * R(0x1p-33);
  real y = d <= R(0.375) ? random_central(d) : random_tail((real)odd * R(0x1p-33));
  return upper ? y : -y;
}

#endif

// y[i] = uniform in (0, 1): Streams.uniform32 or uniform64, bit for bit.
// key (3), y (n). One item an element. Source: engine.op.Draw.Uniform.
KERNEL random_uniform(IN(int, key), OUT(real, y), const int stream, const int n) {
  OPEN_IN(int, key);
  OPEN_OUT(real, y);
  for (int i = INDEX(0); i < n; i += INDICES(0)) {
    y[i] = random_uniform_of(random_words(key, stream, i));
  }
}

// y[i] = standard normal, by inversion: Streams.normal64 bit for bit, Streams.normal32 within 2.5 ulp.
// key (3), y (n). One item an element. Source: engine.op.Draw.Normal.
KERNEL random_normal(IN(int, key), OUT(real, y), const int stream, const int n) {
  OPEN_IN(int, key);
  OPEN_OUT(real, y);
  for (int i = INDEX(0); i < n; i += INDICES(0)) {
    y[i] = random_normal_of(random_words(key, stream, i));
  }
}

// y[i] = 0 where Streams.uniform32 < rate, else x[i] / keep with keep = 1 - rate; rate is rounded to float.
// x (n), key (3), y (n), which may be x. One item an element. Source: engine.op.Draw.Dropout.
KERNEL random_dropout(IN(real, x), IN(int, key), OUT(real, y), const int stream, const real rate, const real keep,
                      const int n) {
  OPEN_IN(real, x);
  OPEN_IN(int, key);
  OPEN_OUT(real, y);
  for (int i = INDEX(0); i < n; i += INDICES(0)) {
    real u = uniform_single(random_words(key, stream, i));
    y[i] = u < rate ? R(0.0) : x[i] / keep;
  }
}
