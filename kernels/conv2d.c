// Convolution (cross-correlation) of channels-last images and its adjoints as implicit matrix products.
//
// A group of 64 items computes TILE_M rows by TILE_N columns of a product, an item ROWS by COLUMNS of them in registers; TILE_K terms of the
// sum at a time are brought to local memory, the left factor gathered from the images. Every element is one chain of FMA in ascending order
// of the inner index, so tile sizes never show in the results. Places beyond the border of an image, and beyond the matrices, count as zeros.
//
// Open names: NARROW, whether the product has at most 16 columns; SMALL, whether tiles of 64 x 64 would leave a large device idle; RUN,
// neighbouring terms an item gathers at once (4, or 1 where the channels are no multiple of 4). Groups number the tiles row by row; those
// beyond the last tile have no terms and store nothing, so a launch may have more groups than this device's tiles need.
// Letters: N images, (H, W) their extent, C channels; kernel (kh, kw), padding p; (P, Q) extent of the result, O its channels.
// Source: implicit GEMM as in Chetlur et al. (2014), "cuDNN: efficient primitives for deep learning", section 3.

#ifndef NARROW
#define NARROW 0
#endif
#ifndef SMALL
#define SMALL 0
#endif
#ifndef RUN
#define RUN 1
#endif

// Items of a group.
#define SIZE 64
// On processors the columns of one item are the lanes of its registers; elsewhere lanes are items, and blocks are square.
#if LANES > 8
#define ROWS 4
#define COLUMNS 16
#elif NARROW || SMALL
#define ROWS 4
#define COLUMNS 4
#else
#define ROWS 8
#define COLUMNS 8
#endif
#if NARROW
#define TILE_N 16
#elif COLUMNS == 4
#define TILE_N 32
#else
#define TILE_N 64
#endif
#define TILE_M (SIZE * ROWS * COLUMNS / TILE_N)
// Both tiles stay below 24 KiB.
#if TILE_M > 64 && REAL_BITS == 64
#define TILE_K 8
#else
#define TILE_K 16
#endif
#define ACROSS (TILE_N / COLUMNS)
// Rows of the left tile are the terms; 4 more elements spread the columns that one item writes over the banks.
#define PITCH (TILE_M + 4)
// The row index of rows that do not exist: far outside of every image.
#define NOWHERE (-(1 << 28))

// Runs of the left tile, and fours of the right one, that an item brings.
#define RUNS (TILE_M * TILE_K / RUN / SIZE)
#define FOURS ((TILE_K * TILE_N + 4 * SIZE - 1) / (4 * SIZE))

// The tiles, `buffers` of each, and the places of this group's tile and of this item's block in a product of `rows` x `columns`. Items 2 i and
// 2 i + 1 share columns, 4 i + j and 4 i + j + 2 rows where a warp has them, as in matmul.c: loads of 16 bytes then take two cycles of LOCAL memory.
#define TILES(rows, columns, buffers)                                               \
  LOCAL real left[(buffers) * TILE_K * PITCH] ALIGNED(16);                          \
  LOCAL real right[(buffers) * TILE_K * TILE_N] ALIGNED(16);                        \
  const int item = ITEM(0);                                                         \
  const int m0 = (item / (2 * ACROSS) * 2 + item % 2) * ROWS;                       \
  const int n0 = item / 2 % ACROSS * COLUMNS;                                       \
  const int first = GROUP(0) / (((columns) + TILE_N - 1) / TILE_N) * TILE_M;        \
  const int column = GROUP(0) % (((columns) + TILE_N - 1) / TILE_N) * TILE_N;       \
  const int beyond = first >= (rows);

#define SUMS                                        \
  real sum[ROWS][COLUMNS];                          \
  for (int r = 0; r < ROWS; r++) {                  \
    for (int s = 0; s < COLUMNS; s++) {             \
      sum[r][s] = R(0);                             \
    }                                               \
  }

