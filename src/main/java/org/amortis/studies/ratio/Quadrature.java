package org.amortis.studies.ratio;

import java.util.function.DoubleUnaryOperator;

/// Integrals of smooth functions over intervals by adaptive Gauss-Kronrod rules of 7 and 15 points.
///
/// Each interval whose two rules disagree by more than its share of the tolerance is halved.
/// Source: Piessens, de Doncker-Kapenga, Ueberhuber and Kahaner (1983), QUADPACK, rule QK15.
final class Quadrature {
  private static final int DEEPEST = 40;

  private static final double[] NODE = {
    0.991455371120812639206854697526329,
    0.949107912342758524526189684047851,
    0.864864423359769072789712788640926,
    0.741531185599394439863864773280788,
    0.586087235467691130294144691693992,
    0.405845151377397166906606412076961,
    0.207784955007898467600689403773245,
    0
  };
  private static final double[] KRONROD = {
    0.022935322010529224963732008058970,
    0.063092092629978553290700663189204,
    0.104790010322250183839876322541518,
    0.140653259715525918745189590510238,
    0.169004726639267902826583426598550,
    0.190350578064785409913256402421014,
    0.204432940075298892414161999234649,
    0.209482141084727828012999174891714
  };
  // At the nodes of odd index.
  private static final double[] GAUSS = {
    0.129484966168869693270611432679082,
    0.279705391489276667901467771423780,
    0.381830050505118944950369775488975,
    0.417959183673469387755102040816327
  };

  private Quadrature() {}

  /// The integral of f over (a, b).
  ///
  /// @param tolerance absolute error, by the difference of the two rules
  static double integrate(DoubleUnaryOperator f, double a, double b, double tolerance) {
    return integrate(f, a, b, tolerance, 0);
  }

  private static double integrate(
      DoubleUnaryOperator f, double a, double b, double tolerance, int depth) {
    double middle = 0.5 * (a + b);
    double half = 0.5 * (b - a);
    double centre = f.applyAsDouble(middle);
    double kronrod = KRONROD[7] * centre;
    double gauss = GAUSS[3] * centre;
    for (int i = 0; i < 7; i++) {
      double pair =
          f.applyAsDouble(middle - half * NODE[i]) + f.applyAsDouble(middle + half * NODE[i]);
      kronrod += KRONROD[i] * pair;
      gauss += i % 2 == 1 ? GAUSS[i / 2] * pair : 0;
    }
    if (StrictMath.abs(kronrod - gauss) * half <= tolerance || depth == DEEPEST) {
      return kronrod * half;
    }
    return integrate(f, a, middle, tolerance / 2, depth + 1)
        + integrate(f, middle, b, tolerance / 2, depth + 1);
  }
}
