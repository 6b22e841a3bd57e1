package org.amortis.engine.device.cpu.scalar;

import static org.amortis.engine.device.cpu.Coefficients64.*;

/// Elementary functions of one double, from fused multiply-adds in a fixed order.
///
/// The vector path evaluates the same formula in the same order, so both return the same bits (any
/// NaN counts as equal). Measured errors stand in docs/accuracy.md.
public final class Polynomials64 {
  private static final double QUARTER = 0.25;
  private static final double SPLIT = 0.425;
  private static final double SPLIT_SQUARE = 0.180625;

  private Polynomials64() {}

  /// Returns exp(x).
  public static double exp(double x) {
    double y = x > EXP_MAX ? EXP_MAX : x;
    y = y < EXP_MIN ? EXP_MIN : y;
    double t = Math.fma(y, LOG2E, MAGIC);
    double n = t - MAGIC;
    double r = Math.fma(n, -LN2_LO, Math.fma(n, -LN2_HI, y));
    double q = EXP_10;
    q = Math.fma(q, r, EXP_9);
    q = Math.fma(q, r, EXP_8);
    q = Math.fma(q, r, EXP_7);
    q = Math.fma(q, r, EXP_6);
    q = Math.fma(q, r, EXP_5);
    q = Math.fma(q, r, EXP_4);
    q = Math.fma(q, r, EXP_3);
    q = Math.fma(q, r, EXP_2);
    q = Math.fma(q, r, EXP_1);
    q = Math.fma(q, r, EXP_0);
    double p = Math.fma(r * r, q, r) + 1.0;
    long i = Double.doubleToRawLongBits(t) - MAGIC_BITS;
    long h = i >> 1;
    return p * power(h) * power(i - h);
  }

  /// Returns exp(x) - 1.
  public static double expm1(double x) {
    double y = x > EXP_MAX ? EXP_MAX : x;
    y = y < EXPM1_MIN ? EXPM1_MIN : y;
    double t = Math.fma(y, LOG2E, MAGIC);
    double n = t - MAGIC;
    double r = Math.fma(n, -LN2_LO, Math.fma(n, -LN2_HI, y));
    double q = EXPM1_11;
    q = Math.fma(q, r, EXPM1_10);
    q = Math.fma(q, r, EXPM1_9);
    q = Math.fma(q, r, EXPM1_8);
    q = Math.fma(q, r, EXPM1_7);
    q = Math.fma(q, r, EXPM1_6);
    q = Math.fma(q, r, EXPM1_5);
    q = Math.fma(q, r, EXPM1_4);
    q = Math.fma(q, r, EXPM1_3);
    q = Math.fma(q, r, EXPM1_2);
    q = Math.fma(q, r, EXPM1_1);
    q = Math.fma(q, r, EXPM1_0);
    double p = Math.fma(r * r, q, r);
    // Half the power of two: 2^(n-1) is finite where 2^n is not.
    double s = power(Double.doubleToRawLongBits(t) - MAGIC_BITS - 1);
    double e = Math.fma(s, p, s - 0.5) * 2.0;
    return x == 0.0 ? x : e;
  }

  /// Returns log(x); -Infinity at 0, NaN below.
  public static double log(double x) {
    boolean small = x < MIN_NORMAL;
    double y = small ? x * SUBNORMAL_SCALE : x;
    double e = small ? SUBNORMAL_LOG2 : 0.0;
    long bits = Double.doubleToRawLongBits(y);
    long k = (bits - SQRT_HALF_BITS) >> FRACTION;
    double m = Double.longBitsToDouble(bits - (k << FRACTION));
    double n = whole(k) + e;
    double f = m - 1.0;
    double z = logOfSum(f, n);
    z = x < Double.POSITIVE_INFINITY ? z : x;
    z = x < 0.0 ? Double.NaN : z;
    return x == 0.0 ? Double.NEGATIVE_INFINITY : z;
  }

  /// Returns log(1 + x); -Infinity at -1, NaN below.
  public static double log1p(double x) {
    double z = log1pFinite(x);
    z = x < Double.POSITIVE_INFINITY ? z : x;
    z = x < -1.0 ? Double.NaN : z;
    z = x == -1.0 ? Double.NEGATIVE_INFINITY : z;
    return x == 0.0 ? x : z;
  }

