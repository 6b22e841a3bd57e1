// Gaussian log-densities, their gradients and fields; covariances built from short tables.
//
// A matrix is held as tiles of 4 x 4, row by row, the lower triangle of tiles packed by rows; right-hand
// sides are rows below it. A right-looking Cholesky factorization of the tiles in local memory turns
// those rows into the solutions of L x = z in the same pass. Larger matrices are those of dense.c. Entries
// beyond the order of a matrix are those of the identity.
//
// Legend: B matrices, m covariance values, n the order of all blocks together, K blocks, s the order of a
// block, r its right-hand sides. `blocks` holds for every block seven integers: s, r, its tile rows t =
// ceil(s / 4), its first column in z, its place in `index` and `weight`, their terms, its place in `start`.
// Element e of a block's packed tiles is the sum over the terms k of weight[k E + e] c[index[k E + e]]
// with E = 8 t (t + 1), c[-1] = 1.
//
// All arithmetic is that of `real`: float32 is for fields, likelihoods want float64.
//
// Defines: GROUP_SIZE items; PANEL tile columns and ROWS tile rows below them in local memory; SCRATCH where the
// gradient works in global memory.
//
// Headers: tile.h, covariance.h
//
// Source: Golub and Van Loan (2013), Matrix Computations, 4.2.5 (gaxpy and outer-product Cholesky in blocks);
// the gradient by Goodnight (1979), A tutorial on the SWEEP operator, in blocks of four pivots.

#ifndef GROUP_SIZE
#define GROUP_SIZE 64
#endif
#ifndef PANEL
#define PANEL 8
#endif
#ifndef ROWS
#define ROWS 8
#endif
#if !SCRATCH
// Tile (i, j) of a panel in local memory: i < PANEL in its diagonal block, others below.
DEVICE int panel_tile(int i, int j) {
  return (i < PANEL ? TRIANGLE(i) + j : TRIANGLE(PANEL) + (i - PANEL) * PANEL + j) * TILE;
}

