// Cholesky factors and triangular solves of batches of matrices (n, n), in blocks of 32.
//
// Left-looking: a block is A less the products of what stands to its left, so that A is read once,
// L written once, and nothing is updated in place. All matrices of a batch go side by side.
// Source: G. H. Golub and C. F. Van Loan, Matrix Computations, 4th ed., 4.2.5 and 3.1.4; J. Kurzak,
// H. Anzt, M. Gates and J. Dongarra, "Implementation and tuning of batched Cholesky factorization and
// solve for NVIDIA GPUs", IEEE TPDS 27 (2016).

#define BLOCK 32
#define PANEL 64
#define GROUP_ITEMS 128

// Depth of the tiles in LOCAL memory, and 16 bytes of padding to a line of them.
#define DEPTH 16
#define PAD (REAL_BITS == 64 ? 2 : 4)

// Block column `from` of the factor, on the diagonal: l_jj l_jj' = a_jj - l_j l_j'.
//
// a, l (batch, n, n); from is a multiple of 32. Reads the lower triangle of a and the columns of l
// before `from`. Writes rows from .. from + 31 of l from column `from` on: the factor of the block,
// zeros to the right of it. A pivot that is not positive becomes NaN, and with it every later one; if the
// last one is NaN, all of its matrix is.
// Each column costs one barrier: the columns of LOCAL memory are not divided by the pivot's root until all
// are there. Geometry: batch groups of 128.
KERNEL_OF(GROUP_ITEMS, 1, 1) cholesky_diagonal(
    IN(real, a), OUT(real, l), const int n, const int from) {
  OPEN_IN(real, a);
  OPEN_OUT(real, l);
  LOCAL real tile[DEPTH][BLOCK + PAD] ALIGNED(16);
  LOCAL real block[BLOCK][BLOCK + 1];
  LOCAL real pivot[BLOCK];
  const int item = ITEM(0);
  const int matrix = GROUP(0) * (n * n);
  const int row = item / 16 * 4;
  const int column = item % 16 * 2;
  const int size = n - from < BLOCK ? n - from : BLOCK;
  real sum[4][2];
#pragma unroll
  for (int i = 0; i < 4; i++) {
#pragma unroll
    for (int j = 0; j < 2; j++) {
      const int r = from + row + i;
      const int c = from + column + j;
      sum[i][j] = r < n && c <= r ? a[matrix + r * n + c] : R(0);
    }
  }
  for (int p = 0; p < from; p += DEPTH) {
#pragma unroll
    for (int e = 0; e < BLOCK * DEPTH / GROUP_ITEMS; e++) {
      const int i = item / DEPTH + e * (GROUP_ITEMS / DEPTH);
      const int r = i < size ? i : size - 1;
      tile[item % DEPTH][i] = l[matrix + (from + r) * n + p + item % DEPTH];
    }
    BARRIER;
#pragma unroll 4
    for (int d = 0; d < DEPTH; d++) {
#pragma unroll
      for (int i = 0; i < 4; i++) {
#pragma unroll
        for (int j = 0; j < 2; j++) {
          sum[i][j] = FMA(-tile[d][row + i], tile[d][column + j], sum[i][j]);
        }
      }
    }
    BARRIER;
  }
#pragma unroll
  for (int i = 0; i < 4; i++) {
#pragma unroll
    for (int j = 0; j < 2; j++) {
      block[row + i][column + j] = sum[i][j];
    }
  }
  BARRIER;
  const int r = item % BLOCK;
  for (int c = 0; c < size; c++) {
    const real root = block[c][c] > R(0) ? SQRT(block[c][c]) : real_nan();
    const real inverse = R(1) / root;
    if (item == 0) {
      pivot[c] = root;
    }
    if (r > c) {
      const real left = -(block[r][c] * inverse);
      for (int q = c + 1 + item / BLOCK; q <= r; q += GROUP_ITEMS / BLOCK) {
        block[r][q] = FMA(left, block[q][c] * inverse, block[r][q]);
      }
    }
    BARRIER;
  }
  const real last = pivot[size - 1];
  if (from + BLOCK >= n && last != last) {
    for (int e = item; e < n * n; e += GROUP_ITEMS) {
      l[matrix + e] = last;
    }
  } else {
    for (int i = item / BLOCK; i < size; i += GROUP_ITEMS / BLOCK) {
      for (int c = item % BLOCK; c < n - from; c += BLOCK) {
        const real below = c < i ? block[i][c] / pivot[c] : R(0);
        l[matrix + (from + i) * n + from + c] = c == i ? pivot[i] : below;
      }
    }
  }
}

// LOCAL memory of the two kernels below: first line d of a left and a right tile side by side, then
// line c of a block on the diagonal, transposed: 1 / l_cc at c, l_qc at q > c.
#define LINE(left, right) ((left) + PAD + (right) + PAD)
#define DIAGONAL(c, q) tile[(c) * (BLOCK + PAD) + (q)]

