// Rational-quadratic splines on [-bound, bound], the identity outside.
//
// -D BINS=K: 3 K - 1 raw parameters, widths, heights, inner slopes. -D INVERSE=1 gives the inverse
// map and its gradient. Formulas and names are those of org.amortis.engine.math.Spline, in forms
// that do not cancel: with t the place in the bin and p = t (1 - t),
//
//   D = (d0 + d1) p + delta (t^2 + (1 - t)^2)       dy/ddelta = h p (d1 t^2 - d0 (1 - t)^2) / D^2
//   dy/dd0 = h p (delta (1 - t)^2 + d1 p) / D^2     dy/dd1 = -h p N / D^2
//
// -D ROWS items make a group, so many that ROWS rows of parameters fit local memory.
// Source: Durkan, Bekasov, Murray and Papamakarios (2019), Neural Spline Flows.

#ifndef BINS
#define BINS 8
#endif
#ifndef INVERSE
#define INVERSE 0
#endif
#ifndef ROWS
#define ROWS 64
#endif

#define RAW (3 * BINS - 1)
// Rows of odd length lie in different banks of local memory.
#define RAW_APART (RAW | 1)

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
  for (int j = 1; j < BINS; j++) {
    top = real_max(top, p[j]);
  }
  real sum = R(0.0);
  for (int j = 0; j < BINS; j++) {
    p[j] = real_exp(p[j] - top);
    sum += p[j];
  }
  real scale = R(1.0) / sum;
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
  for (int j = 0; j < BINS; j++) {
    mean = FMA(p[j], of_bin(j, k, knot, size), mean);
  }
  for (int j = 0; j < BINS; j++) {
    p[j] = p[j] * scale * (of_bin(j, k, knot, size) - mean);
  }
}

// Raw parameters of the elements from `first` on into `rows`, and one row an item into `p`.
#define STAGE_RAW                                                            \
  for (int k = ITEM(0); k < ROWS * RAW; k += ROWS) {                         \
    int e = first + k / RAW;                                                 \
    if (e < elements) {                                                      \
      rows[k / RAW * RAW_APART + k % RAW] = raw[e / each * RAW + k % RAW];   \
    }                                                                        \
  }                                                                          \
  BARRIER;                                                                   \
  if (i < elements) {                                                        \
    for (int j = 0; j < RAW; j++) {                                          \
      p[j] = rows[ITEM(0) * RAW_APART + j];                                  \
    }                                                                        \
  }                                                                          \
  BARRIER

#define RULE \
  Rule s = {bound, least_width, scale_width, least_height, scale_height, least_slope}

// y, ladj = the spline of each element of x.
//
// x, y, ladj (R,), raw (R / each, 3 K - 1): row g serves elements [g each, (g + 1) each).
// Launch: groups of ROWS; ceil(R / ROWS) groups, or fewer. For rows that serve few elements.
KERNEL_OF(ROWS, 1, 1)
spline_each(IN(real, x), IN(real, raw), OUT(real, y), OUT(real, ladj), const int elements,
            const int each, const real bound, const real least_width, const real scale_width,
            const real least_height, const real scale_height, const real least_slope) {
  OPEN_IN(real, x);
  OPEN_IN(real, raw);
  OPEN_OUT(real, y);
  OPEN_OUT(real, ladj);
  LOCAL real rows[ROWS * RAW_APART];
  RULE;
  real p[RAW];
  for (int first = GROUP(0) * ROWS; first < elements; first += GROUPS(0) * ROWS) {
    int i = first + ITEM(0);
    STAGE_RAW;
    if (i < elements) {
      real in = x[i];
      if (is_outside(in, bound)) {
        y[i] = in;
        ladj[i] = R(0.0);
      } else {
        share(p);
        share(p + BINS);
        Bin b = bin_of(p, in, s);
        Point q = locate(b, in);
        y[i] = image_at(b, q);
        ladj[i] = log_slope_at(q);
      }
    }
  }
}