// Adds `terms` outer products of tiles to the sums.
#define PRODUCTS(tile_l, tile_r, terms)                       \
  for (int k = 0; k < (terms); k++) {                         \
    LOCAL_SPACE const real* u = (tile_l) + k * PITCH + m0;          \
    LOCAL_SPACE const real* v = (tile_r) + k * TILE_N + n0;         \
    _Pragma("unroll") for (int r = 0; r < ROWS; r++) {        \
      _Pragma("unroll") for (int s = 0; s < COLUMNS; s++) {   \
        sum[r][s] = FMA(u[r], v[s], sum[r][s]);               \
      }                                                       \
    }                                                         \
  }

// Four neighbours that begin at 16 bytes: one load, or two.
typedef struct ALIGNED(16) {
  real v[4];
} Four;

// Elements at, at + 1, ... of memory, in one load where `whole` says that it starts at 16 bytes, or zeros.
DEVICE void conv2d_run(GLOBAL const real* x, const int at, const int inside, const int whole, real q[RUN]) {
  for (int t = 0; t < RUN; t++) {
    q[t] = R(0);
  }
#if RUN > 1
  if (inside && whole) {
    const Four four = *(GLOBAL const Four*)(x + at);
    for (int t = 0; t < RUN; t++) {
      q[t] = four.v[t];
    }
  } else
#endif
  if (inside) {
    for (int t = 0; t < RUN; t++) {
      q[t] = x[at + t];
    }
  }
}

// Brings rows k0... and columns from... of a matrix (rows, columns) to the right tile, four neighbours an item; `whole` as above, for
// rows of whole fours.
DEVICE void conv2d_quad(GLOBAL const real* b, const int row, const int rows, const int column, const int columns, const int whole,
                        real q[4]) {
  GLOBAL const real* from = b + row * columns + column;
  if (row < rows && column + 3 < columns) {
    if (whole) {
      const Four four = *(GLOBAL const Four*)from;
      q[0] = four.v[0];
      q[1] = four.v[1];
      q[2] = four.v[2];
      q[3] = four.v[3];
    } else {
      q[0] = from[0];
      q[1] = from[1];
      q[2] = from[2];
      q[3] = from[3];
    }
  } else {
    for (int t = 0; t < 4; t++) {
      q[t] = row < rows && column + t < columns ? from[t] : R(0);
    }
  }
}

#define BRING_RIGHT(b, k0, rows, from, columns, whole)                               \
  for (int e = 4 * item; e < TILE_K * TILE_N; e += 4 * SIZE) {                       \
    real q[4];                                                                       \
    conv2d_quad(b, (k0) + e / TILE_N, rows, (from) + e % TILE_N, columns, whole, q); \
    right[e] = q[0];                                                                 \
    right[e + 1] = q[1];                                                             \
    right[e + 2] = q[2];                                                             \
    right[e + 3] = q[3];                                                             \
  }

// Whether an item has an f-th four at element e; always where fours come out even.
#define HAS_FOUR(e) (TILE_K * TILE_N % (4 * SIZE) == 0 || (e) < TILE_K * TILE_N)

#define FETCH_RIGHT(q, b, k0, rows, from, columns, whole)                                     \
  _Pragma("unroll") for (int f = 0; f < FOURS; f++) {                                         \
    const int e = 4 * (item + f * SIZE);                                                      \
    if (HAS_FOUR(e)) {                                                                        \
      conv2d_quad(b, (k0) + e / TILE_N, rows, (from) + e % TILE_N, columns, whole, (q)[f].v); \
    }                                                                                         \
  }

#define PUT_RIGHT(q, tile)                                  \
  _Pragma("unroll") for (int f = 0; f < FOURS; f++) {       \
    const int e = 4 * (item + f * SIZE);                    \
    if (HAS_FOUR(e)) {                                      \
      *(LOCAL_SPACE Four*)((tile) + e) = (q)[f];            \
    }                                                       \
  }