// Replaces one item's v, whose element c is `place`, by the solution of L x = v for the block L on the
// diagonal: STEP elements at a time in registers.
#define STEP 8
#define SUBSTITUTE(place) \
  for (int at = 0; at < BLOCK; at += STEP) { \
    real v[STEP]; \
    for (int i = 0; i < STEP; i++) { \
      const int c = at + i; \
      v[i] = place; \
    } \
    for (int c = 0; c < at; c++) { \
      const real known = place; \
      for (int i = 0; i < STEP; i++) { \
        v[i] = FMA(-known, DIAGONAL(c, at + i), v[i]); \
      } \
    } \
    for (int i = 0; i < STEP; i++) { \
      const int c = at + i; \
      v[i] *= DIAGONAL(c, c); \
      place = v[i]; \
      for (int j = i + 1; j < STEP; j++) { \
        v[j] = FMA(-v[i], DIAGONAL(c, at + j), v[j]); \
      } \
    } \
  }

// Block column `from` of the factor, below the diagonal: l_ij = (a_ij - l_i l_j') l_jj'^-1.
//
// a, l (batch, n, n); from is a multiple of 32, from + 32 < n. Reads the lower triangle of a, the
// columns of l before `from`, and the block on the diagonal; writes rows from + 32 .. n - 1 of columns
// from .. from + 31.
// Tiles of 64 x 32 from LOCAL memory, 4 x 4 an item; then one item a row.
// Geometry: groups of 128, one for each 64 rows below the block, of each matrix: rows fastest.
KERNEL_OF(GROUP_ITEMS, 1, 1) cholesky_panel(
    IN(real, a), OUT(real, l), const int n, const int from) {
  OPEN_IN(real, a);
  OPEN_OUT(real, l);
  LOCAL real tile[DEPTH * LINE(PANEL, BLOCK)] ALIGNED(16);
  LOCAL real panel[PANEL][BLOCK + 1];
  const int item = ITEM(0);
  const int panels = (n - from - BLOCK + PANEL - 1) / PANEL;
  const int matrix = GROUP(0) / panels * (n * n);
  const int top = from + BLOCK + GROUP(0) % panels * PANEL;
  const int row = item / 8 * 4;
  const int column = item % 8 * 4;
  real sum[4][4];
#pragma unroll
  for (int i = 0; i < 4; i++) {
    const int r = top + row + i < n ? top + row + i : n - 1;
#pragma unroll
    for (int j = 0; j < 4; j++) {
      sum[i][j] = a[matrix + r * n + from + column + j];
    }
  }
  for (int p = 0; p < from; p += DEPTH) {
    const int d = item % DEPTH;
#pragma unroll
    for (int e = 0; e < PANEL * DEPTH / GROUP_ITEMS; e++) {
      const int i = item / DEPTH + e * (GROUP_ITEMS / DEPTH);
      const int r = top + i < n ? top + i : n - 1;
      tile[d * LINE(PANEL, BLOCK) + i] = l[matrix + r * n + p + d];
    }
#pragma unroll
    for (int e = 0; e < BLOCK * DEPTH / GROUP_ITEMS; e++) {
      const int i = item / DEPTH + e * (GROUP_ITEMS / DEPTH);
      tile[d * LINE(PANEL, BLOCK) + PANEL + PAD + i] = l[matrix + (from + i) * n + p + d];
    }
    BARRIER;
#pragma unroll 4
    for (int q = 0; q < DEPTH; q++) {
      real left[4];
      real right[4];
#pragma unroll
      for (int i = 0; i < 4; i++) {
        left[i] = -tile[q * LINE(PANEL, BLOCK) + row + i];
        right[i] = tile[q * LINE(PANEL, BLOCK) + PANEL + PAD + column + i];
      }
#pragma unroll
      for (int i = 0; i < 4; i++) {
#pragma unroll
        for (int j = 0; j < 4; j++) {
          sum[i][j] = FMA(left[i], right[j], sum[i][j]);
        }
      }
    }
    BARRIER;
  }
#pragma unroll
  for (int i = 0; i < 4; i++) {
#pragma unroll
    for (int j = 0; j < 4; j++) {
      panel[row + i][column + j] = sum[i][j];
    }
  }
  for (int e = item; e < BLOCK * BLOCK; e += GROUP_ITEMS) {
    const int q = e / BLOCK;
    const int c = e % BLOCK;
    if (c <= q) {
      const real v = l[matrix + (from + q) * n + from + c];
      DIAGONAL(c, q) = q == c ? R(1) / v : v;
    }
  }
  BARRIER;
  if (item < PANEL) {
    SUBSTITUTE(panel[item][c]);
  }
  BARRIER;
  for (int e = item; e < PANEL * BLOCK; e += GROUP_ITEMS) {
    const int r = e / BLOCK;
    if (top + r < n) {
      l[matrix + (top + r) * n + from + e % BLOCK] = panel[r][e % BLOCK];
    }
  }
}