// dx, draw = the adjoints of spline_each, each row of raw serving one element.
//
// x, dy, dladj, dx (R,), raw, draw (R, 3 K - 1). Launch: as spline_each.
KERNEL_OF(ROWS, 1, 1)
spline_each_gradient(IN(real, x), IN(real, raw), IN(real, dy), IN(real, dladj), OUT(real, dx),
                     OUT(real, draw), const int elements, const real bound,
                     const real least_width, const real scale_width, const real least_height,
                     const real scale_height, const real least_slope) {
  OPEN_IN(real, x);
  OPEN_IN(real, raw);
  OPEN_IN(real, dy);
  OPEN_IN(real, dladj);
  OPEN_OUT(real, dx);
  OPEN_OUT(real, draw);
  LOCAL real rows[ROWS * RAW_APART];
  const int each = 1;
  RULE;
  real p[RAW];
  for (int first = GROUP(0) * ROWS; first < elements; first += GROUPS(0) * ROWS) {
    int i = first + ITEM(0);
    STAGE_RAW;
    if (i < elements) {
      real in = x[i];
      if (is_outside(in, bound)) {
        dx[i] = dy[i];
        for (int j = 0; j < RAW; j++) {
          p[j] = R(0.0);
        }
      } else {
        share(p);
        share(p + BINS);
        Bin b = bin_of(p, in, s);
        Adjoints g = adjoints_at(b, locate(b, in), dy[i], dladj[i]);
        dx[i] = g.in;
        spread(p, b.index, g.left, g.width, scale_width);
        spread(p + BINS, b.index, g.bottom, g.height, scale_height);
        real d0 = g.d0 * real_sigmoid(b.raw0);
        real d1 = g.d1 * real_sigmoid(b.raw1);
        for (int j = 0; j < BINS - 1; j++) {
          p[2 * BINS + j] = of_knot(j, b.index, d0, d1);
        }
      }
      for (int j = 0; j < RAW; j++) {
        rows[ITEM(0) * RAW_APART + j] = p[j];
      }
    }
    BARRIER;
    for (int k = ITEM(0); k < ROWS * RAW; k += ROWS) {
      if (first + k / RAW < elements) {
        draw[first * RAW + k] = rows[k / RAW * RAW_APART + k % RAW];
      }
    }
    BARRIER;
  }
}

// The bins of row g of raw: sizes, then lower corners (both first along the left axis, then along
// the bottom axis), and slopes at the K + 1 knots.
#define TABLE                                                                               \
  for (int j = ITEM(0); j < 2 * BINS; j += ROWS) {                                          \
    corners[j] = exp_below_top(raw + g * RAW + j / BINS * BINS, j % BINS);                  \
  }                                                                                         \
  for (int j = ITEM(0); j <= BINS; j += ROWS) {                                             \
    slopes[j] = R(1.0);                                                                     \
    if (j > 0 && j < BINS) {                                                                \
      slopes[j] = least_slope + real_softplus(raw[g * RAW + 2 * BINS + j - 1]);             \
    }                                                                                       \
  }                                                                                         \
  BARRIER;                                                                                  \
  for (int j = ITEM(0); j < 2 * BINS; j += ROWS) {                                          \
    real sum = R(0.0);                                                                      \
    for (int k = j / BINS * BINS; k < j / BINS * BINS + BINS; k++) {                        \
      sum += corners[k];                                                                    \
    }                                                                                       \
    sizes[j] = FMA(corners[j] * (R(1.0) / sum), j < BINS ? scale_width : scale_height,      \
                   j < BINS ? least_width : least_height);                                  \
  }                                                                                         \
  BARRIER;                                                                                  \
  for (int j = ITEM(0); j < 2 * BINS; j += ROWS) {                                          \
    real corner = -bound;                                                                   \
    for (int k = j / BINS * BINS; k < j; k++) {                                             \
      corner += sizes[k];                                                                   \
    }                                                                                       \
    corners[j] = corner;                                                                    \
  }                                                                                         \
  BARRIER

