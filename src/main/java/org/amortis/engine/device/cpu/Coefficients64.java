package org.amortis.engine.device.cpu;

/// Constants of the double elementary functions, shared by the scalar and the vector path.
///
/// Coefficients stand in rising powers, `NAME_0` first. The polynomials come from a Remez exchange
/// (validation/generators/polynomial_coefficients.py); the quantile's are those of Wichura (1988),
/// algorithm AS 241, PPND16.
public final class Coefficients64 {
  /// The logarithm of e to base 2.
  public static final double LOG2E = 1.4426950408889634;

  /// log(2) rounded.
  public static final double LN2_HI = 0x1.62e42fefa39efp-1;

  /// log(2) - LN2_HI.
  public static final double LN2_LO = 0x1.abc9e3b39803fp-56;

  /// Adding and subtracting it rounds to an integer.
  public static final double MAGIC = 0x1.8p52;

  /// From here on exp is infinite.
  public static final double EXP_MAX = 710.0;

  /// Up to here exp is 0.
  public static final double EXP_MIN = -746.0;

  /// Up to here expm1 is -1.
  public static final double EXPM1_MIN = -38.0;

  /// From here on tanh is 1.
  public static final double TANH_MAX = 20.0;

  /// From here on erf is 1.
  public static final double ERF_MAX = 6.0;

  /// Centre of LOG_ERFC, a polynomial in x - 3.5.
  public static final double ERF_CENTRE = 3.5;

  /// Centre of NORMAL, a polynomial in (a - 4)/(a + 4).
  public static final double NORMAL_CENTRE = 4.0;

  /// From here on Phi(-a) is 0.
  public static final double NORMAL_MAX = 39.0;

  /// Smallest normal number.
  public static final double MIN_NORMAL = 0x1p-1022;

  /// Factor that makes subnormal numbers normal.
  public static final double SUBNORMAL_SCALE = 0x1p54;

  /// Minus the exponent of SUBNORMAL_SCALE.
  public static final double SUBNORMAL_LOG2 = -54.0;

  /// From here on every number is whole.
  public static final double WHOLE = 0x1p52;

  /// Bits of MAGIC.
  public static final long MAGIC_BITS = 0x4338000000000000L;

  /// Sign bit.
  public static final long SIGN = 0x8000000000000000L;

  /// Bits of sqrt(1/2).
  public static final long SQRT_HALF_BITS = 0x3FE6A09E667F3BCDL;

  /// Bits of 4.
  public static final long FOUR_BITS = 0x4010000000000000L;

  /// Bits of the fraction.
  public static final int FRACTION = 52;

  /// Exponent bias.
  public static final int BIAS = 1023;

  // (exp(r) - 1 - r)/r^2, |r| <= ln(2)/2.
  public static final double EXP_0 = 0.5;
  public static final double EXP_1 = 0.16666666666666682;
  public static final double EXP_2 = 0.04166666666666609;
  public static final double EXP_3 = 0.008333333333316916;
  public static final double EXP_4 = 0.0013888888889117168;
  public static final double EXP_5 = 0.0001984126989668493;
  public static final double EXP_6 = 2.4801586924689536e-05;
  public static final double EXP_7 = 2.7557234554484974e-06;
  public static final double EXP_8 = 2.7557582764712903e-07;
  public static final double EXP_9 = 2.511214604698071e-08;
  public static final double EXP_10 = 2.0826539391982806e-09;

  // the same, weighted for expm1.
  public static final double EXPM1_0 = 0.5;
  public static final double EXPM1_1 = 0.16666666666666666;
  public static final double EXPM1_2 = 0.04166666666666669;
  public static final double EXPM1_3 = 0.008333333333333312;
  public static final double EXPM1_4 = 0.0013888888888872193;
  public static final double EXPM1_5 = 0.00019841269841343277;
  public static final double EXPM1_6 = 2.480158734964655e-05;
  public static final double EXPM1_7 = 2.7557319117057296e-06;
  public static final double EXPM1_8 = 2.7557252219351946e-07;
  public static final double EXPM1_9 = 2.505216788806148e-08;
  public static final double EXPM1_10 = 2.092150199362844e-09;
  public static final double EXPM1_11 = 1.6059738680236467e-10;

