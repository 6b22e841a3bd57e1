// Gaussian log-densities of matrices that do not fit local memory.
//
// Left-looking: a panel of eight tile columns is A less the products of what stands to its left, summed in
// registers, then factored column of tiles by column of tiles without leaving them. Columns to the left come from
// global memory, eight at a time, the next eight on their way while these are multiplied: one barrier for eight
// columns. Right-hand sides are rows below the matrix, so that the same pass leaves L^-1 z behind.
// Numbers and order of operations are those of gaussian.c: every element is A_ij - l_i0 l_j0 - l_i1 l_j1 - ..., one
// multiply-add after the other.
//
// An item has the sums of two tiles, one below the other: 32 multiply-adds for 12 loads. A panel's tile rows are taken 25 at
// a time with its diagonal block (13 pairs x 8 columns and the 20 pairs of the diagonal block: 124 items; 100 rows
// and 28 to be solved: 128 items), without it 32 at a time.
//
// Legend and tables: gaussian.c.
//
// Headers: tile.h, covariance.h
//
// Source: Golub and Van Loan (2013), Matrix Computations, 4.2.5 (gaxpy Cholesky in blocks).

#define DENSE_ITEMS 128
#define PANEL 8
#define FIRST 25
#define ROWS 32

// Columns in local memory: line k holds rows 0 and 1 of all tiles, then rows 2 and 3, so that neighbouring tiles are read
// 16 bytes an item without conflicts of banks; a tile's rows and columns are written without them, too.
#define SLAB 8
#define PLANE (2 * (PANEL + ROWS) + 8)
#define LINE (2 * PLANE + 2)
#define PLACE(k, t, r) ((k) * LINE + (r) / 2 * PLANE + 2 * (t) + (r) % 2)

// Whole tiles in the same memory, 16 bytes of padding to each.
#define SPACED 18
#define RAW (4 * LINE)
#define FILLED 18
#define FETCHED ((PANEL + ROWS) / 4)

// Tile (i, j) in global memory of a matrix of `tiles` tile rows with right-hand sides below. Tiles of factors
// stand there column by column.
DEVICE int stored_tile(int i, int j, int tiles) {
  return (i < tiles ? TRIANGLE(i) + j : TRIANGLE(tiles) + (i - tiles) * tiles + j) * 16;
}

// C -= A B' for an item's two tiles s and `columns` columns: its tiles `tile` and tile + 1, the panel's tile j.
DEVICE void pair_update(real* s, LOCAL_SPACE const real* lines, int tile, int j, int columns) {
  int k;
#pragma unroll 1
  for (k = 0; k < columns; k++) {
    LOCAL_SPACE const real* a = lines + k * LINE + 2 * tile;
    LOCAL_SPACE const real* b = lines + k * LINE + 2 * j;
    real x[8];
    real y[4];
    int i, q;
#pragma unroll
    for (i = 0; i < 4; i++) {
      x[i] = a[i];
      x[4 + i] = a[PLANE + i];
      y[i] = b[i / 2 * PLANE + i % 2];
    }
    // x holds rows 0, 1 of both tiles, then rows 2, 3.
#pragma unroll
    for (i = 0; i < 8; i++) {
#pragma unroll
      for (q = 0; q < 4; q++) {
        const int to = i / 2 % 2 * 16 + (i / 4 * 2 + i % 2) * 4 + q;
        s[to] = FMA(-x[i], y[q], s[to]);
      }
    }
  }
}

// The two tiles of an item in column k of the panel for others to see; the pivots' tile factored.
DEVICE void pair_publish(real* s, LOCAL_SPACE real* lines, LOCAL_SPACE real* pivots, int tile, int k, int diagonal) {
  int i;
#pragma unroll
  for (i = 0; i < 32; i++) {
    lines[RAW + (tile + i / 16) * SPACED + i % 16] = s[i];
  }
  if (diagonal) {
#pragma unroll
    for (i = 0; i < 16; i++) {
      pivots[k * 16 + i] = k % 2 ? s[16 + i] : s[i];
    }
    tile_factor(pivots + k * 16);
  }
}

