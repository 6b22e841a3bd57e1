// Draws: a pure function of (seed, stream, step, item), so neither launch size nor device changes them.
//
// key (3) holds the low and the high word of the seed, and the step; the item is the element's row-major
// index. One item owns one Philox block (engine.math.Streams).

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

// The quantile of (2k + 1) 2^-33 with k = word 0, 33 bits that no float holds: with the upper half
// mirrored in the integers, p in the tail and 1/2 - p in the middle are each rounded once.
DEVICE real random_normal_of(Words w) {
  uint upper = w.w0 >> 31;
  uint odd = (upper ? ~w.w0 : w.w0) * 2U + 1U;
  real d = (real)(0U - odd) * R(0x1p-33);
  real y = d <= R(0.425)
               ? quantile_central(d)
               : quantile_tail(SQRT(-real_log((real)odd * R(0x1p-33))));
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

// y[i] = standard normal, by inversion: Streams.normal64 bit for bit, Streams.normal32 within 4 ulp.
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