// Where the patches of the tile's rows begin: pixel (i, j) of the image, and the element there.
#define PATCHES               \
  LOCAL int patch_i[TILE_M];  \
  LOCAL int patch_j[TILE_M];  \
  LOCAL int patch_at[TILE_M];

// Term of the patches of images (H, W, C) that an item fetches: k is tap (k / C / kw, k / C % kw) and channel k % C; f-th run of it, into q or from q
// to a tile.
#define TERM_OF_PATCHES(k0)                         \
  const int k = (k0) + item % (TILE_K / RUN) * RUN; \
  const int a = k / C / kw;                         \
  const int b = k / C % kw;                         \
  const int offset = (a * W + b) * C + k % C;

#define FETCH_RUN(q, f)                                                    \
  {                                                                        \
    const int m = (item + (f) * SIZE) / (TILE_K / RUN);                    \
    const int i = patch_i[m] + a;                                          \
    const int j = patch_j[m] + b;                                          \
    const int inside = k < terms && i >= 0 && i < H && j >= 0 && j < W;    \
    conv2d_run(x, patch_at[m] + offset, inside, whole_x, q);               \
  }

#define PUT_RUN(q, f, tile)                                                                             \
  _Pragma("unroll") for (int t = 0; t < RUN; t++) {                                                     \
    (tile)[(item % (TILE_K / RUN) * RUN + t) * PITCH + (item + (f) * SIZE) / (TILE_K / RUN)] = (q)[t];  \
  }

// The sums over all terms of the patches of x times w. Where groups are few, all that an item brings is on its way from memory at once, and where
// channels make runs there are two tiles each: an item multiplies one meanwhile. Otherwise other groups do, and registers would be missing to them.
#define MULTIPLY(number)                                                                     \
  PRODUCTS(left + (number) * TILE_K * PITCH, right + (number) * TILE_K * TILE_N,             \
           terms - k0 < TILE_K ? terms - k0 : TILE_K)

#if SMALL
#define FETCH(k0)                                                  \
  {                                                                \
    TERM_OF_PATCHES(k0)                                            \
    _Pragma("unroll") for (int f = 0; f < RUNS; f++) {             \
      FETCH_RUN(runs[f], f)                                        \
    }                                                              \
    FETCH_RIGHT(fours, w, k0, terms, column, O, whole_w)           \
  }

#define PUT(number)                                                \
  _Pragma("unroll") for (int f = 0; f < RUNS; f++) {               \
    PUT_RUN(runs[f], f, left + (number) * TILE_K * PITCH)          \
  }                                                                \
  PUT_RIGHT(fours, right + (number) * TILE_K * TILE_N)
#endif

#if RUN > 1 && SMALL
#define BUFFERS 2
#define SUM_TILES                                       \
  real runs[RUNS][RUN];                                 \
  Four fours[FOURS];                                    \
  BARRIER;                                              \
  FETCH(0)                                              \
  PUT(0)                                                \
  BARRIER;                                              \
  for (int k0 = 0; k0 < terms; k0 += TILE_K) {          \
    const int now = k0 / TILE_K % 2;                    \
    if (k0 + TILE_K < terms) {                          \
      FETCH(k0 + TILE_K)                                \
    }                                                   \
    MULTIPLY(now)                                       \
    if (k0 + TILE_K < terms) {                          \
      PUT(1 - now)                                      \
      BARRIER;                                          \
    }                                                   \
  }
#elif SMALL
#define BUFFERS 1
#define SUM_TILES                                       \
  real runs[RUNS][RUN];                                 \
  Four fours[FOURS];                                    \
  for (int k0 = 0; k0 < terms; k0 += TILE_K) {          \
    BARRIER;                                            \
    FETCH(k0)                                           \
    PUT(0)                                              \
    BARRIER;                                            \
    MULTIPLY(0)                                         \
  }
