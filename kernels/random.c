// Draws: a pure function of (seed, stream, step, item), so neither launch size nor device changes them.
//
// key (3) holds the low and the high word of the seed, and the step; the item is the element's row-major
// index (draw.h).

// y[i] = uniform in (0, 1): Streams.uniform32 or uniform64, bit for bit.
// key (3), y (n). One item an element. Source: engine.op.Draw.Uniform.
KERNEL random_uniform(IN(int, key), OUT(real, y), const int stream, const int n) {
  OPEN_IN(int, key);
  OPEN_OUT(real, y);
  for (int i = INDEX(0); i < n; i += INDICES(0)) {
    y[i] = draw_uniform(draw_words(key, stream, i));
  }
}

// y[i] = standard normal, by inversion: Streams.normal64 bit for bit, Streams.normal32 within 2.5 ulp.
// key (3), y (n). One item an element. Source: engine.op.Draw.Normal.
KERNEL random_normal(IN(int, key), OUT(real, y), const int stream, const int n) {
  OPEN_IN(int, key);
  OPEN_OUT(real, y);
  for (int i = INDEX(0); i < n; i += INDICES(0)) {
    y[i] = draw_normal(draw_words(key, stream, i));
  }
}

// y[i] = 0 where Streams.uniform32 < rate, else x[i] / keep with keep = 1 - rate; rate is rounded to float.
// x (n), key (3), y (n), which may be x. One item an element. Source: engine.op.Draw.Dropout.
KERNEL random_dropout(IN(real, x), IN(int, key), OUT(real, y), const int stream, const real rate, const real keep,
                      const int n) {
  OPEN_IN(real, x);
  OPEN_IN(int, key);
  OPEN_OUT(real, y);
  for (int i = INDEX(0); i < n; i += INDICES(0)) {
    real u = uniform_single(draw_words(key, stream, i));
    y[i] = u < rate ? R(0.0) : x[i] / keep;
  }
}
