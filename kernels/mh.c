// Random-walk Metropolis-Hastings, C chains of p parameters, all steps on the device.
//
// key (3) holds the low and the high word of the seed, and the step counted from 0: the only thing that changes
// from launch to launch. Draws are those of engine.math.Streams, items in row-major order. Sums and products are
// rounded one by one. Source: engine.op.RandomWalk.

// candidate (C, p) = theta + scale eta, where it lies inside the open box low (p), high (p); else NaN. inside (C)
// says which.
//
// theta (C, p), scale (C). Geometry: any, one item a chain.
KERNEL mh_propose(IN(real, theta), IN(real, scale), IN(int, key), IN(real, low), IN(real, high),
                  OUT(real, candidate), OUT(real, inside), const int stream, const int chains, const int size) {
  OPEN_IN(real, theta);
  OPEN_IN(real, scale);
  OPEN_IN(int, key);
  OPEN_IN(real, low);
  OPEN_IN(real, high);
  OPEN_OUT(real, candidate);
  OPEN_OUT(real, inside);
  int c, j;
  for (c = INDEX(0); c < chains; c += INDICES(0)) {
    int in = 1;
    for (j = 0; j < size; j++) {
      const real eta = draw_normal(draw_words(key, stream, c * size + j)) * scale[c];
      const real x = theta[c * size + j] + eta;
      in = in && low[j] < x && x < high[j];
      candidate[c * size + j] = x;
    }
    for (j = 0; j < size && !in; j++) {
      candidate[c * size + j] = real_nan();
    }
    inside[c] = in ? R(1) : R(0);
  }
}

// Moves each chain to its candidate where log u < proposed - density and inside is not 0, and tunes its scale.
//
// theta, candidate (C, p); density, scale, accepted, window, inside, proposed (C); schedule (T), the last value for
// all steps from T - 1 on, from which `accepted` counts. The five results may be the first five operands. With g
// from the schedule: tuning 1 multiplies the scale by exp((move - target) g); tuning 2, where g is not 0, by factor
// above `high` and by 1 / factor below `low` moves of the window, a share each, and begins a new window.
//
// Geometry: any, one item a chain.
KERNEL mh_accept(IN(real, theta), IN(real, density), IN(real, scale), IN(real, accepted), IN(real, window),
                 IN(real, candidate), IN(real, inside), IN(real, proposed), IN(real, schedule), IN(int, key),
                 OUT(real, new_theta), OUT(real, new_density), OUT(real, new_scale), OUT(real, new_accepted),
                 OUT(real, new_window), const int stream, const int chains, const int size, const int steps,
                 const int tuning, const real target, const real share, const real low, const real high,
                 const real factor) {
  OPEN_IN(real, theta);
  OPEN_IN(real, density);
  OPEN_IN(real, scale);
  OPEN_IN(real, accepted);
  OPEN_IN(real, window);
  OPEN_IN(real, candidate);
  OPEN_IN(real, inside);
  OPEN_IN(real, proposed);
  OPEN_IN(real, schedule);
  OPEN_IN(int, key);
  OPEN_OUT(real, new_theta);
  OPEN_OUT(real, new_density);
  OPEN_OUT(real, new_scale);
  OPEN_OUT(real, new_accepted);
  OPEN_OUT(real, new_window);
  const int step = key[2];
  const real gain = schedule[step < steps ? step : steps - 1];
  int c, j;
  for (c = INDEX(0); c < chains; c += INDICES(0)) {
    const real log_u = real_log(draw_uniform(draw_words(key, stream, c)));
    const real now = density[c];
    const real next = proposed[c];
    const int moves = inside[c] != R(0) && log_u < next - now;
    const real move = moves ? R(1) : R(0);
    real s = scale[c];
    real count = window[c];
    for (j = 0; j < size; j++) {
      new_theta[c * size + j] = moves ? candidate[c * size + j] : theta[c * size + j];
    }
    new_density[c] = moves ? next : now;
    new_accepted[c] = accepted[c] + (step >= steps - 1 ? move : R(0));
    if (tuning == 1) {
      s *= real_exp((move - target) * gain);
    }
    if (tuning == 2) {
      const real rate = (count + move) * share;
      if (gain != R(0)) {
        s *= (high < rate ? factor : R(1)) * (rate < low ? R(1) / factor : R(1));
      }
      count = gain != R(0) ? R(0) : count + move;
    }
    new_scale[c] = s;
    new_window[c] = count;
  }
}

// kept (S, size) at the slot of this step = theta (size); steps without a slot of 0 to S - 1 keep nothing.
//
// slots (T). Geometry: any, one item an element.
KERNEL mh_keep(IN(real, theta), IN(int, slots), IN(int, key), OUT(real, kept), const int size, const int steps,
               const int most) {
  OPEN_IN(real, theta);
  OPEN_IN(int, slots);
  OPEN_IN(int, key);
  OPEN_OUT(real, kept);
  const int step = key[2];
  const int slot = step >= 0 && step < steps ? slots[step] : -1;
  int i;
  for (i = INDEX(0); i < size && slot >= 0 && slot < most; i += INDICES(0)) {
    kept[slot * size + i] = theta[i];
  }
}
