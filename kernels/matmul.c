// Matrix products C = op(A) op(B) of batches, with bias and activation.
//
// A is stored (batch, m, k), or (batch, k, m) with TRANSPOSE_A; B (batch, k, n), or (batch, n, k)
// with TRANSPOSE_B; C (batch, m, n). Sums run over k in ascending order with fused multiply-adds, in
// as many parts as the shape says: the same bytes whatever the launch.
// Source: V. Volkov and J. Demmel, "Benchmarking GPUs to tune dense linear algebra", SC 2008 (tiles
// in registers); NVIDIA CUTLASS, "Efficient GEMM in CUDA" (levels of tiles, split k).
// Headers: product.h

#ifndef TILE_M
#define TILE_M 128
#define TILE_N 128
#define TILE_K 8
#define THREAD_M 8
#define THREAD_N 8
#endif
// Items of a group: ITEMS_M x ITEMS_N, each with THREAD_M x THREAD_N results.
#define ITEMS_M (TILE_M / THREAD_M)
#define ITEMS_N (TILE_N / THREAD_N)
#define MATMUL_ITEMS (ITEMS_M * ITEMS_N)
// Groups that share a multiprocessor's registers, where the assembler's own choice is worse: one of 256 items alone waits
// at every barrier (0: its own choice).
#define MATMUL_GROUPS \
  (MATMUL_ITEMS == 256 ? 2 : MATMUL_ITEMS == 64 && TILE_M == TILE_N && REAL_BITS == 32 ? 10 : 0)

// 32 neighbouring items form a patch of results, so that they share rows and columns in LOCAL
// memory; an item's rows and columns come in strips of 16 bytes, strips of neighbours side by side.
// On a GPU items 2 i and 2 i + 1 share columns, 4 i + j and 4 i + j + 2 rows: a load of 16 bytes an item then takes two
// cycles of LOCAL memory where it would take four (NVIDIA's forum for developers, thread 77228). On a processor neighbouring
// items are lanes of a vector, and take neighbouring columns.
#define CROSSED (LANES * REAL_BITS == 128)
#define PATCH_N (ITEMS_N < 8 ? ITEMS_N : 8)
#define PATCH_M (32 / PATCH_N)
#define STRIP (REAL_BITS == 64 ? 2 : 4)
#define ROW_OF(i) ((i) / STRIP * (ITEMS_M * STRIP) + item_m * STRIP + (i) % STRIP)
#define COLUMN_OF(j) ((j) / STRIP * (ITEMS_N * STRIP) + item_n * STRIP + (j) % STRIP)

// One strip of padding: storing a transposed tile meets each bank once.
#define LINE_M (TILE_M + STRIP)
#define LINE_N (TILE_N + STRIP)

// Elements of a tile that an item brings in, and where the e-th of them lies: along the memory of
// the operand, so that neighbouring items read neighbours. MATMUL_ITEMS is a multiple of each extent.
#define BRING_A (TILE_M * TILE_K / MATMUL_ITEMS)
#define BRING_B (TILE_N * TILE_K / MATMUL_ITEMS)
#define A_ROW(e) (TRANSPOSE_A ? item % TILE_M : item / TILE_K + (e) * (MATMUL_ITEMS / TILE_K))
#define A_DEPTH(e) (TRANSPOSE_A ? item / TILE_M + (e) * (MATMUL_ITEMS / TILE_M) : item % TILE_K)
#define B_COLUMN(e) (TRANSPOSE_B ? item / TILE_K + (e) * (MATMUL_ITEMS / TILE_K) : item % TILE_N)
#define B_DEPTH(e) (TRANSPOSE_B ? item % TILE_K : item / TILE_N + (e) * (MATMUL_ITEMS / TILE_N))

