// Adjoints of convolution + bias + ReLU + 2 x 2 max-pooling, from the pooled adjoint and the codes alone.
//
// The adjoint of the convolution stands at one place in four at most: dy at the place its code names, nothing where the code is 4. These
// kernels visit only those places, a quarter of the products of a dense adjoint. An item holds WIDTH neighbouring channels of the images
// in registers, LANES where that divides C; the places are the same for the items beside it, so that branches do not diverge within a
// pixel. Products with the zeros are not formed, so NaN and infinities spread only where an adjoint stands. (conv2d_pooled of conv2d.c is
// the forward pass.)
//
// Open names: DIVIDES, a power of two that divides C; FILTER_SIZE = k; TAP_ROWS, rows of the filter an item sums, a divisor of k.
// Letters: N images, (H, W) their even extent, C channels; filters (k, k), odd, padding k / 2; (P, Q) = (H / 2, W / 2); O filters.

#ifndef DIVIDES
#define DIVIDES 1
#endif
#if DIVIDES < LANES
#define WIDTH DIVIDES
#else
#define WIDTH LANES
#endif
#ifndef FILTER_SIZE
#define FILTER_SIZE 3
#endif
#ifndef TAP_ROWS
#define TAP_ROWS FILTER_SIZE
#endif
#define PAD (FILTER_SIZE / 2)
// The code of a window whose ReLU is off.
#define OFF 4

// Filters of each window by code: list[v, t, .] are the filters with code t in window v in ascending order, count[v, t] how many there are,
// and value[v, t, .] their adjoints. What lies behind the first count[v, t] elements means nothing.
//
// dy and code (N, P, Q, O), list and value (N P Q, 4, O), count (N P Q, 4); windows = N P Q. Any launch size, one item a window.
KERNEL convpool_sort(IN(real, dy), IN(real, code), OUT(int, list), OUT(real, value), OUT(int, count), const int windows, const int O) {
  OPEN_IN(real, dy);
  OPEN_IN(real, code);
  OPEN_OUT(int, list);
  OPEN_OUT(real, value);
  OPEN_OUT(int, count);
  for (int e = INDEX(0); e < windows; e += INDICES(0)) {
    int n0 = 0;
    int n1 = 0;
    int n2 = 0;
    int n3 = 0;
    for (int o = 0; o < O; o++) {
      const int place = (int)code[e * O + o];
      if (place < OFF) {
        const int n = place < 2 ? (place == 0 ? n0 : n1) : (place == 2 ? n2 : n3);
        list[(e * 4 + place) * O + n] = o;
        value[(e * 4 + place) * O + n] = dy[e * O + o];
      }
      n0 += place == 0;
      n1 += place == 1;
      n2 += place == 2;
      n3 += place == 3;
    }
    count[e * 4] = n0;
    count[e * 4 + 1] = n1;
    count[e * 4 + 2] = n2;
    count[e * 4 + 3] = n3;
  }
}

// Weights with the channels of the images last: t[a, b, o, c] = w[a, b, c, o].
//
// w (taps, C, O), t (taps, O, C). Any launch size, one item for WIDTH channels.
KERNEL convpool_transpose(IN(real, w), OUT(real, t), const int taps, const int C, const int O) {
  OPEN_IN(real, w);
  OPEN_OUT(real, t);
  const int blocks = C / WIDTH;
  for (int e = INDEX(0); e < taps * blocks * O; e += INDICES(0)) {
    const int o = e % O;
    const int c = e / O % blocks * WIDTH;
    const int tap = e / O / blocks;
    for (int s = 0; s < WIDTH; s++) {
      t[(tap * O + o) * C + c + s] = w[(tap * C + c + s) * O + o];
    }
  }
}