// exp(raw[j] - max raw) of the BINS parameters of one axis.
DEVICE real exp_below_top(GLOBAL const real* raw, int j) {
  real top = raw[0];
  for (int k = 1; k < BINS; k++) {
    top = real_max(top, raw[k]);
  }
  return real_exp(raw[j] - top);
}

#define BIN_OF_TABLE(b, in)                                                   \
  Bin b;                                                                      \
  b.index = 0;                                                                \
  for (int k = 1; k < BINS; k++) {                                            \
    b.index += in >= corners[INVERSE * BINS + k] ? 1 : 0;                     \
  }                                                                           \
  b.left = corners[b.index];                                                  \
  b.width = sizes[b.index];                                                   \
  b.bottom = corners[BINS + b.index];                                         \
  b.height = sizes[BINS + b.index];                                           \
  b.d0 = slopes[b.index];                                                     \
  b.d1 = slopes[b.index + 1]

// As spline_each, for rows that serve many elements: a group works out the bins of its row once.
//
// x, y, ladj (R,), raw (G, 3 K - 1), each = R / G; piece c of a row is [c size, (c + 1) size) of its
// elements.
// Launch: groups of ROWS; (G, pieces) groups, or fewer.
KERNEL_OF(ROWS, 1, 1)
spline_shared(IN(real, x), IN(real, raw), OUT(real, y), OUT(real, ladj), const int parameter_rows,
                   const int each, const int size, const int pieces, const real bound,
                   const real least_width, const real scale_width, const real least_height,
                   const real scale_height, const real least_slope) {
  OPEN_IN(real, x);
  OPEN_IN(real, raw);
  OPEN_OUT(real, y);
  OPEN_OUT(real, ladj);
  LOCAL real sizes[2 * BINS];
  LOCAL real corners[2 * BINS];
  LOCAL real slopes[BINS + 1];
  for (int g = GROUP(0); g < parameter_rows; g += GROUPS(0)) {
    TABLE;
    for (int piece = GROUP(1); piece < pieces; piece += GROUPS(1)) {
      int to = each - piece * size < size ? each : (piece + 1) * size;
      for (int e = piece * size + ITEM(0); e < to; e += ROWS) {
        int i = g * each + e;
        real in = x[i];
        if (is_outside(in, bound)) {
          y[i] = in;
          ladj[i] = R(0.0);
        } else {
          BIN_OF_TABLE(b, in);
          Point q = locate(b, in);
          y[i] = image_at(b, q);
          ladj[i] = log_slope_at(q);
        }
      }
    }
    BARRIER;
  }
}

