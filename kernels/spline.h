// Rational-quadratic splines on [-bound, bound], the identity outside.
//
// -D BINS=K: 3 K - 1 raw parameters, widths, heights, inner slopes. -D INVERSE=1 gives the inverse
// map and its gradient. Formulas and names are those of org.amortis.engine.math.Spline, in forms
// that do not cancel: with t the place in the bin and p = t (1 - t),
//
//   D = (d0 + d1) p + delta (t^2 + (1 - t)^2)       dy/ddelta = h p (d1 t^2 - d0 (1 - t)^2) / D^2
//   dy/dd0 = h p (delta (1 - t)^2 + d1 p) / D^2     dy/dd1 = -h p N / D^2
//
// Loops over bins are unrolled, so that private arrays stay in registers.
// Source: Durkan, Bekasov, Murray and Papamakarios (2019), Neural Spline Flows.

#ifndef BINS
#define BINS 8
#endif
#ifndef INVERSE
#define INVERSE 0
#endif

#define RAW (3 * BINS - 1)

// Sizes are share * scale + least; slopes at inner knots softplus + least_slope.
typedef struct {
  real bound, least_width, scale_width, least_height, scale_height, least_slope;
} Rule;

// The bin of a value: its lower left corner, extent, slopes at its ends and their raw parameters.
typedef struct {
  int index;
  real left, width, bottom, height, d0, d1, raw0, raw1;
} Bin;

// What follows from the place t in a bin.
typedef struct {
  real t, o, delta, phi, t2, o2, numerator, denominator, quotient;
} Point;

// Adjoints of the input, of the bin's corner and extent, and of the slopes at its ends.
typedef struct {
  real in, left, width, bottom, height, d0, d1;
} Adjoints;

DEVICE real unit(real t) { return t < R(0.0) ? R(0.0) : t > R(1.0) ? R(1.0) : t; }

DEVICE Point point_at(Bin b, real t) {
  Point q;
  q.t = t;
  q.o = R(1.0) - t;
  q.delta = b.height / b.width;
  q.phi = t * q.o;
  q.t2 = t * t;
  q.o2 = q.o * q.o;
  real e = q.delta * q.phi;
  q.numerator = FMA(q.delta, q.t2, b.d0 * q.phi);
  q.denominator = FMA(b.d0 + b.d1, q.phi, q.delta * (q.t2 + q.o2));
  q.quotient = FMA(b.d1, q.t2, FMA(b.d0, q.o2, e + e));
  return q;
}

// The place of x on the left axis, or of y on the bottom axis: a root of the quadratic, in the form
// that does not cancel.
DEVICE Point locate(Bin b, real in) {
#if INVERSE
  real delta = b.height / b.width;
  real u = in - b.bottom;
  u = u < R(0.0) ? R(0.0) : u > b.height ? b.height : u;
  real us = u * FMA(R(-2.0), delta, b.d0 + b.d1);
  real h = FMA(b.height, b.d0, -us);
  real a = FMA(b.height, delta - b.d0, us);
  real du = delta * u;
  real square = FMA(h, h, R(4.0) * a * du);
  real root = ABS(h) + SQRT(square < R(0.0) ? R(0.0) : square);
  return point_at(b, unit(h >= R(0.0) ? (du + du) / root : root / (a + a)));
#else
  return point_at(b, unit((in - b.left) / b.width));
#endif
}

DEVICE int is_outside(real in, real bound) { return ABS(in) > bound; }

DEVICE real image_at(Bin b, Point q) {
#if INVERSE
  return FMA(q.t, b.width, b.left);
#else
  return FMA(b.height, q.numerator / q.denominator, b.bottom);
#endif
}

DEVICE real log_slope_at(Point q) {
#if INVERSE
  real ratio = q.denominator / q.delta;
  return real_log(ratio * ratio / q.quotient);
#else
  real ratio = q.delta / q.denominator;
  return real_log(ratio * ratio * q.quotient);
#endif
}

DEVICE Adjoints adjoints_at(Bin b, Point q, real gy, real gl) {
  real inv_w = R(1.0) / b.width;
  real inv_d = R(1.0) / q.denominator;
  real inv_q = R(1.0) / q.quotient;
  real c = q.o - q.t;
  real ratio = q.delta * inv_d;
  real slope = ratio * ratio * q.quotient;
  real top = FMA(b.d1, q.t, FMA(q.delta, c, -(b.d0 * q.o))) * inv_q;
  real below = FMA(R(-2.0), q.delta, b.d0 + b.d1) * c * inv_d;
  // d ladj / dx.
  real bend = R(2.0) * (top - below) * inv_w;
  Adjoints g;
#if INVERSE
  // The forward rule at the adjoints that the implicit function theorem gives.
  real m = FMA(-gl, bend, gy) / slope;
  g.in = m;
  gy = -m;
  gl = -gl;
#endif
  real gx = FMA(gy, slope, gl * bend);
#if !INVERSE
  g.in = gx;
#endif
  real k = gy * (b.height * q.phi) * inv_d * inv_d;
  real two = gl + gl;
  real stretch = FMA(q.phi, inv_q, FMA(-(q.t2 + q.o2), inv_d, R(1.0) / q.delta));
  real g_delta = FMA(k, FMA(q.t2, b.d1, -(q.o2 * b.d0)), two * stretch);
  real down = -(q.phi + q.phi) * inv_d;
  g.left = -gx;
  g.width = -FMA(gx, q.t, g_delta * q.delta * inv_w);
  g.bottom = gy;
  g.height = FMA(gy * q.numerator, inv_d, g_delta * inv_w);
  g.d0 = FMA(k, FMA(q.delta, q.o2, b.d1 * q.phi), gl * FMA(q.o2, inv_q, down));
  g.d1 = FMA(-k, q.numerator, gl * FMA(q.t2, inv_q, down));
  return g;
}