  // (log(1 + f) - f + f^2/2)/f^3, sqrt(1/2) <= 1 + f <= sqrt(2).
  public static final double LOG_0 = 0.33333333333333454;
  public static final double LOG_1 = -0.2499999999999892;
  public static final double LOG_2 = 0.19999999999946158;
  public static final double LOG_3 = -0.16666666666914284;
  public static final double LOG_4 = 0.14285714293838622;
  public static final double LOG_5 = -0.12499999982024002;
  public static final double LOG_6 = 0.11111110516194042;
  public static final double LOG_7 = -0.10000000383213717;
  public static final double LOG_8 = 0.09090933501346497;
  public static final double LOG_9 = -0.08333345757875871;
  public static final double LOG_10 = 0.07691714548257557;
  public static final double LOG_11 = -0.07142000159941485;
  public static final double LOG_12 = 0.06675147526528666;
  public static final double LOG_13 = -0.06269799858264005;
  public static final double LOG_14 = 0.058177836396180446;
  public static final double LOG_15 = -0.05326787270195012;
  public static final double LOG_16 = 0.054159676676894586;
  public static final double LOG_17 = -0.06275019977154728;
  public static final double LOG_18 = 0.056968398813081106;
  public static final double LOG_19 = -0.02427607455906561;

  // log(erfc(x)) in x - ERF_CENTRE, 1 <= x <= ERF_MAX.
  public static final double LOG_ERFC_0 = -14.112437402141136;
  public static final double LOG_ERFC_1 = -7.266099588258784;
  public static final double LOG_ERFC_2 = -0.9667530544659476;
  public static final double LOG_ERFC_3 = -0.005225659228064608;
  public static final double LOG_ERFC_4 = 0.0008736810475642859;
  public static final double LOG_ERFC_5 = -0.0001473089565535947;
  public static final double LOG_ERFC_6 = 2.4384182232172842e-05;
  public static final double LOG_ERFC_7 = -3.866886289663849e-06;
  public static final double LOG_ERFC_8 = 6.255283747053716e-07;
  public static final double LOG_ERFC_9 = -5.1901650388313154e-08;
  public static final double LOG_ERFC_10 = 1.053786306807607e-08;
  public static final double LOG_ERFC_11 = -1.7891429971759355e-08;
  public static final double LOG_ERFC_12 = -1.725446114628209e-08;
  public static final double LOG_ERFC_13 = -9.315165894844728e-09;
  public static final double LOG_ERFC_14 = -3.2092621781721243e-09;
  public static final double LOG_ERFC_15 = -6.933929985385264e-10;
  public static final double LOG_ERFC_16 = -8.874093317228297e-11;
  public static final double LOG_ERFC_17 = -4.927922923020735e-12;

  // erf(x)/x - 1 in x^2, |x| <= 1.
  public static final double ERF_0 = 0.1283791670955126;
  public static final double ERF_1 = -0.37612638903183754;
  public static final double ERF_2 = 0.11283791670955119;
  public static final double ERF_3 = -0.026866170645129733;
  public static final double ERF_4 = 0.00522397762542209;
  public static final double ERF_5 = -0.000854832702185346;
  public static final double ERF_6 = 0.00012055332899367952;
  public static final double ERF_7 = -1.4925647465379461e-05;
  public static final double ERF_8 = 1.6462043412546835e-06;
  public static final double ERF_9 = -1.6364614481662428e-07;
  public static final double ERF_10 = 1.4792146274559913e-08;
  public static final double ERF_11 = -1.216304487432426e-09;
  public static final double ERF_12 = 8.703799711127282e-11;
  public static final double ERF_13 = -4.222910896862499e-12;

  // (1 + a) exp(a^2/2) Phi(-a) in (a - NORMAL_CENTRE)/(a + NORMAL_CENTRE).
  public static final double NORMAL_0 = 0.47205320650984467;
  public static final double NORMAL_1 = -0.09670347732652579;
  public static final double NORMAL_2 = 0.013999634724425438;
  public static final double NORMAL_3 = 0.028600364053549335;
  public static final double NORMAL_4 = -0.03219783742808796;
  public static final double NORMAL_5 = 0.01793609747972067;
  public static final double NORMAL_6 = -0.005002378590979561;
  public static final double NORMAL_7 = -0.00028562309864529916;
  public static final double NORMAL_8 = 0.0006948971036205251;
  public static final double NORMAL_9 = -9.443024873015582e-05;
  public static final double NORMAL_10 = -8.785317595378555e-05;
  public static final double NORMAL_11 = 2.125002606663836e-05;
  public static final double NORMAL_12 = 1.3626831830554254e-05;
  public static final double NORMAL_13 = -3.432135244120497e-06;
  public static final double NORMAL_14 = -2.6127947378537373e-06;
  public static final double NORMAL_15 = 4.043805164665565e-07;
  public static final double NORMAL_16 = 5.517909522495145e-07;
  public static final double NORMAL_17 = 1.5534850483115422e-09;
  public static final double NORMAL_18 = -1.1076558438778698e-07;
  public static final double NORMAL_19 = -1.991988513308464e-08;
  public static final double NORMAL_20 = 1.749616489571147e-08;
  public static final double NORMAL_21 = 6.208207141385514e-09;
  public static final double NORMAL_22 = -1.4994293457569308e-09;
  public static final double NORMAL_23 = -7.704493518386534e-10;

