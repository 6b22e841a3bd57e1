package org.amortis.engine.math;

/// The modified Bessel function of the second kind of real order, and the Whittle-Matern
/// correlation that is made of it.
///
/// Orders are split as `nu = mu + n` with `|mu| <= 1/2`. Orders mu and mu + 1 come from Temme's
/// series for small x and from Steed's continued fraction for large x; the rest is the recurrence
/// `K_(nu+1) = K_(nu-1) + (2 nu / x) K_nu`, which is stable upwards. The recurrence runs on `x^nu
/// K_nu(x)`, which stays finite as x goes to 0.
///
/// Source: Temme (1975), On the numerical evaluation of the modified Bessel function of the third
/// kind; Thompson and Barnett (1987), Modified Bessel functions of real order, section 3.
public final class Bessel {
  /// Largest order that is computed.
  public static final double LARGEST_ORDER = 20;

  // 1/Gamma(1 + mu) in mu, |mu| <= 1/2: odd and even powers.
  private static final double[] EVEN = {
    1.0,
    -0.6558780715202539,
    0.16653861138229148,
    -0.009621971527876973,
    -0.0011651675918590652,
    0.0001280502823881162,
    -1.2504934821426706e-06,
    -2.056338416977607e-07,
    5.002007644469223e-09,
    1.0434267116911005e-10,
    -3.696805618642206e-12,
    -2.0583260535665066e-14,
    1.2267786282382608e-15
  };
  private static final double[] ODD = {
    0.5772156649015329,
    -0.04200263503409524,
    -0.04219773455554433,
    0.0072189432466631,
    -0.00021524167411495098,
    -2.013485478078824e-05,
    1.133027231981696e-06,
    6.116095104481416e-09,
    -1.18127457048702e-09,
    7.782263439905071e-12,
    5.100370287454476e-13,
    -5.348122539423018e-15
  };

  private static final double ROOT_HALF_PI = 1.2533141373155003;
  private static final double LN2 = 0.6931471805599453;

  /// Up to here Temme's series, which loses a digit near 2; beyond it the continued fraction.
  private static final double SWITCH = 1.2;

  /// Beyond this x everything here is below the smallest double.
  private static final double VANISHED = 1_500;

  /// What the two methods of small and large x give, `p` standing for 1 and for exp(x).
  ///
  /// @param low `p x^mu K_mu(x)`, without a factor of `2^mu` for small x, `x^mu` for large x
  /// @param high the same for `p x^(mu+1) K_(mu+1)(x)`
  /// @param plus `1/Gamma(1 + mu)`
  private record Start(double low, double high, double plus) {}

  private Bessel() {}

  /// Returns K_nu(x) for x >= 0; Infinity at 0, NaN where x < 0 or |nu| > [#LARGEST_ORDER].
  public static double k(double nu, double x) {
    double order = Math.abs(nu);
    if (!(x > 0.0) || !(order <= LARGEST_ORDER)) {
      return x == 0.0 && order <= LARGEST_ORDER ? Double.POSITIVE_INFINITY : Double.NaN;
    }
    if (x > VANISHED) {
      return 0.0;
    }
    int n = (int) (order + 0.5);
    double mu = order - n;
    boolean small = x <= SWITCH;
    Start start = small ? series(mu, x) : fraction(mu, x);
    double low = start.low;
    double high = start.high / x;
    if (small) {
      double power = Special.exp(mu * (LN2 - Special.log(x)));
      low *= power;
      high *= power;
    }
    for (int i = 1; i < n; i++) {
      double next = Math.fma(2.0 * (mu + i) / x, high, low);
      low = high;
      high = next;
    }
    double value = n == 0 ? low : high;
    double half = small ? 1.0 : Special.exp(-0.5 * x);
    return value * half * half;
  }

