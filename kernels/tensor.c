// Matrix products of float32 on tensor cores: the launches of matmul_tiled, with the same arguments.
//
// TERMS = 1: operands rounded to TF32 (11 significant bits). TERMS = 3: an operand is x = big + small,
// big rounded to TF32 and small = x - big cut to it, and a b = small_a big_b + big_a small_b + big_a big_b, smallest
// first; what is left out is within 3 * 2^-22 |a b|, and 2^-126 (|a| + |b|) where operands are below
// 2^-104. Tensor cores add with truncation, so eight terms at a time are theirs; the sums of eight are
// added in float32 to nearest, in ascending order: the same bytes for every size of tile.
// Where a sum is not finite (an infinite or not a number among the operands, or one too large for TF32) it
// is taken anew by fused multiply-adds, as in matmul.c.
// Source: H. Ootomo and R. Yokota, "Recovering single precision accuracy from tensor cores while
// surpassing the FP32 theoretical peak performance", Int. J. High Perform. Comput. Appl. 36, 2022
// (split, sums outside); M. Fasi, N. Higham, M. Mikaitis, S. Pranesh, "Numerical behavior of NVIDIA
// tensor cores", PeerJ Comput. Sci. 7, 2021.
// Headers: product.h, tensor.cuda.h
// Dialects: cuda
// Architectures: 80

#ifndef TILE
#define TILE 128
#define TERMS 3
#endif

// A group takes TILE x TILE results and TENSOR_DEPTH of k at a time; its warps stand in two columns and
// have 32 x TILE / 2 results each, as parts of 16 x 8. Tiles of STAGES steps take 48 KiB of LOCAL memory
// (TILE 64: 32). EIGHTS: how many eights of depths are unrolled, for 128 registers.
#define TENSOR_DEPTH 16
#define TENSOR_ITEMS (2 * TILE)
#define STAGES (TILE == 128 ? 3 : 4)
#define EIGHTS (TERMS == 3 ? 1 : 2)
#define PARTS_M 2
#define PARTS_N (TILE / 16)

#define STEP_A (TILE * TENSOR_DEPTH)
#define STEP (2 * STEP_A)

// Results pass through LOCAL memory, 32 rows of a warp at a time: its lanes write a row together.
#define PATCH_LINE 40
#define PATCH (32 * PATCH_LINE)

// Tiles of a band of results that follow each other share operands in the second-level cache.
#define BAND 8

// Where element (line, depth) of a tile lies: a line is a row of op(A) or a column of op(B). As in the
// operand's memory, either depths of a line are neighbours (ALONG) or lines of a depth; eight lines, four
// pairs of depths, and the copies of neighbouring items meet each bank once.
#define ALONG_A (!TRANSPOSE_A)
#define ALONG_B TRANSPOSE_B
#define PLACE_ALONG(line, depth) \
  ((line) * TENSOR_DEPTH + (((depth) / 4) ^ (((line) & 2) | ((line) / 4 & 1))) * 4 + (depth) % 4)
#define PLACE_ACROSS(line, depth) ((depth) * TILE + ((line) ^ ((depth) / 2 % 4 * 8)))

// Begins to copy TILE lines from `first` on, TENSOR_DEPTH depths from `from` on, into a tile. Zeros where
// lines or depths end. `wide`: rows of memory begin at multiples of 16 bytes, and so do ends.
DEVICE void tensor_bring(
    int along, int wide, GLOBAL const real* x, int first, int lines, int from, int end, int k,
    LOCAL_SPACE real* tiles, uint at) {
  const uint item = item_again();
  if (wide) {
#pragma unroll
    for (int e = 0; e < TILE * TENSOR_DEPTH / 4 / TENSOR_ITEMS; e++) {
      const uint i = item + e * TENSOR_ITEMS;
      const uint line = along ? i / (TENSOR_DEPTH / 4) : i % (TILE / 4) * 4;
      const uint depth = along ? i % (TENSOR_DEPTH / 4) * 4 : i / (TILE / 4);
      const int l = first + (int)line;
      const int p = from + (int)depth;
      const int inside = l < lines && p < end;
      copy_16(
          tiles, at + (along ? PLACE_ALONG(line, depth) : PLACE_ACROSS(line, depth)),
          x + (inside ? (along ? l * k + p : p * lines + l) : 0), inside);
    }
  } else {
#pragma unroll 2
    for (int e = 0; e < TILE * TENSOR_DEPTH / TENSOR_ITEMS; e++) {
      const uint i = item + e * TENSOR_ITEMS;
      const uint line = along ? i / TENSOR_DEPTH : i % TILE;
      const uint depth = along ? i % TENSOR_DEPTH : i / TILE;
      const int l = first + (int)line;
      const int p = from + (int)depth;
      const int inside = l < lines && p < end;
      copy_4(
          tiles, at + (along ? PLACE_ALONG(line, depth) : PLACE_ACROSS(line, depth)),
          x + (inside ? (along ? l * k + p : p * lines + l) : 0), inside);
    }
  }
}