  // quantile, |p - 1/2| <= 0.425: numerator and denominator in 0.425^2 - (p - 1/2)^2.
  public static final double QC_NUM_0 = 3.3871328727963666080e0;
  public static final double QC_NUM_1 = 1.3314166789178437745e2;
  public static final double QC_NUM_2 = 1.9715909503065514427e3;
  public static final double QC_NUM_3 = 1.3731693765509461125e4;
  public static final double QC_NUM_4 = 4.5921953931549871457e4;
  public static final double QC_NUM_5 = 6.7265770927008700853e4;
  public static final double QC_NUM_6 = 3.3430575583588128105e4;
  public static final double QC_NUM_7 = 2.5090809287301226727e3;
  public static final double QC_DEN_0 = 1.0;
  public static final double QC_DEN_1 = 4.2313330701600911252e1;
  public static final double QC_DEN_2 = 6.8718700749205790830e2;
  public static final double QC_DEN_3 = 5.3941960214247511077e3;
  public static final double QC_DEN_4 = 2.1213794301586595867e4;
  public static final double QC_DEN_5 = 3.9307895800092710610e4;
  public static final double QC_DEN_6 = 2.8729085735721942674e4;
  public static final double QC_DEN_7 = 5.2264952788528545610e3;

  // quantile, r = sqrt(-log p) <= 5: in r - 1.6.
  public static final double QM_NUM_0 = 1.42343711074968357734e0;
  public static final double QM_NUM_1 = 4.63033784615654529590e0;
  public static final double QM_NUM_2 = 5.76949722146069140550e0;
  public static final double QM_NUM_3 = 3.64784832476320460504e0;
  public static final double QM_NUM_4 = 1.27045825245236838258e0;
  public static final double QM_NUM_5 = 2.41780725177450611770e-1;
  public static final double QM_NUM_6 = 2.27238449892691845833e-2;
  public static final double QM_NUM_7 = 7.74545014278341407640e-4;
  public static final double QM_DEN_0 = 1.0;
  public static final double QM_DEN_1 = 2.05319162663775882187e0;
  public static final double QM_DEN_2 = 1.67638483018380384940e0;
  public static final double QM_DEN_3 = 6.89767334985100004550e-1;
  public static final double QM_DEN_4 = 1.48103976427480074590e-1;
  public static final double QM_DEN_5 = 1.51986665636164571966e-2;
  public static final double QM_DEN_6 = 5.47593808499534494600e-4;
  public static final double QM_DEN_7 = 1.05075007164441684324e-9;

  // quantile, r > 5: in r - 5.
  public static final double QF_NUM_0 = 6.65790464350110377720e0;
  public static final double QF_NUM_1 = 5.46378491116411436990e0;
  public static final double QF_NUM_2 = 1.78482653991729133580e0;
  public static final double QF_NUM_3 = 2.96560571828504891230e-1;
  public static final double QF_NUM_4 = 2.65321895265761230930e-2;
  public static final double QF_NUM_5 = 1.24266094738807843860e-3;
  public static final double QF_NUM_6 = 2.71155556874348757815e-5;
  public static final double QF_NUM_7 = 2.01033439929228813265e-7;
  public static final double QF_DEN_0 = 1.0;
  public static final double QF_DEN_1 = 5.99832206555887937690e-1;
  public static final double QF_DEN_2 = 1.36929880922735805310e-1;
  public static final double QF_DEN_3 = 1.48753612908506148525e-2;
  public static final double QF_DEN_4 = 7.86869131145613259100e-4;
  public static final double QF_DEN_5 = 1.84631831751005468180e-5;
  public static final double QF_DEN_6 = 1.42151175831644588870e-7;
  public static final double QF_DEN_7 = 2.04426310338993978564e-15;

  private Coefficients64() {}
}
