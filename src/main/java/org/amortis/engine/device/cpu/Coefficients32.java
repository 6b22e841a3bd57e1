package org.amortis.engine.device.cpu;

/// Constants of the float elementary functions, shared by the scalar and the vector path.
///
/// Coefficients stand in rising powers, `NAME_0` first. The polynomials come from a Remez exchange
/// (validation/generators/polynomial_coefficients.py); the quantile's are those of Wichura (1988),
/// algorithm AS 241, PPND7.
public final class Coefficients32 {
  /// The logarithm of e to base 2.
  public static final float LOG2E = 1.44269502f;

  /// log(2) rounded.
  public static final float LN2_HI = 0x1.62e43p-1f;

  /// log(2) - LN2_HI.
  public static final float LN2_LO = -1.90465430e-9f;

  /// Adding and subtracting it rounds to an integer.
  public static final float MAGIC = 0x1.8p23f;

  /// From here on exp is infinite.
  public static final float EXP_MAX = 89f;

  /// Up to here exp is 0.
  public static final float EXP_MIN = -104f;

  /// Up to here expm1 is -1.
  public static final float EXPM1_MIN = -18f;

  /// From here on tanh is 1.
  public static final float TANH_MAX = 10f;

  /// From here on erf is 1.
  public static final float ERF_MAX = 4f;

  /// Centre of LOG_ERFC, a polynomial in x - 2.5.
  public static final float ERF_CENTRE = 2.5f;

  /// Centre of NORMAL, a polynomial in (a - 3)/(a + 3).
  public static final float NORMAL_CENTRE = 3f;

  /// From here on Phi(-a) is 0.
  public static final float NORMAL_MAX = 14.5f;

  /// Smallest normal number.
  public static final float MIN_NORMAL = 0x1p-126f;

  /// Factor that makes subnormal numbers normal.
  public static final float SUBNORMAL_SCALE = 0x1p25f;

  /// Minus the exponent of SUBNORMAL_SCALE.
  public static final float SUBNORMAL_LOG2 = -25f;

  /// From here on every number is whole.
  public static final float WHOLE = 0x1p23f;

  /// Bits of MAGIC.
  public static final int MAGIC_BITS = 0x4B400000;

  /// Sign bit.
  public static final int SIGN = 0x80000000;

  /// Bits of sqrt(1/2).
  public static final int SQRT_HALF_BITS = 0x3F3504F3;

  /// Bits of 4.
  public static final int FOUR_BITS = 0x40800000;

  /// Bits of the fraction.
  public static final int FRACTION = 23;

  /// Exponent bias.
  public static final int BIAS = 127;

  // (exp(r) - 1 - r)/r^2, |r| <= ln(2)/2.
  public static final float EXP_0 = 0.499999934f;
  public static final float EXP_1 = 0.166665201f;
  public static final float EXP_2 = 0.0416683898f;
  public static final float EXP_3 = 0.00836878139f;
  public static final float EXP_4 = 0.0013814707f;

  // the same, weighted for expm1.
  public static final float EXPM1_0 = 0.499999981f;
  public static final float EXPM1_1 = 0.166665432f;
  public static final float EXPM1_2 = 0.0416672021f;
  public static final float EXPM1_3 = 0.00836657781f;
  public static final float EXPM1_4 = 0.0013882489f;

  // (log(1 + f) - f + f^2/2)/f^3, sqrt(1/2) <= 1 + f <= sqrt(2).
  public static final float LOG_0 = 0.333333317f;
  public static final float LOG_1 = -0.250008212f;
  public static final float LOG_2 = 0.200012284f;
  public static final float LOG_3 = -0.166233564f;
  public static final float LOG_4 = 0.14201709f;
  public static final float LOG_5 = -0.131601261f;
  public static final float LOG_6 = 0.127619295f;
  public static final float LOG_7 = -0.0763512556f;

  // log(erfc(x)) in x - ERF_CENTRE, 1 <= x <= ERF_MAX.
  public static final float LOG_ERFC_0 = -7.80681789f;
  public static final float LOG_ERFC_1 = -5.35269396f;
  public static final float LOG_ERFC_2 = -0.943883227f;
  public static final float LOG_ERFC_3 = -0.0107114583f;
  public static final float LOG_ERFC_4 = 0.00246517748f;
  public static final float LOG_ERFC_5 = -0.000152071672f;
  public static final float LOG_ERFC_6 = 0.000186360305f;

  // erf(x)/x - 1 in x^2, |x| <= 1.
  public static final float ERF_0 = 0.128379166f;
  public static final float ERF_1 = -0.376126258f;
  public static final float ERF_2 = 0.112835852f;
  public static final float ERF_3 = -0.0268538121f;
  public static final float ERF_4 = 0.00518832749f;
  public static final float ERF_5 = -0.000801018853f;
  public static final float ERF_6 = 7.8538355e-5f;

  // (1 + a) exp(a^2/2) Phi(-a) in (a - NORMAL_CENTRE)/(a + NORMAL_CENTRE).
  public static final float NORMAL_0 = 0.486055794f;
  public static final float NORMAL_1 = -0.0965269532f;
  public static final float NORMAL_2 = -0.0164321795f;
  public static final float NORMAL_3 = 0.0451688917f;
  public static final float NORMAL_4 = -0.0227281435f;
  public static final float NORMAL_5 = 0.0011256088f;
  public static final float NORMAL_6 = 0.00298881703f;
  public static final float NORMAL_7 = -0.000261971731f;
  public static final float NORMAL_8 = -0.000438188093f;
  public static final float NORMAL_9 = -5.94599528e-5f;

  // quantile, |p - 1/2| <= 0.425: numerator and denominator in 0.425^2 - (p - 1/2)^2.
  public static final float QC_NUM_0 = 3.3871327179f;
  public static final float QC_NUM_1 = 5.0434271938e1f;
  public static final float QC_NUM_2 = 1.5929113202e2f;
  public static final float QC_NUM_3 = 5.9109374720e1f;
  public static final float QC_DEN_0 = 1f;
  public static final float QC_DEN_1 = 1.7895169469e1f;
  public static final float QC_DEN_2 = 7.8757757664e1f;
  public static final float QC_DEN_3 = 6.7187563600e1f;

  // quantile, r = sqrt(-log p) <= 5: in r - 1.6.
  public static final float QM_NUM_0 = 1.4234372777f;
  public static final float QM_NUM_1 = 2.7568153900f;
  public static final float QM_NUM_2 = 1.3067284816f;
  public static final float QM_NUM_3 = 1.7023821103e-1f;
  public static final float QM_DEN_0 = 1f;
  public static final float QM_DEN_1 = 7.3700164250e-1f;
  public static final float QM_DEN_2 = 1.2021132975e-1f;

  // quantile, r > 5: in r - 5.
  public static final float QF_NUM_0 = 6.6579051150f;
  public static final float QF_NUM_1 = 3.0812263860f;
  public static final float QF_NUM_2 = 4.2868294337e-1f;
  public static final float QF_NUM_3 = 1.7337203997e-2f;
  public static final float QF_DEN_0 = 1f;
  public static final float QF_DEN_1 = 2.4197894225e-1f;
  public static final float QF_DEN_2 = 1.2258202635e-2f;

  private Coefficients32() {}
}
