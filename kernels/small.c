// Small launches as one: groups go through what would be many launches of a microsecond each.
// Headers: function.h, reduce.h, product.h, spline.h
//
// -D SPLINE=1 with BINS and INVERSE of spline.h adds splines of so many bins in that direction.

#define ITEMS_OF_GROUP 256

#ifndef SPLINE
#define SPLINE 0
#endif

// What an instruction does.
#define SMALL_POINTWISE 0
#define SMALL_INTEGERS 1
#define SMALL_PRODUCT 2
#define SMALL_ADD_PARTS 3
#define SMALL_SUM 4
#define SMALL_FROM 5
#define SMALL_TO 6
#define SMALL_ZERO 7
#define SMALL_WINDOW 8
#define SMALL_GATHER 9
#define SMALL_PANEL 10
#define SMALL_SPLINE 11
#define SMALL_SPLINE_GRADIENT 12

// Said of an instruction that needs what others made before it.
#define SMALL_WAIT 16384

// Elements of B and of A that a panel brings to local memory at once: 20 KiB, 24 KiB for doubles, of the
// 32 KiB that every OpenCL device has.
#define PANEL_B (REAL_BITS == 64 ? 2048 : 4096)
#define PANEL_A 1024

// Elements that an item brings at once.
#define STAGED 8

// Items side by side that a panel gives neighbouring columns, and how many such lines a group has.
#define LINE 32
#define LINES (ITEMS_OF_GROUP / LINE)

// Operand at word k: number of its memory, element it begins at.
#define REALS(k) (r[c[k]] + c[(k) + 1])
#define WHOLES(k) (w[c[k]] + c[(k) + 1])

// Row i / width of what a window or a gather takes, -1 for none.
DEVICE int small_row(const int what, GLOBAL const int* index, const int at, const int rows) {
  const int first = index[what == SMALL_WINDOW ? 0 : at];
  const int row = what == SMALL_WINDOW ? first + at : first;
  return first >= 0 && row >= 0 && row < rows ? row : -1;
}

// Copies `outer` rows of `inner` elements, `down` apart, to rows `apart` apart; some elements an item
// are on their way at once.
DEVICE void small_stage(GLOBAL const real* from, const int outer, const int inner, const int down, LOCAL_SPACE real* to,
                        const int apart, const int item) {
  real v[STAGED];
  if (down == inner && apart == inner) {
    const int n = outer * inner;
    for (int first = item; first < n; first += STAGED * ITEMS_OF_GROUP) {
      #pragma unroll
      for (int j = 0; j < STAGED; j++) {
        const int e = first + j * ITEMS_OF_GROUP;
        v[j] = e < n ? from[e] : R(0);
      }
      #pragma unroll
      for (int j = 0; j < STAGED; j++) {
        const int e = first + j * ITEMS_OF_GROUP;
        if (e < n) {
          to[e] = v[j];
        }
      }
    }
  } else {
    for (int first = item / LINE; first < outer; first += STAGED * LINES) {
      for (int i = item % LINE; i < inner; i += LINE) {
        #pragma unroll
        for (int j = 0; j < STAGED; j++) {
          const int o = first + j * LINES;
          v[j] = o < outer ? from[o * down + i] : R(0);
        }
        #pragma unroll
        for (int j = 0; j < STAGED; j++) {
          const int o = first + j * LINES;
          if (o < outer) {
            to[o * apart + i] = v[j];
          }
        }
      }
    }
  }
}

// sum + a[0] b[0] + a[a_step] b[b_step] + ... of so many terms, in order.
DEVICE real small_dot(LOCAL_SPACE const real* a, const int a_step, LOCAL_SPACE const real* b, const int b_step,
                      const int terms, real sum) {
  #pragma unroll 8
  for (int p = 0; p < terms; p++) {
    sum = FMA(a[p * a_step], b[p * b_step], sum);
  }
  return sum;
}

