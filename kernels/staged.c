// Large matrix products of float32 in full precision: the launches of matmul_tiled of its largest tile, with the same
// arguments and the same bytes.
//
// Where matmul_tiled brings tiles through registers, with a question an element, copies here pass no registers and ask
// once a step: of the instructions of a step nine in ten are multiply-adds (docs/decisions/047-machine-code.md). Sums run
// over k in ascending order.
// Source: NVIDIA CUTLASS, "Efficient GEMM in CUDA" (stages, fragments one depth ahead); S. Gray, "SGEMM", maxas, 2014 (which
// items share rows and columns).
// Headers: product.h, tensor.cuda.h
// Dialects: cuda
// Architectures: 80

// A group of STAGED_ITEMS takes TILE x TILE results, an item 8 x 8 of them as 2 x 2 parts of 4 x 4, and STAGED_DEPTH of k
// at a time. Tiles of two steps, lines side by side for every depth, take 33 KiB of LOCAL memory.
#define TILE 128
#define STAGED_DEPTH 16
#define STAGED_ITEMS 256
#define THREAD 8

// Four of padding: copies that put depths of a line below each other meet each bank once.
#define LINE (TILE + 4)
#define STEP_A (STAGED_DEPTH * LINE)
#define STEP (2 * STEP_A)

// Of 32 neighbouring items 4 share columns and 8 rows, pairs of them neighbours (matmul.c).
#define ITEM_M(item) ((item) / 64 * 4 + (item) % 32 / 16 * 2 + (item) % 2)
#define ITEM_N(item) ((item) / 32 % 2 * 8 + (item) / 2 % 8)
#define PLACE_OF(i, own) ((i) / 4 * 64 + (own) * 4 + (i) % 4)

// Tiles of a band of results that follow each other share operands in the second-level cache.
#define BAND 16

#define ALONG_A (!TRANSPOSE_A)
#define ALONG_B TRANSPOSE_B

// Where an item's copies of a tile begin. Depths of a line are neighbours in memory (`along`): copies of 4 bytes, EVERY lines
// apart; or lines of a depth: copies of 16 bytes. Each for the first half of the depths and for the second.
#define HALF (STAGED_DEPTH / 2)
#define EVERY (STAGED_ITEMS / HALF)
#define OWN_LINE(along, item) ((along) ? (item) / HALF : (item) % (TILE / 4) * 4)
#define OWN_DEPTH(along, item) ((along) ? (item) % HALF : (item) / (TILE / 4))
#define PLACE(line, depth) ((depth) * LINE + (line))

// Begins to copy a whole tile to element `at`: x is the item's own first element of it, which moves on to the next tile.
DEVICE void staged_whole(int along, GLOBAL const real** x, int lines, int k, LOCAL_SPACE real* tiles, int at) {
  if (along) {
#pragma unroll
    for (int e = 0; e < TILE / EVERY; e++) {
      GLOBAL const real* line = *x + e * EVERY * k;
      copy_4(tiles, at + PLACE(e * EVERY, 0), line, 1);
      copy_4(tiles, at + PLACE(e * EVERY, HALF), line + HALF, 1);
    }
    *x += STAGED_DEPTH;
  } else {
    copy_16(tiles, at, *x, 1);
    copy_16(tiles, at + PLACE(0, HALF), *x + HALF * lines, 1);
    *x += STAGED_DEPTH * lines;
  }
}

// Begins to copy a tile of lines from `first` on, depths from `from` on, one element a copy: the last line again behind it,
// zeros where depths end.
DEVICE void staged_part(
    int along, GLOBAL const real* x, int first, int lines, int from, int end, int k, LOCAL_SPACE real* tiles, int at) {
#pragma unroll 1
  for (int i = (int)item_again(); i < TILE * STAGED_DEPTH; i += STAGED_ITEMS) {
    const int line = along ? i / HALF % TILE : i % TILE;
    const int depth = along ? i / (TILE * HALF) * HALF + i % HALF : i / TILE;
    const int l = first + line < lines ? first + line : lines - 1;
    const int p = from + depth;
    copy_4(tiles, at + PLACE(line, depth), x + (p < end ? (along ? l * k + p : p * lines + l) : 0), p < end);
  }
}

// Of one depth of a tile what an item multiplies: two strips of four.
DEVICE void staged_depth(LOCAL_SPACE const real* own, real* x) {
  load_four(own, x);
  load_four(own + TILE / 2, x + 4);
}

// Begins to copy both tiles from depth `next` on.
#define STAGED_BRING \
  if (next < whole) { \
    staged_whole(ALONG_A, &next_a, m, k, tiles, to + to_a); \
    staged_whole(ALONG_B, &next_b, n, k, tiles, to + to_b); \
  } else if (next < end) { \
    staged_part(ALONG_A, x, row, m, next, end, k, tiles, to); \
    staged_part(ALONG_B, y, column, n, next, end, k, tiles, to + STEP_A); \
  } \
  COPIES_END