#else
#define BUFFERS 1
#define SUM_TILES                                             \
  for (int k0 = 0; k0 < terms; k0 += TILE_K) {                \
    BARRIER;                                                  \
    TERM_OF_PATCHES(k0)                                       \
    for (int f = 0; f < RUNS; f++) {                          \
      real run[RUN];                                          \
      FETCH_RUN(run, f)                                       \
      PUT_RUN(run, f, left)                                   \
    }                                                         \
    BRING_RIGHT(w, k0, terms, column, O, whole_w)             \
    BARRIER;                                                  \
    MULTIPLY(0)                                               \
  }
#endif

#define SUM_PATCHES                                         \
  {                                                         \
    const int whole_x = IS_ALIGNED(x, 16);                  \
    const int whole_w = IS_ALIGNED(w, 16) && O % 4 == 0;    \
    SUM_TILES                                               \
  }

// y[n, i, j, o] = sum over a, b, c of x[n, i stride + a - p, j stride + b - p, c] w[a, b, c, o].
//
// x (N, H, W, C), w (kh, kw, C, O), y (N, P, Q, O). Groups of 64 items, at least
// (N P Q / TILE_M up) (O / TILE_N up).
KERNEL_OF(SIZE, 1, 1) conv2d_forward(
    IN(real, x), IN(real, w), OUT(real, y), const int N, const int H, const int W, const int C, const int kh, const int kw,
    const int O, const int P, const int Q, const int stride, const int p) {
  OPEN_IN(real, x);
  OPEN_IN(real, w);
  OPEN_OUT(real, y);
  TILES(N * P * Q, O, BUFFERS)
  PATCHES
  const int terms = beyond ? 0 : kh * kw * C;
  for (int m = item; m < TILE_M; m += SIZE) {
    const int pixel = first + m;
    const int i = pixel / Q % P * stride - p;
    const int j = pixel % Q * stride - p;
    patch_i[m] = pixel < N * P * Q ? i : NOWHERE;
    patch_j[m] = j;
    patch_at[m] = ((pixel / Q / P * H + i) * W + j) * C;
  }
  SUMS
  SUM_PATCHES
  for (int r = 0; r < ROWS; r++) {
    const int pixel = first + m0 + r;
    for (int s = 0; s < COLUMNS; s++) {
      if (pixel < N * P * Q && column + n0 + s < O) {
        y[pixel * O + column + n0 + s] = sum[r][s];
      }
    }
  }
}

// Convolution with stride 1, bias, ReLU and 2 x 2 max-pooling: y = relu(max over the window of (x * w + b)); code names the place
// 2 row + column of the maximum, the first at ties, NaN larger than any number, or is 4 where the maximum is not above zero.
//
// x (N, H, W, C) of even H, W, w (kh, kw, C, O), b (O), y and code (N, H/2, W/2, O). Rows of the tile are windows times four places, so that
// an item has whole windows. Groups of 64 items, at least (N H W / TILE_M up) (O / TILE_N up).
KERNEL_OF(SIZE, 1, 1) conv2d_pooled(
    IN(real, x), IN(real, w), IN(real, b), OUT(real, y), OUT(real, code), const int N, const int H, const int W, const int C,
    const int kh, const int kw, const int O) {
  OPEN_IN(real, x);
  OPEN_IN(real, w);
  OPEN_IN(real, b);
  OPEN_OUT(real, y);
  OPEN_OUT(real, code);
  TILES(N * H * W, O, BUFFERS)
  PATCHES
  const int terms = beyond ? 0 : kh * kw * C;
  const int windows = N * (H / 2) * (W / 2);
  for (int m = item; m < TILE_M; m += SIZE) {
    const int place = (first + m) % 4;
    const int window = (first + m) / 4;
    const int i = window / (W / 2) % (H / 2) * 2 + place / 2 - kh / 2;
    const int j = window % (W / 2) * 2 + place % 2 - kw / 2;
    patch_i[m] = window < windows ? i : NOWHERE;
    patch_j[m] = j;
    patch_at[m] = ((window / (W / 2) / (H / 2) * H + i) * W + j) * C;
  }
  SUMS
  SUM_PATCHES
  for (int r = 0; r < ROWS; r += 4) {
    const int window = (first + m0 + r) / 4;
    for (int s = 0; s < COLUMNS; s++) {
      const int o = column + n0 + s;
      if (window < windows && o < O) {
        real top = sum[r][s] + b[o];
        int place = 0;
        for (int t = 1; t < 4; t++) {
          const real v = sum[r + t][s] + b[o];
          const int above = (v > top) | ((v != v) & (top == top));
          top = above ? v : top;
          place = above ? t : place;
        }
        y[window * O + o] = top <= R(0) ? R(0) : top;
        code[window * O + o] = top <= R(0) ? R(4) : (real)place;
      }
    }
  }
}