// Images with a border of k / 2 zeros: wide[n, i, j, c] = x[n, i - k / 2, j - k / 2, c].
//
// x (N, H, W, C), wide (N, H + k - 1, W + k - 1, C). Any launch size, one item for WIDTH channels of a pixel.
KERNEL convpool_border(IN(real, x), OUT(real, wide), const int N, const int H, const int W, const int C) {
  OPEN_IN(real, x);
  OPEN_OUT(real, wide);
  const int V = W + 2 * PAD;
  const int U = H + 2 * PAD;
  const int blocks = C / WIDTH;
  for (int e = INDEX(0); e < N * U * V * blocks; e += INDICES(0)) {
    const int j = e / blocks % V - PAD;
    const int i = e / blocks / V % U - PAD;
    const int inside = i >= 0 && i < H && j >= 0 && j < W;
    const int from = ((e / blocks / V / U * H + i) * W + j) * C + e % blocks * WIDTH;
    for (int s = 0; s < WIDTH; s++) {
      wide[e * WIDTH + s] = inside ? x[from + s] : R(0);
    }
  }
}

// dx[n, i, j, c] = sum over the taps (a, b) and the filters o that chose the place (i + k/2 - a, j + k/2 - b) of dy w[a, b, c, o], in ascending
// order of (a, b, o).
//
// t from convpool_transpose, list, value and count from convpool_sort, dx (N, H, W, C). Any launch size, one item for WIDTH channels of a pixel.
KERNEL convpool_input_gradient(IN(real, t), IN(int, list), IN(real, value), IN(int, count), OUT(real, dx), const int N, const int H,
                               const int W, const int C, const int O) {
  OPEN_IN(real, t);
  OPEN_IN(int, list);
  OPEN_IN(real, value);
  OPEN_IN(int, count);
  OPEN_OUT(real, dx);
  const int blocks = C / WIDTH;
  for (int e = INDEX(0); e < N * H * W * blocks; e += INDICES(0)) {
    const int c = e % blocks * WIDTH;
    const int j = e / blocks % W;
    const int i = e / blocks / W % H;
    const int n = e / blocks / W / H;
    real sum[WIDTH];
    for (int s = 0; s < WIDTH; s++) {
      sum[s] = R(0);
    }
    for (int tap = 0; tap < FILTER_SIZE * FILTER_SIZE; tap++) {
      const int r = i + PAD - tap / FILTER_SIZE;
      const int q = j + PAD - tap % FILTER_SIZE;
      if (r >= 0 && r < H && q >= 0 && q < W) {
        const int bucket = ((n * (H / 2) + r / 2) * (W / 2) + q / 2) * 4 + r % 2 * 2 + q % 2;
        const int end = count[bucket];
        for (int l = 0; l < end; l++) {
          const real d = value[bucket * O + l];
          GLOBAL const real* u = t + (tap * O + list[bucket * O + l]) * C + c;
          _Pragma("unroll") for (int s = 0; s < WIDTH; s++) {
            sum[s] = FMA(d, u[s], sum[s]);
          }
        }
      }
    }
    for (int s = 0; s < WIDTH; s++) {
      dx[e * WIDTH + s] = sum[s];
    }
  }
}