// Columns of right-hand sides a group, and how many results an item sums.
#ifndef COLUMNS
#define COLUMNS 64
#define THREAD_M 4
#define THREAD_N 4
#endif
#define SOLVE_LINE LINE(BLOCK, COLUMNS)
#define SOLVE_LOCAL \
  (DEPTH * SOLVE_LINE > BLOCK * (BLOCK + PAD) ? DEPTH * SOLVE_LINE : BLOCK * (BLOCK + PAD))

// L' X = B is L X = B with rows and columns counted from the end.
#define SOLVE_ROW(i) (transposed ? n - 1 - (i) : (i))
#define SOLVE_FACTOR(i, k) l[matrix + (transposed ? SOLVE_ROW(k) * n + SOLVE_ROW(i) : (i) * n + (k))]

// X of L X = B, or of L' X = B if transposed: X_j = L_jj^-1 (B_j - L_j X) for one block of rows after the other.
//
// l (batch, n, n), of which the lower triangle is read; b, x (batch, n, r). Items of a group share
// COLUMNS right-hand sides: tiles from LOCAL memory, THREAD_M x THREAD_N an item; then one item a
// column.
// Geometry: groups of 128 = 32 / THREAD_M * COLUMNS / THREAD_N, one for each COLUMNS right-hand sides of
// each matrix: columns fastest.
KERNEL_OF(GROUP_ITEMS, 1, 1) cholesky_solve(
    IN(real, l), IN(real, b), OUT(real, x), const int n, const int r, const int transposed) {
  OPEN_IN(real, l);
  OPEN_IN(real, b);
  OPEN_OUT(real, x);
  LOCAL real tile[SOLVE_LOCAL] ALIGNED(16);
  LOCAL real strip[BLOCK][COLUMNS + 1];
  const int item = ITEM(0);
  const int strips = (r + COLUMNS - 1) / COLUMNS;
  const int matrix = GROUP(0) / strips * (n * n);
  const int right = GROUP(0) / strips * (n * r);
  const int first = GROUP(0) % strips * COLUMNS;
  const int row = item / (COLUMNS / THREAD_N) * THREAD_M;
  const int column = item % (COLUMNS / THREAD_N) * THREAD_N;
  // Rows and columns beyond the last repeat it: what comes of them is not stored.
  for (int from = 0; from < n; from += BLOCK) {
    const int size = n - from < BLOCK ? n - from : BLOCK;
    real sum[THREAD_M][THREAD_N];
#pragma unroll
    for (int i = 0; i < THREAD_M; i++) {
      const int v = from + (row + i < size ? row + i : size - 1);
#pragma unroll
      for (int j = 0; j < THREAD_N; j++) {
        const int c = first + column + j < r ? first + column + j : r - 1;
        sum[i][j] = b[right + SOLVE_ROW(v) * r + c];
      }
    }
    for (int p = 0; p < from; p += DEPTH) {
#pragma unroll
      for (int e = 0; e < BLOCK * DEPTH / GROUP_ITEMS; e++) {
        const int at = item + e * GROUP_ITEMS;
        const int d = transposed ? at / BLOCK : at % DEPTH;
        const int i = transposed ? at % BLOCK : at / DEPTH;
        const int v = from + (i < size ? i : size - 1);
        tile[d * SOLVE_LINE + i] = SOLVE_FACTOR(v, p + d);
      }
      for (int e = item; e < COLUMNS * DEPTH; e += GROUP_ITEMS) {
        const int d = e / COLUMNS;
        const int c = first + e % COLUMNS < r ? first + e % COLUMNS : r - 1;
        tile[d * SOLVE_LINE + BLOCK + PAD + e % COLUMNS] = x[right + SOLVE_ROW(p + d) * r + c];
      }
      BARRIER;
#pragma unroll 4
      for (int d = 0; d < DEPTH; d++) {
#pragma unroll
        for (int i = 0; i < THREAD_M; i++) {
#pragma unroll
          for (int j = 0; j < THREAD_N; j++) {
            sum[i][j] = FMA(
                -tile[d * SOLVE_LINE + row + i],
                tile[d * SOLVE_LINE + BLOCK + PAD + column + j], sum[i][j]);
          }
        }
      }
      BARRIER;
    }
#pragma unroll
    for (int i = 0; i < THREAD_M; i++) {
#pragma unroll
      for (int j = 0; j < THREAD_N; j++) {
        strip[row + i][column + j] = sum[i][j];
      }
    }
    for (int e = item; e < BLOCK * BLOCK; e += GROUP_ITEMS) {
      const int q = transposed ? e % BLOCK : e / BLOCK;
      const int c = transposed ? e / BLOCK : e % BLOCK;
      if (c <= q) {
        const real v = q < size ? SOLVE_FACTOR(from + q, from + c) : R(1);
        DIAGONAL(c, q) = q == c ? R(1) / v : v;
      }
    }
    BARRIER;
    if (item < COLUMNS) {
      SUBSTITUTE(strip[c][item]);
      for (int c = 0; c < size; c++) {
        if (first + item < r) {
          x[right + SOLVE_ROW(from + c) * r + first + item] = strip[c][item];
        }
      }
    }
    BARRIER_GLOBAL;
  }
}
