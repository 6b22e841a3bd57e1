package org.amortis.engine.math;

/// The error function and the normal distribution.
final class NormalFunctions {
  private static final double CENTRE = 4.0;
  private static final double SQRT2 = 0x1.6a09e667f3bcdp0;
  private static final double INV_SQRT_TAU = 0x1.9884533d43651p-2;
  private static final double[] FAR = {1.0, -1.0, 3.0, -15.0, 105.0, -945.0};
  private static final double SPLIT = 0.425;

  // erf(x)/x - 1 in x^2, |x| <= 1.
  private static final double[] ERF = {
    0.12837916709551257,
    -0.37612638903183754,
    0.11283791670955119,
    -0.026866170645129733,
    0.00522397762542209,
    -0.000854832702185346,
    0.00012055332899367952,
    -1.4925647465379461e-05,
    1.6462043412546835e-06,
    -1.6364614481662428e-07,
    1.4792146274559913e-08,
    -1.216304487432426e-09,
    8.703799711127282e-11,
    -4.222910896862499e-12
  };

  // (1 + a) exp(a^2/2) Phi(-a) in (a - CENTRE)/(a + CENTRE), 0 <= a <= 39.
  private static final double[] TAIL = {
    0.47205320650984467,
    -0.09670347732652579,
    0.013999634724425438,
    0.028600364053549335,
    -0.03219783742808796,
    0.01793609747972067,
    -0.005002378590979561,
    -0.00028562309864529916,
    0.0006948971036205251,
    -9.443024873015582e-05,
    -8.785317595378555e-05,
    2.125002606663836e-05,
    1.3626831830554254e-05,
    -3.432135244120497e-06,
    -2.6127947378537373e-06,
    4.043805164665565e-07,
    5.517909522495145e-07,
    1.5534850483115422e-09,
    -1.1076558438778698e-07,
    -1.991988513308464e-08,
    1.749616489571147e-08,
    6.208207141385514e-09,
    -1.4994293457569308e-09,
    -7.704493518386534e-10
  };

  // Wichura's rational functions: |p - 1/2| <= SPLIT; r = sqrt(-log p) <= 5; r > 5.
  private static final double[] CENTRAL_NUM = {
    3.3871328727963666080e0,
    1.3314166789178437745e2,
    1.9715909503065514427e3,
    1.3731693765509461125e4,
    4.5921953931549871457e4,
    6.7265770927008700853e4,
    3.3430575583588128105e4,
    2.5090809287301226727e3
  };
  private static final double[] CENTRAL_DEN = {
    1.0,
    4.2313330701600911252e1,
    6.8718700749205790830e2,
    5.3941960214247511077e3,
    2.1213794301586595867e4,
    3.9307895800092710610e4,
    2.8729085735721942674e4,
    5.2264952788528545610e3
  };
  private static final double[] MIDDLE_NUM = {
    1.42343711074968357734e0,
    4.63033784615654529590e0,
    5.76949722146069140550e0,
    3.64784832476320460504e0,
    1.27045825245236838258e0,
    2.41780725177450611770e-1,
    2.27238449892691845833e-2,
    7.74545014278341407640e-4
  };
  private static final double[] MIDDLE_DEN = {
    1.0,
    2.05319162663775882187e0,
    1.67638483018380384940e0,
    6.89767334985100004550e-1,
    1.48103976427480074590e-1,
    1.51986665636164571966e-2,
    5.47593808499534494600e-4,
    1.05075007164441684324e-9
  };
  private static final double[] FAR_NUM = {
    6.65790464350110377720e0,
    5.46378491116411436990e0,
    1.78482653991729133580e0,
    2.96560571828504891230e-1,
    2.65321895265761230930e-2,
    1.24266094738807843860e-3,
    2.71155556874348757815e-5,
    2.01033439929228813265e-7
  };
  private static final double[] FAR_DEN = {
    1.0,
    5.99832206555887937690e-1,
    1.36929880922735805310e-1,
    1.48753612908506148525e-2,
    7.86869131145613259100e-4,
    1.84631831751005468180e-5,
    1.42151175831644588870e-7,
    2.04426310338993978564e-15
  };

  private NormalFunctions() {}

  /// Returns exp(a^2/2) Phi(-a) for a >= 0.
  private static double mills(double a) {
    return Special.horner(TAIL, (a - CENTRE) / (a + CENTRE)) / (1.0 + a);
  }

  /// Returns the same for a > 39 from the first terms of the asymptotic series.
  private static double farMills(double a) {
    double z = 1.0 / a / a;
    return Special.horner(FAR, z) * INV_SQRT_TAU / a;
  }

  static double erf(double x) {
    double a = Math.abs(x);
    if (a < 1.0) {
      return Math.fma(x, Special.horner(ERF, x * x), x);
    }
    return a > 6.0 ? Math.copySign(1.0, x) : Math.copySign(1.0 - erfcTail(a), x);
  }

  static double erfc(double x) {
    if (x < 0.5) {
      return 1.0 - erf(x);
    }
    return x > 28.0 ? 0.0 : erfcTail(x);
  }

  private static double erfcTail(double x) {
    double square = x * x;
    return Special.expProduct(-square, -Math.fma(x, x, -square), 2.0 * mills(SQRT2 * x));
  }

  static double cdf(double x) {
    double a = Math.abs(x);
    double tail = a > 39.0 ? 0.0 : tail(a);
    return x < 0.0 ? tail : 1.0 - tail;
  }

  private static double tail(double a) {
    double square = a * a;
    return Special.expProduct(-0.5 * square, -0.5 * Math.fma(a, a, -square), mills(a));
  }

  static double logCdf(double x) {
    if (x < 0.0) {
      double a = -x;
      double mills = a > 39.0 ? farMills(a) : mills(a);
      return Math.fma(-0.5 * a, a, Special.log(mills));
    }
    return Special.log1p(x > 39.0 ? -0.0 : -tail(x));
  }

  static double quantile(double p) {
    if (!(p > 0.0 && p < 1.0)) {
      return p == 0.0 ? Double.NEGATIVE_INFINITY : p == 1.0 ? Double.POSITIVE_INFINITY : Double.NaN;
    }
    double d = p - 0.5;
    if (Math.abs(d) <= SPLIT) {
      double z = Math.fma(-d, d, SPLIT * SPLIT);
      return d * Special.horner(CENTRAL_NUM, z) / Special.horner(CENTRAL_DEN, z);
    }
    double r = Math.sqrt(-Special.log(d < 0.0 ? p : 1.0 - p));
    double x =
        r <= 5.0
            ? Special.horner(MIDDLE_NUM, r - 1.6) / Special.horner(MIDDLE_DEN, r - 1.6)
            : Special.horner(FAR_NUM, r - 5.0) / Special.horner(FAR_DEN, r - 5.0);
    return Math.copySign(x, d);
  }
}
