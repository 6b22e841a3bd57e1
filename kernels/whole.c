// Whole Gaussian log-densities in one launch, and whole Metropolis-Hastings runs.
//
// All blocks of a covariance lie in local memory at once, as tiles of 4 x 4 with the right-hand sides below them
// (tile.h), and go through the columns of the factorization together: a group owns one matrix, or one chain. Numbers
// and order of operations are those of gaussian.c, mh.c, pointwise.c and flow.c, so that results have the same bytes.
//
// Legend: B matrices, m covariance values, n the order of all blocks together, K blocks, s the order of a block, r its
// right-hand sides. `blocks` holds for every block eight integers: s, r, its tile rows t = ceil(s / 4), its first column
// in z, its place in `terms`, how many terms an element has, its first tile in local memory, 0. Element e of a block's packed
// tiles is the sum over its terms k of weights[w >> 12] c[w & 4095], w the k % 2 th half of terms[k / 2 E + e] with E =
// 8 t (t + 1), c[m] = 1.
//
// Defines: GROUP_SIZE items; TILES in local memory; REGISTERS of an item; DENSITY where chains have a Gaussian log-density: then a
// group runs a chain, otherwise an item does.
//
// Headers: tile.h, function.h
//
// Source: Golub and Van Loan (2013), Matrix Computations, 4.2.5 (outer-product Cholesky in blocks).

#ifndef GROUP_SIZE
#define GROUP_SIZE 128
#endif
#ifndef TILES
#define TILES 40
#endif
#ifndef DENSITY
#define DENSITY 1
#endif

#define WHOLE_WORDS 8
#define MOST_BLOCKS 8
#define MOST_VALUES 152
#define MOST_WEIGHTS 16

// Entries of the blocks and their right-hand sides (n), from covariance values in local memory.
DEVICE void blocks_fill(LOCAL_SPACE real* a, LOCAL_SPACE const int* about, int parts, LOCAL_SPACE const real* values,
                        LOCAL_SPACE const real* weights, GLOBAL const int* terms, GLOBAL const real* z, int item) {
  int b;
  for (b = 0; b < parts; b++) {
    LOCAL_SPACE const int* block = about + b * WHOLE_WORDS;
    const int size = block[0];
    const int sides = block[1];
    const int tiles = block[2];
    const int elements = 16 * TRIANGLE(tiles);
    const int below = 16 * ((sides + 3) / 4) * tiles;
    GLOBAL const int* from = terms + block[4];
    int e, k;
    for (e = item; e < elements; e += GROUP_SIZE) {
      real sum = R(0);
      for (k = 0; k < block[5]; k++) {
        const int w = from[k / 2 * elements + e] >> (k % 2 * 16) & 0xFFFF;
        sum = FMA(weights[w >> 12], values[w & 4095], sum);
      }
      a[(block[6] + e / 16) * TILE + e % 16] = sum;
    }
    for (e = item; e < below; e += GROUP_SIZE) {
      const int row = e / 16 / tiles * 4 + e % 16 / 4;
      const int col = e / 16 % tiles * 4 + e % 4;
      a[(block[6] + TRIANGLE(tiles) + e / 16) * TILE + e % 16] =
          row < sides && col < size ? z[block[3] + row * size + col] : R(0);
    }
  }
}