// dx[n, i, j, c] = sum over a, b, o of dy[n, (i + p - a) / stride, (j + p - b) / stride, o] w[a, b, c, o], where the quotients are whole.
//
// dy (N, P, Q, O), w (kh, kw, C, O), dx (N, H, W, C). Groups of 64 items, at least
// (N H W / TILE_M up) (C / TILE_N up).
KERNEL_OF(SIZE, 1, 1) conv2d_input_gradient(
    IN(real, dy), IN(real, w), OUT(real, dx), const int N, const int H, const int W, const int C, const int kh, const int kw,
    const int O, const int P, const int Q, const int stride, const int p) {
  OPEN_IN(real, dy);
  OPEN_IN(real, w);
  OPEN_OUT(real, dx);
  TILES(N * H * W, C, 1)
  PATCHES
  const int terms = beyond ? 0 : kh * kw * O;
  const int whole_dy = IS_ALIGNED(dy, 16);
  const int whole_w = IS_ALIGNED(w, 16);
  for (int m = item; m < TILE_M; m += SIZE) {
    const int pixel = first + m;
    patch_i[m] = pixel < N * H * W ? pixel / W % H + p : NOWHERE;
    patch_j[m] = pixel % W + p;
    patch_at[m] = pixel / W / H * P;
  }
  SUMS
  for (int k0 = 0; k0 < terms; k0 += TILE_K) {
    BARRIER;
    const int l = item % (TILE_K / RUN) * RUN;
    const int k = k0 + l;
    const int a = k / O / kw;
    const int b = k / O % kw;
    const int o = k % O;
    for (int m = item / (TILE_K / RUN); m < TILE_M; m += SIZE / (TILE_K / RUN)) {
      const int up = patch_i[m] - a;
      const int left_of = patch_j[m] - b;
      const int i = stride == 1 ? up : up / stride;
      const int j = stride == 1 ? left_of : left_of / stride;
      const int inside = k < terms && up >= 0 && i * stride == up && i < P && left_of >= 0 && j * stride == left_of && j < Q;
      const int at = ((patch_at[m] + i) * Q + j) * O + o;
      real q[RUN];
      conv2d_run(dy, at, inside, whole_dy, q);
      for (int t = 0; t < RUN; t++) {
        left[(l + t) * PITCH + m] = q[t];
      }
    }
    for (int n = item / (TILE_K / RUN); n < TILE_N; n += SIZE / (TILE_K / RUN)) {
      const int inside = k < terms && column + n < C;
      const int at = (k / O * C + column + n) * O + o;
      real q[RUN];
      conv2d_run(w, at, inside, whole_w, q);
      for (int t = 0; t < RUN; t++) {
        right[(l + t) * TILE_N + n] = q[t];
      }
    }
    BARRIER;
    PRODUCTS(left, right, terms - k0 < TILE_K ? terms - k0 : TILE_K)
  }
  for (int r = 0; r < ROWS; r++) {
    const int pixel = first + m0 + r;
    for (int s = 0; s < COLUMNS; s++) {
      if (pixel < N * H * W && column + n0 + s < C) {
        dx[pixel * C + column + n0 + s] = sum[r][s];
      }
    }
  }
}