// Whether rows of an operand's memory begin and end at multiples of 16 bytes.
DEVICE int tensor_wide(int along, GLOBAL const real* x, int lines, int end, int k) {
  return ALIGNED_16(x) && (along ? (k | end) : lines) % 4 == 0;
}

// Two neighbouring depths, the even one first, of line 8 u behind that of `at`, d = 0 or 8 behind its
// depth, where `at` is the place of one of the first eight lines of 32 and one of the first eight depths.
DEVICE void tensor_pair(int along, LOCAL_SPACE const real* tiles, uint at, int u, int d, real* x) {
  const uint place =
      along ? (at ^ d) + 8 * u * TENSOR_DEPTH : ((at + d * TILE) ^ (u % 4 * 8)) + u / 4 * 32;
  if (along) {
    load_pair(tiles + place, x);
  } else {
    x[0] = tiles[place];
    x[1] = tiles[place + TILE];
  }
}

// x = big + small: big is x to the nearest with 11 significant bits, ties away from zero, and of what is left the last of 12 bits
// is cut. The device has no instruction that rounds to TF32; in whole numbers it takes two. There a NaN may become a
// number as big, not as small. Alone, big is made by 2^13 + 1 (Dekker 1971), ties to any side.
DEVICE void tensor_split(real x, uint* big, uint* small) {
#if TERMS == 3
  *big = (AS_UINT(x) + 0x1000u) & 0xffffe000u;
  *small = AS_UINT(x - AS_FLOAT(*big)) & 0xffffe000u;
#else
  *big = AS_UINT(FMA(R(-8192), x, x * R(8193))) & 0xffffe000u;
  *small = 0;
#endif
}