// Factors all blocks and solves for their right-hand sides, column of tiles by column.
DEVICE void blocks_factor(LOCAL_SPACE real* a, LOCAL_SPACE const int* about, int parts, int item) {
  int most = 0;
  int b, e, k;
  for (b = 0; b < parts; b++) {
    most = about[b * WHOLE_WORDS + 2] > most ? about[b * WHOLE_WORDS + 2] : most;
  }
  BARRIER;
  if (item < parts) {
    tile_factor(a + about[item * WHOLE_WORDS + 6] * TILE);
  }
  BARRIER;
  for (k = 0; k < most; k++) {
    e = item;
    for (b = 0; b < parts; b++) {
      LOCAL_SPACE const int* block = about + b * WHOLE_WORDS;
      const int tiles = block[2];
      const int left = tiles - 1 - k;
      const int count = left < 0 ? 0 : 4 * (left + (block[1] + 3) / 4);
      for (; e < count; e += GROUP_SIZE) {
        const int i = k + 1 + e / 4;
        const int row = i < tiles ? TRIANGLE(i) + k : TRIANGLE(tiles) + (i - tiles) * tiles + k;
        row_solve(a + (block[6] + TRIANGLE(k) + k) * TILE, a + (block[6] + row) * TILE + e % 4 * 4, 1);
      }
      e -= count;
    }
    BARRIER;
    e = item;
    for (b = 0; b < parts; b++) {
      LOCAL_SPACE const int* block = about + b * WHOLE_WORDS;
      LOCAL_SPACE real* first = a + block[6] * TILE;
      const int tiles = block[2];
      const int left = tiles - 1 - k;
      const int corner = TRIANGLE(left);
      const int count = left < 0 ? 0 : corner + (block[1] + 3) / 4 * left;
      for (; e < count; e += GROUP_SIZE) {
        const int d = e - corner;
        const int i = d < 0 ? k + 1 + triangle_row(e, left) : tiles + d / left;
        const int j = k + 1 + (d < 0 ? triangle_column(e, left) : d % left);
        const int row = i < tiles ? TRIANGLE(i) : TRIANGLE(tiles) + (i - tiles) * tiles;
        tile_update(first + (row + j) * TILE, first + (row + k) * TILE, 4, 1, first + (TRIANGLE(j) + k) * TILE, 4, 1);
        // The next pivots, while others still update.
        if (d < 0 && i == k + 1) {
          tile_factor(first + (TRIANGLE(i) + i) * TILE);
        }
      }
      e -= count;
    }
    BARRIER;
  }
}

// The log-density from factored blocks, for every item: offset - sum_k (r_k log|L_k| + squares_k / 2), minus infinity
// where a matrix is not positive definite. `sums` holds two numbers a block.
DEVICE real blocks_sum(LOCAL_SPACE real* a, LOCAL_SPACE const int* about, int parts, LOCAL_SPACE real* sums, real offset,
                       int item) {
  int b, e, k;
  e = item;
  for (b = 0; b < parts; b++) {
    LOCAL_SPACE const int* block = about + b * WHOLE_WORDS;
    const int size = block[0];
    const int tiles = block[2];
    const int count = tiles + 4 * ((block[1] + 3) / 4) * tiles;
    for (; e < count; e += GROUP_SIZE) {
      const int d = e - tiles;
      const int column = d < 0 ? e : d % tiles;
      const int tile = d < 0 ? TRIANGLE(e) + e : TRIANGLE(tiles) + d / 4 / tiles * tiles + column;
      LOCAL_SPACE real* t = a + (block[6] + tile) * TILE + (d < 0 ? 0 : d / tiles % 4 * 4);
      real sum = R(0);
      for (k = 0; k < 4 && column * 4 + k < size; k++) {
        sum = d < 0 ? sum + real_log(t[5 * k]) : FMA(t[k], t[k], sum);
      }
      t[d < 0 ? 16 : 0] = sum;
    }
    e -= count;
  }
  BARRIER;
  if (item < parts) {
    LOCAL_SPACE const int* block = about + item * WHOLE_WORDS;
    LOCAL_SPACE real* first = a + block[6] * TILE;
    const int tiles = block[2];
    real logarithms = R(0);
    real squares = R(0);
    for (k = 0; k < tiles; k++) {
      logarithms += first[(TRIANGLE(k) + k) * TILE + 16];
    }
    for (e = 0; e < block[1]; e++) {
      real length = R(0);
      for (k = 0; k < tiles; k++) {
        length += first[(TRIANGLE(tiles) + e / 4 * tiles + k) * TILE + e % 4 * 4];
      }
      squares += length;
    }
    sums[2 * item] = logarithms;
    sums[2 * item + 1] = squares;
  }
  BARRIER;
  real sum = offset;
  int definite = 1;
  for (b = 0; b < parts; b++) {
    definite = definite && !real_is_nan(sums[2 * b]);
    sum -= FMA((real)about[b * WHOLE_WORDS + 1], sums[2 * b], R(0.5) * sums[2 * b + 1]);
  }
  return definite ? sum : -real_infinity();
}

