package org.amortis.engine.device.cpu.scalar;

import static org.amortis.engine.device.cpu.Coefficients32.*;

/// Elementary functions of one float, from fused multiply-adds in a fixed order.
///
/// The vector path evaluates the same formula in the same order, so both return the same bits (any
/// NaN counts as equal). Measured errors stand in docs/accuracy.md.
public final class Polynomials32 {
  private static final float QUARTER = 0.25f;
  private static final float SPLIT = 0.425f;
  private static final float SPLIT_SQUARE = 0.180625f;

  private Polynomials32() {}

  /// Returns exp(x).
  public static float exp(float x) {
    float y = x > EXP_MAX ? EXP_MAX : x;
    y = y < EXP_MIN ? EXP_MIN : y;
    float t = Math.fma(y, LOG2E, MAGIC);
    float n = t - MAGIC;
    float r = Math.fma(n, -LN2_LO, Math.fma(n, -LN2_HI, y));
    float q = EXP_4;
    q = Math.fma(q, r, EXP_3);
    q = Math.fma(q, r, EXP_2);
    q = Math.fma(q, r, EXP_1);
    q = Math.fma(q, r, EXP_0);
    float p = Math.fma(r * r, q, r) + 1f;
    int i = Float.floatToRawIntBits(t) - MAGIC_BITS;
    int h = i >> 1;
    return p * power(h) * power(i - h);
  }

  /// Returns exp(x) - 1.
  public static float expm1(float x) {
    float y = x > EXP_MAX ? EXP_MAX : x;
    y = y < EXPM1_MIN ? EXPM1_MIN : y;
    float t = Math.fma(y, LOG2E, MAGIC);
    float n = t - MAGIC;
    float r = Math.fma(n, -LN2_LO, Math.fma(n, -LN2_HI, y));
    float q = EXPM1_4;
    q = Math.fma(q, r, EXPM1_3);
    q = Math.fma(q, r, EXPM1_2);
    q = Math.fma(q, r, EXPM1_1);
    q = Math.fma(q, r, EXPM1_0);
    float p = Math.fma(r * r, q, r);
    // Half the power of two: 2^(n-1) is finite where 2^n is not.
    float s = power(Float.floatToRawIntBits(t) - MAGIC_BITS - 1);
    float e = Math.fma(s, p, s - 0.5f) * 2f;
    return x == 0f ? x : e;
  }

  /// Returns log(x); -Infinity at 0, NaN below.
  public static float log(float x) {
    boolean small = x < MIN_NORMAL;
    float y = small ? x * SUBNORMAL_SCALE : x;
    float e = small ? SUBNORMAL_LOG2 : 0f;
    int bits = Float.floatToRawIntBits(y);
    int k = (bits - SQRT_HALF_BITS) >> FRACTION;
    float m = Float.intBitsToFloat(bits - (k << FRACTION));
    float n = whole(k) + e;
    float f = m - 1f;
    float z = logOfSum(f, n);
    z = x < Float.POSITIVE_INFINITY ? z : x;
    z = x < 0f ? Float.NaN : z;
    return x == 0f ? Float.NEGATIVE_INFINITY : z;
  }

  /// Returns log(1 + x); -Infinity at -1, NaN below.
  public static float log1p(float x) {
    float z = log1pFinite(x);
    z = x < Float.POSITIVE_INFINITY ? z : x;
    z = x < -1f ? Float.NaN : z;
    z = x == -1f ? Float.NEGATIVE_INFINITY : z;
    return x == 0f ? x : z;
  }

  /// Returns log(1 + x) for finite x above -1.
  private static float log1pFinite(float x) {
    int k = (Float.floatToRawIntBits(x + 1f) - SQRT_HALF_BITS) >> FRACTION;
    // Four times 2^-k is never subnormal.
    float s = Float.intBitsToFloat(FOUR_BITS - (k << FRACTION));
    float f = Math.fma(x, s, s - 4f) * QUARTER;
    return logOfSum(f, whole(k));
  }