  /// Returns log(1 + x) for finite x above -1.
  private static double log1pFinite(double x) {
    long k = (Double.doubleToRawLongBits(x + 1.0) - SQRT_HALF_BITS) >> FRACTION;
    // Four times 2^-k is never subnormal.
    double s = Double.longBitsToDouble(FOUR_BITS - (k << FRACTION));
    double f = Math.fma(x, s, s - 4.0) * QUARTER;
    return logOfSum(f, whole(k));
  }

  /// Returns log(1 + f) + n log(2).
  private static double logOfSum(double f, double n) {
    double q = LOG_19;
    q = Math.fma(q, f, LOG_18);
    q = Math.fma(q, f, LOG_17);
    q = Math.fma(q, f, LOG_16);
    q = Math.fma(q, f, LOG_15);
    q = Math.fma(q, f, LOG_14);
    q = Math.fma(q, f, LOG_13);
    q = Math.fma(q, f, LOG_12);
    q = Math.fma(q, f, LOG_11);
    q = Math.fma(q, f, LOG_10);
    q = Math.fma(q, f, LOG_9);
    q = Math.fma(q, f, LOG_8);
    q = Math.fma(q, f, LOG_7);
    q = Math.fma(q, f, LOG_6);
    q = Math.fma(q, f, LOG_5);
    q = Math.fma(q, f, LOG_4);
    q = Math.fma(q, f, LOG_3);
    q = Math.fma(q, f, LOG_2);
    q = Math.fma(q, f, LOG_1);
    q = Math.fma(q, f, LOG_0);
    double w = Math.fma(f, q, -0.5);
    double t = Math.fma(f * f, w, n * LN2_LO);
    return Math.fma(n, LN2_HI, t + f);
  }

  /// Returns tanh(x) = e/(e + 2) with e = exp(2x) - 1.
  public static double tanh(double x) {
    double a = Math.abs(x);
    a = a > TANH_MAX ? TANH_MAX : a;
    a = a + a;
    double t = Math.fma(a, LOG2E, MAGIC);
    double n = t - MAGIC;
    double r = Math.fma(n, -LN2_LO, Math.fma(n, -LN2_HI, a));
    double q = EXPM1_11;
    q = Math.fma(q, r, EXPM1_10);
    q = Math.fma(q, r, EXPM1_9);
    q = Math.fma(q, r, EXPM1_8);
    q = Math.fma(q, r, EXPM1_7);
    q = Math.fma(q, r, EXPM1_6);
    q = Math.fma(q, r, EXPM1_5);
    q = Math.fma(q, r, EXPM1_4);
    q = Math.fma(q, r, EXPM1_3);
    q = Math.fma(q, r, EXPM1_2);
    q = Math.fma(q, r, EXPM1_1);
    q = Math.fma(q, r, EXPM1_0);
    double p = Math.fma(r * r, q, r);
    double s = power(Double.doubleToRawLongBits(t) - MAGIC_BITS);
    double e = Math.fma(s, p, s - 1.0);
    return withSign(e / (e + 2.0), x);
  }

  /// Returns 1/(1 + exp(-x)).
  public static double sigmoid(double x) {
    double e = exp(-Math.abs(x));
    return (x < 0.0 ? e : 1.0) / (e + 1.0);
  }

  /// Returns log(1 + exp(x)).
  public static double softplus(double x) {
    return log1pFinite(exp(-Math.abs(x))) + (x < 0.0 ? 0.0 : x);
  }

  /// Returns the error function.
  public static double erf(double x) {
    double a = Math.abs(x);
    double z = a * a;
    double h = ERF_13;
    h = Math.fma(h, z, ERF_12);
    h = Math.fma(h, z, ERF_11);
    h = Math.fma(h, z, ERF_10);
    h = Math.fma(h, z, ERF_9);
    h = Math.fma(h, z, ERF_8);
    h = Math.fma(h, z, ERF_7);
    h = Math.fma(h, z, ERF_6);
    h = Math.fma(h, z, ERF_5);
    h = Math.fma(h, z, ERF_4);
    h = Math.fma(h, z, ERF_3);
    h = Math.fma(h, z, ERF_2);
    h = Math.fma(h, z, ERF_1);
    h = Math.fma(h, z, ERF_0);
    double head = Math.fma(a, h, a);
    double b = a > ERF_MAX ? ERF_MAX : a;
    double d = b - ERF_CENTRE;
    double y = LOG_ERFC_17;
    y = Math.fma(y, d, LOG_ERFC_16);
    y = Math.fma(y, d, LOG_ERFC_15);
    y = Math.fma(y, d, LOG_ERFC_14);
    y = Math.fma(y, d, LOG_ERFC_13);
    y = Math.fma(y, d, LOG_ERFC_12);
    y = Math.fma(y, d, LOG_ERFC_11);
    y = Math.fma(y, d, LOG_ERFC_10);
    y = Math.fma(y, d, LOG_ERFC_9);
    y = Math.fma(y, d, LOG_ERFC_8);
    y = Math.fma(y, d, LOG_ERFC_7);
    y = Math.fma(y, d, LOG_ERFC_6);
    y = Math.fma(y, d, LOG_ERFC_5);
    y = Math.fma(y, d, LOG_ERFC_4);
    y = Math.fma(y, d, LOG_ERFC_3);
    y = Math.fma(y, d, LOG_ERFC_2);
    y = Math.fma(y, d, LOG_ERFC_1);
    y = Math.fma(y, d, LOG_ERFC_0);
    double tail = 1.0 - exp(y);
    return withSign(a < 1.0 ? head : a > ERF_MAX ? 1.0 : tail, x);
  }

