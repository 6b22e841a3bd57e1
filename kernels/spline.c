// Launches of the splines of spline.h, for rows of raw parameters that serve one element or many.
//
// -D ROWS items make a group, so many that ROWS rows of parameters fit local memory.

#ifndef ROWS
#define ROWS 64
#endif

// Rows of odd length lie in different banks of local memory.
#define RAW_APART (RAW | 1)

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
      spline_of_one(x[i], p, s, y + i, ladj + i);
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
      dx[i] = spline_gradient_of_one(x[i], p, dy[i], dladj[i], s);
      #pragma unroll
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
      #pragma unroll
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
          #pragma unroll
          for (int j = 0; j < BINS; j++) {
            p[j] += of_bin(j, b.index, a.left, a.width);
            p[BINS + j] += of_bin(j, b.index, a.bottom, a.height);
          }
          #pragma unroll
          for (int j = 0; j < BINS - 1; j++) {
            p[2 * BINS + j] += of_knot(j, b.index, a.d0, a.d1);
          }
        }
      }
      #pragma unroll
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