  /// Returns log(1 + f) + n log(2).
  private static float logOfSum(float f, float n) {
    float q = LOG_7;
    q = Math.fma(q, f, LOG_6);
    q = Math.fma(q, f, LOG_5);
    q = Math.fma(q, f, LOG_4);
    q = Math.fma(q, f, LOG_3);
    q = Math.fma(q, f, LOG_2);
    q = Math.fma(q, f, LOG_1);
    q = Math.fma(q, f, LOG_0);
    float w = Math.fma(f, q, -0.5f);
    float t = Math.fma(f * f, w, n * LN2_LO);
    return Math.fma(n, LN2_HI, t + f);
  }

  /// Returns tanh(x) = e/(e + 2) with e = exp(2x) - 1.
  public static float tanh(float x) {
    float a = Math.abs(x);
    a = a > TANH_MAX ? TANH_MAX : a;
    a = a + a;
    float t = Math.fma(a, LOG2E, MAGIC);
    float n = t - MAGIC;
    float r = Math.fma(n, -LN2_LO, Math.fma(n, -LN2_HI, a));
    float q = EXPM1_4;
    q = Math.fma(q, r, EXPM1_3);
    q = Math.fma(q, r, EXPM1_2);
    q = Math.fma(q, r, EXPM1_1);
    q = Math.fma(q, r, EXPM1_0);
    float p = Math.fma(r * r, q, r);
    float s = power(Float.floatToRawIntBits(t) - MAGIC_BITS);
    float e = Math.fma(s, p, s - 1f);
    return withSign(e / (e + 2f), x);
  }

  /// Returns 1/(1 + exp(-x)).
  public static float sigmoid(float x) {
    float e = exp(-Math.abs(x));
    return (x < 0f ? e : 1f) / (e + 1f);
  }

  /// Returns log(1 + exp(x)).
  public static float softplus(float x) {
    return log1pFinite(exp(-Math.abs(x))) + (x < 0f ? 0f : x);
  }

  /// Returns the error function.
  public static float erf(float x) {
    float a = Math.abs(x);
    float z = a * a;
    float h = ERF_6;
    h = Math.fma(h, z, ERF_5);
    h = Math.fma(h, z, ERF_4);
    h = Math.fma(h, z, ERF_3);
    h = Math.fma(h, z, ERF_2);
    h = Math.fma(h, z, ERF_1);
    h = Math.fma(h, z, ERF_0);
    float head = Math.fma(a, h, a);
    float b = a > ERF_MAX ? ERF_MAX : a;
    float d = b - ERF_CENTRE;
    float y = LOG_ERFC_6;
    y = Math.fma(y, d, LOG_ERFC_5);
    y = Math.fma(y, d, LOG_ERFC_4);
    y = Math.fma(y, d, LOG_ERFC_3);
    y = Math.fma(y, d, LOG_ERFC_2);
    y = Math.fma(y, d, LOG_ERFC_1);
    y = Math.fma(y, d, LOG_ERFC_0);
    float tail = 1f - exp(y);
    return withSign(a < 1f ? head : a > ERF_MAX ? 1f : tail, x);
  }

  /// Returns the standard normal distribution function.
  ///
  /// `Phi(-a) = exp(-a^2/2) g(a)/(1 + a)`, with a^2 in two parts; the upper half is its complement.
  public static float normalCdf(float x) {
    float a = Math.abs(x);
    a = a > NORMAL_MAX ? NORMAL_MAX : a;
    float square = a * a;
    float rest = Math.fma(a, a, -square);
    float y = square * -0.5f;
    float t = Math.fma(y, LOG2E, MAGIC);
    float n = t - MAGIC;
    float r = Math.fma(n, -LN2_LO, Math.fma(n, -LN2_HI, y));
    r = Math.fma(rest, -0.5f, r);
    float q = EXP_4;
    q = Math.fma(q, r, EXP_3);
    q = Math.fma(q, r, EXP_2);
    q = Math.fma(q, r, EXP_1);
    q = Math.fma(q, r, EXP_0);
    float p = Math.fma(r * r, q, r) + 1f;
    float u = (a - NORMAL_CENTRE) / (a + NORMAL_CENTRE);
    float g = NORMAL_9;
    g = Math.fma(g, u, NORMAL_8);
    g = Math.fma(g, u, NORMAL_7);
    g = Math.fma(g, u, NORMAL_6);
    g = Math.fma(g, u, NORMAL_5);
    g = Math.fma(g, u, NORMAL_4);
    g = Math.fma(g, u, NORMAL_3);
    g = Math.fma(g, u, NORMAL_2);
    g = Math.fma(g, u, NORMAL_1);
    g = Math.fma(g, u, NORMAL_0);
    float tail = p * g / (a + 1f);
    int i = Float.floatToRawIntBits(t) - MAGIC_BITS;
    int h = i >> 1;
    tail = tail * power(h) * power(i - h);
    return x < 0f ? tail : 1f - tail;
  }