// y (B) = log-densities of z (F, n) under the covariance values of each matrix; matrix b meets data set b / repeat.
//
// The values are c (B, m), element by element what the instructions say: with instructions 0 m0 itself, else those of
// function.h on m0 .. m11, so that values need no launch and no memory of their own. K is at most 8, m at most 151.
//
// Geometry: any number of groups of GROUP_SIZE.
KERNEL_OF(GROUP_SIZE, 1, 1)
whole_density(IN(int, code), IN(real, constants), IN(real, z), IN(int, blocks), IN(int, terms), IN(real, weights),
              OUT(real, y), const int instructions, const int matrices, const int lags, const int order,
              const int repeat, const int parts, const real offset, OUT(real, m0), OUT(real, m1), OUT(real, m2),
              OUT(real, m3), OUT(real, m4), OUT(real, m5), OUT(real, m6), OUT(real, m7), OUT(real, m8), OUT(real, m9),
              OUT(real, m10), OUT(real, m11)) {
  OPEN_IN(int, code);
  OPEN_IN(real, constants);
  OPEN_IN(real, z);
  OPEN_IN(int, blocks);
  OPEN_IN(int, terms);
  OPEN_IN(real, weights);
  OPEN_OUT(real, y);
  OPEN_OUT(real, m0);
  OPEN_OUT(real, m1);
  OPEN_OUT(real, m2);
  OPEN_OUT(real, m3);
  OPEN_OUT(real, m4);
  OPEN_OUT(real, m5);
  OPEN_OUT(real, m6);
  OPEN_OUT(real, m7);
  OPEN_OUT(real, m8);
  OPEN_OUT(real, m9);
  OPEN_OUT(real, m10);
  OPEN_OUT(real, m11);
  LOCAL real a[TILES * TILE];
  LOCAL real values[MOST_VALUES];
  LOCAL real factors[MOST_WEIGHTS];
  LOCAL real sums[2 * MOST_BLOCKS];
  LOCAL int about[WHOLE_WORDS * MOST_BLOCKS];
  const int item = ITEM(0);
  int matrix, e;
  for (e = item; e < WHOLE_WORDS * parts; e += GROUP_SIZE) {
    about[e] = blocks[e];
  }
  for (e = item; e < MOST_WEIGHTS; e += GROUP_SIZE) {
    factors[e] = weights[e];
  }
  for (matrix = GROUP(0); matrix < matrices; matrix += GROUPS(0)) {
    for (e = item; e <= lags; e += GROUP_SIZE) {
      const int i = matrix * lags + e;
      values[e] = e == lags ? R(1)
                  : instructions == 0
                      ? m0[i]
                      : instructions_at(code, code + 5 * instructions, constants, instructions, i, m0, m1, m2, m3, m4,
                                        m5, m6, m7, m8, m9, m10, m11);
    }
    BARRIER;
    blocks_fill(a, about, parts, values, factors, terms, z + matrix / repeat * order, item);
    blocks_factor(a, about, parts, item);
    const real sum = blocks_sum(a, about, parts, sums, offset, item);
    if (item == 0) {
      y[matrix] = sum;
    }
    BARRIER;
  }
}

// Stages of a log-density, words of each: what, elements of a chain, place of the instructions in the code, how many,
// memories a and b, functions or place of four constants, terms.
#define STAGE_WORDS 8
#define STAGE_POINTWISE 0
#define STAGE_DENSITY 1
#define STAGE_SERIES 2

#if DENSITY
#define CHAIN GROUP(0)
#define CHAINS GROUPS(0)
#define LANE ITEM(0)
#define TEAM GROUP_SIZE
#define TEAM_MEETS BARRIER_GLOBAL
#else
#define CHAIN INDEX(0)
#define CHAINS INDICES(0)
#define LANE 0
#define TEAM 1
#define TEAM_MEETS
#endif