// One part of the adjoints of weights and bias: part[z, a, b, o, c] = sum over the windows of part z, at the place (r, q) filter o chose, of
// x[n, r + a - k/2, q + b - k/2, c] dy, and behind them part[z, taps C O + o] = sum of dy. Part z has the rows of windows z share up to
// (z + 1) share of the N P, in order.
//
// wide from convpool_border, dy and code (N, P, Q, O), part (parts, k k C O + O). The number of parts follows from the shapes alone.
// Any launch size, one item for WIDTH channels of TAP_ROWS rows of a filter in a part.
KERNEL convpool_weight_gradient(IN(real, wide), IN(real, dy), IN(real, code), OUT(real, part), const int N, const int H, const int W,
                                const int C, const int O, const int share, const int parts) {
  OPEN_IN(real, wide);
  OPEN_IN(real, dy);
  OPEN_IN(real, code);
  OPEN_OUT(real, part);
  const int P = H / 2;
  const int Q = W / 2;
  const int V = W + 2 * PAD;
  const int blocks = C / WIDTH;
  const int strips = FILTER_SIZE / TAP_ROWS;
  for (int e = INDEX(0); e < blocks * O * strips * parts; e += INDICES(0)) {
    const int c = e % blocks * WIDTH;
    const int o = e / blocks % O;
    const int strip = e / blocks / O % strips;
    const int z = e / blocks / O / strips;
    const int end = N * P < (z + 1) * share ? N * P : (z + 1) * share;
    real total = R(0);
    real sum[TAP_ROWS * FILTER_SIZE][WIDTH];
    for (int tap = 0; tap < TAP_ROWS * FILTER_SIZE; tap++) {
      for (int s = 0; s < WIDTH; s++) {
        sum[tap][s] = R(0);
      }
    }
    for (int line = z * share; line < end; line++) {
      // The first row of this strip's patches: row 2 h of image n, moved down by the strip.
      const int row = line / P * (H + 2 * PAD) + line % P * 2 + strip * TAP_ROWS;
      for (int w = 0; w < Q; w++) {
        const int place = (int)code[(line * Q + w) * O + o];
        if (place < OFF) {
          const real d = dy[(line * Q + w) * O + o];
          GLOBAL const real* u = wide + ((row + place / 2) * V + 2 * w + place % 2) * C + c;
          total += d;
          _Pragma("unroll") for (int tap = 0; tap < TAP_ROWS * FILTER_SIZE; tap++) {
            _Pragma("unroll") for (int s = 0; s < WIDTH; s++) {
              sum[tap][s] = FMA(d, u[(tap / FILTER_SIZE * V + tap % FILTER_SIZE) * C + s], sum[tap][s]);
            }
          }
        }
      }
    }
    const int all = FILTER_SIZE * FILTER_SIZE * C * O;
    const int first = z * (all + O);
    for (int tap = 0; tap < TAP_ROWS * FILTER_SIZE; tap++) {
      for (int s = 0; s < WIDTH; s++) {
        part[first + ((strip * TAP_ROWS * FILTER_SIZE + tap) * O + o) * C + c + s] = sum[tap][s];
      }
    }
    if (c == 0 && strip == 0) {
      part[first + all + o] = total;
    }
  }
}

// dw[a, b, c, o] = sum over z of part[z, a, b, o, c], db[o] = sum over z of part[z, taps C O + o], in ascending order of z.
//
// part (parts, taps C O + O), dw (taps, C, O), db (O). Any launch size, one item for WIDTH weights or one bias.
KERNEL convpool_add_parts(IN(real, part), OUT(real, dw), OUT(real, db), const int parts, const int taps, const int C, const int O) {
  OPEN_IN(real, part);
  OPEN_OUT(real, dw);
  OPEN_OUT(real, db);
  const int all = taps * C * O;
  for (int e = INDEX(0); e < all / WIDTH + O; e += INDICES(0)) {
    if (e < all / WIDTH) {
      const int c = e * WIDTH % C;
      const int o = e * WIDTH / C % O;
      const int tap = e * WIDTH / C / O;
      real sum[WIDTH];
      for (int s = 0; s < WIDTH; s++) {
        sum[s] = R(0);
      }
      for (int z = 0; z < parts; z++) {
        _Pragma("unroll") for (int s = 0; s < WIDTH; s++) {
          sum[s] += part[z * (all + O) + e * WIDTH + s];
        }
      }
      for (int s = 0; s < WIDTH; s++) {
        dw[(tap * C + c + s) * O + o] = sum[s];
      }
    } else {
      const int o = e - all / WIDTH;
      real sum = R(0);
      for (int z = 0; z < parts; z++) {
        sum += part[z * (all + O) + all + o];
      }
      db[o] = sum;
    }
  }
}
