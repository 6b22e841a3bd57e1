// Every word of the dialects once, for WordsTest.

DEVICE int words_linear(int x, int y, int z, int extent_x, int extent_y) { return (z * extent_y + y) * extent_x + x; }

// Row INDEX of y (items, 18): GROUP, GROUPS, ITEM, ITEMS, INDEX, INDICES along each of the three dimensions.
KERNEL words_places(OUT(int, y)) {
  OPEN_OUT(int, y);
  GLOBAL int* row = y + 18 * words_linear(INDEX(0), INDEX(1), INDEX(2), INDICES(0), INDICES(1));
  row[0] = GROUP(0);
  row[1] = GROUP(1);
  row[2] = GROUP(2);
  row[3] = GROUPS(0);
  row[4] = GROUPS(1);
  row[5] = GROUPS(2);
  row[6] = ITEM(0);
  row[7] = ITEM(1);
  row[8] = ITEM(2);
  row[9] = ITEMS(0);
  row[10] = ITEMS(1);
  row[11] = ITEMS(2);
  row[12] = INDEX(0);
  row[13] = INDEX(1);
  row[14] = INDEX(2);
  row[15] = INDICES(0);
  row[16] = INDICES(1);
  row[17] = INDICES(2);
}

// Element i of memory of the group.
DEVICE int words_shared(LOCAL_SPACE const int* part, int i) { return part[i]; }

// y = x and z = y, each with the 64 elements of a group in reverse order.
KERNEL_OF(64, 1, 1) words_meet(IN(int, x), OUT(int, y), OUT(int, z)) {
  OPEN_IN(int, x);
  OPEN_OUT(int, y);
  OPEN_OUT(int, z);
  LOCAL int part[64] ALIGNED(16);
  const int i = ITEM(0);
  const int at = 64 * GROUP(0);
  part[i] = x[at + i];
  BARRIER;
  y[at + i] = words_shared(part, 63 - i);
  BARRIER_GLOBAL;
  z[at + i] = y[at + 63 - i];
}

// y (64) = -x.
KERNEL_RESIDENT(64, 1, 1, 2) words_resident(IN(int, x), OUT(int, y)) {
  OPEN_IN(int, x);
  OPEN_OUT(int, y);
  y[ITEM(0)] = -x[ITEM(0)];
}

// Row i of y (n, 5): a b + c, and of a: square root of |a|, |a|, floor, nearest integer; x (n, 3) holds a, b, c.
KERNEL words_numbers(IN(real, x), OUT(real, y), const int n) {
  OPEN_IN(real, x);
  OPEN_OUT(real, y);
  for (int i = INDEX(0); i < n; i += INDICES(0)) {
    const real a = x[3 * i];
    y[5 * i] = FMA(a, x[3 * i + 1], x[3 * i + 2]);
    y[5 * i + 1] = SQRT(ABS(a));
    y[5 * i + 2] = ABS(a);
    y[5 * i + 3] = FLOOR(a);
    y[5 * i + 4] = RINT(a);
  }
}

// Row i of y (n, 6): the upper word of x[i]^2, twice the number with the bits x[i], and, where reals are
// double, the two words of twice the double with the bits x[i], x[i] and of the double x[i].
KERNEL words_bits(IN(int, x), OUT(int, y), const int n) {
  OPEN_IN(int, x);
  OPEN_OUT(int, y);
  for (int i = INDEX(0); i < n; i += INDICES(0)) {
    y[6 * i] = (int)MULTIPLY_HIGH(x[i], x[i]);
    y[6 * i + 1] = (int)AS_UINT(AS_FLOAT(x[i]) + AS_FLOAT(x[i]));
#if REAL_BITS == 64
    ulong both = ((ulong)(uint)x[i] << 32) | (ulong)(uint)x[i];
    ulong twice = AS_ULONG(AS_DOUBLE(both) + AS_DOUBLE(both));
    y[6 * i + 2] = (int)(uint)twice;
    y[6 * i + 3] = (int)(uint)(twice >> 32);
    y[6 * i + 4] = (int)(uint)AS_ULONG(x[i]);
    y[6 * i + 5] = (int)(uint)(AS_ULONG(x[i]) >> 32);
#endif
  }
}

// y (n) = how many elements one item best takes.
KERNEL words_lanes(OUT(int, y), const int n) {
  OPEN_OUT(int, y);
  for (int i = INDEX(0); i < n; i += INDICES(0)) {
    y[i] = LANES;
  }
}

typedef struct ALIGNED(16) {
  int v[4];
} WordsFour;

// y (6) = the four elements of x, which begins at 16 bytes, whether that is known, and whether the element behind its first does.
KERNEL words_aligned(IN(int, x), OUT(int, y)) {
  OPEN_IN(int, x);
  OPEN_OUT(int, y);
  const WordsFour four = *(GLOBAL const WordsFour*)x;
  for (int i = INDEX(0); i < 4; i += INDICES(0)) {
    y[i] = four.v[i];
    y[4] = IS_ALIGNED(x, 16);
    y[5] = IS_ALIGNED(x + 1, 16);
  }
}