// C_p = op(A) op(B) over the part p of k, with the epilogue: c (parts, batch, m, n).
//
// Part p is [p depth, min(k, (p + 1) depth)); one part (depth >= k) gives C, more are added by
// matmul_add_parts. Two tiles of each operand in LOCAL memory: while one is used, the next is
// brought into registers and stored beside it. bias (n,) is read unless epilogue is 0.
// Geometry: groups of MATMUL_ITEMS, one for each tile of each product and part: tiles(n) fastest,
// then tiles(m), batch, parts.
KERNEL_RESIDENT(MATMUL_ITEMS, 1, 1, MATMUL_GROUPS) matmul_tiled(
    IN(real, a), IN(real, b), IN(real, bias), OUT(real, c), const int batch, const int m, const int n,
    const int k, const int depth, const int epilogue, const real slope) {
  OPEN_IN(real, a);
  OPEN_IN(real, b);
  OPEN_IN(real, bias);
  OPEN_OUT(real, c);
  LOCAL real tile_a[2][TILE_K][LINE_M] ALIGNED(16);
  LOCAL real tile_b[2][TILE_K][LINE_N] ALIGNED(16);
  const int item = ITEM(0);
  const int own_m = CROSSED ? item % 32 / (2 * PATCH_N) * 2 + item % 2 : item % 32 / PATCH_N;
  const int own_n = CROSSED ? item / 2 % PATCH_N : item % PATCH_N;
  const int item_m = item / 32 / (ITEMS_N / PATCH_N) * PATCH_M + own_m;
  const int item_n = item / 32 % (ITEMS_N / PATCH_N) * PATCH_N + own_n;
  const int tiles_m = (m + TILE_M - 1) / TILE_M;
  const int tiles_n = (n + TILE_N - 1) / TILE_N;
  const int product = GROUP(0) / (tiles_m * tiles_n);
  const int row = GROUP(0) / tiles_n % tiles_m * TILE_M;
  const int column = GROUP(0) % tiles_n * TILE_N;
  const int from = product / batch * depth;
  const int end = k - from < depth ? k : from + depth;
  GLOBAL const real* x = a + product % batch * (m * k);
  GLOBAL const real* y = b + product % batch * (k * n);

  real sum[THREAD_M][THREAD_N];
#pragma unroll
  for (int i = 0; i < THREAD_M; i++) {
#pragma unroll
    for (int j = 0; j < THREAD_N; j++) {
      sum[i][j] = R(0);
    }
  }
  real next_a[BRING_A];
  real next_b[BRING_B];
#pragma unroll
  for (int e = 0; e < BRING_A; e++) {
    tile_a[0][A_DEPTH(e)][A_ROW(e)] = matmul_a(x, row + A_ROW(e), from + A_DEPTH(e), m, k, end);
  }
#pragma unroll
  for (int e = 0; e < BRING_B; e++) {
    tile_b[0][B_DEPTH(e)][B_COLUMN(e)] =
        matmul_b(y, from + B_DEPTH(e), column + B_COLUMN(e), n, k, end);
  }
  BARRIER;
  int side = 0;
  for (int p = from; p < end; p += TILE_K) {
    // The last round brings in zeros that are not used, which costs less than asking.
#pragma unroll
    for (int e = 0; e < BRING_A; e++) {
      next_a[e] = matmul_a(x, row + A_ROW(e), p + TILE_K + A_DEPTH(e), m, k, end);
    }
#pragma unroll
    for (int e = 0; e < BRING_B; e++) {
      next_b[e] = matmul_b(y, p + TILE_K + B_DEPTH(e), column + B_COLUMN(e), n, k, end);
    }
#pragma unroll
    for (int d = 0; d < TILE_K; d++) {
      real left[THREAD_M];
      real right[THREAD_N];
#pragma unroll
      for (int i = 0; i < THREAD_M; i++) {
        left[i] = tile_a[side][d][ROW_OF(i)];
      }
#pragma unroll
      for (int j = 0; j < THREAD_N; j++) {
        right[j] = tile_b[side][d][COLUMN_OF(j)];
      }
#pragma unroll
      for (int i = 0; i < THREAD_M; i++) {
#pragma unroll
        for (int j = 0; j < THREAD_N; j++) {
          sum[i][j] = FMA(left[i], right[j], sum[i][j]);
        }
      }
    }
    side = 1 - side;
#pragma unroll
    for (int e = 0; e < BRING_A; e++) {
      tile_a[side][A_DEPTH(e)][A_ROW(e)] = next_a[e];
    }
#pragma unroll
    for (int e = 0; e < BRING_B; e++) {
      tile_b[side][B_DEPTH(e)][B_COLUMN(e)] = next_b[e];
    }
    BARRIER;
  }

  GLOBAL real* z = c + product * (m * n);
#pragma unroll
  for (int i = 0; i < THREAD_M; i++) {
    const int r = row + ROW_OF(i);
#pragma unroll
    for (int j = 0; j < THREAD_N; j++) {
      const int s = column + COLUMN_OF(j);
      if (r < m && s < n) {
        z[r * n + s] = matmul_epilogue(epilogue, sum[i][j], bias, s, slope);
      }
    }
  }
}

// C = sum over p of C_p in ascending order, with the epilogue; partial (parts, size / n, n),
// c (size / n, n), bias as in matmul_tiled. c may be partial when there is one part.
// Geometry: any.
KERNEL matmul_add_parts(
    IN(real, partial), IN(real, bias), OUT(real, c), const int parts, const int size, const int n,
    const int epilogue, const real slope) {
  OPEN_IN(real, partial);
  OPEN_IN(real, bias);
  OPEN_OUT(real, c);
  for (int i = INDEX(0); i < size; i += INDICES(0)) {
    real sum = partial[i];
    for (int p = 1; p < parts; p++) {
      sum += partial[p * size + i];
    }
    c[i] = matmul_epilogue(epilogue, sum, bias, i % n, slope);
  }
}

// C = op(A) op(B) with the epilogue, one item an element: for products so small that tiles would
// be mostly empty. Operands and bias as in matmul_tiled, c (batch, m, n), size = batch m n.
// Geometry: any.
KERNEL matmul_elements(
    IN(real, a), IN(real, b), IN(real, bias), OUT(real, c), const int size, const int m, const int n,
    const int k, const int epilogue, const real slope) {
  OPEN_IN(real, a);
  OPEN_IN(real, b);
  OPEN_IN(real, bias);
  OPEN_OUT(real, c);
  for (int i = INDEX(0); i < size; i += INDICES(0)) {
    const int product = i / (m * n);
    const int row = i / n % m;
    const int column = i % n;
    real sum = R(0);
    for (int p = 0; p < k; p++) {
      sum = FMA(
          matmul_a(a + product * (m * k), row, p, m, k, k),
          matmul_b(b + product * (k * n), p, column, n, k, k), sum);
    }
    c[i] = matmul_epilogue(epilogue, sum, bias, column, slope);
  }
}