// Goes through instructions in order; one that says so waits for all before it. Every sum has the
// order of the kernel it stands for. Group g goes through words [from, to) of the code for the rows
// [first, end) of what these instructions make: with w results a row, for results [first w, end w).
// What they need of each other lies in the same rows, so groups need not wait for each other.
//
// code: `length` words of instructions, then (from, to, first, end) of each group. An instruction is
// (what, its words + SMALL_WAIT + 65536 times its first item, w, ...), its operands (memory,
// element); r0 .. r15, i0 .. i7: memory, unused ones repeat others.
// POINTWISE: instructions, constants from, 12 memories, the group of pointwise_run.
// INTEGERS: op, a, b, y, second, tables as in pointwise_integers.
// PRODUCT, PANEL: m, columns, k, epilogue, slope, whether A and B are transposed, whether a tile added zeros, a, b,
// bias, y, terms and rows that a panel brings to local memory at once: of B, all of which all rows use, and of A.
// ADD_PARTS: parts, columns, epilogue, slope, x, bias, y, results.
// SUM: results, lanes, inner, extent, size, pieces, x, y as in reduce_axis.
// FROM, TO, ZERO: whether integers, x, y, table as in move_from, move_to.
// WINDOW, GATHER: whether integers, x, y, index, rows, width.
// SPLINE: rule, x, raw, y, ladj as in spline_each. SPLINE_GRADIENT: rule, x, raw, dy, dladj, dx, draw.
// Launch: groups of 256, as many as the code tells of.
KERNEL_RESIDENT(ITEMS_OF_GROUP, 1, 1, 1)
small_run(IN(int, code), IN(real, constants), const int length,
          OUT(real, r0), OUT(real, r1), OUT(real, r2), OUT(real, r3), OUT(real, r4), OUT(real, r5),
          OUT(real, r6), OUT(real, r7), OUT(real, r8), OUT(real, r9), OUT(real, r10),
          OUT(real, r11), OUT(real, r12), OUT(real, r13), OUT(real, r14), OUT(real, r15),
          OUT(int, i0), OUT(int, i1), OUT(int, i2), OUT(int, i3), OUT(int, i4), OUT(int, i5),
          OUT(int, i6), OUT(int, i7)) {
  OPEN_IN(int, code);
  OPEN_IN(real, constants);
  OPEN_OUT(real, r0);
  OPEN_OUT(real, r1);
  OPEN_OUT(real, r2);
  OPEN_OUT(real, r3);
  OPEN_OUT(real, r4);
  OPEN_OUT(real, r5);
  OPEN_OUT(real, r6);
  OPEN_OUT(real, r7);
  OPEN_OUT(real, r8);
  OPEN_OUT(real, r9);
  OPEN_OUT(real, r10);
  OPEN_OUT(real, r11);
  OPEN_OUT(real, r12);
  OPEN_OUT(real, r13);
  OPEN_OUT(real, r14);
  OPEN_OUT(real, r15);
  OPEN_OUT(int, i0);
  OPEN_OUT(int, i1);
  OPEN_OUT(int, i2);
  OPEN_OUT(int, i3);
  OPEN_OUT(int, i4);
  OPEN_OUT(int, i5);
  OPEN_OUT(int, i6);
  OPEN_OUT(int, i7);
  LOCAL real part[ITEMS_OF_GROUP];
  LOCAL real tile[PANEL_B];
  LOCAL real band[PANEL_A];
  GLOBAL real* r[16];
  GLOBAL int* w[8];
  r[0] = r0; r[1] = r1; r[2] = r2; r[3] = r3; r[4] = r4; r[5] = r5; r[6] = r6; r[7] = r7;
  r[8] = r8; r[9] = r9; r[10] = r10; r[11] = r11; r[12] = r12; r[13] = r13; r[14] = r14; r[15] = r15;
  w[0] = i0; w[1] = i1; w[2] = i2; w[3] = i3; w[4] = i4; w[5] = i5; w[6] = i6; w[7] = i7;
  const int item = ITEM(0);
  GLOBAL const int* own = code + length + 4 * GROUP(0);
  const int first_row = own[2];
  const int end_row = own[3];
  for (int at = own[0]; at < own[1]; at += code[at + 1] & (SMALL_WAIT - 1)) {
    GLOBAL const int* c = code + at;
    const int what = c[0];
    const int begin = first_row * c[2];
    const int end = end_row * c[2];
    // Instructions that need not wait for each other begin at different items, so that they share the group.
    const int mine = begin + (item + (c[1] >> 16)) % ITEMS_OF_GROUP;
    if (c[1] & SMALL_WAIT) {
      BARRIER_GLOBAL;
    }
    if (what == SMALL_SUM) {
      const int results = c[3];
      const int lanes = c[4];
      const int inner = c[5];
      const int extent = c[6];
      const int size = c[7];
      const int lines = ITEMS_OF_GROUP / lanes;
      const int apart = inner == 1 ? 1 : lines;
      const int lane = inner == 1 ? item % lanes : item / lines;
      const int line = inner == 1 ? item / lanes : item % lines;
      for (int q0 = begin; q0 < end; q0 += lines) {
        const int q = q0 + line;
        for (int piece = 0; piece < c[8]; piece++) {
          const int from = piece * size + lane;
          const int to = extent - piece * size < size ? extent : (piece + 1) * size;
          const int count = q < end && from < to ? (to - from - 1) * inner + 1 : 0;
          const int first = count > 0 ? (q / inner * extent + from) * inner + q % inner : 0;
          part[item] = sum_of(REALS(9) + first, count, lanes * inner);
          BARRIER;
          for (int reach = lanes >> 1; reach > 0; reach >>= 1) {
            if (lane < reach) {
              part[item] = part[item] + part[item + reach * apart];
            }
            BARRIER;
          }
          if (lane == 0 && q < end) {
            REALS(11)[piece * results + q] = part[item];
          }
          BARRIER;
        }
      }
    } else if (what == SMALL_PANEL) {
      // A stays as it lies, by rows or by columns, and so does B, but in rows of odd length where items
      // take one each and many would meet in a bank.
      const int columns = c[4];
      const int k = c[5];
      const int depth = c[19];
      const int rows_of_a = c[20];
      const int lines = (columns + LINE - 1) / LINE;
      for (int p0 = 0; p0 < k; p0 += depth) {
        const int terms = k - p0 < depth ? k - p0 : depth;
        const int apart = terms % 4 != 0 ? terms : terms | 1;
        if (c[9]) {
          small_stage(REALS(13) + p0, columns, terms, k, tile, apart, item);
        } else {
          small_stage(REALS(13) + p0 * columns, terms, columns, columns, tile, columns, item);
        }
        for (int row0 = first_row; row0 < end_row; row0 += rows_of_a) {
          const int rows = end_row - row0 < rows_of_a ? end_row - row0 : rows_of_a;
          if (c[8]) {
            small_stage(REALS(11) + p0 * c[3] + row0, terms, rows, c[3], band, rows, item);
          } else {
            small_stage(REALS(11) + row0 * k + p0, rows, terms, k, band, terms, item);
          }
          BARRIER;
          int line = item / LINE;
          for (int row = 0; row < rows; row++) {
            for (; line < lines; line += LINES) {
              const int column = line * LINE + item % LINE;
              if (column < columns) {
                GLOBAL real* y = REALS(17) + (row0 + row) * columns + column;
                real sum = p0 == 0 ? R(0) : *y;
                if (c[8]) {
                  sum = small_dot(band + row, rows, tile + (c[9] ? column * apart : column), c[9] ? 1 : columns, terms, sum);
                } else if (c[9]) {
                  sum = small_dot(band + row * terms, 1, tile + column * apart, 1, terms, sum);
                } else {
                  sum = small_dot(band + row * terms, 1, tile + column, columns, terms, sum);
                }
                if (p0 + terms == k) {
                  sum = c[10] ? sum + R(0) : sum;
                  sum = matmul_epilogue(c[6], sum, REALS(15), column, constants[c[7]]);
                }
                *y = sum;
              }
            }
            line -= lines;
          }
          BARRIER;
        }
      }
    } else if (what == SMALL_POINTWISE) {
      for (int i = mine; i < end; i += ITEMS_OF_GROUP) {
        instructions_at(c + 29, c + 29 + 5 * c[3], constants + c[4], c[3], i, REALS(5), REALS(7), REALS(9), REALS(11), REALS(13),
                        REALS(15), REALS(17), REALS(19), REALS(21), REALS(23), REALS(25), REALS(27));
      }
    } else if (what == SMALL_INTEGERS) {
      for (int i = mine; i < end; i += ITEMS_OF_GROUP) {
        const uint p = (uint)WHOLES(4)[repeated(c + 11, i)];
        const uint q = (uint)WHOLES(6)[repeated(c + 11 + c[10], i)];
        WHOLES(8)[i] = (int)(c[3] == 0 ? p + q : c[3] == 1 ? p - q : p * q);
      }
    } else if (what == SMALL_PRODUCT) {
      const int m = c[3];
      const int columns = c[4];
      const int k = c[5];
      for (int i = mine; i < end; i += ITEMS_OF_GROUP) {
        const int product = i / (m * columns);
        const int row = i / columns % m;
        const int column = i % columns;
        GLOBAL const real* a = REALS(11) + product * (m * k) + row * (c[8] ? 1 : k);
        GLOBAL const real* b = REALS(13) + product * (k * columns) + column * (c[9] ? k : 1);
        const int over = c[8] ? m : 1;
        const int down = c[9] ? 1 : columns;
        real sum = R(0);
        for (int p = 0; p < k; p++) {
          sum = FMA(a[p * over], b[p * down], sum);
        }
        sum = c[10] ? sum + R(0) : sum;
        REALS(17)[i] = matmul_epilogue(c[6], sum, REALS(15), column, constants[c[7]]);
      }
    } else if (what == SMALL_ADD_PARTS) {
      GLOBAL const real* x = REALS(7);
      for (int i = mine; i < end; i += ITEMS_OF_GROUP) {
        real sum = x[i];
        for (int p = 1; p < c[3]; p++) {
          sum += x[p * c[13] + i];
        }
        REALS(11)[i] = matmul_epilogue(c[5], sum, REALS(9), i % c[4], constants[c[6]]);
      }
#if SPLINE
    } else if (what == SMALL_SPLINE || what == SMALL_SPLINE_GRADIENT) {
      GLOBAL const real* rule = constants + c[3];
      const Rule s = {rule[0], rule[1], rule[2], rule[3], rule[4], rule[5]};
      for (int i = mine; i < end; i += ITEMS_OF_GROUP) {
        GLOBAL const real* raw = REALS(6) + i * RAW;
        real p[RAW];
        #pragma unroll
        for (int j = 0; j < RAW; j++) {
          p[j] = raw[j];
        }
        if (what == SMALL_SPLINE) {
          spline_of_one(REALS(4)[i], p, s, REALS(8) + i, REALS(10) + i);
        } else {
          REALS(12)[i] = spline_gradient_of_one(REALS(4)[i], p, REALS(8)[i], REALS(10)[i], s);
          GLOBAL real* draw = REALS(14) + i * RAW;
          #pragma unroll
          for (int j = 0; j < RAW; j++) {
            draw[j] = p[j];
          }
        }
      }
#endif
    } else {
      for (int i = mine; i < end; i += ITEMS_OF_GROUP) {
        int from = 0;
        int to = i;
        int none = what == SMALL_ZERO;
        if (what == SMALL_FROM) {
          from = repeated(c + 8, i);
        } else if (what == SMALL_TO) {
          from = i;
          to = repeated(c + 8, i);
        } else if (what != SMALL_ZERO) {
          const int row = small_row(what, WHOLES(8), i / c[11], c[10]);
          none = row < 0;
          from = none ? 0 : row * c[11] + i % c[11];
        }
        if (c[3]) {
          WHOLES(6)[to] = !none ? WHOLES(4)[from] : what == SMALL_ZERO ? 0 : 0x7FC00000;
        } else {
          REALS(6)[to] = !none ? REALS(4)[from] : what == SMALL_ZERO ? R(0) : real_nan();
        }
      }
    }
  }
}