// Cholesky factors L of the blocks, their log-determinants, and squared lengths of L^-1 z.
//
// c (B, m); z (F, n); logs (B, K) = log|L|, NaN where a matrix is not positive definite; squares
// (B, sets, K) = sum over a block's right-hand sides of |L^-1 z|^2. Matrix b meets the data sets b / repeat
// to b / repeat + sets - 1; with repeat 0 the data sets 0 to sets - 1. With `keep`, for K = 1, `factors` receives the
// packed tiles of L column by column, a slot of `slot` reals a matrix (above the diagonal of a tile stand reciprocals).
//
// Geometry: G x K groups of GROUP_SIZE. PANEL must be at least t, ROWS * 4 at least r.
KERNEL_OF(GROUP_SIZE, 1, 1)
gaussian_density(IN(real, c), IN(real, z), IN(int, blocks), IN(int, index), IN(real, weight), OUT(real, logs),
                 OUT(real, squares), OUT(real, factors), const int matrices, const int lags, const int order,
                 const int repeat, const int sets, const int keep, const int slot) {
  OPEN_IN(real, c);
  OPEN_IN(real, z);
  OPEN_IN(int, blocks);
  OPEN_IN(int, index);
  OPEN_IN(real, weight);
  OPEN_OUT(real, logs);
  OPEN_OUT(real, squares);
  OPEN_OUT(real, factors);
  LOCAL real panel[(TRIANGLE(PANEL) + ROWS * PANEL) * TILE];
  LOCAL real lengths[ROWS * 4];
  const int item = ITEM(0);
  const int block = GROUP(1);
  GLOBAL const int* about = blocks + block * BLOCK_WORDS;
  const int size = about[0];
  const int sides = about[1];
  const int tiles = about[2];
  const int column = about[3];
  const int terms = about[5];
  const int elements = 16 * TRIANGLE(tiles);
  const int together = ROWS * 4 / sides;
  GLOBAL const int* places = index + about[4];
  GLOBAL const real* weights = weight + about[4];
  int matrix;
  for (matrix = GROUP(0); matrix < matrices; matrix += GROUPS(0)) {
    GLOBAL const real* values = c + matrix * lags;
    GLOBAL real* stored = factors + (keep ? matrix : 0) * slot;
    const int base = repeat ? matrix / repeat : 0;
    real logarithms = R(0);
    int chunk;
    for (chunk = 0; chunk == 0 || chunk < sets; chunk += together) {
      const int some = sets - chunk < together ? sets - chunk : together;
      const int rows = (some * sides + 3) / 4;
      const int fresh = chunk == 0;
      real length = R(0);
      int e, k;
      // The entries of the covariance and the right-hand sides.
      if (fresh) {
        for (e = item; e < elements; e += GROUP_SIZE) {
          panel[e / 16 * TILE + e % 16] = covariance_element(values, places, weights, terms, elements, e);
        }
      }
      for (e = item; e < 16 * rows * tiles; e += GROUP_SIZE) {
        const int i = e / 16 / tiles;
        const int j = e / 16 % tiles;
        const int row = i * 4 + e % 16 / 4;
        const int col = j * 4 + e % 4;
        panel[panel_tile(PANEL + i, j) + e % 16] =
            row < some * sides && col < size
                ? z[(base + chunk + row / sides) * order + column + row % sides * size + col]
                : R(0);
      }
      BARRIER;
      if (fresh && item == 0) {
        tile_factor(panel);
      }
      BARRIER;
      for (k = 0; k < tiles; k++) {
        const int left = tiles - 1 - k;
        const int below = fresh ? left : 0;
        const int corner = TRIANGLE(below);
        for (e = item; e < 4 * (below + rows); e += GROUP_SIZE) {
          const int i = e / 4 < below ? k + 1 + e / 4 : PANEL + e / 4 - below;
          row_solve(panel + panel_tile(k, k), panel + panel_tile(i, k) + e % 4 * 4, 1);
        }
        BARRIER;
        for (e = item; e < corner + rows * left; e += GROUP_SIZE) {
          const int d = e - corner;
          const int i = d < 0 ? k + 1 + triangle_row(e, left) : PANEL + d / left;
          const int j = k + 1 + (d < 0 ? triangle_column(e, left) : d % left);
          tile_update(panel + panel_tile(i, j), panel + panel_tile(i, k), 4, 1,
                      panel + panel_tile(j, k), 4, 1);
          // The next pivots, while others still update.
          if (d < 0 && i == k + 1) {
            tile_factor(panel + panel_tile(i, i));
          }
        }
        BARRIER;
      }
      // Kept for other kernels.
      if (keep && fresh) {
        for (e = item; e < elements; e += GROUP_SIZE) {
          stored[e] = panel[e / 16 * TILE + e % 4 * 4 + e % 16 / 4];
        }
        BARRIER;
      }
      // Logarithms of each diagonal tile's pivots; squares of each right-hand side's fours.
      if (fresh) {
        for (e = item; e < tiles; e += GROUP_SIZE) {
          LOCAL_SPACE real* t = panel + panel_tile(e, e);
          real sum = R(0);
          for (k = 0; k < 4 && e * 4 + k < size; k++) {
            sum += real_log(t[5 * k]);
          }
          t[16] = sum;
        }
      }
      for (e = item; e < 4 * rows * tiles; e += GROUP_SIZE) {
        const int i = e / 4 / tiles;
        const int j = e / 4 % tiles;
        LOCAL_SPACE real* t = panel + panel_tile(PANEL + i, j) + e % 4 * 4;
        real sum = R(0);
        for (k = 0; k < 4 && j * 4 + k < size; k++) {
          sum = FMA(t[k], t[k], sum);
        }
        t[0] = sum;
      }
      BARRIER;
      if (fresh && item == 0) {
        for (k = 0; k < tiles; k++) {
          logarithms += panel[panel_tile(k, k) + 16];
        }
      }
      if (item < 4 * rows) {
        for (k = 0; k < tiles; k++) {
          length += panel[panel_tile(PANEL + item / 4, k) + item % 4 * 4];
        }
      }
      BARRIER;
      if (item < ROWS * 4) {
        lengths[item] = length;
      }
      BARRIER;
      if (item < some) {
        real sum = R(0);
        for (k = 0; k < sides; k++) {
          sum += lengths[item * sides + k];
        }
        squares[(matrix * sets + chunk + item) * GROUPS(1) + block] = sum;
      }
      BARRIER;
    }
    if (item == 0) {
      logs[matrix * GROUPS(1) + block] = logarithms;
    }
  }
}
#endif

