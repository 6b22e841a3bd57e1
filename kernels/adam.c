// Optimiser steps over flat parameter vectors.

// Adam (Kingma and Ba 2015, algorithm 1) with decoupled weight decay (Loshchilov and Hutter 2019):
// g' = scale g, m' = beta1 m + (1 - beta1) g', v' = beta2 v + (1 - beta2) g'^2,
// p' = p - rate (m' / c1 / (sqrt(v' / c2) + epsilon) + decay p).
//
// p, g, m, v, p2, m2, v2 (n,), control (4,) = rate, c1, c2, scale. Results may lie over their operands.
// Geometry: any; one launch for all parameters.
KERNEL adam_step(
    IN(real, p), IN(real, g), IN(real, m), IN(real, v), IN(real, control),
    OUT(real, p2), OUT(real, m2), OUT(real, v2),
    const real beta1, const real beta2, const real rest1, const real rest2,
    const real epsilon, const real decay, const int n) {
  OPEN_IN(real, p);
  OPEN_IN(real, g);
  OPEN_IN(real, m);
  OPEN_IN(real, v);
  OPEN_IN(real, control);
  OPEN_OUT(real, p2);
  OPEN_OUT(real, m2);
  OPEN_OUT(real, v2);
  const real rate = control[0];
  const real c1 = control[1];
  const real c2 = control[2];
  const real scale = control[3];
  for (int i = INDEX(0); i < n; i += INDICES(0)) {
    const real slope = g[i] * scale;
    const real first = FMA(beta1, m[i], rest1 * slope);
    const real second = FMA(beta2, v[i], rest2 * slope * slope);
    const real step = first / c1 / (SQRT(second / c2) + epsilon);
    m2[i] = first;
    v2[i] = second;
    p2[i] = p[i] - rate * FMA(decay, p[i], step);
  }
}
