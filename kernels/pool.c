// Max-pooling of channels-last images over windows that do not overlap; rows and columns beyond the last whole window are dropped.
//
// Letters: N images, (H, W) their extent, C channels, windows of size x size, (P, Q) = (H / size, W / size).

// y[n, h, w, c] = maximum over the window of x, NaN larger than any number; place = row * W + column of it, the first in scan order at ties.
//
// x (N, H, W, C), y and place (N, P, Q, C). Any launch size.
KERNEL pool_max(IN(real, x), OUT(real, y), OUT(int, place), const int N, const int H, const int W, const int C, const int size) {
  OPEN_IN(real, x);
  OPEN_OUT(real, y);
  OPEN_OUT(int, place);
  const int P = H / size;
  const int Q = W / size;
  for (int e = INDEX(0); e < N * P * Q * C; e += INDICES(0)) {
    const int c = e % C;
    const int j = e / C % Q * size;
    const int i = e / C / Q % P * size;
    const int image = e / C / Q / P * H * W;
    real top = x[(image + i * W + j) * C + c];
    int where = i * W + j;
    for (int r = i; r < i + size; r++) {
      for (int q = j; q < j + size; q++) {
        const real v = x[(image + r * W + q) * C + c];
        const int above = (v > top) | ((v != v) & (top == top));
        top = above ? v : top;
        where = above ? r * W + q : where;
      }
    }
    y[e] = top;
    place[e] = where;
  }
}

// dx[n, i, j, c] = dy of the window of (i, j) where that window's place is (i, j), else 0: every element looks for itself.
//
// dy and place (N, P, Q, C), dx (N, H, W, C). Any launch size.
KERNEL pool_max_gradient(IN(real, dy), IN(int, place), OUT(real, dx), const int N, const int H, const int W, const int C,
                         const int size) {
  OPEN_IN(real, dy);
  OPEN_IN(int, place);
  OPEN_OUT(real, dx);
  const int P = H / size;
  const int Q = W / size;
  for (int e = INDEX(0); e < N * H * W * C; e += INDICES(0)) {
    const int c = e % C;
    const int j = e / C % W;
    const int i = e / C / W % H;
    real d = R(0);
    if (i / size < P && j / size < Q) {
      const int window = ((e / C / W / H * P + i / size) * Q + j / size) * C + c;
      if (place[window] == i * W + j) {
        d = dy[window];
      }
    }
    dx[e] = d;
  }
}
