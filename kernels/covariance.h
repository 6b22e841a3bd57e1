// Covariance matrices from short tables, packed as tiles of 4 x 4 (tile.h).

// Words of a block in the table `blocks`.
#define BLOCK_WORDS 7

// Element e of a block's packed tiles, from covariance values c.
DEVICE real covariance_element(GLOBAL const real* c, GLOBAL const int* index, GLOBAL const real* weight,
                               int terms, int elements, int e) {
  real sum = R(0);
  int k;
  for (k = 0; k < terms; k++) {
    const int at = index[k * elements + e];
    const real w = weight[k * elements + e];
    sum = FMA(w, at < 0 ? R(1) : c[at < 0 ? 0 : at], sum);
  }
  return sum;
}