// `steps` steps of random-walk Metropolis-Hastings for C chains of p parameters: what mh_propose, the launches of the
// log-density, mh_accept and mh_keep do in turn, the state of a chain read and written by its own items only.
//
// key (3): seed, and the step counted from 0 of the first one; whole_count moves it on. m0 (C, p) takes the candidates,
// m1 (C) their log-densities; the stages work on m0 .. m11, element k of a value of q elements a chain belonging to
// chain k / q. A POINTWISE stage runs instructions (function.h) for the chain's elements; a DENSITY stage reads covariance
// values from memory a and writes the log-density of the chain's data set (chain / repeat) to memory b; a SERIES stage is
// flow_chebyshev: memory a (C) points, c (terms, C / q) memory b, q chains a series, result in the memory whose number
// stands before its four constants low, high, slope, shift. Candidates outside the box low, high take part in no stage. theta, low, high and the tuning are
// those of mh.c.
//
// Geometry: DENSITY: any number of groups of GROUP_SIZE, a chain each; otherwise any, an item a chain.
KERNEL_OF(GROUP_SIZE, 1, 1)
whole_chains(IN(int, stage), IN(real, constants), IN(real, z), IN(int, blocks), IN(int, terms), IN(real, weights),
             IN(real, schedule), IN(int, slots), IN(real, low), IN(real, high), IN(int, key), OUT(real, theta),
             OUT(real, density), OUT(real, scale), OUT(real, accepted), OUT(real, window), OUT(real, kept),
             const int steps, const int stages, const int chains, const int size, const int propose, const int accept,
             const int scheduled, const int slotted, const int most, const int tuning, const real target,
             const real share, const real lowest, const real highest, const real factor, const int lags,
             const int order, const int repeat, const int parts, const real offset, OUT(real, m0), OUT(real, m1),
             OUT(real, m2), OUT(real, m3), OUT(real, m4), OUT(real, m5), OUT(real, m6), OUT(real, m7), OUT(real, m8),
             OUT(real, m9), OUT(real, m10), OUT(real, m11)) {
  OPEN_IN(int, stage);
  OPEN_IN(real, constants);
  OPEN_IN(real, z);
  OPEN_IN(int, blocks);
  OPEN_IN(int, terms);
  OPEN_IN(real, weights);
  OPEN_IN(real, schedule);
  OPEN_IN(int, slots);
  OPEN_IN(real, low);
  OPEN_IN(real, high);
  OPEN_IN(int, key);
  OPEN_OUT(real, theta);
  OPEN_OUT(real, density);
  OPEN_OUT(real, scale);
  OPEN_OUT(real, accepted);
  OPEN_OUT(real, window);
  OPEN_OUT(real, kept);
  OPEN_OUT(real, m0);
  OPEN_OUT(real, m1);
  OPEN_OUT(real, m2);
  OPEN_OUT(real, m3);
  OPEN_OUT(real, m4);
  OPEN_OUT(real, m5);
  OPEN_OUT(real, m6);
  OPEN_OUT(real, m7);
  OPEN_OUT(real, m8);
  OPEN_OUT(real, m9);
  OPEN_OUT(real, m10);
  OPEN_OUT(real, m11);
#if DENSITY
  LOCAL real a[TILES * TILE];
  LOCAL real values[MOST_VALUES];
  LOCAL real factors[MOST_WEIGHTS];
  LOCAL real sums[2 * MOST_BLOCKS];
  LOCAL int about[WHOLE_WORDS * MOST_BLOCKS];
  LOCAL int inside[1];
#else
  int inside[1];
#endif
  int c, s, g, e, j;
#if DENSITY
  for (e = LANE; e < WHOLE_WORDS * parts; e += TEAM) {
    about[e] = blocks[e];
  }
  for (e = LANE; e < MOST_WEIGHTS; e += TEAM) {
    factors[e] = weights[e];
  }
#endif
  for (c = CHAIN; c < chains; c += CHAINS) {
    for (s = 0; s < steps; s++) {
      const int step = key[2] + s;
      if (LANE == 0) {
        int in = 1;
        for (j = 0; j < size; j++) {
          const Words w = stream_words(key[0], key[1], step, propose, c * size + j);
          const real eta = draw_normal(w) * scale[c];
          const real x = theta[c * size + j] + eta;
          in = in && low[j] < x && x < high[j];
          m0[c * size + j] = x;
        }
        inside[0] = in;
      }
      TEAM_MEETS;
      const int working = inside[0] ? stages : 0;
      for (g = 0; g < working; g++) {
        GLOBAL const int* about_stage = stage + g * STAGE_WORDS;
        const int what = about_stage[0];
        const int each = about_stage[1];
        GLOBAL const int* code = stage + about_stage[2];
        const int instructions = about_stage[3];
        if (what == STAGE_POINTWISE) {
          for (e = LANE; e < each; e += TEAM) {
            instructions_at(code, code + 5 * instructions, constants, instructions, c * each + e, m0, m1, m2, m3, m4, m5,
                            m6, m7, m8, m9, m10, m11);
          }
        }
        if (what == STAGE_SERIES && LANE == 0) {
          GLOBAL const real* series = AT(about_stage[5]);
          GLOBAL const real* range = constants + about_stage[6];
          const real x = AT(about_stage[4])[c];
          const real u = FMA(x, range[2], range[3]);
          const real twice = u + u;
          const int function = c / each;
          const int functions = chains / each;
          real p = R(0);
          real q = R(0);
          for (j = (about_stage[7] - 1) * functions + function; j > function; j -= functions) {
            const real next = FMA(twice, p, series[j] - q);
            q = p;
            p = next;
          }
          AT(about_stage[3])[c] = x >= range[0] && x <= range[1] ? FMA(u, p, series[function] - q) : real_nan();
        }
#if DENSITY
        if (what == STAGE_DENSITY) {
          for (e = LANE; e <= lags; e += TEAM) {
            values[e] = e == lags ? R(1) : AT(about_stage[4])[c * lags + e];
          }
          BARRIER;
          blocks_fill(a, about, parts, values, factors, terms, z + c / repeat * order, LANE);
          blocks_factor(a, about, parts, LANE);
          const real sum = blocks_sum(a, about, parts, sums, offset, LANE);
          if (LANE == 0) {
            AT(about_stage[5])[c] = sum;
          }
        }
#endif
        TEAM_MEETS;
      }
      if (LANE == 0) {
        const real log_u = real_log(draw_uniform(stream_words(key[0], key[1], step, accept, c)));
        const real next = inside[0] ? m1[c] : R(0);
        const int moves = inside[0] && log_u < next - density[c];
        const real move = moves ? R(1) : R(0);
        const real gain = schedule[step < scheduled ? step : scheduled - 1];
        const int slot = step >= 0 && step < slotted ? slots[step] : -1;
        real width = scale[c];
        real count = window[c];
        if (moves) {
          density[c] = next;
        }
        accepted[c] += step >= scheduled - 1 ? move : R(0);
        if (tuning == 1) {
          width *= real_exp((move - target) * gain);
        }
        if (tuning == 2) {
          const real rate = (count + move) * share;
          if (gain != R(0)) {
            width *= (highest < rate ? factor : R(1)) * (rate < lowest ? R(1) / factor : R(1));
          }
          count = gain != R(0) ? R(0) : count + move;
        }
        scale[c] = width;
        window[c] = count;
        for (j = 0; j < size; j++) {
          const real x = moves ? m0[c * size + j] : theta[c * size + j];
          theta[c * size + j] = x;
          if (slot >= 0 && slot < most) {
            kept[(slot * chains + c) * size + j] = x;
          }
        }
      }
      TEAM_MEETS;
    }
  }
}

// key (3): the step moves on.
//
// Geometry: any.
KERNEL whole_count(OUT(int, key), const int steps) {
  OPEN_OUT(int, key);
  if (INDEX(0) == 0) {
    key[2] += steps;
  }
}