  /// Returns the standard normal distribution function.
  ///
  /// `Phi(-a) = exp(-a^2/2) g(a)/(1 + a)`, with a^2 in two parts; the upper half is its complement.
  public static double normalCdf(double x) {
    double a = Math.abs(x);
    a = a > NORMAL_MAX ? NORMAL_MAX : a;
    double square = a * a;
    double rest = Math.fma(a, a, -square);
    double y = square * -0.5;
    double t = Math.fma(y, LOG2E, MAGIC);
    double n = t - MAGIC;
    double r = Math.fma(n, -LN2_LO, Math.fma(n, -LN2_HI, y));
    r = Math.fma(rest, -0.5, r);
    double q = EXP_10;
    q = Math.fma(q, r, EXP_9);
    q = Math.fma(q, r, EXP_8);
    q = Math.fma(q, r, EXP_7);
    q = Math.fma(q, r, EXP_6);
    q = Math.fma(q, r, EXP_5);
    q = Math.fma(q, r, EXP_4);
    q = Math.fma(q, r, EXP_3);
    q = Math.fma(q, r, EXP_2);
    q = Math.fma(q, r, EXP_1);
    q = Math.fma(q, r, EXP_0);
    double p = Math.fma(r * r, q, r) + 1.0;
    double u = (a - NORMAL_CENTRE) / (a + NORMAL_CENTRE);
    double g = NORMAL_23;
    g = Math.fma(g, u, NORMAL_22);
    g = Math.fma(g, u, NORMAL_21);
    g = Math.fma(g, u, NORMAL_20);
    g = Math.fma(g, u, NORMAL_19);
    g = Math.fma(g, u, NORMAL_18);
    g = Math.fma(g, u, NORMAL_17);
    g = Math.fma(g, u, NORMAL_16);
    g = Math.fma(g, u, NORMAL_15);
    g = Math.fma(g, u, NORMAL_14);
    g = Math.fma(g, u, NORMAL_13);
    g = Math.fma(g, u, NORMAL_12);
    g = Math.fma(g, u, NORMAL_11);
    g = Math.fma(g, u, NORMAL_10);
    g = Math.fma(g, u, NORMAL_9);
    g = Math.fma(g, u, NORMAL_8);
    g = Math.fma(g, u, NORMAL_7);
    g = Math.fma(g, u, NORMAL_6);
    g = Math.fma(g, u, NORMAL_5);
    g = Math.fma(g, u, NORMAL_4);
    g = Math.fma(g, u, NORMAL_3);
    g = Math.fma(g, u, NORMAL_2);
    g = Math.fma(g, u, NORMAL_1);
    g = Math.fma(g, u, NORMAL_0);
    double tail = p * g / (a + 1.0);
    long i = Double.doubleToRawLongBits(t) - MAGIC_BITS;
    long h = i >> 1;
    tail = tail * power(h) * power(i - h);
    return x < 0.0 ? tail : 1.0 - tail;
  }

