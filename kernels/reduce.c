// Reductions along one axis of (outer, n, inner), and softmax along the last axis.
//
// -D KIND=0 sums, 1 takes the maximum (NaN where there is one), 2 the log of the sum of exp, 3 sums the
// squares.
//
// Every sum is a fixed tree: the items of a line take every lanes-th element each, in four sums of
// their own, which meet in pairs. Where lines are few and long the host launches reduce_axis twice,
// over pieces of the axis and then over their results. The tree depends on the shape only: lanes
// and pieces are functions of it (ReduceLowering).

#define ITEMS_OF_GROUP 256

#ifndef KIND
#define KIND 0
#endif

// Maximum of x[0], x[step], ...; -Infinity where there is none.
DEVICE real max_of(GLOBAL const real* x, int count, int step) {
  real a = -real_infinity(), b = a, c = a, d = a;
  int k = 0;
  for (; k < count - 3 * step; k += 4 * step) {
    a = real_max(a, x[k]);
    b = real_max(b, x[k + step]);
    c = real_max(c, x[k + 2 * step]);
    d = real_max(d, x[k + 3 * step]);
  }
  for (; k < count; k += step) {
    a = real_max(a, x[k]);
  }
  return real_max(real_max(a, b), real_max(c, d));
}

// Sum of exp(x[k] - top).
DEVICE real sum_exp_of(GLOBAL const real* x, int count, int step, real top) {
  real a = R(0.0), b = R(0.0);
  int k = 0;
  for (; k < count - step; k += 2 * step) {
    a += real_exp(x[k] - top);
    b += real_exp(x[k + step] - top);
  }
  if (k < count) {
    a += real_exp(x[k] - top);
  }
  return a + b;
}

// Sum of the squares of x[0], x[step], ... in the order of sum_of.
DEVICE real squares_of(GLOBAL const real* x, int count, int step) {
  real a = R(0.0), b = R(0.0), c = R(0.0), d = R(0.0);
  int k = 0;
  for (; k < count - 3 * step; k += 4 * step) {
    a += x[k] * x[k];
    b += x[k + step] * x[k + step];
    c += x[k + 2 * step] * x[k + 2 * step];
    d += x[k + 3 * step] * x[k + 3 * step];
  }
  for (; k < count; k += step) {
    a += x[k] * x[k];
  }
  return (a + b) + (c + d);
}

// Joins one value an item over the lanes of each line, pairs at distance `reach` lanes first; the
// result is in part[home] for all items. `part` may be written again after the next BARRIER.
#define TREE(JOIN, value, result)                                   \
  part[item] = value;                                               \
  BARRIER;                                                          \
  for (int reach = lanes >> 1; reach > 0; reach >>= 1) {               \
    if (lane < reach) {                                              \
      part[item] = JOIN(part[item], part[item + reach * apart]);     \
    }                                                               \
    BARRIER;                                                        \
  }                                                                 \
  result = part[home];                                              \
  BARRIER

// y[c, o, i] = sum (maximum, log sum exp, sum of squares) over k in piece c of x[o, k, i].
//
// x (outer, n, inner), y (pieces, outer, inner), outputs = outer inner; piece c is [c size, (c + 1)
// size) of the axis. lanes is a power of two up to 256: a group does 256 / lanes outputs. Neighbour
// items read neighbours: along the axis where inner = 1, along inner otherwise.
// Launch: groups of 256; (ceil(outputs lanes / 256), pieces) groups, or fewer.
KERNEL_OF(ITEMS_OF_GROUP, 1, 1)
reduce_axis(IN(real, x), OUT(real, y), const int outputs, const int n, const int inner,
            const int lanes, const int size, const int pieces) {
  OPEN_IN(real, x);
  OPEN_OUT(real, y);
  LOCAL real part[ITEMS_OF_GROUP];
  int item = ITEM(0);
  int lines = ITEMS_OF_GROUP / lanes;
  int apart = inner == 1 ? 1 : lines;
  int lane = inner == 1 ? item % lanes : item / lines;
  int line = inner == 1 ? item / lanes : item % lines;
  int home = item - lane * apart;
  for (int first = GROUP(0) * lines; first < outputs; first += GROUPS(0) * lines) {
    int q = first + line;
    for (int piece = GROUP(1); piece < pieces; piece += GROUPS(1)) {
      int from = piece * size + lane;
      int to = n - piece * size < size ? n : (piece + 1) * size;
      int count = q < outputs && from < to ? (to - from - 1) * inner + 1 : 0;
      int at = count > 0 ? (q / inner * n + from) * inner + q % inner : 0;
      GLOBAL const real* axis = x + at;
      real value;
#if KIND == 0
      TREE(add, sum_of(axis, count, lanes * inner), value);
#elif KIND == 3
      TREE(add, squares_of(axis, count, lanes * inner), value);
#else
      TREE(real_max, max_of(axis, count, lanes * inner), value);
#endif
#if KIND == 2
      real top = value;
      TREE(add, sum_exp_of(axis, count, lanes * inner, top), value);
      // Infinities are their own log sum exp; a sum of NaN stays NaN.
      value = ABS(top) == real_infinity() ? top : top + real_log(value);
#endif
      if (lane == 0 && q < outputs) {
        y[piece * outputs + q] = value;
      }
    }
  }
}

// y[r, k] = exp(x[r, k] - max_j x[r, j]) / sum_j exp(x[r, j] - max).
//
// x, y (rows, n), n > 0; y may be x. lanes as above: a group does 256 / lanes rows.
// Launch: groups of 256; ceil(rows lanes / 256) groups, or fewer.
KERNEL_OF(ITEMS_OF_GROUP, 1, 1)
reduce_softmax(IN(real, x), OUT(real, y), const int rows, const int n, const int lanes) {
  OPEN_IN(real, x);
  OPEN_OUT(real, y);
  LOCAL real part[ITEMS_OF_GROUP];
  const int apart = 1;
  int item = ITEM(0);
  int lines = ITEMS_OF_GROUP / lanes;
  int lane = item % lanes;
  int home = item - lane;
  for (int first = GROUP(0) * lines; first < rows; first += GROUPS(0) * lines) {
    int row = first + item / lanes;
    int at = row < rows ? row * n : 0;
    int end = row < rows ? n : 0;
    real top;
    TREE(real_max, max_of(x + at + (lane < end ? lane : 0), end - lane, lanes), top);
    real mine = R(0.0);
    for (int k = lane; k < end; k += lanes) {
      real e = real_exp(x[at + k] - top);
      y[at + k] = e;
      mine += e;
    }
    real total;
    TREE(add, mine, total);
    for (int k = lane; k < end; k += lanes) {
      y[at + k] = y[at + k] / total;
    }
  }
}