// dx, and the adjoints of the sizes and slopes of the bins summed over the elements of each piece of
// each row: every item sums its elements in order, then the items' sums are added in order.
//
// x, dy, dladj, dx (R,), raw (G, 3 K - 1), parts (pieces, G, 3 K - 1); the rest as above.
// Launch: as spline_shared. spline_shared_join makes the gradient of raw from the parts.
KERNEL_OF(ROWS, 1, 1)
spline_shared_gradient(IN(real, x), IN(real, raw), IN(real, dy), IN(real, dladj), OUT(real, dx),
                            OUT(real, parts), const int parameter_rows, const int each,
                            const int size, const int pieces, const real bound,
                            const real least_width, const real scale_width,
                            const real least_height, const real scale_height,
                            const real least_slope) {
  OPEN_IN(real, x);
  OPEN_IN(real, raw);
  OPEN_IN(real, dy);
  OPEN_IN(real, dladj);
  OPEN_OUT(real, dx);
  OPEN_OUT(real, parts);
  LOCAL real sizes[2 * BINS];
  LOCAL real corners[2 * BINS];
  LOCAL real slopes[BINS + 1];
  LOCAL real sums[ROWS * RAW_APART];
  for (int g = GROUP(0); g < parameter_rows; g += GROUPS(0)) {
    TABLE;
    for (int piece = GROUP(1); piece < pieces; piece += GROUPS(1)) {
      real p[RAW];
      for (int j = 0; j < RAW; j++) {
        p[j] = R(0.0);
      }
      int to = each - piece * size < size ? each : (piece + 1) * size;
      for (int e = piece * size + ITEM(0); e < to; e += ROWS) {
        int i = g * each + e;
        real in = x[i];
        if (is_outside(in, bound)) {
          dx[i] = dy[i];
        } else {
          BIN_OF_TABLE(b, in);
          Adjoints a = adjoints_at(b, locate(b, in), dy[i], dladj[i]);
          dx[i] = a.in;
          for (int j = 0; j < BINS; j++) {
            p[j] += of_bin(j, b.index, a.left, a.width);
            p[BINS + j] += of_bin(j, b.index, a.bottom, a.height);
          }
          for (int j = 0; j < BINS - 1; j++) {
            p[2 * BINS + j] += of_knot(j, b.index, a.d0, a.d1);
          }
        }
      }
      for (int j = 0; j < RAW; j++) {
        sums[ITEM(0) * RAW_APART + j] = p[j];
      }
      BARRIER;
      for (int j = ITEM(0); j < RAW; j += ROWS) {
        real sum = R(0.0);
        for (int k = 0; k < ROWS; k++) {
          sum += sums[k * RAW_APART + j];
        }
        parts[(piece * parameter_rows + g) * RAW + j] = sum;
      }
      BARRIER;
    }
  }
}

// draw = the sums of spline_shared_gradient over the pieces of each row, through softmax and
// softplus. Parameters whose adjoints are all zero stay without influence even where raw is NaN.
//
// raw, draw (G, 3 K - 1), parts (pieces, G, 3 K - 1).
// Launch: groups of ROWS; G groups, or fewer.
KERNEL_OF(ROWS, 1, 1)
spline_shared_join(IN(real, raw), IN(real, parts), OUT(real, draw), const int parameter_rows,
                        const int pieces, const real scale_width, const real scale_height) {
  OPEN_IN(real, raw);
  OPEN_IN(real, parts);
  OPEN_OUT(real, draw);
  LOCAL real totals[RAW];
  LOCAL real exps[2 * BINS];
  for (int g = GROUP(0); g < parameter_rows; g += GROUPS(0)) {
    for (int j = ITEM(0); j < RAW; j += ROWS) {
      real sum = R(0.0);
      for (int piece = 0; piece < pieces; piece++) {
        sum += parts[(piece * parameter_rows + g) * RAW + j];
      }
      totals[j] = sum;
    }
    for (int j = ITEM(0); j < 2 * BINS; j += ROWS) {
      exps[j] = exp_below_top(raw + g * RAW + j / BINS * BINS, j % BINS);
    }
    BARRIER;
    for (int j = ITEM(0); j < RAW; j += ROWS) {
      real d = R(0.0);
      if (j < 2 * BINS) {
        int axis = j / BINS * BINS;
        real sum = R(0.0);
        for (int k = axis; k < axis + BINS; k++) {
          sum += exps[k];
        }
        real scale = R(1.0) / sum;
        real mean = R(0.0);
        int some = 0;
        for (int k = axis; k < axis + BINS; k++) {
          mean = FMA(exps[k] * scale, totals[k], mean);
          some = totals[k] != R(0.0) ? 1 : some;
        }
        d = exps[j] * scale * (j < BINS ? scale_width : scale_height) * (totals[j] - mean);
        d = some != 0 ? d : R(0.0);
      } else if (totals[j] != R(0.0)) {
        d = totals[j] * real_sigmoid(raw[g * RAW + j]);
      }
      draw[g * RAW + j] = d;
    }
    BARRIER;
  }
}
