package org.amortis.engine.math;

/// A monotone rational-quadratic spline on `[-B, B]` with linear tails, in plain double arithmetic.
///
/// With `K` bins, left knot `(x_k, y_k)`, bin width `w`, height `h`, slope `delta = h / w`,
/// derivatives `d0`, `d1` at the two knots, `t = (x - x_k) / w` and `p = t (1 - t)`:
///
/// ```
/// N = delta t^2 + d0 p          D = delta + (d0 + d1 - 2 delta) p
/// Q = d1 t^2 + 2 delta p + d0 (1 - t)^2
/// y = y_k + h N / D             ladj = log dy/dx = 2 log delta + log Q - 2 log D
/// ```
///
/// Outside `[-B, B]` the map is the identity. The inverse solves a quadratic equation in the form
/// that does not cancel:
///
/// ```
/// a t^2 + b t + c = 0           t = 2 c / (-b - sqrt(b^2 - 4 a c)) where b >= 0,
/// u = y - y_k                   otherwise (-b + sqrt(b^2 - 4 a c)) / (2 a)
/// s = d0 + d1 - 2 delta
/// a = h (delta - d0) + u s      b = h d0 - u s      c = -delta u
/// ```
///
/// Raw parameters, `3 K - 1` an element: `K` widths, `K` heights, `K - 1` inner derivatives.
/// `width_j = 2 B (minWidth + (1 - K minWidth) softmax_j)`, heights alike, inner derivative `=
/// minDerivative + softplus(raw)`, end derivatives exactly 1. This is the rule of nflows
/// (`unconstrained_rational_quadratic_spline`, `tails="linear"`): a raw derivative of 0 gives
/// `minDerivative + log 2`, not 1, so a network that should start as the identity takes
/// [#identityRaw()] as its initial bias.
///
/// Gradient of the forward map, given `gy = dL/dy` and `gl = dL/dladj`. Adjoints of the three
/// intermediates: `gN = gy h / D`, `gD = -gy h N / D^2 - 2 gl / D`, `gQ = gl / Q`. Then
///
/// ```
/// g_t     = gN (2 delta t + d0 (1 - 2 t)) + gD s (1 - 2 t)
///           + gQ (2 d1 t + 2 delta (1 - 2 t) - 2 d0 (1 - t))
/// g_delta = gN t^2 + gD (1 - 2 p) + gQ 2 p + 2 gl / delta
/// g_d0    = (gN + gD) p + gQ (1 - t)^2           g_d1 = gD p + gQ t^2
/// g_x     = g_t / w                              g_xk = -g_t / w
/// g_w     = -(g_t t + g_delta delta) / w         g_h  = gy N / D + g_delta / w        g_yk = gy
/// ```
///
/// The terms in `gl` of `g_t` are the second derivative of the map: `d ladj/dx = y'' / y'`. A knot
/// is a prefix sum of widths, so bin `k` gives `width_j` the adjoint `g_j = g_xk` for `j < k`,
/// `g_w` for `j = k`, 0 beyond, and softmax turns it into `2 B (1 - K minWidth) softmax_j (g_j -
/// sum_i softmax_i g_i)`. Softplus multiplies by the logistic function.
///
/// Gradient of the inverse map, given `gx = dL/dx` and `gl = dL/d(inverse ladj)`. Write the forward
/// map as `y = F(x, q)` with `L = log F_x`; the inverse ladj is `-L(x(y, q), q)`. Implicitly `dx =
/// (dy - F_q dq) / F_x`, so with `m = (gx - gl L_x) / F_x`: `g_y = m` and `g_q = -m F_q - gl L_q`,
/// which is the forward rule at `gy = -m`, `gl = -gl`.
///
/// Source: Durkan, Bekasov, Murray and Papamakarios (2019), Neural Spline Flows, equations 4 to 9;
/// Gregory and Delbourgo (1982).
///
/// @param bins number of bins `K`, at least 1
/// @param bound half width `B` of the interval, positive
/// @param minWidth smallest bin width as a share of `2 B`
/// @param minHeight smallest bin height as a share of `2 B`
/// @param minDerivative smallest inner derivative
public record Spline(
    int bins, double bound, double minWidth, double minHeight, double minDerivative) {

  /// Checks the settings.
  ///
  /// @throws IllegalArgumentException if a setting is out of range or `K` minimal bins do not fit
  public Spline {
    if (bins < 1) {
      throw new IllegalArgumentException("[spline] needs at least 1 bin, got " + bins);
    }
    if (!(bound > 0) || bound == Double.POSITIVE_INFINITY) {
      throw new IllegalArgumentException("[spline] bound must be positive, got " + bound);
    }
    if (!(minWidth >= 0 && minWidth * bins < 1 && minHeight >= 0 && minHeight * bins < 1)) {
      throw new IllegalArgumentException(
          "[spline] %d bins of least width %s and height %s do not fit"
              .formatted(bins, minWidth, minHeight));
    }
    if (!(minDerivative > 0 && minDerivative < 1)) {
      throw new IllegalArgumentException(
          "[spline] least derivative must be in (0, 1), got " + minDerivative);
    }
  }

  /// A spline of `bins` bins on `[-bound, bound]` with the customary minima of 1e-3.
  public static Spline of(int bins, double bound) {
    return new Spline(bins, bound, 1e-3, 1e-3, 1e-3);
  }

  /// Raw parameters an element: `3 K - 1`.
  public int parameters() {
    return 3 * bins - 1;
  }

  /// The raw parameters, `(3 K - 1)`, of the identity: zeros, then `log(exp(1 - minDerivative) -
  /// 1)`.
  public double[] identityRaw() {
    double[] raw = new double[parameters()];
    for (int j = 2 * bins; j < raw.length; j++) {
      raw[j] = StrictMath.log(StrictMath.expm1(1 - minDerivative));
    }
    return raw;
  }

  /// A transformed value and the log-abs-det-Jacobian of the map that gave it.
  public record Value(double value, double ladj) {}

  /// The bin that holds a value: left knot, extent, end derivatives and what their gradients need.
  private record Bin(
      int index,
      double left,
      double width,
      double bottom,
      double height,
      double d0,
      double d1,
      double[] widthShare,
      double[] heightShare) {

    double slope() {
      return height / width;
    }

    double curve() {
      return d0 + d1 - 2 * slope();
    }

    double numerator(double t) {
      return slope() * t * t + d0 * t * (1 - t);
    }

    double denominator(double t) {
      return slope() + curve() * t * (1 - t);
    }

    double quotient(double t) {
      return d1 * t * t + 2 * slope() * t * (1 - t) + d0 * (1 - t) * (1 - t);
    }

    double ladj(double t) {
      return 2 * StrictMath.log(slope())
          + StrictMath.log(quotient(t))
          - 2 * StrictMath.log(denominator(t));
    }

    /// `d ladj / dt`.
    double ladjSlope(double t) {
      double q = 2 * d1 * t + 2 * slope() * (1 - 2 * t) - 2 * d0 * (1 - t);
      return q / quotient(t) - 2 * curve() * (1 - 2 * t) / denominator(t);
    }

    double solve(double y) {
      double u = y - bottom;
      double a = height * (slope() - d0) + u * curve();
      double b = height * d0 - u * curve();
      double c = -slope() * u;
      double root = StrictMath.sqrt(Math.max(b * b - 4 * a * c, 0));
      double t = b >= 0 ? 2 * c / (-b - root) : (-b + root) / (2 * a);
      return clamp(t);
    }
  }

  /// `y` and `log dy/dx` at `x` under the raw parameters `raw[at .. at + 3 K - 2]`.
  ///
  /// NaN in `x` or in a raw parameter that the bin uses gives NaN.
  public Value forward(double x, double[] raw, int at) {
    if (outside(x)) {
      return new Value(x, 0);
    }
    Bin bin = bin(x, raw, at, false);
    double t = clamp((x - bin.left) / bin.width);
    double y = bin.bottom + bin.height * bin.numerator(t) / bin.denominator(t);
    return new Value(y, bin.ladj(t));
  }

  /// `x` and `log dx/dy` at `y` under the raw parameters `raw[at .. at + 3 K - 2]`.
  public Value inverse(double y, double[] raw, int at) {
    if (outside(y)) {
      return new Value(y, 0);
    }
    Bin bin = bin(y, raw, at, true);
    double t = bin.solve(y);
    return new Value(bin.left + t * bin.width, -bin.ladj(t));
  }

  /// Gradient of [#forward] at `x`: returns `dL/dx` and overwrites `draw[drawAt .. drawAt + 3 K -
  /// 2]`.
  ///
  /// @param dy `dL/dy`
  /// @param dladj `dL/dladj`
  public double forwardBackward(
      double x, double[] raw, int at, double dy, double dladj, double[] draw, int drawAt) {
    if (outside(x)) {
      java.util.Arrays.fill(draw, drawAt, drawAt + parameters(), 0);
      return dy;
    }
    Bin bin = bin(x, raw, at, false);
    double t = clamp((x - bin.left) / bin.width);
    return backward(bin, t, raw, at, dy, dladj, draw, drawAt);
  }

  /// Gradient of [#inverse] at `y`: returns `dL/dy` and overwrites `draw[drawAt .. drawAt + 3 K -
  /// 2]`.
  ///
  /// @param dx `dL/dx`
  /// @param dladj `dL/d(inverse ladj)`
  public double inverseBackward(
      double y, double[] raw, int at, double dx, double dladj, double[] draw, int drawAt) {
    if (outside(y)) {
      java.util.Arrays.fill(draw, drawAt, drawAt + parameters(), 0);
      return dx;
    }
    Bin bin = bin(y, raw, at, true);
    double t = bin.solve(y);
    double dy = (dx - dladj * bin.ladjSlope(t) / bin.width) / StrictMath.exp(bin.ladj(t));
    backward(bin, t, raw, at, -dy, -dladj, draw, drawAt);
    return dy;
  }

  private double backward(
      Bin bin, double t, double[] raw, int at, double gy, double gl, double[] draw, int drawAt) {
    double p = t * (1 - t);
    double delta = bin.slope();
    double n = bin.numerator(t);
    double d = bin.denominator(t);
    double gn = gy * bin.height / d;
    double gd = -gy * bin.height * n / (d * d) - 2 * gl / d;
    double gq = gl / bin.quotient(t);
    double gt = gn * (2 * delta * t + bin.d0 * (1 - 2 * t));
    gt += gd * bin.curve() * (1 - 2 * t);
    gt += gq * (2 * bin.d1 * t + 2 * delta * (1 - 2 * t) - 2 * bin.d0 * (1 - t));
    double gdelta = gn * t * t + gd * (1 - 2 * p) + gq * 2 * p + 2 * gl / delta;
    double gw = -(gt * t + gdelta * delta) / bin.width;
    double gh = gy * n / d + gdelta / bin.width;
    shares(bin.index, bin.widthShare, minWidth, -gt / bin.width, gw, draw, drawAt);
    shares(bin.index, bin.heightShare, minHeight, gy, gh, draw, drawAt + bins);
    double gd0 = (gn + gd) * p + gq * (1 - t) * (1 - t);
    double gd1 = gd * p + gq * t * t;
    for (int j = 0; j < bins - 1; j++) {
      double g = j == bin.index - 1 ? gd0 : j == bin.index ? gd1 : 0;
      draw[drawAt + 2 * bins + j] = g == 0 ? 0 : g * logistic(raw[at + 2 * bins + j]);
    }
    return gt / bin.width;
  }

  /// The softmax rule: adjoints `gKnot` for `j < k`, `gSize` for `j = k`, 0 beyond.
  private void shares(
      int k, double[] share, double least, double gKnot, double gSize, double[] draw, int drawAt) {
    double mean = gSize * share[k];
    for (int j = 0; j < k; j++) {
      mean += gKnot * share[j];
    }
    double scale = 2 * bound * (1 - bins * least);
    for (int j = 0; j < bins; j++) {
      double g = j < k ? gKnot : j == k ? gSize : 0;
      draw[drawAt + j] = scale * share[j] * (g - mean);
    }
  }

  private boolean outside(double value) {
    return Math.abs(value) > bound;
  }

  private Bin bin(double value, double[] raw, int at, boolean byHeight) {
    double[] widthShare = softmax(raw, at, bins);
    double[] heightShare = softmax(raw, at + bins, bins);
    double left = -bound;
    double bottom = -bound;
    int k = 0;
    while (true) {
      double width = 2 * bound * (minWidth + (1 - bins * minWidth) * widthShare[k]);
      double height = 2 * bound * (minHeight + (1 - bins * minHeight) * heightShare[k]);
      double end = byHeight ? bottom + height : left + width;
      if (k == bins - 1 || !(value >= end)) {
        double d0 = k == 0 ? 1 : minDerivative + softplus(raw[at + 2 * bins + k - 1]);
        double d1 = k == bins - 1 ? 1 : minDerivative + softplus(raw[at + 2 * bins + k]);
        return new Bin(k, left, width, bottom, height, d0, d1, widthShare, heightShare);
      }
      left += width;
      bottom += height;
      k++;
    }
  }

  private static double[] softmax(double[] raw, int at, int n) {
    double max = Double.NEGATIVE_INFINITY;
    for (int j = 0; j < n; j++) {
      max = Math.max(max, raw[at + j]);
    }
    double[] share = new double[n];
    double sum = 0;
    for (int j = 0; j < n; j++) {
      share[j] = StrictMath.exp(raw[at + j] - max);
      sum += share[j];
    }
    for (int j = 0; j < n; j++) {
      share[j] /= sum;
    }
    return share;
  }

  private static double clamp(double t) {
    return Math.min(Math.max(t, 0), 1);
  }

  private static double softplus(double v) {
    return Math.max(v, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(v)));
  }

  private static double logistic(double v) {
    double u = StrictMath.exp(-Math.abs(v));
    return (v >= 0 ? 1 : u) / (1 + u);
  }
}
