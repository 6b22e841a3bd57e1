// Adjoints of convolution + bias + ReLU + 2 x 2 max-pooling, from the pooled adjoint and the codes alone.
//
// The adjoint of the convolution stands at one place in four at most: dy at the place its code names, nothing where the code is 4. These
// kernels visit only those places, a quarter of the products of a dense adjoint. An item holds WIDTH neighbouring channels of the images
// in registers, LANES where that divides C; the places are the same for the items beside it, so that branches do not diverge within a
// pixel. Products with the zeros are not formed, so NaN and infinities spread only where an adjoint stands. (conv2d_pooled of conv2d.c is
// the forward pass.)
//
// Open names: DIVIDES, a power of two that divides C; FILTER_SIZE = k.
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
#define ITEMS_OF_GROUP 256
#define PAD (FILTER_SIZE / 2)
// The code of a window whose ReLU is off.
#define OFF 4
// WIDTH neighbours, read and written at once where memory begins at a multiple of their size.
#if WIDTH * REAL_BITS < 128
#define BLOCK_BYTES (WIDTH * REAL_BITS / 8)
#else
#define BLOCK_BYTES 16
#endif
typedef struct ALIGNED(BLOCK_BYTES) {
  real v[WIDTH];
} Block;
#define BLOCK(p) (*(GLOBAL Block*)(p))
#define READ_BLOCK(p) (*(GLOBAL const Block*)(p))
// Elements of a part of the sums over windows: its weights and biases.
#define PART(weights, biases) ((weights) + ((biases) + 3) / 4 * 4)
// Windows or filters whose codes an item asks for before it waits for the first.
#define AHEAD 4