// Cholesky factors L of the blocks, their log-determinants, and squared lengths of L^-1 z.
//
// c (B, m); z (F, n); logs (B, K) = log|L|, NaN where a matrix is not positive definite; squares
// (B, sets, K) = sum over a block's right-hand sides of |L^-1 z|^2. Matrix b meets the data sets b / repeat
// to b / repeat + sets - 1; with repeat 0 the data sets 0 to sets - 1. `factors` is scratch memory, a slot of `slot`
// reals a group; with `keep`, for K = 1, it receives the packed tiles of L, a slot a matrix (above the diagonal of a
// tile stand reciprocals). r is at most 16.
//
// Geometry: G x K groups of 128.
KERNEL_RESIDENT(DENSE_ITEMS, 1, 1, 4)
dense_density(IN(real, c), IN(real, z), IN(int, blocks), IN(int, index), IN(real, weight), OUT(real, logs),
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
  LOCAL real stage[2 * SLAB * LINE] ALIGNED(16);
  LOCAL real pivots[PANEL * 16] ALIGNED(16);
  LOCAL real lengths[ROWS * 4];
  LOCAL real sums[PANEL];
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
  // The sums of this item's tiles, and what it brings from global memory meanwhile.
  real s[32];
  real fetched[FETCHED];
  int matrix;
  for (matrix = GROUP(0); matrix < matrices; matrix += GROUPS(0)) {
    GLOBAL const real* values = c + matrix * lags;
    GLOBAL real* stored = factors + (keep ? matrix : GROUP(1) * GROUPS(0) + GROUP(0)) * slot;
    const int base = repeat ? matrix / repeat : 0;
    real logarithms = R(0);
    int chunk;
    for (chunk = 0; chunk == 0 || chunk < sets; chunk += together) {
      const int some = sets - chunk < together ? sets - chunk : together;
      const int end = tiles + (some * sides + 3) / 4;
      const int fresh = chunk == 0;
      int from;
      lengths[item] = R(0);
      for (from = 0; from < tiles; from += PANEL) {
        const int width = tiles - from < PANEL ? tiles - from : PANEL;
        int at = fresh ? from + width : tiles;
        int first = 1;
        while (first || at < end) {
          const int factoring = first && fresh;
          const int most = factoring ? FIRST : ROWS;
          const int rows = end - at < most ? end - at : most;
          // Tile rows in local memory: the panel's own, then an even number of those below.
          const int lines = PANEL + (rows + 1) / 2 * 2;
          // This item's two tiles: `tile` and tile + 1 in column j. From item 4 (lines - PANEL) on those of the diagonal block.
          const int d = item - 4 * (lines - PANEL);
          // Of two neighbouring pairs items 2 i and 2 i + 1 share the column, 4 i + e and 4 i + e + 2 the rows, on a GPU (matmul.c).
          const int crossed = LANES * REAL_BITS == 128 && item < (lines - PANEL) / 4 * 16;
          const int pair = d >= 0 ? (d >= 2) + (d >= 6) + (d >= 12) : crossed ? item / 16 * 2 + item % 2 : item / 8;
          const int j = d >= 0 ? d - pair * (pair + 1) : crossed ? item / 2 % 8 : item % 8;
          const int tile = d < 0 ? PANEL + 2 * pair : 2 * pair;
          const int working = (d < 0 || (factoring && d < 20 && tile < width)) && j < width;
          real known = R(0);
          int e, i, k, t;
          // The entries of the covariance and the right-hand sides.
#pragma unroll
          for (i = 0; i < 32; i++) {
            s[i] = R(0);
          }
          for (t = factoring ? 0 : PANEL; t < lines; t += FILLED) {
            const int q = item / 16;
            for (i = 0; i < FILLED && t + i < lines; i++) {
              const int below = t + i - PANEL;
              const int row = below < 0 ? from + t + i : at + below;
              const int inside = below < 0 ? t + i < width && q <= t + i : below < rows && q < width;
              real entry = R(0);
              if (inside && row < tiles) {
                entry = covariance_element(values, places, weights, terms, elements,
                                           stored_tile(row, from + q, tiles) + item % 16);
              } else if (inside) {
                const int side = (row - tiles) * 4 + item % 16 / 4;
                const int col = (from + q) * 4 + item % 4;
                if (side < some * sides && col < size) {
                  entry = z[(base + chunk + side / sides) * order + column + side % sides * size + col];
                }
              }
              stage[(i * PANEL + q) * SPACED + item % 16] = entry;
            }
            BARRIER;
            if (working && tile >= t && tile < t + FILLED) {
              LOCAL_SPACE const real* entries = stage + ((tile - t) * PANEL + j) * SPACED;
#pragma unroll
              for (i = 0; i < 32; i++) {
                s[i] = entries[i / 16 * (PANEL * SPACED) + i % 16];
              }
            }
            BARRIER;
          }
          // What the columns left of the panel take away.
          for (k = from ? -2 : 0; k < from; k += 2) {
            const int next = k + 2 < from;
#pragma unroll
            for (i = 0; i < FETCHED; i++) {
              const int line = item / 32 + 4 * i;
              const int below = line - PANEL;
              fetched[i] = R(0);
              if (next && (below < 0 ? line < width : below < rows)) {
                fetched[i] = stored[stored_tile(below < 0 ? from + line : at + below, k + 2, tiles) + item % 32];
              }
            }
            if (k >= 0 && working) {
              pair_update(s, stage + k / 2 % 2 * (SLAB * LINE), tile, j, SLAB);
            }
#pragma unroll
            for (i = 0; i < FETCHED; i++) {
              const int line = item / 32 + 4 * i;
              if (next && line < lines) {
                stage[(k / 2 + 1) % 2 * (SLAB * LINE) + PLACE(item % 32 / 4, line, item % 4)] = fetched[i];
              }
            }
            BARRIER;
          }
          // The panel itself. Four columns of solutions, and behind them tiles that are not solved yet.
          for (e = item; e < 4 * LINE; e += DENSE_ITEMS) {
            stage[e] = R(0);
          }
          if (!factoring && item / 16 < width) {
            GLOBAL const real* own = stored + stored_tile(from + item / 16, from, tiles) + item % 16;
            known = own[0];
            pivots[item / 16 * 16 + item % 4 * 4 + item % 16 / 4] = own[item / 16 * 16];
          }
          for (k = 0; k < width; k++) {
            const int below = factoring ? width - 1 - k : 0;
            LOCAL_SPACE const real* l = pivots + k * 16;
            if (working && j == k) {
              pair_publish(s, stage, pivots, tile, k, d >= 0 && pair == k / 2);
            }
            BARRIER;
            for (e = item; e < 4 * (below + rows); e += DENSE_ITEMS) {
              const int line = e / 4 < below ? k + 1 + e / 4 : PANEL + e / 4 - below;
              const int row = line < PANEL ? from + line : at + line - PANEL;
              LOCAL_SPACE const real* v = stage + RAW + line * SPACED + e % 4 * 4;
              GLOBAL real* to = stored + stored_tile(row, from + k, tiles) + e % 4;
              real x[4];
              x[0] = v[0] * l[RECIPROCAL_0];
              x[1] = FMA(-x[0], l[4], v[1]) * l[RECIPROCAL_1];
              x[2] = FMA(-x[1], l[9], FMA(-x[0], l[8], v[2])) * l[RECIPROCAL_2];
              x[3] = FMA(-x[2], l[14], FMA(-x[1], l[13], FMA(-x[0], l[12], v[3]))) * l[RECIPROCAL_3];
#pragma unroll
              for (i = 0; i < 4; i++) {
                stage[PLACE(i, line, e % 4)] = x[i];
                to[4 * i] = x[i];
              }
              if (row >= tiles) {
                real sum = R(0);
#pragma unroll
                for (i = 0; i < 4; i++) {
                  sum = (from + k) * 4 + i < size ? FMA(x[i], x[i], sum) : sum;
                }
                lengths[(row - tiles) * 4 + e % 4] += sum;
              }
            }
            if (!factoring && item / 16 < width) {
              // The panel's own rows, from the pass that factored it.
              if (item / 16 > k) {
                stage[PLACE(item % 16 / 4, item / 16, item % 4)] = known;
              }
              if (item / 16 > k + 1) {
                known = stored[stored_tile(from + item / 16, from + k + 1, tiles) + item % 16];
              }
            }
            BARRIER;
            if (working && j > k) {
              pair_update(s, stage, tile, j, 4);
            }
          }
          // The diagonal tiles for later passes, data sets or kernels, and the logarithms of their pivots.
          if (factoring && item / 16 < width) {
            stored[stored_tile(from + item / 16, from + item / 16, tiles) + item % 4 * 4 + item % 16 / 4] = pivots[item];
          }
          if (factoring && item < width) {
            real sum = R(0);
            for (k = 0; k < 4 && (from + item) * 4 + k < size; k++) {
              sum += real_log(pivots[item * 16 + 5 * k]);
            }
            sums[item] = sum;
          }
          BARRIER_GLOBAL;
          if (factoring && item == 0) {
            for (k = 0; k < width; k++) {
              logarithms += sums[k];
            }
          }
          at += rows;
          first = 0;
        }
      }
      if (item < some) {
        real sum = R(0);
        int k;
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