// Log-densities from what the blocks contribute.
//
// y (B, sets) = -n/2 log(2 pi) - sum_k (r_k logs(b, k) + squares(b, set, k) / 2); minus infinity where a matrix
// is not positive definite. logs (B, K), squares (B, sets, K).
//
// Geometry: any.
KERNEL gaussian_density_sum(IN(int, blocks), IN(real, logs), IN(real, squares), OUT(real, y), const int results,
                            const int sets, const int parts, const real offset) {
  OPEN_IN(int, blocks);
  OPEN_IN(real, logs);
  OPEN_IN(real, squares);
  OPEN_OUT(real, y);
  int e, k;
  for (e = INDEX(0); e < results; e += INDICES(0)) {
    real sum = offset;
    int definite = 1;
    for (k = 0; k < parts; k++) {
      const real log = logs[e / sets * parts + k];
      definite = definite && !real_is_nan(log);
      sum -= FMA((real)blocks[k * BLOCK_WORDS + 1], log, R(0.5) * squares[e * parts + k]);
    }
    y[e] = definite ? sum : -real_infinity();
  }
}

// Fields z = L eta from stored factors: z (B, n), eta (B, n), factors (B, slot) as `gaussian_density` or `dense_density` keeps them;
// a row is NaN where its matrix is not positive definite.
//
// Geometry: any; neighbouring items share tiles.
KERNEL gaussian_field(IN(real, factors), IN(real, eta), OUT(real, z), const int matrices, const int order,
                      const int slot) {
  OPEN_IN(real, factors);
  OPEN_IN(real, eta);
  OPEN_OUT(real, z);
  const int tiles = (order + 3) / 4;
  int e;
  for (e = INDEX(0); e < matrices * order; e += INDICES(0)) {
    const int b = e / order;
    const int row = e % order;
    GLOBAL const real* l = factors + b * slot;
    GLOBAL const real* t = l + 16 * TRIANGLE(row / 4) + row % 4;
    GLOBAL const real* x = eta + b * order;
    const real last = l[16 * TRIANGLE(tiles) - 16 + 5 * ((order - 1) % 4)];
    real sum = R(0);
    int j;
    for (j = 0; j <= row; j++) {
      sum = FMA(t[j * 4], x[j], sum);
    }
    z[e] = real_is_nan(last) ? real_nan() : sum;
  }
}