// One part of the weights' adjoint: part[z, a, b, c, o] = sum over the pixels (n, i, j) of part z of
// x[n, i stride + a - p, j stride + b - p, c] dy[n, i, j, o]; pixels z share up to (z + 1) share, without the rest beyond N P Q.
//
// x (N, H, W, C), dy (N, P, Q, O), part (parts, kh, kw, C, O). The number of parts follows from the shapes alone; conv2d_add_parts adds them.
// Groups of 64 items, at least (kh kw C / TILE_M up) (O / TILE_N up) along x, the parts along y.
KERNEL_OF(SIZE, 1, 1) conv2d_weight_gradient(
    IN(real, x), IN(real, dy), OUT(real, part), const int N, const int H, const int W, const int C, const int kh, const int kw,
    const int O, const int P, const int Q, const int stride, const int p, const int share) {
  OPEN_IN(real, x);
  OPEN_IN(real, dy);
  OPEN_OUT(real, part);
  const int rows = kh * kw * C;
  TILES(rows, O, 1)
  PATCHES
  LOCAL int pixel_i[TILE_K];
  LOCAL int pixel_j[TILE_K];
  LOCAL int pixel_at[TILE_K];
  const int start = GROUP(1) * share;
  const int last = N * P * Q - start < share ? N * P * Q : start + share;
  const int end = beyond ? start : last;
  const int whole_x = IS_ALIGNED(x, 16);
  const int whole_dy = IS_ALIGNED(dy, 16) && O % 4 == 0;
  for (int m = item; m < TILE_M; m += SIZE) {
    const int row = first + m;
    patch_i[m] = row < rows ? row / C / kw : NOWHERE;
    patch_j[m] = row / C % kw;
    patch_at[m] = (row / C / kw * W + row / C % kw) * C + row % C;
  }
  SUMS
  for (int k0 = start; k0 < end; k0 += TILE_K) {
    BARRIER;
    for (int k = item; k < TILE_K; k += SIZE) {
      const int pixel = k0 + k;
      const int i = pixel / Q % P * stride - p;
      const int j = pixel % Q * stride - p;
      pixel_i[k] = pixel < end ? i : NOWHERE;
      pixel_j[k] = j;
      pixel_at[k] = ((pixel / Q / P * H + i) * W + j) * C;
    }
    BARRIER;
    for (int e = item * RUN; e < TILE_M * TILE_K; e += SIZE * RUN) {
      const int k = e / TILE_M;
      const int m = e % TILE_M;
      const int i = pixel_i[k] + patch_i[m];
      const int j = pixel_j[k] + patch_j[m];
      const int inside = i >= 0 && i < H && j >= 0 && j < W;
      const int at = pixel_at[k] + patch_at[m];
      real q[RUN];
      conv2d_run(x, at, inside, whole_x, q);
      for (int t = 0; t < RUN; t++) {
        left[k * PITCH + m + t] = q[t];
      }
    }
    BRING_RIGHT(dy, k0, end, column, O, whole_dy)
    BARRIER;
    PRODUCTS(left, right, end - k0 < TILE_K ? end - k0 : TILE_K)
  }
  for (int r = 0; r < ROWS; r++) {
    const int row = first + m0 + r;
    for (int s = 0; s < COLUMNS; s++) {
      if (row < rows && column + n0 + s < O) {
        part[(GROUP(1) * rows + row) * O + column + n0 + s] = sum[r][s];
      }
    }
  }
}

// y[i] = sum over z of part[z, i], in ascending order of z.
//
// part (parts, n), y (n). Any launch size.
KERNEL conv2d_add_parts(IN(real, part), OUT(real, y), const int parts, const int n) {
  OPEN_IN(real, part);
  OPEN_OUT(real, y);
  for (int i = INDEX(0); i < n; i += INDICES(0)) {
    real sum = R(0);
    for (int z = 0; z < parts; z++) {
      sum += part[z * n + i];
    }
    y[i] = sum;
  }
}