// C_p = op(A) op(B) over the part p of k, with the epilogue: arguments as of matmul_tiled.
//
// Geometry: groups of STAGED_ITEMS, one for each tile of each product and part: tiles of a product
// fastest (bands of BAND rows of tiles, columns of tiles in a band, rows in a column), then batch, parts.
KERNEL_OF(STAGED_ITEMS, 1, 1) staged_product(
    IN(real, a), IN(real, b), IN(real, bias), OUT(real, c), const int batch, const int m, const int n,
    const int k, const int depth, const int epilogue, const real slope) {
  OPEN_IN(real, a);
  OPEN_IN(real, b);
  OPEN_IN(real, bias);
  OPEN_OUT(real, c);
  LOCAL real tiles[2 * STEP] ALIGNED(16);
  const uint item = ITEM(0);
  const int tiles_m = (m + TILE - 1) / TILE;
  const int tiles_n = (n + TILE - 1) / TILE;
  const int product = GROUP(0) / (tiles_m * tiles_n);
  const int band = GROUP(0) % (tiles_m * tiles_n) / (BAND * tiles_n) * BAND;
  const int place = GROUP(0) % (tiles_m * tiles_n) % (BAND * tiles_n);
  const int rows = tiles_m - band < BAND ? tiles_m - band : BAND;
  const int row = (band + place % rows) * TILE;
  const int column = place / rows * TILE;
  const int from = product / batch * depth;
  const int end = k - from < depth ? k - from : depth;
  GLOBAL const real* x = a + product % batch * (m * k) + from * (ALONG_A ? 1 : m);
  GLOBAL const real* y = b + product % batch * (k * n) + from * (ALONG_B ? 1 : n);
  // Depths up to which tiles are copied whole: none where results end within the tile, or rows of memory begin anywhere.
  const int wide = row + TILE <= m && column + TILE <= n && (ALONG_A || (ALIGNED_16(x) && m % 4 == 0)) &&
                   (ALONG_B || (ALIGNED_16(y) && n % 4 == 0));
  const int whole = wide ? end / STAGED_DEPTH * STAGED_DEPTH : 0;
  const int line_a = OWN_LINE(ALONG_A, (int)item);
  const int depth_a = OWN_DEPTH(ALONG_A, (int)item);
  const int line_b = OWN_LINE(ALONG_B, (int)item);
  const int depth_b = OWN_DEPTH(ALONG_B, (int)item);
  GLOBAL const real* next_a = x + (ALONG_A ? (row + line_a) * k + depth_a : depth_a * m + row + line_a);
  GLOBAL const real* next_b = y + (ALONG_B ? (column + line_b) * k + depth_b : depth_b * n + column + line_b);
  const int to_a = PLACE(line_a, depth_a);
  const int to_b = STEP_A + PLACE(line_b, depth_b);

  real sum[THREAD][THREAD];
#pragma unroll
  for (int i = 0; i < THREAD; i++) {
#pragma unroll
    for (int j = 0; j < THREAD; j++) {
      sum[i][j] = R(0);
    }
  }
  int next = 0;
  int to = 0;
  STAGED_BRING;
  COPIES_WAIT(0);
  BARRIER;
  // What is multiplied comes into registers one depth ahead.
  real left[2][THREAD];
  real right[2][THREAD];
  const int at_a = (int)ITEM_M(item) * 4;
  const int at_b = STEP_A + (int)ITEM_N(item) * 4;
  staged_depth(tiles + at_a, left[0]);
  staged_depth(tiles + at_b, right[0]);
  int now = 0;
#pragma unroll 1
  do {
    next += STAGED_DEPTH;
    to = STEP - to;
    STAGED_BRING;
#pragma unroll
    for (int d = 0; d < STAGED_DEPTH; d++) {
      if (d == HALF && next - HALF >= end) {
        // Zeros behind the last eight depths would turn a sum of -0 to 0.
        break;
      }
      if (d == STAGED_DEPTH - 1) {
        // All have the last of this step in registers: the next to come overwrites its tiles. Behind the last step nothing
        // came, and what is read once more is not used.
        COPIES_WAIT(0);
        BARRIER;
        now = next < end ? to : now;
      }
      const int ahead = (d + 1) % STAGED_DEPTH;
      staged_depth(tiles + now + at_a + ahead * LINE, left[(d + 1) % 2]);
      staged_depth(tiles + now + at_b + ahead * LINE, right[(d + 1) % 2]);
#pragma unroll
      for (int i = 0; i < THREAD; i++) {
#pragma unroll
        for (int j = 0; j < THREAD; j++) {
          sum[i][j] = FMA(left[d % 2][i], right[d % 2][j], sum[i][j]);
        }
      }
    }
  } while (next < end);
  COPIES_WAIT(0);

  // Results one by one: stores of 16 bytes want four sums in neighbouring registers, where a multiply-add in three meets
  // both its factors' bank of registers.
  GLOBAL real* z = c + product * (m * n);
  const int own = (int)item_again();
#pragma unroll
  for (int i = 0; i < THREAD; i++) {
    const int r = row + PLACE_OF(i, ITEM_M(own));
#pragma unroll
    for (int j = 0; j < THREAD; j++) {
      const int s = column + PLACE_OF(j, ITEM_N(own));
      if (r < m && s < n) {
        z[r * n + s] = matmul_epilogue(epilogue, sum[i][j], bias, s, slope);
      }
    }
  }
}