  /// Returns the standard normal quantile; infinite at 0 and 1, NaN outside.
  ///
  /// Source: Wichura (1988), algorithm AS 241.
  public static float normalQuantile(float p) {
    float d = p - 0.5f;
    float a = Math.abs(d);
    float z = Math.fma(-d, d, SPLIT_SQUARE);
    float nc = QC_NUM_3;
    nc = Math.fma(nc, z, QC_NUM_2);
    nc = Math.fma(nc, z, QC_NUM_1);
    nc = Math.fma(nc, z, QC_NUM_0);
    nc = nc * d;
    float dc = QC_DEN_3;
    dc = Math.fma(dc, z, QC_DEN_2);
    dc = Math.fma(dc, z, QC_DEN_1);
    dc = Math.fma(dc, z, QC_DEN_0);
    float low = d < 0f ? p : 1f - p;
    float r = sqrt(-log(low));
    float rm = r - 1.6f;
    float nm = QM_NUM_3;
    nm = Math.fma(nm, rm, QM_NUM_2);
    nm = Math.fma(nm, rm, QM_NUM_1);
    nm = Math.fma(nm, rm, QM_NUM_0);
    float dm = QM_DEN_2;
    dm = Math.fma(dm, rm, QM_DEN_1);
    dm = Math.fma(dm, rm, QM_DEN_0);
    float rf = r - 5f;
    float nf = QF_NUM_3;
    nf = Math.fma(nf, rf, QF_NUM_2);
    nf = Math.fma(nf, rf, QF_NUM_1);
    nf = Math.fma(nf, rf, QF_NUM_0);
    float df = QF_DEN_2;
    df = Math.fma(df, rf, QF_DEN_1);
    df = Math.fma(df, rf, QF_DEN_0);
    boolean far = rf > 0f;
    float num = far ? nf : nm;
    float den = far ? df : dm;
    num = withSign(num, d);
    boolean central = a <= SPLIT;
    float y = (central ? nc : num) / (central ? dc : den);
    y = p == 0f ? Float.NEGATIVE_INFINITY : y;
    return p == 1f ? Float.POSITIVE_INFINITY : y;
  }

  /// Returns the largest whole number that is at most x.
  public static float floor(float x) {
    float a = Math.abs(x);
    float r = withSign((a + WHOLE) - WHOLE, x);
    r = r > x ? r - 1f : r;
    return a < WHOLE ? r : x;
  }

  /// Returns 1, -1, or x where it is zero or NaN.
  public static float sign(float x) {
    return x > 0f ? 1f : x < 0f ? -1f : x;
  }

  /// Returns the correctly rounded square root, NaN below 0.
  public static float sqrt(float x) {
    return (float) Math.sqrt(x);
  }

  /// Returns 2^n; garbage where the input was NaN, which a product with NaN hides.
  private static float power(int n) {
    return Float.intBitsToFloat((n + BIAS) << FRACTION);
  }

  private static float whole(int k) {
    return Float.intBitsToFloat(k + MAGIC_BITS) - MAGIC;
  }

  private static float withSign(float magnitude, float sign) {
    return Float.intBitsToFloat(
        (Float.floatToRawIntBits(magnitude) & ~SIGN) | (Float.floatToRawIntBits(sign) & SIGN));
  }
}