  /// Returns the standard normal quantile; infinite at 0 and 1, NaN outside.
  ///
  /// Source: Wichura (1988), algorithm AS 241.
  public static double normalQuantile(double p) {
    double d = p - 0.5;
    double a = Math.abs(d);
    double z = Math.fma(-d, d, SPLIT_SQUARE);
    double nc = QC_NUM_7;
    nc = Math.fma(nc, z, QC_NUM_6);
    nc = Math.fma(nc, z, QC_NUM_5);
    nc = Math.fma(nc, z, QC_NUM_4);
    nc = Math.fma(nc, z, QC_NUM_3);
    nc = Math.fma(nc, z, QC_NUM_2);
    nc = Math.fma(nc, z, QC_NUM_1);
    nc = Math.fma(nc, z, QC_NUM_0);
    nc = nc * d;
    double dc = QC_DEN_7;
    dc = Math.fma(dc, z, QC_DEN_6);
    dc = Math.fma(dc, z, QC_DEN_5);
    dc = Math.fma(dc, z, QC_DEN_4);
    dc = Math.fma(dc, z, QC_DEN_3);
    dc = Math.fma(dc, z, QC_DEN_2);
    dc = Math.fma(dc, z, QC_DEN_1);
    dc = Math.fma(dc, z, QC_DEN_0);
    double low = d < 0.0 ? p : 1.0 - p;
    double r = sqrt(-log(low));
    double rm = r - 1.6;
    double nm = QM_NUM_7;
    nm = Math.fma(nm, rm, QM_NUM_6);
    nm = Math.fma(nm, rm, QM_NUM_5);
    nm = Math.fma(nm, rm, QM_NUM_4);
    nm = Math.fma(nm, rm, QM_NUM_3);
    nm = Math.fma(nm, rm, QM_NUM_2);
    nm = Math.fma(nm, rm, QM_NUM_1);
    nm = Math.fma(nm, rm, QM_NUM_0);
    double dm = QM_DEN_7;
    dm = Math.fma(dm, rm, QM_DEN_6);
    dm = Math.fma(dm, rm, QM_DEN_5);
    dm = Math.fma(dm, rm, QM_DEN_4);
    dm = Math.fma(dm, rm, QM_DEN_3);
    dm = Math.fma(dm, rm, QM_DEN_2);
    dm = Math.fma(dm, rm, QM_DEN_1);
    dm = Math.fma(dm, rm, QM_DEN_0);
    double rf = r - 5.0;
    double nf = QF_NUM_7;
    nf = Math.fma(nf, rf, QF_NUM_6);
    nf = Math.fma(nf, rf, QF_NUM_5);
    nf = Math.fma(nf, rf, QF_NUM_4);
    nf = Math.fma(nf, rf, QF_NUM_3);
    nf = Math.fma(nf, rf, QF_NUM_2);
    nf = Math.fma(nf, rf, QF_NUM_1);
    nf = Math.fma(nf, rf, QF_NUM_0);
    double df = QF_DEN_7;
    df = Math.fma(df, rf, QF_DEN_6);
    df = Math.fma(df, rf, QF_DEN_5);
    df = Math.fma(df, rf, QF_DEN_4);
    df = Math.fma(df, rf, QF_DEN_3);
    df = Math.fma(df, rf, QF_DEN_2);
    df = Math.fma(df, rf, QF_DEN_1);
    df = Math.fma(df, rf, QF_DEN_0);
    boolean far = rf > 0.0;
    double num = far ? nf : nm;
    double den = far ? df : dm;
    num = withSign(num, d);
    boolean central = a <= SPLIT;
    double y = (central ? nc : num) / (central ? dc : den);
    y = p == 0.0 ? Double.NEGATIVE_INFINITY : y;
    return p == 1.0 ? Double.POSITIVE_INFINITY : y;
  }

  /// Returns the largest whole number that is at most x.
  public static double floor(double x) {
    double a = Math.abs(x);
    double r = withSign((a + WHOLE) - WHOLE, x);
    r = r > x ? r - 1.0 : r;
    return a < WHOLE ? r : x;
  }

  /// Returns 1, -1, or x where it is zero or NaN.
  public static double sign(double x) {
    return x > 0.0 ? 1.0 : x < 0.0 ? -1.0 : x;
  }

  /// Returns the correctly rounded square root, NaN below 0.
  public static double sqrt(double x) {
    return Math.sqrt(x);
  }

  /// Returns 2^n; garbage where the input was NaN, which a product with NaN hides.
  private static double power(long n) {
    return Double.longBitsToDouble((n + BIAS) << FRACTION);
  }

  private static double whole(long k) {
    return Double.longBitsToDouble(k + MAGIC_BITS) - MAGIC;
  }

  private static double withSign(double magnitude, double sign) {
    return Double.longBitsToDouble(
        (Double.doubleToRawLongBits(magnitude) & ~SIGN)
            | (Double.doubleToRawLongBits(sign) & SIGN));
  }
}
