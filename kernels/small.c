// Small launches as one: a group goes through what would be many launches of a microsecond each.
// Headers: function.h, reduce.h, product.h

#define ITEMS_OF_GROUP 256

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

// Said of an instruction that needs what others made before it.
#define SMALL_WAIT 16384

// Operand at word k: number of its memory, element it begins at.
#define REALS(k) (r[c[k]] + c[(k) + 1])
#define WHOLES(k) (w[c[k]] + c[(k) + 1])

// Row i / width of what a window or a gather takes, -1 for none.
DEVICE int small_row(const int what, GLOBAL const int* index, const int at, const int rows) {
  const int first = index[what == SMALL_WINDOW ? 0 : at];
  const int row = what == SMALL_WINDOW ? first + at : first;
  return first >= 0 && row >= 0 && row < rows ? row : -1;
}

// Goes through instructions in order; one that says so waits for all before it. Every sum has the order of the kernel it stands for.
//
// code: (what, words of the instruction + SMALL_WAIT + 65536 times its first item, n, ...), operands as (memory, element); r0 .. r15, i0 .. i7: memory, unused ones repeat others.
// POINTWISE: instructions, constants from, 12 memories, the group of pointwise_run. INTEGERS: op, a, b, y, second, tables as in
// pointwise_integers. PRODUCT: m, columns, k, epilogue, slope, flags (1 and 2: A, B transposed; 4: a tile added zeros), a, b, bias, y.
// ADD_PARTS: parts, columns, epilogue, slope, x, bias, y. SUM: rounds, lanes, inner, extent, size, pieces, x, y as in reduce_axis, n outputs.
// FROM, TO, ZERO: whether integers, x, y, table as in move_from, move_to. WINDOW, GATHER: whether integers, x, y, index, rows, width.
// Launch: one group of 256; others do nothing.
KERNEL_OF(ITEMS_OF_GROUP, 1, 1)
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
  GLOBAL real* r[16];
  GLOBAL int* w[8];
  r[0] = r0; r[1] = r1; r[2] = r2; r[3] = r3; r[4] = r4; r[5] = r5; r[6] = r6; r[7] = r7;
  r[8] = r8; r[9] = r9; r[10] = r10; r[11] = r11; r[12] = r12; r[13] = r13; r[14] = r14; r[15] = r15;
  w[0] = i0; w[1] = i1; w[2] = i2; w[3] = i3; w[4] = i4; w[5] = i5; w[6] = i6; w[7] = i7;
  const int item = ITEM(0);
  const int end = GROUP(0) == 0 ? length : 0;
  for (int at = 0; at < end; at += code[at + 1] & (SMALL_WAIT - 1)) {
    GLOBAL const int* c = code + at;
    const int what = c[0];
    const int n = c[2];
    // Instructions that need not wait for each other begin at different items, so that they share the group.
    const int mine = (item + (c[1] >> 16)) % ITEMS_OF_GROUP;
    if (c[1] & SMALL_WAIT) {
      BARRIER_GLOBAL;
    }
    if (what == SMALL_SUM) {
      const int lanes = c[4];
      const int inner = c[5];
      const int extent = c[6];
      const int size = c[7];
      const int lines = ITEMS_OF_GROUP / lanes;
      const int apart = inner == 1 ? 1 : lines;
      const int lane = inner == 1 ? item % lanes : item / lines;
      const int line = inner == 1 ? item / lanes : item % lines;
      for (int round = 0; round < c[3]; round++) {
        const int q = round / c[8] * lines + line;
        const int piece = round % c[8];
        const int from = piece * size + lane;
        const int to = extent - piece * size < size ? extent : (piece + 1) * size;
        const int count = q < n && from < to ? (to - from - 1) * inner + 1 : 0;
        const int first = count > 0 ? (q / inner * extent + from) * inner + q % inner : 0;
        part[item] = sum_of(REALS(9) + first, count, lanes * inner);
        BARRIER;
        for (int reach = lanes >> 1; reach > 0; reach >>= 1) {
          if (lane < reach) {
            part[item] = part[item] + part[item + reach * apart];
          }
          BARRIER;
        }
        if (lane == 0 && q < n) {
          REALS(11)[piece * n + q] = part[item];
        }
        BARRIER;
      }
    } else if (what == SMALL_POINTWISE) {
      for (int i = mine; i < n; i += ITEMS_OF_GROUP) {
        instructions_at(c + 29, c + 29 + 5 * c[3], constants + c[4], c[3], i, REALS(5), REALS(7), REALS(9), REALS(11), REALS(13),
                        REALS(15), REALS(17), REALS(19), REALS(21), REALS(23), REALS(25), REALS(27));
      }
    } else if (what == SMALL_INTEGERS) {
      for (int i = mine; i < n; i += ITEMS_OF_GROUP) {
        const uint p = (uint)WHOLES(4)[repeated(c + 11, i)];
        const uint q = (uint)WHOLES(6)[repeated(c + 11 + c[10], i)];
        WHOLES(8)[i] = (int)(c[3] == 0 ? p + q : c[3] == 1 ? p - q : p * q);
      }
    } else if (what == SMALL_PRODUCT) {
      const int m = c[3];
      const int columns = c[4];
      const int k = c[5];
      for (int i = mine; i < n; i += ITEMS_OF_GROUP) {
        const int product = i / (m * columns);
        const int row = i / columns % m;
        const int column = i % columns;
        GLOBAL const real* a = REALS(9) + product * (m * k) + row * (c[8] & 1 ? 1 : k);
        GLOBAL const real* b = REALS(11) + product * (k * columns) + column * (c[8] & 2 ? k : 1);
        const int over = c[8] & 1 ? m : 1;
        const int down = c[8] & 2 ? 1 : columns;
        real sum = R(0);
        for (int p = 0; p < k; p++) {
          sum = FMA(a[p * over], b[p * down], sum);
        }
        sum = c[8] & 4 ? sum + R(0) : sum;
        REALS(15)[i] = matmul_epilogue(c[6], sum, REALS(13), column, constants[c[7]]);
      }
    } else if (what == SMALL_ADD_PARTS) {
      GLOBAL const real* x = REALS(7);
      for (int i = mine; i < n; i += ITEMS_OF_GROUP) {
        real sum = x[i];
        for (int p = 1; p < c[3]; p++) {
          sum += x[p * n + i];
        }
        REALS(11)[i] = matmul_epilogue(c[5], sum, REALS(9), i % c[4], constants[c[6]]);
      }
    } else {
      for (int i = mine; i < n; i += ITEMS_OF_GROUP) {
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