  /// Returns the Whittle-Matern correlation `2^(1-k)/Gamma(k) r^k K_k(r)` at a distance of r length
  /// scales.
  ///
  /// It is 1 at r = 0, falls with r and underflows to 0; at k = 1/2 it is exp(-r). NaN unless r >=
  /// 0 and 0 < k <= [#LARGEST_ORDER].
  ///
  /// Source: Matern (1960), Spatial variation; Guttorp and Gneiting (2006), Studies in the history
  /// of probability and statistics XLIX.
  public static double matern(double k, double r) {
    if (!(r >= 0.0) || !(k > 0.0) || !(k <= LARGEST_ORDER)) {
      return Double.NaN;
    }
    if (r == 0.0) {
      return 1.0;
    }
    if (r > VANISHED) {
      return 0.0;
    }
    int n = (int) (k + 0.5);
    if (n > 0 && r < 1e-100) {
      return 1.0;
    }
    double mu = k - n;
    boolean small = r <= SWITCH;
    Start start = small ? series(mu, r) : fraction(mu, r);
    // c = 2^(1-n)/Gamma(k): Gamma(k) = Gamma(1 + mu) (1 + mu) ... (n - 1 + mu), or Gamma(1 +
    // mu)/mu.
    double c = n == 0 ? 2.0 * mu * start.plus : start.plus;
    double low = start.low;
    double high = start.high;
    double square = r * r;
    for (int i = 1; i < n; i++) {
      double next = Math.fma(2.0 * (mu + i), high, square * low);
      low = high;
      high = next;
      c /= 2.0 * (mu + i);
    }
    double value = (n == 0 ? low : high) * c;
    if (small) {
      return Math.min(1.0, value);
    }
    double half = Special.exp(-0.5 * r);
    return value * Special.exp(mu * (Special.log(r) - LN2)) * half * half;
  }

  /// Temme's series, for 0 < x <= [#SWITCH].
  private static Start series(double mu, double x) {
    double square = mu * mu;
    double even = Special.horner(EVEN, square);
    double odd = Special.horner(ODD, square);
    double plus = Math.fma(mu, odd, even);
    double minus = Math.fma(-mu, odd, even);
    double log = LN2 - Special.log(x);
    double sigma = mu * log;
    double up = Special.exp(sigma);
    double down = 1.0 / up;
    double cosh = 0.5 * (up + down);
    // sinh(sigma)/mu = log sinh(sigma)/sigma.
    double sinh = mu == 0.0 ? log : sinh(sigma, up, down) / mu;
    // plus minus = sin(pi mu)/(pi mu).
    double f = (even * sinh - odd * cosh) / (plus * minus);
    double p = 0.5 / plus;
    double scaled = p * up;
    double q = 0.5 * down / minus;
    double c = 1.0;
    double t = 0.25 * x * x;
    double low = f;
    double high = p;
    for (int i = 1; i < 40; i++) {
      f = (i * f + scaled + q) / (i * i - square);
      c *= t / i;
      scaled /= i - mu;
      p /= i - mu;
      q /= i + mu;
      double term = c * f;
      low += term;
      high += c * (p - i * f * down);
      if (Math.abs(i * term) < Math.abs(low) * 0x1p-56) {
        break;
      }
    }
    return new Start(low * down, 2.0 * high, plus);
  }

  private static double sinh(double x, double up, double down) {
    if (Math.abs(x) > 0.5) {
      return 0.5 * (up - down);
    }
    double e = Special.expm1(x);
    return 0.5 * (e + e / (e + 1.0));
  }

  /// Steed's evaluation of the second continued fraction, for x > [#SWITCH].
  private static Start fraction(double mu, double x) {
    double square = mu * mu;
    double plus = Math.fma(mu, Special.horner(ODD, square), Special.horner(EVEN, square));
    double first = 0.25 - square;
    double a = -first;
    double b = 2.0 * (1.0 + x);
    double d = 1.0 / b;
    double step = d;
    double h = d;
    double q1 = 0.0;
    double q2 = 1.0;
    double c = first;
    double q = first;
    double s = 1.0 + q * step;
    for (int i = 2; i < 200; i++) {
      a -= 2 * (i - 1);
      c = -a * c / i;
      double next = (q1 - b * q2) / a;
      q1 = q2;
      q2 = next;
      q += c * next;
      b += 2.0;
      d = 1.0 / (b + a * d);
      step *= b * d - 1.0;
      h += step;
      double term = q * step;
      s += term;
      if (Math.abs(term) < Math.abs(s) * 0x1p-56) {
        break;
      }
    }
    double low = ROOT_HALF_PI / (Math.sqrt(x) * s);
    return new Start(low, low * (mu + x + 0.5 - first * h), plus);
  }
}