// Softmax of the BINS raw parameters from p on, in place.
DEVICE void share(real* p) {
  real top = p[0];
  #pragma unroll
  for (int j = 1; j < BINS; j++) {
    top = real_max(top, p[j]);
  }
  real sum = R(0.0);
  #pragma unroll
  for (int j = 0; j < BINS; j++) {
    p[j] = real_exp(p[j] - top);
    sum += p[j];
  }
  real scale = R(1.0) / sum;
  #pragma unroll
  for (int j = 0; j < BINS; j++) {
    p[j] *= scale;
  }
}

// The bin that holds `in`, from shares of widths and heights and raw slopes; the first one for NaN.
DEVICE Bin bin_of(const real* p, real in, Rule s) {
  Bin b;
  b.index = 0;
  b.left = -s.bound;
  b.bottom = -s.bound;
  b.width = FMA(p[0], s.scale_width, s.least_width);
  b.height = FMA(p[BINS], s.scale_height, s.least_height);
  b.raw0 = R(0.0);
  b.raw1 = R(0.0);
  #pragma unroll
  for (int k = 1; k < BINS; k++) {
    real end = INVERSE ? b.bottom + b.height : b.left + b.width;
    if (b.index == k - 1 && in >= end) {
      b.left += b.width;
      b.bottom += b.height;
      b.width = FMA(p[k], s.scale_width, s.least_width);
      b.height = FMA(p[BINS + k], s.scale_height, s.least_height);
      b.index = k;
    }
  }
  #pragma unroll
  for (int k = 1; k < BINS; k++) {
    real v = p[2 * BINS + k - 1];
    b.raw0 = b.index == k ? v : b.raw0;
    b.raw1 = b.index == k - 1 ? v : b.raw1;
  }
  b.d0 = b.index == 0 ? R(1.0) : s.least_slope + real_softplus(b.raw0);
  b.d1 = b.index == BINS - 1 ? R(1.0) : s.least_slope + real_softplus(b.raw1);
  return b;
}

// Adjoint of the size of bin j where the value is in bin k.
DEVICE real of_bin(int j, int k, real knot, real size) {
  return j < k ? knot : j == k ? size : R(0.0);
}

// Adjoint of the slope at inner knot j.
DEVICE real of_knot(int j, int k, real d0, real d1) {
  return j == k - 1 ? d0 : j == k ? d1 : R(0.0);
}

// From shares and the adjoints of one bin to the adjoints of the raw parameters, in place.
DEVICE void spread(real* p, int k, real knot, real size, real scale) {
  real mean = R(0.0);
  #pragma unroll
  for (int j = 0; j < BINS; j++) {
    mean = FMA(p[j], of_bin(j, k, knot, size), mean);
  }
  #pragma unroll
  for (int j = 0; j < BINS; j++) {
    p[j] = p[j] * scale * (of_bin(j, k, knot, size) - mean);
  }
}

// y, ladj = the spline of one element; p holds its raw parameters and is used up.
DEVICE void spline_of_one(const real in, real* p, const Rule s, GLOBAL real* y, GLOBAL real* ladj) {
  if (is_outside(in, s.bound)) {
    *y = in;
    *ladj = R(0.0);
  } else {
    share(p);
    share(p + BINS);
    Bin b = bin_of(p, in, s);
    Point q = locate(b, in);
    *y = image_at(b, q);
    *ladj = log_slope_at(q);
  }
}

// The adjoint of one element of x; p holds its raw parameters, then their adjoints.
DEVICE real spline_gradient_of_one(const real in, real* p, const real dy, const real dladj, const Rule s) {
  if (is_outside(in, s.bound)) {
    #pragma unroll
    for (int j = 0; j < RAW; j++) {
      p[j] = R(0.0);
    }
    return dy;
  }
  share(p);
  share(p + BINS);
  Bin b = bin_of(p, in, s);
  Adjoints g = adjoints_at(b, locate(b, in), dy, dladj);
  spread(p, b.index, g.left, g.width, s.scale_width);
  spread(p + BINS, b.index, g.bottom, g.height, s.scale_height);
  real d0 = g.d0 * real_sigmoid(b.raw0);
  real d1 = g.d1 * real_sigmoid(b.raw1);
  #pragma unroll
  for (int j = 0; j < BINS - 1; j++) {
    p[2 * BINS + j] = of_knot(j, b.index, d0, d1);
  }
  return g.in;
}

// exp(raw[j] - max raw) of the BINS parameters of one axis.
DEVICE real exp_below_top(GLOBAL const real* raw, int j) {
  real top = raw[0];
  #pragma unroll
  for (int k = 1; k < BINS; k++) {
    top = real_max(top, raw[k]);
  }
  return real_exp(raw[j] - top);
}