// What the adjoints need beside the adjoints of the windows, from the forward pass alone.
//
// Filters of each window by code: list[v, p, .] are the filters with code p in window v in ascending order, count[v, p] how many there are;
// what lies behind the first count[v, p] elements means nothing. And the weights with the channels of the images last:
// t[a, b, o, c] = w[a, b, c, o].
//
// code (N, P, Q, O), w (taps, C, O), list (N P Q, 4, O), count (N P Q, 4), t (taps, O, C); windows = N P Q. Any launch size, one item a list
// and one for WIDTH channels of a weight.
KERNEL convpool_prepare(IN(real, code), IN(real, w), OUT(int, list), OUT(int, count), OUT(real, t), const int windows, const int taps,
                        const int C, const int O) {
  OPEN_IN(real, code);
  OPEN_IN(real, w);
  OPEN_OUT(int, list);
  OPEN_OUT(int, count);
  OPEN_OUT(real, t);
  const int blocks = C / WIDTH;
  for (int e = INDEX(0); e < 4 * windows + taps * blocks * O; e += INDICES(0)) {
    if (e < 4 * windows) {
      GLOBAL const real* chosen = code + e / 4 * O;
      GLOBAL int* mine = list + e * O;
      int n = 0;
      for (int o = 0; o < O; o += AHEAD) {
        int place[AHEAD];
        _Pragma("unroll") for (int k = 0; k < AHEAD; k++) {
          place[k] = o + k < O ? (int)chosen[o + k] : OFF;
        }
        _Pragma("unroll") for (int k = 0; k < AHEAD; k++) {
          if (place[k] == e % 4) {
            mine[n] = o + k;
            n++;
          }
        }
      }
      count[e] = n;
    } else {
      const int b = e - 4 * windows;
      const int o = b % O;
      const int c = b / O % blocks * WIDTH;
      const int tap = b / O / blocks;
      Block u;
      for (int s = 0; s < WIDTH; s++) {
        u.v[s] = w[(tap * C + c + s) * O + o];
      }
      BLOCK(t + (tap * O + o) * C + c) = u;
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
  const int whole = IS_ALIGNED(x, BLOCK_BYTES);
  for (int e = INDEX(0); e < N * U * V * blocks; e += INDICES(0)) {
    const int j = e / blocks % V - PAD;
    const int i = e / blocks / V % U - PAD;
    const int inside = i >= 0 && i < H && j >= 0 && j < W;
    const int from = ((e / blocks / V / U * H + i) * W + j) * C + e % blocks * WIDTH;
    Block u;
    if (inside && whole) {
      u = READ_BLOCK(x + from);
    } else {
      for (int s = 0; s < WIDTH; s++) {
        u.v[s] = inside ? x[from + s] : R(0);
      }
    }
    BLOCK(wide + e * WIDTH) = u;
  }
}

// dx[n, i, j, c] = sum over the taps (a, b) and the filters o that chose the place (i + k/2 - a, j + k/2 - b) of dy w[a, b, c, o], in ascending
// order of (a, b, o).
//
// dy (N, P, Q, O), t, list and count from convpool_prepare, dx (N, H, W, C). Any launch size, one item for WIDTH channels of a pixel.
KERNEL convpool_input_gradient(IN(real, dy), IN(real, t), IN(int, list), IN(int, count), OUT(real, dx), const int N, const int H,
                               const int W, const int C, const int O) {
  OPEN_IN(real, dy);
  OPEN_IN(real, t);
  OPEN_IN(int, list);
  OPEN_IN(int, count);
  OPEN_OUT(real, dx);
  const int blocks = C / WIDTH;
  const int whole = IS_ALIGNED(dx, BLOCK_BYTES);
  for (int e = INDEX(0); e < N * H * W * blocks; e += INDICES(0)) {
    const int c = e % blocks * WIDTH;
    const int j = e / blocks % W;
    const int i = e / blocks / W % H;
    const int n = e / blocks / W / H;
    Block sum;
    for (int s = 0; s < WIDTH; s++) {
      sum.v[s] = R(0);
    }
    for (int tap = 0; tap < FILTER_SIZE * FILTER_SIZE; tap++) {
      const int r = i + PAD - tap / FILTER_SIZE;
      const int q = j + PAD - tap % FILTER_SIZE;
      if (r >= 0 && r < H && q >= 0 && q < W) {
        const int window = (n * (H / 2) + r / 2) * (W / 2) + q / 2;
        const int bucket = window * 4 + r % 2 * 2 + q % 2;
        const int end = count[bucket];
        GLOBAL const int* filters = list + bucket * O;
        GLOBAL const real* adjoints = dy + window * O;
        GLOBAL const real* weights = t + tap * O * C + c;
        for (int l = 0; l < end; l++) {
          const real d = adjoints[filters[l]];
          const Block u = READ_BLOCK(weights + filters[l] * C);
          _Pragma("unroll") for (int s = 0; s < WIDTH; s++) {
            sum.v[s] = FMA(d, u.v[s], sum.v[s]);
          }
        }
      }
    }
    if (whole) {
      BLOCK(dx + e * WIDTH) = sum;
    } else {
      for (int s = 0; s < WIDTH; s++) {
        dx[e * WIDTH + s] = sum.v[s];
      }
    }
  }
}

// Sums of an item over the rows of windows `from` up to `end`: sum[b, s] of x[n, r + strip - k/2, q + b - k/2, c + s] dy at the places (r, q)
// that filter o chose, and the sum of dy, which is returned.
DEVICE real convpool_sums(GLOBAL const real* wide, GLOBAL const real* dy, GLOBAL const real* code, const int from, const int end,
                          const int P, const int Q, const int C, const int O, const int c, const int o, const int strip,
                          Block sum[FILTER_SIZE]) {
  const int V = 2 * (Q + PAD);
  real total = R(0);
  for (int b = 0; b < FILTER_SIZE; b++) {
    for (int s = 0; s < WIDTH; s++) {
      sum[b].v[s] = R(0);
    }
  }
  for (int line = from; line < end; line++) {
    // The row of the border's images under this strip of the filter: row 2 h of image n, moved down by the strip.
    GLOBAL const real* row = wide + (line / P * 2 * (P + PAD) + line % P * 2 + strip) * V * C + c;
    GLOBAL const real* codes = code + line * Q * O + o;
    GLOBAL const real* adjoints = dy + line * Q * O + o;
    for (int w = 0; w < Q; w += AHEAD) {
      real place[AHEAD];
      real d[AHEAD];
      _Pragma("unroll") for (int k = 0; k < AHEAD; k++) {
        const int at = w + k < Q ? k * O : 0;
        place[k] = codes[at];
        d[k] = adjoints[at];
      }
      _Pragma("unroll") for (int k = 0; k < AHEAD; k++) {
        if (place[k] < R(OFF) && w + k < Q) {
          const int p = (int)place[k];
          GLOBAL const real* u = row + ((p >> 1) * V + (p & 1) + 2 * k) * C;
          total += d[k];
          _Pragma("unroll") for (int b = 0; b < FILTER_SIZE; b++) {
            const Block x = READ_BLOCK(u + b * C);
            _Pragma("unroll") for (int s = 0; s < WIDTH; s++) {
              sum[b].v[s] = FMA(d[k], x.v[s], sum[b].v[s]);
            }
          }
        }
      }
      row += 2 * AHEAD * C;
      codes += AHEAD * O;
      adjoints += AHEAD * O;
    }
  }
  return total;
}

// dw[a, b, c, o] = sum over the windows, at the place (r, q) that filter o chose, of x[n, r + a - k/2, q + b - k/2, c] dy, db[o] = sum of dy.
// The rows of windows, N P, are summed in parts: part z has rows z share up to (z + 1) share, in order; the parts are added in order.
//
// wide from convpool_border, dy and code (N, P, Q, O), dw (k, k, C, O), db (O). For few parts: lanes is a power of two, at least `parts`, and a
// group has 256 / lanes blocks of WIDTH channels of a row of a filter, each item a part of one. Groups of 256, any number of them.
KERNEL_RESIDENT(ITEMS_OF_GROUP, 1, 1, 2)
convpool_weight_gradient(IN(real, wide), IN(real, dy), IN(real, code), OUT(real, dw), OUT(real, db), const int N, const int H, const int W,
                         const int C, const int O, const int share, const int parts, const int lanes) {
  OPEN_IN(real, wide);
  OPEN_IN(real, dy);
  OPEN_IN(real, code);
  OPEN_OUT(real, dw);
  OPEN_OUT(real, db);
  LOCAL real part[ITEMS_OF_GROUP * WIDTH] ALIGNED(16);
  LOCAL real bias[ITEMS_OF_GROUP];
  const int P = H / 2;
  const int blocks = C / WIDTH;
  const int item = ITEM(0);
  const int across = ITEMS_OF_GROUP / lanes;
  const int z = item / across;
  for (int first = GROUP(0) * across; first < blocks * O * FILTER_SIZE; first += GROUPS(0) * across) {
    const int e = first + item % across;
    const int end = N * P < (z + 1) * share ? N * P : (z + 1) * share;
    Block sum[FILTER_SIZE];
    bias[item] = convpool_sums(wide, dy, code, z * share, e < blocks * O * FILTER_SIZE ? end : 0, P, W / 2, C, O, e % blocks * WIDTH,
                               e / blocks % O, e / blocks / O, sum);
    _Pragma("unroll") for (int b = 0; b < FILTER_SIZE; b++) {
      for (int s = 0; s < WIDTH; s++) {
        part[item * WIDTH + s] = sum[b].v[s];
      }
      BARRIER;
      for (int k = item; k < across * WIDTH; k += ITEMS_OF_GROUP) {
        const int to = first + k / WIDTH;
        if (to < blocks * O * FILTER_SIZE) {
          const int c = to % blocks * WIDTH + k % WIDTH;
          const int o = to / blocks % O;
          const int strip = to / blocks / O;
          real all = R(0);
          for (int y = 0; y < parts; y++) {
            all += part[y * across * WIDTH + k];
          }
          dw[((strip * FILTER_SIZE + b) * C + c) * O + o] = all;
          if (b == 0 && strip == 0 && c == 0) {
            all = R(0);
            for (int y = 0; y < parts; y++) {
              all += bias[y * across + k / WIDTH];
            }
            db[o] = all;
          }
        }
      }
      BARRIER;
    }
  }
}

// The same sums of many parts, each apart: part[z, a, b, o, c] and behind them part[z, taps C O + o], every part beginning at a multiple of
// four elements.
//
// wide, dy and code as above. The number of parts follows from the shapes alone. Any launch size, one item for WIDTH channels of a row of a
// filter in a part.
KERNEL convpool_weight_parts(IN(real, wide), IN(real, dy), IN(real, code), OUT(real, part), const int N, const int H, const int W,
                             const int C, const int O, const int share, const int parts) {
  OPEN_IN(real, wide);
  OPEN_IN(real, dy);
  OPEN_IN(real, code);
  OPEN_OUT(real, part);
  const int P = H / 2;
  const int blocks = C / WIDTH;
  for (int e = INDEX(0); e < blocks * O * FILTER_SIZE * parts; e += INDICES(0)) {
    const int c = e % blocks * WIDTH;
    const int o = e / blocks % O;
    const int strip = e / blocks / O % FILTER_SIZE;
    const int z = e / blocks / O / FILTER_SIZE;
    const int end = N * P < (z + 1) * share ? N * P : (z + 1) * share;
    Block sum[FILTER_SIZE];
    const real total = convpool_sums(wide, dy, code, z * share, end, P, W / 2, C, O, c, o, strip, sum);
    const int all = FILTER_SIZE * FILTER_SIZE * C * O;
    const int first = z * PART(all, O);
    for (int b = 0; b < FILTER_SIZE; b++) {
      BLOCK(part + first + ((strip * FILTER_SIZE + b) * O + o) * C + c) = sum[b];
    }
    if (c == 0 && strip == 0) {
      part[first + all + o] = total;
    }
  }
}

// dw[a, b, c, o] = sum over z of part[z, a, b, o, c], db[o] = sum over z of part[z, taps C O + o], in ascending order of z.
//
// part from convpool_weight_parts, dw (taps, C, O), db (O). Any launch size, one item for WIDTH weights or one bias.
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
      // Many loads at once: few items do this, and each would wait for memory again and again.
      _Pragma("unroll 16") for (int z = 0; z < parts; z++) {
        const Block u = READ_BLOCK(part + z * PART(all, O) + e * WIDTH);
        _Pragma("unroll") for (int s = 0; s < WIDTH; s++) {
          sum[s] += u.v[s];
        }
      }
      for (int s = 0; s < WIDTH; s++) {
        dw[(tap * C + c + s) * O + o] = sum[s];
      }
    } else {
      const int o = e - all / WIDTH;
      real sum = R(0);
      _Pragma("unroll 16") for (int z = 0; z < parts; z++) {
        sum += part[z * PART(all, O) + all + o];
      }
      db[o] = sum;
    }
  }
}
