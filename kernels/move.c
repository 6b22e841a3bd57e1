// Ops that only move elements. `word` is the bits of an element: of 4 bytes where real is float, of
// 8 where it is double; integers travel as the former. Indices that point nowhere give NaN.

#if REAL_BITS == 64
typedef ulong word;
#define NAN_WORD ((ulong)0x7FF80000 << 32)
#else
typedef uint word;
#define NAN_WORD 0x7FC00000U
#endif

// Place in the other tensor of element i: table holds the number of axes, then (extent, stride) of
// each, innermost first.
DEVICE int walked(GLOBAL const int* table, int i) {
  int at = 0;
  const int axes = table[0];
  for (int k = 0; k < axes; k++) {
    const int extent = table[1 + 2 * k];
    at += (i % extent) * table[2 + 2 * k];
    i /= extent;
  }
  return at;
}

// y[i] = x[walked(i)]: transposes, slices, repetitions, diagonals. x any, y (n,). Geometry: any.
KERNEL move_from(IN(int, table), IN(word, x), OUT(word, y), const int n) {
  OPEN_IN(int, table);
  OPEN_IN(word, x);
  OPEN_OUT(word, y);
  for (int i = INDEX(0); i < n; i += INDICES(0)) {
    y[i] = x[walked(table, i)];
  }
}

// y[walked(i)] = x[i]: parts of concatenations, diagonal matrices. x (n,), y any. Geometry: any.
KERNEL move_to(IN(int, table), IN(word, x), OUT(word, y), const int n) {
  OPEN_IN(int, table);
  OPEN_IN(word, x);
  OPEN_OUT(word, y);
  for (int i = INDEX(0); i < n; i += INDICES(0)) {
    y[walked(table, i)] = x[i];
  }
}

// y = x; x, y (n,). Geometry: any.
KERNEL move_copy(IN(word, x), OUT(word, y), const int n) {
  OPEN_IN(word, x);
  OPEN_OUT(word, y);
  for (int i = INDEX(0); i < n; i += INDICES(0)) {
    y[i] = x[i];
  }
}

// y = 0; y (n,). Geometry: any.
KERNEL move_zero(OUT(word, y), const int n) {
  OPEN_OUT(word, y);
  for (int i = INDEX(0); i < n; i += INDICES(0)) {
    y[i] = 0;
  }
}

// y[o, j] = x[o, j - head] within [head, head + width), 0 elsewhere; x (O, width), y (O, step), n = O step.
// Geometry: any.
KERNEL move_embed(
    IN(word, x), OUT(word, y), const int head, const int width, const int step, const int n) {
  OPEN_IN(word, x);
  OPEN_OUT(word, y);
  for (int i = INDEX(0); i < n; i += INDICES(0)) {
    const int j = i % step - head;
    y[i] = j >= 0 && j < width ? x[i / step * width + j] : 0;
  }
}

// y[b, j] = x[index[b], j]; x (rows, width), index (B,), y (B, width), n = B width. Geometry: any.
KERNEL move_gather(
    IN(word, x), IN(int, index), OUT(word, y), const int rows, const int width, const int n) {
  OPEN_IN(word, x);
  OPEN_IN(int, index);
  OPEN_OUT(word, y);
  for (int i = INDEX(0); i < n; i += INDICES(0)) {
    const int row = index[i / width];
    y[i] = row >= 0 && row < rows ? x[row * width + i % width] : NAN_WORD;
  }
}

// Items of the group that finds equal indices.
#define LINKS 256

// Lists of equal indices: first[r] is the least b with index[b] = r, next[b] the least one above b with the index of b;
// -1 where there is none. index (B,), first (rows,), next (B,).
//
// Geometry: one group of LINKS, which goes through the indices from the last to the first.
KERNEL_OF(LINKS, 1, 1)
move_links(IN(int, index), OUT(int, first), OUT(int, next), const int batch, const int rows) {
  OPEN_IN(int, index);
  OPEN_OUT(int, first);
  OPEN_OUT(int, next);
  LOCAL int part[LINKS];
  const int item = ITEM(0);
  for (int r = item; r < rows; r += LINKS) {
    first[r] = -1;
  }
  for (int from = (batch - 1) / LINKS * LINKS; from >= 0; from -= LINKS) {
    const int b = from + item;
    const int row = b < batch ? index[b] : -1;
    const int known = row >= 0 && row < rows;
    int link = -1;
    int least = 1;
    part[item] = row;
    BARRIER_GLOBAL;
    for (int k = LINKS - 1; k > item; k--) {
      link = part[k] == row ? from + k : link;
    }
    for (int k = 0; k < item; k++) {
      least = part[k] == row ? 0 : least;
    }
    if (known && link < 0) {
      link = first[row];
    }
    BARRIER_GLOBAL;
    if (known) {
      next[b] = link;
    }
    if (known && least) {
      first[row] = b;
    }
  }
}

// y[r, j] = sum over b with index[b] = r of x[b, j], in order of b; x (B, width), first and next of move_links, y
// (rows, width), n = rows width. Geometry: any.
KERNEL move_scatter(
    IN(real, x), IN(int, first), IN(int, next), OUT(real, y), const int width, const int n) {
  OPEN_IN(real, x);
  OPEN_IN(int, first);
  OPEN_IN(int, next);
  OPEN_OUT(real, y);
  for (int i = INDEX(0); i < n; i += INDICES(0)) {
    real sum = R(0);
    for (int b = first[i / width]; b >= 0; b = next[b]) {
      sum += x[b * width + i % width];
    }
    y[i] = sum;
  }
}

// The same for integers, modulo 2^32.
KERNEL move_scatter_integers(
    IN(int, x), IN(int, first), IN(int, next), OUT(int, y), const int width, const int n) {
  OPEN_IN(int, x);
  OPEN_IN(int, first);
  OPEN_IN(int, next);
  OPEN_OUT(int, y);
  for (int i = INDEX(0); i < n; i += INDICES(0)) {
    uint sum = 0;
    for (int b = first[i / width]; b >= 0; b = next[b]) {
      sum += (uint)x[b * width + i % width];
    }
    y[i] = (int)sum;
  }
}

// y[b, j] = x[b, index[b, j]]; x (B, width), index (B, m), y (B, m), n = B m. Geometry: any.
KERNEL move_take(
    IN(word, x), IN(int, index), OUT(word, y), const int width, const int m, const int n) {
  OPEN_IN(word, x);
  OPEN_IN(int, index);
  OPEN_OUT(word, y);
  for (int i = INDEX(0); i < n; i += INDICES(0)) {
    const int column = index[i];
    y[i] = column >= 0 && column < width ? x[i / m * width + column] : NAN_WORD;
  }
}

// y = rows start[0] .. start[0] + size - 1 of x; x (rows, width), start (1,), y (size, width), n = size
// width. Geometry: any.
KERNEL move_window(
    IN(word, x), IN(int, start), OUT(word, y), const int rows, const int width, const int n) {
  OPEN_IN(word, x);
  OPEN_IN(int, start);
  OPEN_OUT(word, y);
  const int first = start[0];
  for (int i = INDEX(0); i < n; i += INDICES(0)) {
    const int row = first + i / width;
    y[i] = first >= 0 && row >= 0 && row < rows ? x[row * width + i % width] : NAN_WORD;
  }
}
