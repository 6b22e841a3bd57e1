package org.amortis.engine.math;

/// The logarithm of the gamma function and its derivative, for positive arguments.
final class GammaFunctions {
  // The root of digamma in two parts.
  private static final double ROOT_HI = 1.4616321449683623;
  private static final double ROOT_LO = 9.5499954299656977e-17;
  private static final double HALF_LOG_TAU_MINUS_HALF = 0.41893853320467274;

  // lgamma(x)/((x - 1)(x - 2)) in x - 1.375, 0.75 <= x <= 2.
  private static final double[] LOW = {
    0.5024224884952695,
    -0.16329915582013585,
    0.0764331376004461,
    -0.041423694374007565,
    0.024222189281631473,
    -0.014816926992434164,
    0.009333106086186333,
    -0.005999889162442403,
    0.003915191165283745,
    -0.002584251521540249,
    0.0017213172006884459,
    -0.001155156529736761,
    0.0007799997981037497,
    -0.0005286451918273437,
    0.0003601722904623176,
    -0.0002508778691495799,
    0.00017344297657748877,
    -0.00010321495214952393,
    6.834499324432394e-05,
    -8.832602487754332e-05,
    6.637216024647778e-05,
    1.976877604408386e-05,
    -1.870621425343896e-05,
    -4.832358837643446e-05,
    3.589780360066692e-05
  };

  // The same in x - 2.5, 2 <= x <= 3.
  private static final double[] HIGH = {
    0.37957716063055885,
    -0.07466357415449941,
    0.01990515430474627,
    -0.006018768527036852,
    0.0019490574886889738,
    -0.0006586397065676546,
    0.0002290536457103755,
    -8.130229403002338e-05,
    2.929915371252406e-05,
    -1.0682259614179725e-05,
    3.931690331698183e-06,
    -1.4575516160946812e-06,
    5.383884090808663e-07,
    -2.0151580318833679e-07,
    8.870547197022252e-08,
    -3.385099141572943e-08
  };

  // digamma(x)/(x - root) in x - 1.5, 1 <= x <= 2.
  private static final double[] DIGAMMA = {
    0.9510558760318328,
    -0.42362742128146047,
    0.24054248424078736,
    -0.14840492305391834,
    0.0949887244528287,
    -0.06192213327158131,
    0.04076083394470834,
    -0.0269757968479246,
    0.017907248193338606,
    -0.011908215074968845,
    0.007927024117316389,
    -0.005280019415529566,
    0.003518079497927229,
    -0.0023446333587030877,
    0.0015635723094072386,
    -0.0010423764899278236,
    0.0006899508837918185,
    -0.00045944764833587114,
    0.0003268693515628261,
    -0.00021931613703434478,
    9.16280647306531e-05,
    -5.8834811297334814e-05,
    0.00012238704375357808,
    -8.315665108831004e-05
  };

  // Stirling's series in 1/x^2: B_2n/(2n (2n - 1)), and B_2n/(2n).
  private static final double[] STIRLING = {
    1.0 / 12,
    -1.0 / 360,
    1.0 / 1260,
    -1.0 / 1680,
    1.0 / 1188,
    -691.0 / 360360,
    1.0 / 156,
    -3617.0 / 122400
  };
  private static final double[] DIGAMMA_SERIES = {
    1.0 / 12, -1.0 / 120, 1.0 / 252, -1.0 / 240, 1.0 / 132, -691.0 / 32760, 1.0 / 12, -3617.0 / 8160
  };

  private GammaFunctions() {}

  static double lgamma(double x) {
    if (x <= 0.0) {
      return x == 0.0 ? Double.POSITIVE_INFINITY : Double.NaN;
    }
    if (x < 0.75) {
      return x < 0x1p-60 ? -Special.log(x) : lgamma(1.0 + x) - Special.log(x);
    }
    if (x <= 3.0) {
      double p = x <= 2.0 ? Special.horner(LOW, x - 1.375) : Special.horner(HIGH, x - 2.5);
      // Adding 0 turns -0 into 0.
      return (x - 1.0) * (x - 2.0) * p + 0.0;
    }
    if (x < 10.0) {
      double y = x;
      double product = 1.0;
      while (y > 3.0) {
        y -= 1.0;
        product *= y;
      }
      return lgamma(y) + Special.log(product);
    }
    double z = 1.0 / x;
    double series = z * Special.horner(STIRLING, z * z) + HALF_LOG_TAU_MINUS_HALF;
    return x > 1e306 ? Double.POSITIVE_INFINITY : Math.fma(x - 0.5, Special.log(x) - 1.0, series);
  }

  static double digamma(double x) {
    if (x <= 0.0) {
      return x == 0.0 ? Double.NEGATIVE_INFINITY : Double.NaN;
    }
    if (x < 1.0) {
      return digamma(1.0 + x) - 1.0 / x;
    }
    if (x <= 2.0) {
      return ((x - ROOT_HI) - ROOT_LO) * Special.horner(DIGAMMA, x - 1.5);
    }
    if (x < 10.0) {
      double y = x;
      double sum = 0.0;
      while (y > 2.0) {
        y -= 1.0;
        sum += 1.0 / y;
      }
      return digamma(y) + sum;
    }
    double z = 1.0 / x;
    double w = z * z;
    return Special.log(x) - Math.fma(w, Special.horner(DIGAMMA_SERIES, w), 0.5 * z);
  }
}
