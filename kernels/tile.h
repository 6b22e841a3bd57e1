// Tiles of 4 x 4, row by row, of symmetric matrices: the lower triangle of tiles packed by rows. Factors, solutions and
// updates of single tiles, each by one item.
//
// SCRATCH where the tiles lie in global memory.

#ifndef SCRATCH
#define SCRATCH 0
#endif

// Elements from one tile to the next in local memory: one of padding, so that tiles start in different
// banks. The padding of a diagonal tile holds the sum of its pivots' logarithms.
#define TILE 17
#define TRIANGLE(i) ((i) * ((i) + 1) / 2)

// Places of the reciprocal pivots: unused elements above the diagonal of a factored tile.
#define RECIPROCAL_0 1
#define RECIPROCAL_1 2
#define RECIPROCAL_2 3
#define RECIPROCAL_3 6

// Row x column of tile `t` in a triangle of `rows` tile rows, in an order without a square root: row
// a + rows / 2 and what is left of its line, row rows / 2 - 1 - a.
DEVICE int triangle_row(int t, int rows) {
  const int width = rows | 1;
  const int a = t / width;
  return t % width <= a + rows / 2 ? a + rows / 2 : rows / 2 - 1 - a;
}

DEVICE int triangle_column(int t, int rows) {
  const int width = rows | 1;
  const int a = t / width;
  const int b = t % width;
  return b <= a + rows / 2 ? b : b - a - rows / 2 - 1;
}

// The pivot's square root; NaN where it is not positive.
DEVICE real pivot_root(real a) { return a > R(0) ? SQRT(a) : real_nan(); }

// The memory that a factorization works in, and what makes it visible to the group.
#if SCRATCH
#define SPACE GLOBAL
#define MEET BARRIER_GLOBAL
#else
#define SPACE LOCAL_SPACE
#define MEET BARRIER
#endif

// L L' = A for one tile, in place; reciprocal pivots above the diagonal.
DEVICE void tile_factor(SPACE real* t) {
  const real p0 = pivot_root(t[0]);
  const real v0 = R(1) / p0;
  const real l10 = t[4] * v0;
  const real l20 = t[8] * v0;
  const real l30 = t[12] * v0;
  const real p1 = pivot_root(FMA(-l10, l10, t[5]));
  const real v1 = R(1) / p1;
  const real l21 = FMA(-l20, l10, t[9]) * v1;
  const real l31 = FMA(-l30, l10, t[13]) * v1;
  const real p2 = pivot_root(FMA(-l21, l21, FMA(-l20, l20, t[10])));
  const real v2 = R(1) / p2;
  const real l32 = FMA(-l31, l21, FMA(-l30, l20, t[14])) * v2;
  const real p3 = pivot_root(FMA(-l32, l32, FMA(-l31, l31, FMA(-l30, l30, t[15]))));
  t[0] = p0;
  t[4] = l10;
  t[5] = p1;
  t[8] = l20;
  t[9] = l21;
  t[10] = p2;
  t[12] = l30;
  t[13] = l31;
  t[14] = l32;
  t[15] = p3;
  t[RECIPROCAL_0] = v0;
  t[RECIPROCAL_1] = v1;
  t[RECIPROCAL_2] = v2;
  t[RECIPROCAL_3] = R(1) / p3;
}

// x L' = x for one row of four, in place, elements `stride` apart: l a factored tile.
DEVICE void row_solve(SPACE const real* l, SPACE real* x, int stride) {
  const real x0 = x[0] * l[RECIPROCAL_0];
  const real x1 = FMA(-x0, l[4], x[stride]) * l[RECIPROCAL_1];
  const real x2 = FMA(-x1, l[9], FMA(-x0, l[8], x[2 * stride])) * l[RECIPROCAL_2];
  const real x3 =
      FMA(-x2, l[14], FMA(-x1, l[13], FMA(-x0, l[12], x[3 * stride]))) * l[RECIPROCAL_3];
  x[0] = x0;
  x[stride] = x1;
  x[2 * stride] = x2;
  x[3 * stride] = x3;
}

// x L = x for one row of four, in place, elements `stride` apart: l a factored tile.
DEVICE void row_solve_transposed(SPACE const real* l, SPACE real* x, int stride) {
  const real x3 = x[3 * stride] * l[RECIPROCAL_3];
  const real x2 = FMA(-x3, l[14], x[2 * stride]) * l[RECIPROCAL_2];
  const real x1 = FMA(-x3, l[13], FMA(-x2, l[9], x[stride])) * l[RECIPROCAL_1];
  x[0] = FMA(-x3, l[12], FMA(-x2, l[8], FMA(-x1, l[4], x[0]))) * l[RECIPROCAL_0];
  x[stride] = x1;
  x[2 * stride] = x2;
  x[3 * stride] = x3;
}

// -(L L')^-1 in place of a factored tile, both triangles.
DEVICE void tile_negative_inverse(SPACE real* t) {
  const real v0 = t[RECIPROCAL_0];
  const real v1 = t[RECIPROCAL_1];
  const real v2 = t[RECIPROCAL_2];
  const real v3 = t[RECIPROCAL_3];
  // L^-1.
  const real i10 = -v1 * t[4] * v0;
  const real i20 = -v2 * FMA(t[9], i10, t[8] * v0);
  const real i30 = -v3 * FMA(t[14], i20, FMA(t[13], i10, t[12] * v0));
  const real i21 = -v2 * t[9] * v1;
  const real i31 = -v3 * FMA(t[14], i21, t[13] * v1);
  const real i32 = -v3 * t[14] * v2;
  t[0] = -FMA(i30, i30, FMA(i20, i20, FMA(i10, i10, v0 * v0)));
  t[1] = t[4] = -FMA(i30, i31, FMA(i20, i21, i10 * v1));
  t[2] = t[8] = -FMA(i30, i32, i20 * v2);
  t[3] = t[12] = -i30 * v3;
  t[5] = -FMA(i31, i31, FMA(i21, i21, v1 * v1));
  t[6] = t[9] = -FMA(i31, i32, i21 * v2);
  t[7] = t[13] = -i31 * v3;
  t[10] = -FMA(i32, i32, v2 * v2);
  t[11] = t[14] = -i32 * v3;
  t[15] = -v3 * v3;
}

// C -= A B', tiles; element (i, k) of A at i ai + k ak, of B likewise.
DEVICE void tile_update(SPACE real* c, SPACE const real* a, int ai, int ak, SPACE const real* b, int bi,
                        int bk) {
  real s[16];
  int i, j, k;
  for (i = 0; i < 16; i++) {
    s[i] = c[i];
  }
  for (k = 0; k < 4; k++) {
    real x[4];
    real y[4];
    for (i = 0; i < 4; i++) {
      x[i] = -a[i * ai + k * ak];
      y[i] = b[i * bi + k * bk];
    }
    for (i = 0; i < 4; i++) {
      for (j = 0; j < 4; j++) {
        s[4 * i + j] = FMA(x[i], y[j], s[4 * i + j]);
      }
    }
  }
  for (i = 0; i < 16; i++) {
    c[i] = s[i];
  }
}
