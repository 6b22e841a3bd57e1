// Ascending order of the rows of (rows, n): -0 before 0, NaN last.
//
// Batcher's bitonic network in the form whose comparators all point the same way: a merge of 2^m
// elements compares i with its mirror image first, then with i + 2^(m - 2), ... A row is cut into
// parts of `width` places, width a power of two; places past n stand for the largest key, so that
// comparators which reach them do nothing. Elements are compared as whole numbers whose order is
// that of the reals: the result has one possible value, whatever the launch.
// Source: Batcher (1968), Sorting networks and their applications.

#define ITEMS_OF_GROUP 256
// Places in local memory: 16 KiB of float64.
#define TILE 2048
#define LAST_KEY (~(Bits)0)

DEVICE Bits key_of(real x) {
  Bits b = BITS_OF(x != x ? real_nan() : x);
  return (b & SIGN_BIT) != 0 ? ~b : b | SIGN_BIT;
}

DEVICE real value_of(Bits key) {
  return REAL_OF((key & SIGN_BIT) != 0 ? key & ~SIGN_BIT : ~key);
}

// Comparator p of the network: over mirror images in blocks of 2 reach, or at distance reach.
#define LOWER_PLACE(p, reach) (2 * (p) - ((p) & ((reach)-1)))
#define MIRROR_PLACE(i, reach) ((i) ^ (2 * (reach)-1))

#define COMPARE(i, j)        \
  {                          \
    Bits low = keys[i];      \
    Bits high = keys[j];     \
    if (high < low) {        \
      keys[i] = high;        \
      keys[j] = low;         \
    }                        \
  }

// Distances reach, reach / 2, ..., 1 over the tile.
#define MERGE(from)                                                        \
  for (int reach = from; reach > 0; reach >>= 1) {                            \
    for (int p = item; p < TILE / 2; p += ITEMS_OF_GROUP) {                \
      int i = LOWER_PLACE(p, reach);                                        \
      COMPARE(i, i + reach);                                                \
    }                                                                      \
    BARRIER;                                                               \
  }

// The element under place t of the tile: `at` and whether there is one.
#define LOCATE(t)                                  \
  int line = first + (t) / width;                  \
  int column = line % parts * width + (t) % width; \
  int there = line < lines && column < n;          \
  int at = line / parts * n + column

// y[r, part] = the sorted elements of each part of each row.
//
// x, y (rows, n); width a power of two up to TILE, parts = ceil(n / width), lines = rows parts.
// A row of one part is done. y may be x.
// Launch: groups of 256; ceil(lines width / TILE) groups, or fewer.
KERNEL_OF(ITEMS_OF_GROUP, 1, 1)
sort_tiles(IN(real, x), OUT(real, y), const int lines, const int n, const int parts,
           const int width) {
  OPEN_IN(real, x);
  OPEN_OUT(real, y);
  LOCAL Bits keys[TILE];
  int item = ITEM(0);
  int lines_of_tile = TILE / width;
  for (int first = GROUP(0) * lines_of_tile; first < lines; first += GROUPS(0) * lines_of_tile) {
    for (int t = item; t < TILE; t += ITEMS_OF_GROUP) {
      LOCATE(t);
      keys[t] = there ? key_of(x[at]) : LAST_KEY;
    }
    BARRIER;
    for (int block = 1; block < width; block *= 2) {
      for (int p = item; p < TILE / 2; p += ITEMS_OF_GROUP) {
        int i = LOWER_PLACE(p, block);
        int j = MIRROR_PLACE(i, block);
        COMPARE(i, j);
      }
      BARRIER;
      MERGE(block / 2);
    }
    for (int t = item; t < TILE; t += ITEMS_OF_GROUP) {
      LOCATE(t);
      if (there) {
        y[at] = value_of(keys[t]);
      }
    }
    BARRIER;
  }
}

// One step of a merge in global memory: compares and exchanges elements of y (rows, n) in place,
// mirror images in blocks of 2 reach where mirror is 1, elements at distance reach otherwise.
//
// reach a power of two, pairs = ceil(n / (2 reach)) reach comparators a row.
// Launch: any; rows along dimension 1.
KERNEL sort_step(OUT(real, y), const int rows, const int n, const int reach, const int mirror,
                 const int pairs) {
  OPEN_OUT(real, y);
  for (int row = INDEX(1); row < rows; row += INDICES(1)) {
    GLOBAL real* z = y + row * n;
    for (int p = INDEX(0); p < pairs; p += INDICES(0)) {
      int i = LOWER_PLACE(p, reach);
      int j = mirror != 0 ? MIRROR_PLACE(i, reach) : i + reach;
      if (j < n) {
        real low = z[i];
        real high = z[j];
        if (key_of(high) < key_of(low)) {
          z[i] = high;
          z[j] = low;
        }
      }
    }
  }
}

// The last steps of a merge, distances TILE / 2 to 1, of y (rows, n) in place; parts = ceil(n /
// TILE), lines = rows parts.
// Launch: groups of 256; one group a line, or fewer.
KERNEL_OF(ITEMS_OF_GROUP, 1, 1)
sort_merge(OUT(real, y), const int lines, const int n, const int parts) {
  OPEN_OUT(real, y);
  LOCAL Bits keys[TILE];
  const int width = TILE;
  int item = ITEM(0);
  for (int first = GROUP(0); first < lines; first += GROUPS(0)) {
    for (int t = item; t < TILE; t += ITEMS_OF_GROUP) {
      LOCATE(t);
      keys[t] = there ? key_of(y[at]) : LAST_KEY;
    }
    BARRIER;
    MERGE(TILE / 2);
    for (int t = item; t < TILE; t += ITEMS_OF_GROUP) {
      LOCATE(t);
      if (there) {
        y[at] = value_of(keys[t]);
      }
    }
    BARRIER;
  }
}