// C_p = op(A) op(B) over the part p of k, with the epilogue: arguments as of matmul_tiled.
//
// An item holds of eight depths 2 t and 2 t + 1 where the product says t and t + 4, of both operands:
// a sum's terms in another order, and one load of eight bytes for both where depths are neighbours.
// Geometry: groups of TENSOR_ITEMS, one for each tile of each product and part: tiles of a product
// fastest (bands of BAND rows of tiles, columns of tiles in a band, rows in a column), then batch, parts.
KERNEL_OF(TENSOR_ITEMS, 1, 1) tensor_product(
    IN(real, a), IN(real, b), IN(real, bias), OUT(real, c), const int batch, const int m, const int n,
    const int k, const int depth, const int epilogue, const real slope) {
  OPEN_IN(real, a);
  OPEN_IN(real, b);
  OPEN_IN(real, bias);
  OPEN_OUT(real, c);
  LOCAL real tiles[STAGES * STEP] ALIGNED(16);
  const uint item = ITEM(0);
  const uint lane = item % 32;
  const uint warp_row = item / 64 * 32;
  const uint warp_column = item / 32 % 2 * (TILE / 2);
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
  KEEP(x);
  KEEP(y);
  const int wide = tensor_wide(ALONG_A, x, m, end, k) && tensor_wide(ALONG_B, y, n, end, k);

  real sum[PARTS_M][PARTS_N][4];
#pragma unroll
  for (int i = 0; i < PARTS_M; i++) {
#pragma unroll
    for (int j = 0; j < PARTS_N; j++) {
#pragma unroll
      for (int q = 0; q < 4; q++) {
        sum[i][j][q] = R(0);
      }
    }
  }
  // Before the products of a step all its tiles are there, and nobody needs those of the step before,
  // which are overwritten by the next to bring.
  uint at_a = STEP + (ALONG_A ? PLACE_ALONG(warp_row + lane / 4, lane % 4 * 2)
                              : PLACE_ACROSS(warp_row + lane / 4, lane % 4 * 2));
  uint at_b = STEP + STEP_A + (ALONG_B ? PLACE_ALONG(warp_column + lane / 4, lane % 4 * 2)
                                       : PLACE_ACROSS(warp_column + lane / 4, lane % 4 * 2));
  for (int p = (1 - STAGES) * TENSOR_DEPTH; p < end; p += TENSOR_DEPTH) {
    COPIES_WAIT(STAGES - 2);
    BARRIER;
    const int next = p + (STAGES - 1) * TENSOR_DEPTH;
    if (next < end) {
      const uint stage = at_a / STEP;
      const uint to = (stage == 0 ? STAGES - 1 : stage - 1) * STEP;
      tensor_bring(ALONG_A, wide, x, row, m, next, end, k, tiles, to);
      tensor_bring(ALONG_B, wide, y, column, n, next, end, k, tiles, to + STEP_A);
    }
    COPIES_END;
    if (p >= 0) {
#pragma unroll EIGHTS
      for (int d = 0; d < TENSOR_DEPTH; d += 8) {
        uint big_a[PARTS_M][4];
        uint small_a[PARTS_M][4];
#pragma unroll
        for (int i = 0; i < PARTS_M; i++) {
#pragma unroll
          for (int h = 0; h < 2; h++) {
            real two[2];
            tensor_pair(ALONG_A, tiles, at_a, 2 * i + h, d, two);
            tensor_split(two[0], &big_a[i][h], &small_a[i][h]);
            tensor_split(two[1], &big_a[i][h + 2], &small_a[i][h + 2]);
          }
        }
#pragma unroll
        for (int j = 0; j < PARTS_N; j++) {
          real two[2];
          uint big_b[2];
          uint small_b[2];
          tensor_pair(ALONG_B, tiles, at_b, j, d, two);
          tensor_split(two[0], &big_b[0], &small_b[0]);
          tensor_split(two[1], &big_b[1], &small_b[1]);
#pragma unroll
          for (int i = 0; i < PARTS_M; i++) {
#if TERMS == 3
            real eight[4] = {R(0), R(0), R(0), R(0)};
            multiply_tf32(eight, small_a[i], big_b, eight);
            multiply_tf32(eight, big_a[i], small_b, eight);
            multiply_tf32(eight, big_a[i], big_b, eight);
#pragma unroll
            for (int q = 0; q < 4; q++) {
              sum[i][j][q] += eight[q];
            }
#else
            multiply_tf32(sum[i][j], big_a[i], big_b, sum[i][j]);
#endif
          }
        }
      }
    }
    const uint on = at_a < (STAGES - 1) * STEP ? STEP : STEP - STAGES * STEP;
    at_a += on;
    at_b += on;
  }

  GLOBAL real* z = c + product * (m * n);
  const uint again = item_again();
  LOCAL_SPACE real* patch = tiles + again / 32 * PATCH;
#pragma unroll
  for (int strip = 0; strip < PARTS_N; strip += 4) {
    BARRIER;
#pragma unroll
    for (int i = 0; i < PARTS_M; i++) {
#pragma unroll
      for (int j = 0; j < 4; j++) {
#pragma unroll
        for (int q = 0; q < 4; q++) {
          patch[(16 * i + again % 32 / 4 + q / 2 * 8) * PATCH_LINE + 8 * j + again % 4 * 2 + q % 2] =
              sum[i][strip + j][q];
        }
      }
    }
    BARRIER;
    const int own = column + (int)(again / 32 % 2 * (TILE / 2) + 8 * strip + again % 32);
    const int first = row + (int)(again / 64 * 32);
    const int last = own < n ? (m < first + 32 ? m : first + 32) : first;
#pragma unroll 1
    for (int r = first; r < last; r++) {
      real total = patch[(r - first) * PATCH_LINE + again % 32];
      if (!(ABS(total) < real_infinity())) {
        total = R(0);
#pragma unroll 1
        for (int p = 0; p < end; p++) {
          total = FMA(matmul_a(x, r, p, m, k, end), matmul_b(y, p, own, n, k, end), total);
        }
      }
      z[r * n + own] = matmul_epilogue(epilogue, total, bias, own, slope);
    }
  }
}