// What each block contributes to the adjoint of the covariance values.
//
// partial (B, K, m): sum over the packed elements (i, j) of dC_ij/dc times 1/2 (2 if i != j) (sum_r a_i a_j - r
// (C^-1)_ij) with a = C^-1 z; NaN where a matrix is not positive definite. c (B, m), z (F, n), matrix b meets data
// set b / repeat. The term k of value v is weight[k] dC_element[k], start[v] <= k < start[v + 1], `start`
// from the block's seventh word on. Sweeping a pivot leaves minus the inverse in the matrix and C^-1 z in
// the rows below. `work` is scratch memory, SCRATCH: G x K slots of `slot` reals.
//
// Geometry: G x K groups of GROUP_SIZE; in local memory PANEL at least t and ROWS at least r / 4.
KERNEL_OF(GROUP_SIZE, 1, 1)
gaussian_gradient(IN(real, c), IN(real, z), IN(int, blocks), IN(int, index), IN(real, weight), IN(int, start),
                  IN(int, element), IN(real, factor), OUT(real, partial), OUT(real, work), const int matrices,
                  const int lags, const int order, const int repeat, const int slot) {
  OPEN_IN(real, c);
  OPEN_IN(real, z);
  OPEN_IN(int, blocks);
  OPEN_IN(int, index);
  OPEN_IN(real, weight);
  OPEN_IN(int, start);
  OPEN_IN(int, element);
  OPEN_IN(real, factor);
  OPEN_OUT(real, partial);
  OPEN_OUT(real, work);
#if SCRATCH
  GLOBAL real* a = work + (GROUP(1) * GROUPS(0) + GROUP(0)) * slot;
#else
  LOCAL real a[(TRIANGLE(PANEL) + ROWS * PANEL) * TILE];
#endif
  const int item = ITEM(0);
  GLOBAL const int* about = blocks + GROUP(1) * BLOCK_WORDS;
  const int size = about[0];
  const int sides = about[1];
  const int tiles = about[2];
  const int elements = 16 * TRIANGLE(tiles);
  const int rows = (sides + 3) / 4;
  // Below the triangle, tile (i, j) of the right-hand sides stands at sides_at + i tiles + j.
  const int sides_at = TRIANGLE(tiles);
  int matrix;
  for (matrix = GROUP(0); matrix < matrices; matrix += GROUPS(0)) {
    int e, k;
    for (e = item; e < elements; e += GROUP_SIZE) {
      a[e / 16 * TILE + e % 16] =
          covariance_element(c + matrix * lags, index + about[4], weight + about[4], about[5], elements, e);
    }
    for (e = item; e < 16 * rows * tiles; e += GROUP_SIZE) {
      const int row = e / 16 / tiles * 4 + e % 16 / 4;
      const int col = e / 16 % tiles * 4 + e % 4;
      a[(sides_at + e / 16) * TILE + e % 16] =
          row < sides && col < size ? z[matrix / repeat * order + about[3] + row * size + col] : R(0);
    }
    MEET;
    if (item == 0) {
      tile_factor(a);
    }
    MEET;
    for (k = 0; k < tiles; k++) {
      SPACE real* pivot = a + (TRIANGLE(k) + k) * TILE;
      const int others = tiles - 1;
      // P = A_ik G^-T, i != k: columns of the tiles left of the pivot, rows of those below.
      for (e = item; e < 4 * (others + rows); e += GROUP_SIZE) {
        const int i = e / 4 < k ? e / 4 : e / 4 + 1;
        const int tile = i < k ? TRIANGLE(k) + i
                         : i < tiles ? TRIANGLE(i) + k : sides_at + (i - tiles) * tiles + k;
        row_solve(pivot, a + tile * TILE + e % 4 * (i < k ? 1 : 4), i < k ? 4 : 1);
      }
      MEET;
      // A_ij -= P_i P_j'.
      for (e = item; e < TRIANGLE(others) + rows * others; e += GROUP_SIZE) {
        const int d = e - TRIANGLE(others);
        const int p = d < 0 ? triangle_row(e, others) : tiles - 1 + d / others;
        const int q = d < 0 ? triangle_column(e, others) : d % others;
        const int i = p < k ? p : p + 1;
        const int j = q < k ? q : q + 1;
        const int left = i < tiles ? TRIANGLE(i) : sides_at + (i - tiles) * tiles;
        tile_update(a + (left + j) * TILE, a + (i < k ? TRIANGLE(k) + i : left + k) * TILE, i < k ? 1 : 4,
                    i < k ? 4 : 1, a + (j < k ? TRIANGLE(k) + j : TRIANGLE(j) + k) * TILE, j < k ? 1 : 4,
                    j < k ? 4 : 1);
        if (i == k + 1 && j == k + 1 && i < tiles) {
          tile_factor(a + (TRIANGLE(i) + i) * TILE);
        }
      }
      MEET;
      // A_ik = P G^-1.
      for (e = item; e < 4 * (others + rows); e += GROUP_SIZE) {
        const int i = e / 4 < k ? e / 4 : e / 4 + 1;
        const int tile = i < k ? TRIANGLE(k) + i
                         : i < tiles ? TRIANGLE(i) + k : sides_at + (i - tiles) * tiles + k;
        row_solve_transposed(pivot, a + tile * TILE + e % 4 * (i < k ? 1 : 4), i < k ? 4 : 1);
      }
      MEET;
      if (item == 0) {
        tile_negative_inverse(pivot);
      }
      MEET;
    }
    // The weight of each element.
    for (e = item; e < elements; e += GROUP_SIZE) {
      const int i = triangle_row(e / 16, tiles);
      const int j = triangle_column(e / 16, tiles);
      SPACE real* x = a + (TRIANGLE(i) + j) * TILE + e % 16;
      const int row = e % 16 / 4;
      const int col = e % 4;
      real sum = (real)sides * x[0];
      for (k = 0; k < sides; k++) {
        SPACE const real* side = a + (sides_at + k / 4 * tiles) * TILE + k % 4 * 4;
        sum = FMA(side[i * TILE + row], side[j * TILE + col], sum);
      }
      x[0] = i == j && row == col ? R(0.5) * sum : sum;
    }
    MEET;
    for (e = item; e < lags; e += GROUP_SIZE) {
      real sum = R(0);
      for (k = start[about[6] + e]; k < start[about[6] + e + 1]; k++) {
        sum = FMA(factor[k], a[element[k] / 16 * TILE + element[k] % 16], sum);
      }
      partial[(matrix * GROUPS(1) + GROUP(1)) * lags + e] = sum;
    }
    MEET;
  }
}

// dc (B, m) = adjoint(b) sum_k partial(b, k, m).
//
// Geometry: any.
KERNEL gaussian_gradient_sum(IN(real, partial), IN(real, adjoint), OUT(real, dc), const int matrices,
                             const int parts, const int lags) {
  OPEN_IN(real, partial);
  OPEN_IN(real, adjoint);
  OPEN_OUT(real, dc);
  int e, k;
  for (e = INDEX(0); e < matrices * lags; e += INDICES(0)) {
    real sum = R(0);
    for (k = 0; k < parts; k++) {
      sum += partial[(e / lags * parts + k) * lags + e % lags];
    }
    dc[e] = adjoint[e / lags] * sum;
  }
}
