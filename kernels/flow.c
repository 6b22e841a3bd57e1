// Affine coupling and Chebyshev series.
//
// -D INVERSE=1 gives the inverse of the affine map and its gradient.
// Source: Dinh, Sohl-Dickstein and Bengio (2017), Real NVP; Clenshaw (1955).

#ifndef INVERSE
#define INVERSE 0
#endif

// y = x exp(s) + t, ladj = sum over columns of s, s = clamp tanh(raw / clamp), t = raw's second
// half; the inverse y = (x - t) exp(-s), ladj = -sum of s.
//
// x, y (rows, d), raw (rows, 2 d), ladj (rows,). lanes a power of two up to 64: a group of 64 does
// 64 / lanes rows, every item each lanes-th column, their sums joined in pairs.
// Launch: groups of 64; ceil(rows lanes / 64) groups, or fewer.
KERNEL_OF(64, 1, 1)
flow_coupling(IN(real, x), IN(real, raw), OUT(real, y), OUT(real, ladj), const int rows_of_x,
              const int d, const int lanes, const real clamp_at) {
  OPEN_IN(real, x);
  OPEN_IN(real, raw);
  OPEN_OUT(real, y);
  OPEN_OUT(real, ladj);
  LOCAL real part[64];
  int item = ITEM(0);
  int lane = item % lanes;
  int lines = 64 / lanes;
  for (int first = GROUP(0) * lines; first < rows_of_x; first += GROUPS(0) * lines) {
    int row = first + item / lanes;
    real sum = R(0.0);
    if (row < rows_of_x) {
      for (int k = lane; k < d; k += lanes) {
        real s = clamp_at * real_tanh(raw[row * 2 * d + k] / clamp_at);
        real t = raw[row * 2 * d + d + k];
        real v = x[row * d + k];
        y[row * d + k] = INVERSE ? (v - t) * real_exp(-s) : v * real_exp(s) + t;
        sum += INVERSE ? -s : s;
      }
    }
    part[item] = sum;
    BARRIER;
    for (int reach = lanes >> 1; reach > 0; reach >>= 1) {
      if (lane < reach) {
        part[item] += part[item + reach];
      }
      BARRIER;
    }
    if (lane == 0 && row < rows_of_x) {
      ladj[row] = part[item];
    }
    BARRIER;
  }
}

// dx, draw = the adjoints of flow_coupling.
//
// x, dy, dx (rows, d), raw, draw (rows, 2 d), dladj (rows,), elements = rows d. Launch: any.
KERNEL flow_coupling_gradient(IN(real, x), IN(real, raw), IN(real, dy), IN(real, dladj),
                              OUT(real, dx), OUT(real, draw), const int elements, const int d,
                              const real clamp_at) {
  OPEN_IN(real, x);
  OPEN_IN(real, raw);
  OPEN_IN(real, dy);
  OPEN_IN(real, dladj);
  OPEN_OUT(real, dx);
  OPEN_OUT(real, draw);
  for (int i = INDEX(0); i < elements; i += INDICES(0)) {
    int row = i / d;
    int at = i + row * d;
    real h = real_tanh(raw[at] / clamp_at);
    real e = real_exp((INVERSE ? -clamp_at : clamp_at) * h);
    real g = dy[i] * e;
    dx[i] = g;
    real ds;
    if (INVERSE) {
      draw[at + d] = -g;
      ds = -g * (x[i] - raw[at + d]) - dladj[row];
    } else {
      draw[at + d] = dy[i];
      ds = FMA(g, x[i], dladj[row]);
    }
    draw[at] = ds * ((R(1.0) - h) * (R(1.0) + h));
  }
}

// y[r, f] = sum_k c[k, f] T_k(u), u = slope x[r, f] + shift, by Clenshaw's recurrence; NaN where x
// is not in [low, high].
//
// x, y (R, F), c (terms, F), elements = R F. Launch: any.
KERNEL flow_chebyshev(IN(real, c), IN(real, x), OUT(real, y), const int elements,
                      const int functions, const int terms, const real low, const real high,
                      const real slope, const real shift) {
  OPEN_IN(real, c);
  OPEN_IN(real, x);
  OPEN_OUT(real, y);
  for (int i = INDEX(0); i < elements; i += INDICES(0)) {
    real in = x[i];
    real u = FMA(in, slope, shift);
    real twice = u + u;
    real a = R(0.0);
    real b = R(0.0);
    int f = i % functions;
    for (int j = (terms - 1) * functions + f; j > f; j -= functions) {
      real next = FMA(twice, a, c[j] - b);
      b = a;
      a = next;
    }
    y[i] = in >= low && in <= high ? FMA(u, a, c[f] - b) : real_nan();
  }
}
